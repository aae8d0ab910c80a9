"""When the session of a row is held, in the time of the place of the fair, and the conflicts that the programme
would have after an import.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from serai.expo.base.workbooks.domain.moments import days, minutes, moment, times
from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.conflicts import conflicts
from serai.expo.programme.sessions.models import Appearance, Room, Session, Speaker
from serai.expo.site.imports.domain.rows import Cells


class UnclearError(Exception):
    """Why the row makes no session: a code of ``reasons``, and the field at fault."""

    def __init__(self, name: str, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.name, self.reason, self.details = name, reason, details


def days_of(edition: Edition) -> list[date]:
    """The days of a fair."""
    return [edition.starts_on + timedelta(days=day) for day in range((edition.ends_on - edition.starts_on).days + 1)]


def span(
    read: Cells, edition: Edition, fair_days: Sequence[date], above: date | None
) -> tuple[datetime, datetime, date]:
    """When the session of a row begins and ends, and its day. Raises UnclearError."""
    values = read.values
    begins, until = values.get("begins", ""), values.get("ends", "")
    zone = ZoneInfo(edition.time_zone)
    exact, exact_end = moment(begins), moment(until)
    if exact is not None and exact.tzinfo is not None:  # another program says it to the second
        ends = exact_end if exact_end is not None and exact_end.tzinfo else None
        return _checked(exact, ends or _end(exact, values), exact.astimezone(zone).date())
    day = _day(values.get("date", ""), begins, fair_days, above)
    clock = times(begins) or times(values.get("date", ""))
    if not clock:
        raise UnclearError("begins" if begins else "", "not_a_time" if begins else "no_time")
    starts_at = datetime.combine(day, clock[0], zone)
    ending: Sequence[time] = clock[1:] or times(until)
    if until and not ending:
        raise UnclearError("ends", "not_a_time")
    if not ending:
        return _checked(starts_at, _end(starts_at, values), day)
    last = next(iter(days(until, fair_days)), day)
    return _checked(starts_at, datetime.combine(last, ending[-1], zone), day)


def _day(cell: str, begins: str, fair_days: Sequence[date], above: date | None) -> date:
    read_days = days(cell, fair_days) or ((days(begins, fair_days)) if not cell else ())
    if len(read_days) == 1:
        return read_days[0]
    if cell:
        raise UnclearError("date", "day_of_two_meanings" if read_days else "not_a_day")
    if above is None:
        raise UnclearError("", "no_day")
    return above


def _end(starts_at: datetime, values: Mapping[str, Any]) -> datetime:
    if not (duration := values.get("duration", "")):
        raise UnclearError("", "no_end")
    if not (length := minutes(duration)):
        raise UnclearError("duration", "not_a_length")
    return starts_at + timedelta(minutes=length)


def _checked(starts_at: datetime, ends_at: datetime, day: date) -> tuple[datetime, datetime, date]:
    if ends_at <= starts_at:
        raise UnclearError("", "ends_before_it_begins")
    return starts_at.astimezone(UTC), ends_at.astimezone(UTC), day


def sentences_of(
    edition: Edition, sessions: Sequence[Session], appearing: Mapping[int, Sequence[Appearance]]
) -> Iterator[tuple[Session, str]]:
    """Each session that is in a conflict, with the sentence. ``appearing`` is by ``id`` of the session.

    New rows have no primary key, by which conflicts tell them apart: copies with numbers of their own are compared.
    """
    held = [session for session in sessions if session.state != Session.State.CANCELLED]
    rooms: dict[int, Room] = {}
    speakers: dict[int, Speaker] = {}
    copies: list[Session] = []
    appearances: list[Appearance] = []
    for number, session in enumerate(held, start=1):
        room = session.room
        if room is not None:
            rooms.setdefault(id(room), Room(pk=len(rooms) + 1, title=room.title, seats=room.seats))
        copy = Session(
            pk=number,
            edition=edition,
            title=session.title,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            themes=session.themes,
            capacity=session.capacity,
            room=rooms[id(room)] if room is not None else None,
        )
        copies.append(copy)
        for appearance in appearing.get(id(session), ()):
            speaker = appearance.speaker
            speakers.setdefault(
                id(speaker), Speaker(pk=len(speakers) + 1, name=speaker.name, absences=speaker.absences)
            )
            appearances.append(Appearance(session=copy, speaker=speakers[id(speaker)]))
    for conflict in conflicts(edition, copies, appearances):
        for copy in conflict.sessions:
            yield held[(copy.pk or 1) - 1], conflict.sentence
