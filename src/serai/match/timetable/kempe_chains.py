"""Kempe chains: two slots exchanged along a path of meetings, so that one more can be placed and none is given up.

A timetable is an edge colouring: parties are vertices, meetings edges, slots colours. The meetings of two slots form
paths and cycles, and exchanging the two slots along one of them keeps every party free of conflict (Kempe 1879, König
1916): so a slot can be made free for two parties at once without giving up a meeting. Where slots of several lengths
overlap, a chain ends without an exchange at a meeting of another slot that stands in its way.
"""

from numba import njit

from serai.match.timetable.problem import FREE
from serai.match.timetable.state import (
    ABSENT,
    NOBODY,
    NONE,
    ONE,
    OVERLAPPED,
    State,
    busy,
    in_order,
    lacks,
    reachable,
    take,
)


@njit(cache=True)
def swap(s: State, length: int, old: int, new: int) -> None:
    """Exchange the two slots of the first `length` meetings of the chain, without any test."""
    for k in range(length):
        meeting = s.chain[k]
        for tick in range(s.tick[s.slot[meeting]], s.until[s.slot[meeting]]):
            s.at[s.first[meeting], tick] = FREE
            s.at[s.second[meeting], tick] = FREE
        take(s.stock, meeting, s.slot[meeting], -ONE)
    for k in range(length):
        meeting = s.chain[k]
        s.slot[meeting] = old + new - s.slot[meeting]
        for tick in range(s.tick[s.slot[meeting]], s.until[s.slot[meeting]]):
            s.at[s.first[meeting], tick] = meeting
            s.at[s.second[meeting], tick] = meeting
        take(s.stock, meeting, s.slot[meeting], ONE)


@njit(cache=True)
def stands(s: State, length: int) -> bool:
    """Whether the first `length` meetings of the chain are allowed in their slots."""
    for k in range(length):
        meeting = s.chain[k]
        slot = s.slot[meeting]
        if s.windowed and not s.window[meeting, slot]:
            return False
        for use in range(s.uses.shape[1]):
            if s.uses[meeting, use] >= 0 and lacks(s.stock, s.uses[meeting, use], slot, NONE) != FREE:
                return False
        if not in_order(s, meeting, slot):
            return False
        if s.reach and not (
            reachable(s, meeting, s.first[meeting], slot) and reachable(s, meeting, s.second[meeting], slot)
        ):
            return False
    return True


@njit(cache=True)
def exchange(s: State, seat: int, old: int, new: int, spared: int, need: int) -> bool:
    """Exchange two slots along the chain of meetings that begins with `seat`, busy in `old` and free in `new`.

    Nothing changes and False is returned where the chain meets a meeting that is fixed or takes several people of a
    party, ends at a person who isn't there or is in a meeting of another slot, reaches the one in `spared`, leaves
    fewer than `need` tables in old, needs more than new has, or brings a meeting where its window, its pools, its order
    or the way don't let it be.
    """
    length, moved, here, there = 0, 0, old, new
    meeting = busy(s.diary, seat, old)
    while meeting >= 0:
        if s.fixed[meeting] or s.rigid[meeting]:
            return False
        s.chain[length] = meeting
        length += 1
        moved += s.table[meeting] if here == old else -s.table[meeting]
        seat = s.first[meeting] + s.second[meeting] - seat
        if seat == spared:
            return False
        meeting = busy(s.diary, seat, there)
        here, there = there, here
    if meeting in (ABSENT, OVERLAPPED) or s.room[new] < moved or s.room[old] + moved < need:
        return False
    swap(s, length, old, new)
    if s.extras and not stands(s, length):
        swap(s, length, old, new)
        return False
    return True


@njit(cache=True)
def chain_length(s: State, seat: int, old: int, new: int) -> int:
    """Meetings of the chain that begins with `seat`, busy in `old`, or 0 where one of them can't be exchanged."""
    length, there = 0, new
    meeting = busy(s.diary, seat, old)
    while meeting >= 0:
        if s.fixed[meeting] or s.rigid[meeting]:
            return 0
        length += 1
        seat = s.first[meeting] + s.second[meeting] - seat
        meeting = busy(s.diary, seat, there)
        there = old + new - there
    return length if meeting == FREE else 0


@njit(cache=True)
def vacate(s: State, seat: int, slot: int, spared: int, need: int) -> bool:
    """Make `seat` free in `slot` by exchanging its meetings there with slots in which it is free."""
    for tick in range(s.tick[slot], s.until[slot]):
        meeting = s.at[seat, tick]
        if meeting == ABSENT:
            return False
        if meeting >= 0 and not _moved(s, seat, meeting, slot, spared, need):
            return False
    return busy(s.diary, seat, slot) == FREE


@njit(cache=True)
def _moved(s: State, seat: int, meeting: int, slot: int, spared: int, need: int) -> bool:
    old = s.slot[meeting]
    least = need if old == slot else NONE
    for other in range(len(s.room)):
        if busy(s.diary, seat, other) == FREE and exchange(s, seat, old, other, spared, least):
            return True
    return False


@njit(cache=True)
def make_room(s: State, slot: int) -> bool:
    """Make a table free in `slot` by an exchange with any slot that has one."""
    for other in range(len(s.room)):
        if s.room[other] > 0:
            for seat in range(len(s.owner)):
                if busy(s.diary, seat, slot) < 0 or busy(s.diary, seat, other) != FREE:
                    continue
                if exchange(s, seat, slot, other, NOBODY, ONE):
                    return True
    return False
