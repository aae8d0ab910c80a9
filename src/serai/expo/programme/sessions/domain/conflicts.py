"""Conflicts of a programme: a room, a speaker or a theme used twice at a time, absent speakers, sessions outside of the
fair, too few seats, and what higher rooms add.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.base.rooms import Hook
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Appearance, Session

if TYPE_CHECKING:
    from serai.expo.meetings.meeting.models import Meeting


@dataclass(frozen=True)
class Conflict:
    """Sessions that cannot stay as they are, the reason as a sentence, and the announced meetings they disturb."""

    sessions: tuple[Session, ...]
    sentence: str
    meetings: "tuple[Meeting, ...]" = ()
    is_double: bool = False
    """Whether both sessions need one room or one speaker at the same time, so that one of them can't be held."""


other_conflicts = Hook[[Edition], Iterable[Conflict]]("conflicts of sessions with something outside of the programme")
"""Called when the conflicts of a fair are listed. Each function returns conflicts of its own."""


def all_conflicts_of(edition: Edition) -> list[Conflict]:
    """The conflicts among sessions, and those that other rooms find, in order of time."""
    return sorted(chain(conflicts_of(edition), *other_conflicts.call(edition)), key=_place)


def conflicts_of(edition: Edition) -> list[Conflict]:
    """Conflicts among the sessions that are not cancelled."""
    sessions = (
        Session.objects.filter(edition=edition)
        .exclude(state=Session.State.CANCELLED)
        .select_related("room")
        .only(
            "edition_id", "state", "title", "starts_at", "ends_at", "themes", "capacity", "room__title", "room__seats"
        )
        .order_by("starts_at", "pk")
    )
    appearances = Appearance.objects.filter(edition=edition).select_related("speaker")
    return conflicts(edition, list(sessions), list(appearances))


def conflicts(edition: Edition, sessions: Sequence[Session], appearances: Iterable[Appearance]) -> list[Conflict]:
    """Conflicts among these sessions and speakers, in order of time."""
    speaking = list(appearances)
    all_conflicts = [
        *_at_once(sessions, speaking),
        *_away(sessions, speaking),
        *_outside(edition, sessions),
        *_too_many(sessions),
    ]
    return sorted(all_conflicts, key=_place)


def _place(conflict: Conflict) -> tuple[datetime, int]:
    return conflict.sessions[0].starts_at, conflict.sessions[0].pk or 0


def _at_once(sessions: Sequence[Session], appearances: Iterable[Appearance]) -> Iterator[Conflict]:
    """Pairs of sessions at the same time that share a room, a speaker or a theme."""
    here = {session.pk: session for session in sessions}
    speaking = [appearance for appearance in appearances if appearance.session_id in here]
    names = {appearance.speaker_id: in_language(appearance.speaker.name).text for appearance in speaking}
    for _room, first, other in _overlapping(
        (session.room_id, session) for session in sessions if session.room_id is not None
    ):
        named = {"room": in_language(first.place).text, **_titles(first, other)}
        yield Conflict(
            (first, other), _("%(room)s holds “%(one)s” and “%(other)s” at the same time.") % named, is_double=True
        )
    for speaker, first, other in _overlapping(
        (appearance.speaker_id, here[appearance.session_id]) for appearance in speaking
    ):
        named = {"speaker": names[speaker], **_titles(first, other)}
        yield Conflict(
            (first, other), _("%(speaker)s is in “%(one)s” and “%(other)s” at the same time.") % named, is_double=True
        )
    for theme, first, other in _overlapping((theme, session) for session in sessions for theme in {*session.themes}):
        sentence = _("“%(one)s” and “%(other)s” share the theme %(theme)s and are held at the same time.")
        yield Conflict((first, other), sentence % {"theme": theme, **_titles(first, other)})


def _overlapping[Key](held: Iterable[tuple[Key, Session]]) -> Iterator[tuple[Key, Session, Session]]:
    """Pairs of sessions with the same key that overlap in time."""
    by_key: dict[Key, list[Session]] = defaultdict(list)
    for key, session in held:
        by_key[key].append(session)
    for key, sessions in by_key.items():
        under_way: list[Session] = []
        for session in sorted(sessions, key=lambda session: (session.starts_at, session.pk)):
            under_way = [earlier for earlier in under_way if earlier.ends_at > session.starts_at]
            yield from ((key, earlier, session) for earlier in under_way)
            under_way.append(session)


def _titles(first: Session, other: Session) -> dict[str, str]:
    return {"one": in_language(first.title).text, "other": in_language(other.title).text}


def _away(sessions: Iterable[Session], appearances: Iterable[Appearance]) -> Iterator[Conflict]:
    """Sessions at a time at which one of their speakers is absent."""
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
