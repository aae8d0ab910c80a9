"""Check of a programme, independent of the model that planned it."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from serai.match.forums.programme import Programme, Room, Session


def check(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    programme: Programme,
    *,
    away: Sequence[tuple[str, int]] = (),
) -> tuple[str, ...]:
    """The faults of a programme, a sentence each, counted slot by slot; empty if it is sound."""
    if programme.slot is None or programme.room is None:
        return ()
    at = [set(range(slot, slot + session.length)) for session, slot in zip(sessions, programme.slot, strict=True)]
    absent = set(away)
    faults: list[str] = []
    for session, times, row in zip(sessions, at, programme.room, strict=True):
        faults += (f"'{session.name}' {why}." for why in _faults(session, rooms[row], times, day, absent))
    for (row, first), (other, second) in combinations(enumerate(sessions), 2):
        shared = set(first.speakers) & set(second.speakers) | set(first.themes) & set(second.themes)
        if at[row] & at[other] and (shared or programme.room[row] == programme.room[other]):
            faults.append(f"'{first.name}' and '{second.name}' are held at once.")
    return tuple(faults)


def _faults(
    session: Session, room: Room, times: set[int], day: Sequence[int], absent: set[tuple[str, int]]
) -> Iterator[str]:
    """The faults of one session that is held in the room in the slots `times`."""
    if len({day[slot] for slot in times if slot < len(day)}) != 1 or max(times) >= len(day):
        yield "spans two days"
    if min(times) < session.release:
        yield "begins before its release"
    if session.due is not None and max(times) >= session.due:
        yield "ends after it is due"
    if room.seats < session.audience:
        yield "has too small a room"
    if session.room not in ("", room.name):
        yield "is not in the room promised"
    if room.open is not None and not times <= set(room.open):
        yield "is in a room that is shut"
    if any((speaker, slot) in absent for speaker in session.speakers for slot in times):
        yield "has a speaker who is away"
