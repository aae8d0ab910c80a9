"""Insertion of meetings: in the best free slot, or in a slot that Kempe chains make free."""

import numpy as np
from numba import njit

from serai.match.timetable.kempe_chains import chain_length, exchange, make_room, vacate
from serai.match.timetable.problem import FREE, Integers
from serai.match.timetable.state import (
    ABSENT,
    NOBODY,
    NONE,
    STRICTLY,
    State,
    admits,
    blocks_added,
    busy,
    gaps_added,
    place,
    reachable,
    remove,
    sit,
    suits,
)

LONGEST = 256
"""Largest number of meetings that an exchange of ``fill_gently`` moves."""


@njit(cache=True)
def best_free_slot(s: State, meeting: int) -> int:
    """The slot free for both with room that adds the fewest blocks, then the emptiest, then the earliest; or FREE.

    The meeting is given the seats that are free in it.
    """
    single = s.seat[s.owner[s.first[meeting]] + 1] - s.seat[s.owner[s.first[meeting]]] == 1
    single = single and s.seat[s.owner[s.second[meeting]] + 1] - s.seat[s.owner[s.second[meeting]]] == 1
    first, second = s.first[meeting], s.second[meeting]
    best, least, fewest = FREE, 0, 0
    for slot in range(len(s.room)):
        if s.room[slot] < s.table[meeting]:
            continue
        if single:
            if busy(s.diary, first, slot) != FREE or busy(s.diary, second, slot) != FREE:
                continue
            if s.reach and not (reachable(s, meeting, first, slot) and reachable(s, meeting, second, slot)):
                continue
        elif not sit(s, meeting, slot, STRICTLY):
            continue
        if s.extras and not admits(s, meeting, slot):
            continue
        added = blocks_added(s.diary, s.first[meeting], slot) + blocks_added(s.diary, s.second[meeting], slot)
        if best == FREE or (added, s.held[slot]) < (least, fewest):
            best, least, fewest = slot, added, s.held[slot]
            first, second = s.first[meeting], s.second[meeting]
    s.first[meeting], s.second[meeting] = first, second
    return best


@njit(cache=True)
def insert(s: State, meeting: int) -> float:
    """Place `meeting` without dropping another; if no slot is free for both, others are moved by exchanges.

    Returns the gain of the objective without idle gaps, 0 if it could not be placed.
    """
    first_party, second_party, need = s.owner[s.first[meeting]], s.owner[s.second[meeting]], s.table[meeting]
    if s.load[first_party] >= s.maximum[first_party] or s.load[second_party] >= s.maximum[second_party]:
        return 0.0
    slot = best_free_slot(s, meeting)
    if slot != FREE:
        return place(s, meeting, slot)
    if s.rigid[meeting] or (need > 0 and np.max(s.room) <= 0):
        return 0.0
    for slot in range(len(s.room)):
        if s.at[s.seat[first_party], s.tick[slot]] == ABSENT or s.at[s.seat[second_party], s.tick[slot]] == ABSENT:
            continue
        if s.extras and not admits(s, meeting, slot):
            continue
        if (s.room[slot] >= need or make_room(s, slot)) and clear(s, meeting, slot, need):
            return place(s, meeting, slot)
    return 0.0


@njit(cache=True)
def clear(s: State, meeting: int, slot: int, need: int) -> bool:
    """Make a person of each side free for `meeting` in `slot` by exchanges, and seat it with them."""
    first_party, second_party = s.owner[s.first[meeting]], s.owner[s.second[meeting]]
    for first in range(s.seat[first_party], s.seat[first_party + 1]):
        if not vacate(s, first, slot, NOBODY, need):
            continue
        for second in range(s.seat[second_party], s.seat[second_party + 1]):
            if not vacate(s, second, slot, first, need) or busy(s.diary, first, slot) != FREE or s.room[slot] < need:
                continue
            # The exchanges may have taken what the meeting needs.
            s.first[meeting], s.second[meeting] = first, second
            if suits(s, meeting, slot):
                return True
    return False


@njit(cache=True)
def fill(s: State, meetings: Integers) -> None:
    """Insert `meetings` in this order, again and again until none of those left can be inserted."""
    filling = True
    while filling:
        filling = False
        for meeting in meetings:
            if s.slot[meeting] == FREE and insert(s, meeting) > 0:
                filling = True


@njit(cache=True)
def fill_gently(s: State, meetings: Integers) -> None:
    """Insert `meetings` in this order, moving few others: free slots first, then short exchanges, then longer ones.

    A meeting that needs exchanges on both sides is left out.
    """
    for meeting in meetings:
        first_party, second_party, need = s.owner[s.first[meeting]], s.owner[s.second[meeting]], s.table[meeting]
        if (
            s.slot[meeting] != FREE
            or s.load[first_party] >= s.maximum[first_party]
            or s.load[second_party] >= s.maximum[second_party]
        ):
            continue
        slot = best_free_slot(s, meeting)
        most = int(np.int64(1))  # no literal, for which the exchange would be compiled a second time
        while slot == FREE and not s.rigid[meeting] and most <= LONGEST:
            slot = _short_exchange(s, meeting, need, most)
            most *= 2
        if slot != FREE:
            place(s, meeting, slot)


@njit(cache=True)
def _short_exchange(s: State, meeting: int, need: int, most: int) -> int:
    """A slot made free for both by an exchange of up to `most` meetings, FREE where there is none."""
    for slot in range(len(s.room)):
        for side in range(2):
            seat, partner = s.first[meeting], s.second[meeting]
            if side:
                seat, partner = partner, seat
            if busy(s.diary, seat, slot) < 0 or busy(s.diary, partner, slot) != FREE:
                continue
            if s.extras and not admits(s, meeting, slot):
                continue
            for other in range(len(s.room)):
                if busy(s.diary, seat, other) != FREE or not 0 < chain_length(s, seat, slot, other) <= most:
                    continue
                if not exchange(s, seat, slot, other, partner, need):
                    continue
                if s.room[slot] >= need and busy(s.diary, partner, slot) == FREE and suits(s, meeting, slot):
                    return slot
                exchange(s, seat, other, slot, NOBODY, NONE)
    return FREE


@njit(cache=True)
def begin_with(s: State, slots: Integers, order: Integers) -> None:
    """Place the meetings of ``slots`` (n_meetings,), an earlier timetable, that are still possible, in this order.

    The fixed meetings stay where they are.
    """
    for meeting in range(len(slots)):
        if s.slot[meeting] != FREE and not s.fixed[meeting]:
            remove(s, meeting)
    for meeting in order:
        slot = slots[meeting]
        if slot == FREE or s.slot[meeting] != FREE:
            continue
        first_party, second_party = s.owner[s.first[meeting]], s.owner[s.second[meeting]]
        if s.load[first_party] >= s.maximum[first_party] or s.load[second_party] >= s.maximum[second_party]:
            continue
        if s.room[slot] >= s.table[meeting] and sit(s, meeting, slot, STRICTLY) and suits(s, meeting, slot):
            place(s, meeting, slot)


@njit(cache=True)
def lost(s: State, meeting: int) -> float:
    """Take `meeting` out; returns the loss of the objective with idle gaps."""
    slot = s.slot[meeting]
    return _less_gaps(s, meeting, slot, remove(s, meeting))


@njit(cache=True)
def _less_gaps(s: State, meeting: int, slot: int, worth: float) -> float:
    """`worth` less the price of the idle gaps that `meeting`, not placed, would make in `slot` with its seats."""
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            worth -= s.gap_weight * gaps_added(s.diary, seat + head, slot)
    return worth


@njit(cache=True)
def worthiest(s: State, meeting: int) -> tuple[int, float]:
    """The slot in which `meeting`, not placed, has the largest gain without moves, and the gain; it gets its seats.

    FREE if there is none.
    """
    first_party, second_party = s.owner[s.first[meeting]], s.owner[s.second[meeting]]
    best, most = FREE, -np.inf
    if s.load[first_party] >= s.maximum[first_party] or s.load[second_party] >= s.maximum[second_party]:
        return best, most
    first, second = s.first[meeting], s.second[meeting]
    worth = float(s.value[meeting])
    worth += s.penalty * (
        (s.load[first_party] < s.minimum[first_party]) + (s.load[second_party] < s.minimum[second_party])
    )
    # Where a party is one person, there is no need to look for who is free.
    first_alone, second_alone = (
        s.seat[first_party + 1] - s.seat[first_party] == 1,
        s.seat[second_party + 1] - s.seat[second_party] == 1,
    )
    for slot in range(len(s.room)):
        if (first_alone and s.at[s.seat[first_party], s.tick[slot]] != FREE) or s.room[slot] < s.table[meeting]:
            continue
        if (second_alone and s.at[s.seat[second_party], s.tick[slot]] != FREE) or (
            s.extras and not admits(s, meeting, slot)
        ):
            continue
        if not sit(s, meeting, slot, STRICTLY):
            continue
        gain = _less_gaps(s, meeting, slot, worth)
        if gain > most:
            best, most = slot, gain
            first, second = s.first[meeting], s.second[meeting]
    s.first[meeting], s.second[meeting] = first, second
    return best, most


@njit(cache=True)
def settle(s: State, meetings: Integers, least: float) -> None:
    """Drop meetings whose idle gaps cost more than their value, and place meetings with a gain above `least`.

    `meetings` are those that may move. Each step raises the objective, so the loop ends.
    """
    changing = True
    while changing:
        changing = False
        for meeting in meetings:
            if s.slot[meeting] != FREE:
                slot = s.slot[meeting]
                if lost(s, meeting) < -least:
                    changing = True
                else:
                    place(s, meeting, slot)
            else:
                slot, gain = worthiest(s, meeting)
                if slot != FREE and gain > least:
                    place(s, meeting, slot)
                    changing = True
