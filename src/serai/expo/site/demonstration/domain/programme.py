"""The programme: rooms, forums with their sessions, who speaks, and its two releases."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from serai.expo.base.collation import sort_name
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.models import Chain
from serai.expo.programme.sessions.domain.releases import snapshot
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session, Speaker
from serai.expo.site.demonstration.domain.content import Pair, read

MOVED_FORUM = "buyers-briefing"
"""In the first release it was half an hour later, so that the second has a change to show."""


@dataclass(frozen=True)
class Programme:
    """All of it, not yet written."""

    rooms: Sequence[Room]
    forums: Sequence[Forum]
    sessions: Sequence[Session]
    speakers: Sequence[Speaker]
    appearances: Sequence[Appearance]


def programme(edition: Edition, chains: Mapping[str, Chain]) -> Programme:
    """The programme of content/programme.toml with the speakers of content/speakers.toml."""
    known = read("programme.toml")
    rooms = {
        key: Room(edition=edition, title=_said(english, chinese), seats=seats, order=number)
        for number, (key, (english, chinese, seats)) in enumerate(known["rooms"].items())
    }
    forums, sessions = [], []
    for number, row in enumerate(known["forum"], start=1):
        forum = Forum(
            edition=edition,
            slug=row["slug"],
            kind=row["kind"],
            title=_said(*row["title"]),
            summary=_said(*row["summary"]),
            chain=chains.get(row.get("chain", "")),
            order=number,
        )
        forums.append(forum)
        sessions += [_session(edition, forum, rooms, *said) for said in row["sessions"]]
    said = read("speakers.toml")
    speakers = {row["key"]: _speaker(edition, row) for row in said["speaker"]}
    appearances = list(_appearances(said["appearances"], sessions, speakers))
    _leave_early(edition, appearances)
    return Programme(list(rooms.values()), forums, sessions, list(speakers.values()), appearances)


def releases(edition: Edition, sessions: Sequence[Session]) -> list[Release]:
    """Two releases of the programme: the second moves a session of the first. The sessions are written already."""
    opens = datetime.combine(edition.starts_on, time(9), ZoneInfo(edition.time_zone))
    first = [_half_an_hour_later(each) if each.forum.slug == MOVED_FORUM else each for each in sessions]
    notes = (
        _said("The programme.", "日程发布。"),
        _said("The briefing for buyers comes earlier.", "采购商说明会提前举行。"),
    )
    return [
        Release(
            edition=edition,
            number=number,
            note=note,
            released_at=opens - timedelta(days=60 - 30 * number),
            sessions=snapshot(held),
        )
        for number, (note, held) in enumerate(zip(notes, (first, sessions), strict=True), start=1)
    ]


def _said(english: str, chinese: str) -> dict[str, str]:
    """A text in the two languages of the content and in Arabic."""
    return {**Pair(english, chinese).texts, "ar": read("programme_ar.toml")[english]}


def _half_an_hour_later(session: Session) -> Session:
    later = copy(session)
    later.starts_at, later.ends_at = (at + timedelta(minutes=30) for at in (session.starts_at, session.ends_at))
    return later


def _session(
    edition: Edition,
    forum: Forum,
    rooms: Mapping[str, Room],
    day: int,
    begin: str,
    end: str,
    room: str,
    languages: list[str],
    *title: Any,
) -> Session:
    on = edition.starts_on + timedelta(days=day - 1)
    zone = ZoneInfo(edition.time_zone)
    spoken = ["zh-hans" if language == "zh" else language for language in languages]
    return Session(
        edition=edition,
        forum=forum,
        title=_said(*title),
        starts_at=datetime.combine(on, time.fromisoformat(begin), zone),
        ends_at=datetime.combine(on, time.fromisoformat(end), zone),
        room=rooms[room],
        capacity=rooms[room].seats,
        # What is said on the stage is Chinese or English; into the rest it is interpreted.
        languages=spoken[:2],
        interpreted=spoken[2:],
    )


def _speaker(edition: Edition, row: Mapping[str, Any]) -> Speaker:
    name = _texts(row["name"])
    return Speaker(
        edition=edition,
        name=name,
        sort_name=sort_name(name["en"]),
        position=_texts(row["position"]),
        affiliation=_texts(row["affiliation"]),
        country=row["country"],
        biography=_texts(row["about"]),
    )


def _leave_early(edition: Edition, appearances: Sequence[Appearance]) -> None:
    """Who speaks on the first day alone is away on the second afternoon and from the third day on."""
    zone = ZoneInfo(edition.time_zone)
    later = {one.speaker.sort_name for one in appearances if one.session.starts_at.date() > edition.starts_on}

    def at(day: int, hour: int) -> str:
        return datetime.combine(edition.starts_on + timedelta(days=day), time(hour), zone).isoformat()

    for one in appearances:
        if one.speaker.sort_name not in later:
            one.speaker.absences = [[at(1, 13), at(1, 20)], [at(2, 0), at(4, 0)]]


def _texts(said: Sequence[str]) -> dict[str, str]:
    """English, Chinese and, where they are given, the own writing and its language."""
    english, chinese, *own = said
    return Pair(english, chinese).texts | ({own[1]: own[0]} if own else {})


def _appearances(
    said: Mapping[str, Sequence[str]], sessions: Sequence[Session], speakers: Mapping[str, Speaker]
) -> Iterator[Appearance]:
    for session in sessions:
        for order, entry in enumerate(said.get(session.forum.slug, ())):
            key, _, role = entry.partition(":")
            yield Appearance(
                edition=session.edition,
                session=session,
                speaker=speakers[key],
                role=role or Appearance.Role.SPEAKER,
                order=order,
            )
