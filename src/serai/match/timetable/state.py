"""State of a timetable in arrays that kernels change in place, and the tests whether a move is possible.

Time is cut where any slot begins or ends: a slot is a run of these ticks, one tick where slots don't overlap. A seat is
a person of a party: who is busy is kept by seat and tick, maxima and floors by party. Every kernel is compiled once:
all arrays of a State can be written to and are contiguous, whatever the problem's were.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from serai.match.timetable.problem import FREE, Booleans, Integers

ABSENT = -2
"""In ``State.at``: the party isn't there."""
OVERLAPPED = -3
"""Of a seat in a slot: a meeting of another slot that overlaps it stands in the way."""

# Arguments that kernels pass to each other: Numba compiles a kernel again for each literal.
NONE: int = np.int64(0)  # type: ignore[assignment]
ONE: int = np.int64(1)  # type: ignore[assignment]
NOBODY: int = np.int64(-1)  # type: ignore[assignment]
STRICTLY: bool = np.bool_(True)  # type: ignore[assignment]


class Diary(NamedTuple):
    """The meetings of each seat by tick: some arrays of a State, for kernels that are called in every step.

    A call passes each array, and passing all arrays of a State costs more than the work of many kernels.
    """

    at: Integers
    slot: Integers
    day: Integers
    begins: Integers
    idle_by: Integers
    tick: Integers
    until: Integers
    tick_day: Integers
    mixed: bool


class Stock(NamedTuple):
    """The free tables and units of pools: some arrays of a State, for the same reason as a Diary."""

    table: Integers
    room: Integers
    held: Integers
    uses: Integers
    left: Integers
    tick: Integers
    until: Integers


class State(NamedTuple):
    """A sound timetable, with all arrays that moves need."""

    first: Integers  # (n_meetings,) the seat of the first party; of one that isn't placed, where it sat last
    second: Integers  # (n_meetings,)
    value: NDArray[np.float64]  # (n_meetings,)
    table: Integers  # (n_meetings,) 1 at a table, 0 at a booth
    fixed: Booleans  # (n_meetings,) never moved
    rigid: Booleans  # (n_meetings,) never moved by an exchange: it takes several people of a party
    day: Integers  # (n_slots,)
    begins: Integers  # (n_slots,) minutes
    ends: Integers  # (n_slots,)
    idle_by: Integers  # (n_slots,) when another slot of the day could be over
    tick: Integers  # (n_slots,) its first tick
    until: Integers  # (n_slots,) the tick after its last
    tick_day: Integers  # (n_ticks,)
    mixed: bool  # whether slots overlap
    grid: Integers  # (n_slots,) which length the slot has
    follows: Integers  # (n_grids, n_slots) the next slot of this length once the slot is over, FREE for none
    precedes: Integers  # (n_grids, n_slots) the last of this length that is over before
    maximum: Integers  # (n_parties,)
    minimum: Integers  # (n_parties,)
    penalty: float  # for each meeting missing from a floor
    gap_weight: float  # for each idle gap
    slot: Integers  # (n_meetings,) FREE where not placed
    at: Integers  # (n_seats, n_ticks) the meeting, FREE or ABSENT
    owner: Integers  # (n_seats,) the party
    seat: Integers  # (n_parties + 1,) the first seat of each party
    heads: Integers  # (n_meetings, 2) seats in a row that the meeting takes of each side
    load: Integers  # (n_parties,) meetings placed
    room: Integers  # (n_slots,) tables left
    held: Integers  # (n_slots,) meetings placed
    extras: bool  # whether anything below rules anything out
    windowed: bool
    window: Booleans  # (n_meetings, n_slots)
    uses: Integers  # (n_meetings, k) pools, FREE for none
    left: Integers  # (n_pools, n_ticks) units left of each pool
    site: Integers  # (n_meetings,)
    walk: Integers  # (n_sites, n_sites) minutes needed between two sites
    reach: int  # the most of them
    earlier: Integers  # meetings that must come first, in the order of the later ones
    earlier_of: Integers  # (n_meetings + 1,) where those of each meeting begin in `earlier`
    later: Integers  # meetings that must come later, in the order of the earlier ones
    later_of: Integers  # (n_meetings + 1,)
    diary: Diary
    stock: Stock
    chain: Integers  # (n_seats,) scratch of `exchange`
    given_up: Integers  # scratch of `annealing.displace`
    given_slot: Integers


@njit(cache=True)
def busy(d: Diary, seat: int, slot: int) -> int:
    """The meeting of `seat` in exactly this slot, FREE where it has none at all, else ABSENT or OVERLAPPED."""
    meeting: int = d.at[seat, d.tick[slot]]
    if d.mixed:
        for tick in range(d.tick[slot] + 1, d.until[slot]):
            other = d.at[seat, tick]
            if other != meeting:
                return ABSENT if meeting == ABSENT or other == ABSENT else OVERLAPPED
        if meeting >= 0 and d.slot[meeting] != slot:
            return OVERLAPPED
    return meeting


@njit(cache=True)
def place(s: State, meeting: int, slot: int) -> float:
    """Hold `meeting` in `slot`, where its seats are free and there is room; returns the gain of the objective."""
    gain = float(s.value[meeting])
    s.slot[meeting] = slot
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            for tick in range(s.tick[slot], s.until[slot]):
                s.at[seat + head, tick] = meeting
        party = s.owner[seat]
        if s.load[party] < s.minimum[party]:
            gain += s.penalty
        s.load[party] += 1
    take(s.stock, meeting, slot, ONE)
    return gain


@njit(cache=True)
def remove(s: State, meeting: int) -> float:
    """Take `meeting` out of the timetable; returns the loss of the objective."""
    slot = s.slot[meeting]
    loss = float(s.value[meeting])
    s.slot[meeting] = FREE
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            for tick in range(s.tick[slot], s.until[slot]):
                s.at[seat + head, tick] = FREE
        party = s.owner[seat]
        s.load[party] -= 1
        if s.load[party] < s.minimum[party]:
            loss += s.penalty
    take(s.stock, meeting, slot, -ONE)
    return loss


@njit(cache=True)
def take(stock: Stock, meeting: int, slot: int, times: int) -> None:
    """Take the table and the units of pools of `meeting` in `slot`, so many `times`; -1 gives them back."""
    stock.room[slot] -= times * stock.table[meeting]
    stock.held[slot] += times
    for k in range(stock.uses.shape[1]):
        if stock.uses[meeting, k] >= 0:
            for tick in range(stock.tick[slot], stock.until[slot]):
                stock.left[stock.uses[meeting, k], tick] -= times


@njit(cache=True)
def lacks(stock: Stock, pool: int, slot: int, need: int) -> int:
    """The first tick of `slot` in which `pool` has fewer than `need` units left, FREE where it has enough."""
    for tick in range(stock.tick[slot], stock.until[slot]):
        if stock.left[pool, tick] < need:
            return tick
    return FREE


@njit(cache=True)
def empty(s: State) -> None:
    """Take every meeting out."""
    for meeting in range(len(s.slot)):
        if s.slot[meeting] != FREE:
            remove(s, meeting)


@njit(cache=True)
def restore(s: State, kept: Integers) -> None:
    """Make the timetable kept by ``snapshot`` the present one."""
    empty(s)
    for meeting in range(kept.shape[1]):
        if kept[0, meeting] != FREE:
            s.first[meeting], s.second[meeting] = kept[1, meeting], kept[2, meeting]
            place(s, meeting, kept[0, meeting])


@njit(cache=True)
def snapshot(s: State, kept: Integers) -> None:
    """Keep slot and seats of every meeting in `kept` (3, n_meetings), which has the seats of parties of one already."""
    several = len(s.owner) > len(s.load)
    for meeting in range(len(s.slot)):  # a loop, which compiles in a tenth of the time of whole arrays
        kept[0, meeting] = s.slot[meeting]
        if several:
            kept[1, meeting], kept[2, meeting] = s.first[meeting], s.second[meeting]


@njit(cache=True)
def hold(s: State, slots: Integers, order: Integers) -> None:
    """Make ``slots`` (n_meetings,) the timetable; the people are chosen again, within walking reach if possible.

    If `order`, rows of meetings, is that of their slots, each meeting finds a person if the party has enough: a person
    who is free when a meeting begins is free until the next one. Only meetings with several people in a row can be left
    out.
    """
    empty(s)
    for meeting in order:
        slot = slots[meeting]
        if slot != FREE and (sit(s, meeting, slot, STRICTLY) or sit(s, meeting, slot, not STRICTLY)):
            place(s, meeting, slot)


@njit(cache=True)
def admits(s: State, meeting: int, slot: int) -> bool:
    """Whether the window, the pools and the order of meetings allow `meeting`, not placed, in `slot`."""
    if s.windowed and not s.window[meeting, slot]:
        return False
    for k in range(s.uses.shape[1]):
        if s.uses[meeting, k] >= 0 and lacks(s.stock, s.uses[meeting, k], slot, ONE) != FREE:
            return False
    return in_order(s, meeting, slot)


@njit(cache=True)
def in_order(s: State, meeting: int, slot: int) -> bool:
    """Whether meetings that must come first are over before `slot`, and those that must come later begin after it."""
    for k in range(s.earlier_of[meeting], s.earlier_of[meeting + 1]):
        other = s.slot[s.earlier[k]]
        if other != FREE and s.ends[other] > s.begins[slot]:
            return False
    for k in range(s.later_of[meeting], s.later_of[meeting + 1]):
        other = s.slot[s.later[k]]
        if other != FREE and s.begins[other] < s.ends[slot]:
            return False
    return True


@njit(cache=True)
def reachable(s: State, meeting: int, seat: int, slot: int) -> bool:
    """Whether the person in `seat` can walk to `meeting` in `slot` from the meetings before and on to the next."""
    return _walks(s, meeting, seat, slot, -ONE) and _walks(s, meeting, seat, slot, ONE)


@njit(cache=True)
def _walks(s: State, meeting: int, seat: int, slot: int, step: int) -> bool:
    tick, last = s.until[slot] if step > 0 else s.tick[slot] - 1, FREE
    while 0 <= tick < len(s.tick_day) and s.tick_day[tick] == s.day[slot]:
        other = s.at[seat, tick]
        tick += step
        if other < 0 or other in (last, meeting):
            continue
        last = other
        between = s.begins[s.slot[other]] - s.ends[slot] if step > 0 else s.begins[slot] - s.ends[s.slot[other]]
        if between < s.walk[s.site[meeting], s.site[other]]:
            return False
        if between >= s.reach:
            break
    return True


@njit(cache=True)
def suits(s: State, meeting: int, slot: int) -> bool:
    """Whether `meeting` can be held in `slot` with its people, apart from their other meetings."""
    return not s.extras or (
        admits(s, meeting, slot)
        and reachable(s, meeting, s.first[meeting], slot)
        and reachable(s, meeting, s.second[meeting], slot)
    )


@njit(cache=True)
def free_seat(s: State, meeting: int, side: int, slot: int, strict: bool) -> int:
    """The first seats in a row of one side that are free in `slot` for `meeting` and within walking reach, or FREE."""
    party = s.owner[s.second[meeting] if side else s.first[meeting]]
    need = s.heads[meeting, side]
    for seat in range(s.seat[party], s.seat[party + 1] - need + 1):
        sits = True
        for head in range(need):
            taken = busy(s.diary, seat + head, slot) != FREE
            if taken or (strict and s.reach and not reachable(s, meeting, seat + head, slot)):
                sits = False
                break
        if sits:
            return seat
    return FREE


@njit(cache=True)
def sit(s: State, meeting: int, slot: int, strict: bool) -> bool:
    """Give `meeting`, which isn't placed, seats that are free in `slot`; False if a party has none."""
    first = free_seat(s, meeting, NONE, slot, strict)
    second = free_seat(s, meeting, ONE, slot, strict)
    if first == FREE or second == FREE:
        return False
    s.first[meeting], s.second[meeting] = first, second
    return True


@njit(cache=True)
def beside(d: Diary, seat: int, slot: int, step: int) -> int:
    """The slot of the meeting that `seat` has next after `slot` on its day (step 1) or last before it (-1); or FREE."""
    tick = d.until[slot] if step > 0 else d.tick[slot] - 1
    while 0 <= tick < len(d.tick_day) and d.tick_day[tick] == d.day[slot]:
        if d.at[seat, tick] >= 0:
            neighbour: int = d.slot[d.at[seat, tick]]
            return neighbour
        tick += step
    return FREE


@njit(cache=True)
def blocks_added(d: Diary, seat: int, slot: int) -> int:
    """Blocks of meetings in a row of one day that the person in `seat` gains by a meeting in `slot`: 1, 0 or -1."""
    if d.mixed:
        if beside(d, seat, slot, -ONE) == FREE and beside(d, seat, slot, ONE) == FREE:
            return 1
        return gaps_added(d, seat, slot)
    added = 1
    if slot > 0 and d.day[slot - 1] == d.day[slot] and d.at[seat, slot - 1] >= 0:
        added -= 1
    if slot + 1 < len(d.day) and d.day[slot + 1] == d.day[slot] and d.at[seat, slot + 1] >= 0:
        added -= 1
    return added


@njit(cache=True)
def gaps_added(d: Diary, seat: int, slot: int) -> int:
    """Idle gaps that the person in `seat` gains by a meeting in `slot`: the first of a day makes none."""
    before, after = beside(d, seat, slot, -ONE), beside(d, seat, slot, ONE)
    added = 0
    if before != FREE and d.idle_by[before] <= d.begins[slot]:
        added += 1
    if after != FREE and d.idle_by[slot] <= d.begins[after]:
        added += 1
    if before != FREE and after != FREE and d.idle_by[before] <= d.begins[after]:
        added -= 1
    return added
