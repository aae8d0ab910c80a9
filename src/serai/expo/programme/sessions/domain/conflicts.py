"""What cannot both hold in a programme: one room or one speaker twice at a time, what does not fit, and the meetings
that are told for a time at which a session takes the people whom they need.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.among import among
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.availability import colliding
from serai.expo.programme.sessions.models import Appearance, Session


@dataclass(frozen=True)
class Conflict:
    """The sessions that cannot stay as they are, and why, as a sentence; and the meetings, where these cannot."""

    sessions: tuple[Session, ...]
    sentence: str
    meetings: tuple[Meeting, ...] = ()


def all_conflicts_of(edition: Edition) -> list[Conflict]:
    """The conflicts among sessions, and of sessions with told meetings, in order of time. Call inside of the scope."""
    return sorted([*conflicts_of(edition), *_with_meetings(edition)], key=_place)


def conflicts_of(edition: Edition) -> list[Conflict]:
    """All conflicts among the sessions that are not cancelled, as they stand now. Call inside of the scope."""
    sessions = (
        Session.objects.filter(edition=edition)
        .exclude(state=Session.State.CANCELLED)
        .select_related("room")
        .only("edition_id", "title", "starts_at", "ends_at", "themes", "capacity", "room__title", "room__seats")
        .order_by("starts_at", "pk")
    )
    appearances = Appearance.objects.filter(edition=edition).select_related("speaker")
    return conflicts(edition, list(sessions), list(appearances))


def conflicts(edition: Edition, sessions: Sequence[Session], appearances: Iterable[Appearance]) -> list[Conflict]:
    """The conflicts among these sessions and speakers, in order of time."""
    known = list(appearances)
    found = [
        *_at_once(sessions, known),
        *_away(sessions, known),
        *_outside(edition, sessions),
        *_too_many(sessions),
    ]
    return sorted(found, key=_place)


def _place(conflict: Conflict) -> tuple[datetime, int]:
    return conflict.sessions[0].starts_at, conflict.sessions[0].pk or 0


def _with_meetings(edition: Edition) -> Iterator[Conflict]:
    """Sessions of which some who speak, have a seat or hold it have a told meeting at that time."""
    found = colliding(edition)
    for session in Session.objects.filter(among("pk", found), edition=edition):
        sentence = _("“%s” takes people whom meetings need at the same time.") % in_language(session.title).text
        yield Conflict((session,), sentence, tuple(found[session.pk]))


def _at_once(sessions: Sequence[Session], appearances: Iterable[Appearance]) -> Iterator[Conflict]:
    """Pairs of sessions held at once that share a room, a speaker or a theme."""
    here = {session.pk: session for session in sessions}
    speaking = [each for each in appearances if each.session_id in here]
    names = {each.speaker_id: in_language(each.speaker.name).text for each in speaking}
    for _room, one, other in _overlapping(
        (session.room_id, session) for session in sessions if session.room_id is not None
    ):
        named = {"room": in_language(one.place).text, **_titles(one, other)}
        yield Conflict((one, other), _("%(room)s holds “%(one)s” and “%(other)s” at the same time.") % named)
    for speaker, one, other in _overlapping((each.speaker_id, here[each.session_id]) for each in speaking):
        named = {"speaker": names[speaker], **_titles(one, other)}
        yield Conflict((one, other), _("%(speaker)s is in “%(one)s” and “%(other)s” at the same time.") % named)
    for theme, one, other in _overlapping((theme, session) for session in sessions for theme in {*session.themes}):
        sentence = _("“%(one)s” and “%(other)s” share the theme %(theme)s and are held at the same time.")
        yield Conflict((one, other), sentence % {"theme": theme, **_titles(one, other)})


def _overlapping[Key](held: Iterable[tuple[Key, Session]]) -> Iterator[tuple[Key, Session, Session]]:
    """Pairs of sessions under one key of which the second begins before the first ends."""
    by_key: dict[Key, list[Session]] = defaultdict(list)
    for key, session in held:
        by_key[key].append(session)
    for key, sessions in by_key.items():
        under_way: list[Session] = []
        for session in sorted(sessions, key=lambda session: (session.starts_at, session.pk)):
            under_way = [one for one in under_way if one.ends_at > session.starts_at]
            yield from ((key, one, session) for one in under_way)
            under_way.append(session)


def _titles(one: Session, other: Session) -> dict[str, str]:
    return {"one": in_language(one.title).text, "other": in_language(other.title).text}


def _away(sessions: Iterable[Session], appearances: Iterable[Appearance]) -> Iterator[Conflict]:
    """Sessions that are held while one of their speakers is away."""
    held = {session.pk: session for session in sessions}
    for appearance in appearances:
        session = held.get(appearance.session_id)
        if session and any(
            begins < session.ends_at and session.starts_at < ends for begins, ends in appearance.speaker.away
        ):
            named = {"speaker": in_language(appearance.speaker.name).text, "title": in_language(session.title).text}
            yield Conflict((session,), _("%(speaker)s cannot speak when “%(title)s” is held.") % named)


def _outside(edition: Edition, sessions: Iterable[Session]) -> Iterator[Conflict]:
    zone = ZoneInfo(edition.time_zone)
    for session in sessions:
        if not edition.starts_on <= session.starts_at.astimezone(zone).date() <= edition.ends_on:
            title = in_language(session.title).text
            yield Conflict((session,), _("“%s” is not on a day of the fair.") % title)


def _too_many(sessions: Iterable[Session]) -> Iterator[Conflict]:
    for session in sessions:
        seats = session.room.seats if session.room else None
        if seats is not None and session.capacity is not None and session.capacity > seats:
            named = {
                "title": in_language(session.title).text,
                "more": session.capacity - seats,
                "room": in_language(session.place).text,
            }
            yield Conflict(
                (session,),
                ngettext(
                    "“%(title)s” offers %(more)d seat more than there is in %(room)s.",
                    "“%(title)s” offers %(more)d seats more than there are in %(room)s.",
                    session.capacity - seats,
                )
                % named,
            )
