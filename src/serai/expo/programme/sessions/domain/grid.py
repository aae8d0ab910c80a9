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
class Row:
    """A span of time: a cell for each room in which no session of an earlier row continues."""

    starts_at: datetime
    ends_at: datetime
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Day:
    """A day: all its sessions in order of time, the table of those in rooms, and the number of folded ones."""

    on: date
    sessions: Sequence[Session]
    rooms: Sequence[Room]
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

    Of two sessions that overlap in a room, which is a conflict, the table has the first.
    """
    placed = [session for session in sessions if session.room and session.forum.kind != Forum.Kind.BOOTH_EVENT]
    rooms = sorted({session.room for session in placed if session.room}, key=lambda room: (room.order, room.pk))
    moments = sorted({at for session in placed for at in (session.starts_at, session.ends_at)})
    free_from = dict.fromkeys((room.pk for room in rooms), moments[0] if moments else None)
    rows = []
    for begins, ends in pairwise(moments):
        cells = []
        for room in rooms:
            free = free_from[room.pk]
            if free is not None and free > begins:
                continue
            held = next(
                (session for session in placed if session.room_id == room.pk and session.starts_at == begins), None
            )
            if held is None:
                cells.append(Cell(None))
            else:
                cells.append(Cell(held, sum(begins <= at < held.ends_at for at in moments)))
                free_from[room.pk] = held.ends_at
        rows.append(Row(begins, ends, cells))
    return Day(on, sessions, rooms, rows)
