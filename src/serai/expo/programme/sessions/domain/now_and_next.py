"""What is on at this moment, and what comes next, as the public sees the programme."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.releases import latest_release, released_sessions
from serai.expo.programme.sessions.domain.session_list import ListedSession, list_sessions
from serai.expo.programme.sessions.models import Session

LONGEST = timedelta(hours=12)
"""No session that began earlier is looked at."""
MOST = 40
"""Of the sessions that have begun, the latest that are looked at: a large fair has hundreds of events at booths."""


@dataclass(frozen=True)
class NowAndNext:
    """Sessions that are on, and those that begin next, each in order of time."""

    now: list[Session]
    next: list[Session]


def now_and_next(edition: Edition, now: datetime, *, shown: int = 5, room: int | None = None) -> NowAndNext:
    """At most ``shown`` sessions of each, in one ``room`` if its primary key is given; those on a stage come
    before events at booths at the same time."""
    listed = by_revision("sessions in order", [edition], lambda: list_sessions(edition, latest_release(edition)))
    if room is not None:
        listed = [entry for entry in listed if entry.room == room]
    begun = [entry for entry in listed if now - LONGEST < entry.starts_at <= now]
    coming = sorted((entry for entry in listed if entry.starts_at > now), key=_stages_first_at_a_time)[:shown]
    looked_at = [entry.number for entry in (*sorted(begun, key=_stages_first)[-MOST:], *coming)]
    if not looked_at:
        return NowAndNext([], [])
    among = Q(pk__in=looked_at)
    sessions = [session for session in released_sessions(edition, among=among) if session.state == CONFIRMED]
    is_event = {entry.number: entry.is_event for entry in listed}
    on = [session for session in sessions if session.starts_at <= now < session.ends_at]
    on.sort(key=lambda session: (is_event[session.pk], session.starts_at, session.pk))
    later = {entry.number: place for place, entry in enumerate(coming)}
    following = sorted((session for session in sessions if session.pk in later), key=lambda session: later[session.pk])
    return NowAndNext(on[:shown], following)


CONFIRMED = Session.State.CONFIRMED


def _stages_first(entry: ListedSession) -> tuple[bool, datetime]:
    return not entry.is_event, entry.starts_at


def _stages_first_at_a_time(entry: ListedSession) -> tuple[datetime, bool, int]:
    return entry.starts_at, entry.is_event, entry.number
