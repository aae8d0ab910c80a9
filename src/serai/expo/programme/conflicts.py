"""What cannot both hold in a programme: one room or one speaker twice at a time, and what does not fit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.editions.models import Edition
from serai.expo.programme.models import Appearance, Session
from serai.expo.text import in_language


@dataclass(frozen=True)
class Conflict:
    """The sessions that cannot stay as they are, and why, as a sentence."""

    sessions: tuple[Session, ...]
    sentence: str


def conflicts_of(edition: Edition) -> list[Conflict]:
    """All conflicts among the sessions that are not cancelled, as they stand now. Call inside of the scope."""
    sessions = (
        Session.objects.filter(edition=edition)
        .exclude(state=Session.State.CANCELLED)
        .select_related("forum", "room")
        .order_by("starts_at", "pk")
    )
    appearances = Appearance.objects.filter(edition=edition).select_related("speaker")
    return conflicts(edition, list(sessions), list(appearances))


def conflicts(edition: Edition, sessions: Sequence[Session], appearances: Iterable[Appearance]) -> list[Conflict]:
    """The conflicts among these sessions and speakers, in order of time."""
    found = [*_at_once(sessions, appearances), *_outside(edition, sessions), *_too_many(sessions)]
    return sorted(found, key=lambda conflict: (conflict.sessions[0].starts_at, conflict.sessions[0].pk or 0))


def _at_once(sessions: Sequence[Session], appearances: Iterable[Appearance]) -> Iterator[Conflict]:
    """Pairs of sessions held at once that share a room, a speaker or a theme."""
    speakers: dict[int, dict[int, str]] = defaultdict(dict)
    for appearance in appearances:
        speakers[appearance.session_id][appearance.speaker_id] = in_language(appearance.speaker.name).text
    for one, other in combinations(sessions, 2):
        if one.ends_at <= other.starts_at or other.ends_at <= one.starts_at:
            continue
        titles = {"one": in_language(one.title).text, "other": in_language(other.title).text}
        if one.room_id is not None and one.room_id == other.room_id:
            named = {"room": in_language(one.place).text, **titles}
            yield Conflict((one, other), _("%(room)s holds “%(one)s” and “%(other)s” at the same time.") % named)
        for speaker in speakers[one.pk].keys() & speakers[other.pk].keys():
            named = {"speaker": speakers[one.pk][speaker], **titles}
            yield Conflict((one, other), _("%(speaker)s is in “%(one)s” and “%(other)s” at the same time.") % named)
        for theme in sorted(set(one.themes) & set(other.themes)):
            named = {"theme": theme, **titles}
            yield Conflict(
                (one, other),
                _("“%(one)s” and “%(other)s” share the theme %(theme)s and are held at the same time.") % named,
            )


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
