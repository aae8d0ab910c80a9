"""A day of the programme as a table: a column for each room, a row from each begin or end to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from serai.expo.programme.sessions.models import Forum, Room, Session


@dataclass(frozen=True)
class Cell:
    """A session over ``rows`` rows, or an empty cell."""

    session: Session | None
    rows: int = 1


@dataclass(frozen=True)
class Column:
    """A room, and how many columns it takes: two where sessions overlap in it."""

    room: Room
    lanes: int


@dataclass(frozen=True)
class Row:
    """A span of time: a cell for each lane of a room in which no session of an earlier row continues."""

    starts_at: datetime
    ends_at: datetime
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Day:
    """A day: all its sessions in order of time, the table of those in rooms, and the number of folded ones."""

    on: date
    sessions: Sequence[Session]
    rooms: Sequence[Column]
    rows: Sequence[Row]
    folded: int = 0


def days_of(sessions: Iterable[Session], zone: ZoneInfo, folded: Mapping[date, int] | None = None) -> list[Day]:
    """The sessions by the local day on which they begin.

    ``folded`` maps a day to the number of its sessions that are left out; a day may have no others.
    """
    held: dict[date, list[Session]] = {on: [] for on in folded or {}}
    for session in sorted(sessions, key=lambda session: (session.starts_at, session.pk)):
        held.setdefault(session.starts_at.astimezone(zone).date(), []).append(session)
    return [replace(day_of(on, held[on]), folded=(folded or {}).get(on, 0)) for on in sorted(held)]


def day_of(on: date, sessions: Sequence[Session]) -> Day:
    """A day as a table. Events at booths are only in the list, since booths would make a hundred columns.

    Sessions that overlap in a room, which is a conflict, stand side by side.
    """
    placed = [session for session in sessions if session.room and session.forum.kind != Forum.Kind.BOOTH_EVENT]
    rooms = sorted({session.room for session in placed if session.room}, key=lambda room: (room.order, room.pk))
    lanes = {room.pk: _lanes([session for session in placed if session.room_id == room.pk]) for room in rooms}
    moments = sorted({at for session in placed for at in (session.starts_at, session.ends_at)})
    rows = [
        Row(begins, ends, [cell for room in rooms for lane in lanes[room.pk] for cell in _cells(lane, begins, moments)])
        for begins, ends in pairwise(moments)
    ]
    return Day(on, sessions, [Column(room, len(lanes[room.pk])) for room in rooms], rows)


def _lanes(sessions: Iterable[Session]) -> list[list[Session]]:
    """The sessions of a room in as few lanes as they need so that none overlap in one."""
    lanes: list[list[Session]] = []
    for session in sorted(sessions, key=lambda session: (session.starts_at, session.pk)):
        free = next((lane for lane in lanes if lane[-1].ends_at <= session.starts_at), None)
        if free is None:
            lanes.append([session])
        else:
            free.append(session)
    return lanes


def _cells(lane: Iterable[Session], begins: datetime, moments: Sequence[datetime]) -> list[Cell]:
    """The cell of a lane in the row that begins then; none while a session of an earlier row continues."""
    held = next((session for session in lane if session.starts_at <= begins < session.ends_at), None)
    if held is None:
        return [Cell(None)]
    if held.starts_at < begins:
        return []
    return [Cell(held, sum(begins <= at < held.ends_at for at in moments))]
