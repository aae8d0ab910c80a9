"""What is wrong with a programme, found without the model that planned it."""

from collections.abc import Sequence
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
    """What is wrong with a programme, a sentence each, recounted slot by slot; empty where it is sound."""
    if programme.slot is None or programme.room is None:
        return ()
    faults: list[str] = []
    absent = set(away)
    at: list[set[int]] = []
    for session, slot, row in zip(sessions, programme.slot, programme.room, strict=True):
        room = rooms[row]
        times = set(range(slot, slot + session.length))
        at.append(times)
        for wrong, why in (
            (len({day[each] for each in times if each < len(day)}) != 1 or max(times) >= len(day), "spans two days"),
            (slot < session.release, "begins before its release"),
            (session.due is not None and max(times) >= session.due, "ends after it is due"),
            (room.seats < session.audience, "has too small a room"),
            (session.room not in ("", room.name), "is not in the room promised"),
            (room.open is not None and not times <= set(room.open), "is in a room that is shut"),
            (any((who, each) in absent for who in session.speakers for each in times), "has a speaker who is away"),
        ):
            if wrong:
                faults.append(f"'{session.name}' {why}.")
    for one, other in combinations(range(len(sessions)), 2):
        first, second = sessions[one], sessions[other]
        if at[one] & at[other]:
            shared = set(first.speakers) & set(second.speakers) | set(first.themes) & set(second.themes)
            if shared or programme.room[one] == programme.room[other]:
                faults.append(f"'{first.name}' and '{second.name}' are held at once.")
    return tuple(faults)
