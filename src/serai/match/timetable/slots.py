"""When each meeting is held: meetings into slots by Kempe chains, without giving up one that is placed.

A timetable is an edge colouring: parties are vertices, meetings edges, slots colours. The meetings of two slots form
paths and cycles, and exchanging the two slots along one of them keeps every party free of conflict (Kempe 1879, König
1916): so a slot can be made free for two parties at once without giving up a meeting.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from serai.match.timetable.problem import FREE, Booleans, Floats, Integers, TimetableProblem, everywhere

ABSENT = -2
"""In ``State.at``: the party isn't there in this slot."""


class State(NamedTuple):
    """A sound timetable and what its moves need; the kernels below change the arrays in place.

    A seat is a person of a party: ``at`` is kept by seat, maxima and floors by party. A party of one has one seat.
    """

    first: Integers  # (n_meetings,) the seat of the first party; of one that isn't placed, where it sat last
    second: Integers  # (n_meetings,)
    value: Floats  # (n_meetings,)
    table: Integers  # (n_meetings,) 1 at a table, 0 at a booth
    fixed: Booleans  # (n_meetings,) never moved
    rigid: Booleans  # (n_meetings,) never moved by an exchange: it takes several people of a party
    day: Integers  # (n_slots,)
    maximum: Integers  # (n_parties,)
    minimum: Integers  # (n_parties,)
    penalty: float  # for each meeting missing from a floor
    gap_weight: float  # for each idle gap
    slot: Integers  # (n_meetings,) FREE where not placed
    at: Integers  # (n_seats, n_slots) the meeting, FREE or ABSENT
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
    left: Integers  # (n_pools, n_slots) units left of each pool
    site: Integers  # (n_meetings,)
    walk: Integers  # (n_sites, n_sites) idle slots needed between two sites
    reach: int  # the most of them
    earlier: Integers  # meetings that must come first, in the order of the later ones
    earlier_of: Integers  # (n_meetings + 1,) where those of each meeting begin in `earlier`
    later: Integers  # meetings that must come later, in the order of the earlier ones
    later_of: Integers  # (n_meetings + 1,)
    chain: Integers  # (n_seats,) scratch of `exchange`
    given_up: Integers  # (3 + k,) scratch of `annealing.displace`
    given_slot: Integers  # (3 + k,) scratch of `annealing.displace`


def start(problem: TimetableProblem) -> State:
    """The timetable that holds the fixed meetings only."""
    slots, meetings = len(problem.slots), len(problem.value)
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    seat = np.concatenate([[0], np.cumsum(problem.at_once)])
    windowed = not everywhere(problem.window)
    earlier, earlier_of = _listed(problem.before[:, ::-1], meetings)
    later, later_of = _listed(problem.before, meetings)
    reach = int(problem.walk.max(initial=0))
    state = State(
        first=seat[problem.pairs[:, 0]],
        second=seat[problem.pairs[:, 1]],
        value=problem.value,
        table=problem.at_table.astype(np.int64),
        fixed=problem.fixed,
        rigid=(problem.heads > 1).any(axis=1),
        day=problem.day,
        maximum=problem.maximum,
        minimum=problem.minimum,
        penalty=problem.penalty,
        gap_weight=float(problem.gap_weight),
        slot=np.full(meetings, FREE),
        at=np.where(problem.available, FREE, ABSENT)[owner],
        owner=owner,
        seat=seat,
        heads=problem.heads,
        load=np.zeros(len(problem.parties), np.int64),
        room=problem.places.copy(),
        held=np.zeros(slots, np.int64),
        extras=bool(windowed or problem.uses.size or len(problem.before) or reach),
        windowed=windowed,
        window=problem.window if windowed else np.ones((1, 1), np.bool_),
        uses=problem.uses,
        left=problem.pools.copy(),
        site=problem.site,
        walk=problem.walk,
        reach=reach,
        earlier=earlier,
        earlier_of=earlier_of,
        later=later,
        later_of=later_of,
        chain=np.zeros(len(owner), np.int64),
        given_up=np.zeros(3 + problem.uses.shape[1], np.int64),
        given_slot=np.zeros(3 + problem.uses.shape[1], np.int64),
    )
    hold(state, problem.fixed_slot)
    return state


def _listed(order: Integers, meetings: int) -> tuple[Integers, Integers]:
    """The second column by the first: a list of neighbours, and where each meeting's own begin."""
    by_first = order[np.argsort(order[:, 0], kind="stable")]
    begins = np.searchsorted(by_first[:, 0], np.arange(meetings + 1))
    return by_first[:, 1].copy(), begins.astype(np.int64)


@njit(cache=True)
def place(s: State, meeting: int, slot: int) -> float:
    """Hold `meeting` in `slot`, where its seats are free and there is room; returns what the objective gains."""
    gain = float(s.value[meeting])
    s.slot[meeting] = slot
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            s.at[seat + head, slot] = meeting
        party = s.owner[seat]
        if s.load[party] < s.minimum[party]:
            gain += s.penalty
        s.load[party] += 1
    s.room[slot] -= s.table[meeting]
    s.held[slot] += 1
    for k in range(s.uses.shape[1]):
        if s.uses[meeting, k] >= 0:
            s.left[s.uses[meeting, k], slot] -= 1
    return gain


@njit(cache=True)
def remove(s: State, meeting: int) -> float:
    """Take `meeting` out of the timetable; returns what the objective loses."""
    slot = s.slot[meeting]
    loss = float(s.value[meeting])
    s.slot[meeting] = FREE
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            s.at[seat + head, slot] = FREE
        party = s.owner[seat]
        s.load[party] -= 1
        if s.load[party] < s.minimum[party]:
            loss += s.penalty
    s.room[slot] += s.table[meeting]
    s.held[slot] -= 1
    for k in range(s.uses.shape[1]):
        if s.uses[meeting, k] >= 0:
            s.left[s.uses[meeting, k], slot] += 1
    return loss


@njit(cache=True)
def empty(s: State) -> None:
    """Take every meeting out."""
    for meeting in range(len(s.slot)):
        if s.slot[meeting] != FREE:
            remove(s, meeting)


@njit(cache=True)
def restore(s: State, kept: Integers) -> None:
    """Make what ``snapshot`` kept the timetable again, whatever it was."""
    empty(s)
    for meeting in range(kept.shape[1]):
        if kept[0, meeting] != FREE:
            s.first[meeting], s.second[meeting] = kept[1, meeting], kept[2, meeting]
            place(s, meeting, kept[0, meeting])


@njit(cache=True)
def snapshot(s: State, kept: Integers) -> None:
    """Keep slot and seats of every meeting in `kept` (3, n_meetings), which has the seats of parties of one already."""
    kept[0] = s.slot
    if len(s.owner) > len(s.load):
        kept[1], kept[2] = s.first, s.second


@njit(cache=True)
def hold(s: State, slots: Integers) -> None:
    """Make ``slots`` (n_meetings,) the timetable; who of a party comes is chosen anew, within walking reach if any."""
    empty(s)
    for strict in (True, False):
        for meeting in range(len(slots)):
            slot = slots[meeting]
            if slot != FREE and s.slot[meeting] == FREE and sit(s, meeting, slot, strict):
                place(s, meeting, slot)


@njit(cache=True)
def admits(s: State, meeting: int, slot: int) -> bool:
    """Whether its window, its pools and the order of meetings let `meeting` be held in `slot`, where it isn't yet."""
    if s.windowed and not s.window[meeting, slot]:
        return False
    for k in range(s.uses.shape[1]):
        if s.uses[meeting, k] >= 0 and s.left[s.uses[meeting, k], slot] < 1:
            return False
    return in_order(s, meeting, slot)


@njit(cache=True)
def in_order(s: State, meeting: int, slot: int) -> bool:
    """Whether what must come first is earlier, and what must come later is later."""
    for k in range(s.earlier_of[meeting], s.earlier_of[meeting + 1]):
        other = s.slot[s.earlier[k]]
        if other != FREE and other >= slot:
            return False
    for k in range(s.later_of[meeting], s.later_of[meeting + 1]):
        other = s.slot[s.later[k]]
        if other != FREE and other <= slot:
            return False
    return True


@njit(cache=True)
def reachable(s: State, meeting: int, seat: int, slot: int) -> bool:
    """Whether the person in `seat` can walk to `meeting` in `slot` from the meeting before and on to the next."""
    site = s.site[meeting]
    for step in range(1, s.reach + 1):
        for near in (slot - step, slot + step):
            if near < 0 or near >= len(s.day) or s.day[near] != s.day[slot]:
                continue
            other = s.at[seat, near]
            if other >= 0 and other != meeting and s.walk[site, s.site[other]] >= step:
                return False
    return True


@njit(cache=True)
def suits(s: State, meeting: int, slot: int) -> bool:
    """Whether nothing but who is busy stands against `meeting` in `slot` with the people it has."""
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
            if s.at[seat + head, slot] != FREE or (strict and s.reach and not reachable(s, meeting, seat + head, slot)):
                sits = False
                break
        if sits:
            return seat
    return FREE


@njit(cache=True)
def sit(s: State, meeting: int, slot: int, strict: bool) -> bool:
    """Give `meeting`, which isn't placed, seats that are free in `slot`; False where a party has none."""
    first, second = free_seat(s, meeting, 0, slot, strict), free_seat(s, meeting, 1, slot, strict)
    if first == FREE or second == FREE:
        return False
    s.first[meeting], s.second[meeting] = first, second
    return True


@njit(cache=True)
def swap(s: State, length: int, old: int, new: int) -> None:
    """Exchange the two slots of the first `length` meetings of the chain, whatever stands against it."""
    for k in range(length):
        meeting = s.chain[k]
        s.at[s.first[meeting], s.slot[meeting]] = FREE
        s.at[s.second[meeting], s.slot[meeting]] = FREE
        s.held[s.slot[meeting]] -= 1
        s.room[s.slot[meeting]] += s.table[meeting]
        for use in range(s.uses.shape[1]):
            if s.uses[meeting, use] >= 0:
                s.left[s.uses[meeting, use], s.slot[meeting]] += 1
    for k in range(length):
        meeting = s.chain[k]
        s.slot[meeting] = old + new - s.slot[meeting]
        s.at[s.first[meeting], s.slot[meeting]] = meeting
        s.at[s.second[meeting], s.slot[meeting]] = meeting
        s.held[s.slot[meeting]] += 1
        s.room[s.slot[meeting]] -= s.table[meeting]
        for use in range(s.uses.shape[1]):
            if s.uses[meeting, use] >= 0:
                s.left[s.uses[meeting, use], s.slot[meeting]] -= 1


@njit(cache=True)
def stands(s: State, length: int) -> bool:
    """Whether the first `length` meetings of the chain may be where they are."""
    for k in range(length):
        meeting = s.chain[k]
        slot = s.slot[meeting]
        if s.windowed and not s.window[meeting, slot]:
            return False
        for use in range(s.uses.shape[1]):
            if s.uses[meeting, use] >= 0 and s.left[s.uses[meeting, use], slot] < 0:
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
    party, ends at a person who isn't there, reaches the one in `spared`, leaves fewer than `need` tables in old, needs
    more than new has, or brings a meeting where its window, its pools, its order or the way don't let it be.
    """
    length, moved, here, there = 0, 0, old, new
    meeting = s.at[seat, old]
    while meeting >= 0:
        if s.fixed[meeting] or s.rigid[meeting]:
            return False
        s.chain[length] = meeting
        length += 1
        moved += s.table[meeting] if here == old else -s.table[meeting]
        seat = s.first[meeting] + s.second[meeting] - seat
        if seat == spared:
            return False
        meeting = s.at[seat, there]
        here, there = there, here
    if meeting == ABSENT or s.room[new] < moved or s.room[old] + moved < need:
        return False
    swap(s, length, old, new)
    if s.extras and not stands(s, length):
        swap(s, length, old, new)
        return False
    return True


@njit(cache=True)
def vacate(s: State, seat: int, slot: int, spared: int, need: int) -> bool:
    """Make `seat` free in `slot` by an exchange with any slot in which it is free."""
    if s.at[seat, slot] == FREE:
        return True
    for other in range(len(s.room)):
        if s.at[seat, other] == FREE and exchange(s, seat, slot, other, spared, need):
            return True
    return False


@njit(cache=True)
def make_room(s: State, slot: int) -> bool:
    """Make a table free in `slot` by an exchange with any slot that has one."""
    for other in range(len(s.room)):
        if s.room[other] > 0:
            for seat in range(len(s.owner)):
                if s.at[seat, slot] >= 0 and s.at[seat, other] == FREE and exchange(s, seat, slot, other, -1, 1):
                    return True
    return False


@njit(cache=True)
def blocks_added(s: State, seat: int, slot: int) -> int:
    """Blocks of consecutive meetings of one day that the person in `seat` gains by a meeting in `slot`: 1, 0 or -1."""
    added = 1
    for beside in (slot - 1, slot + 1):
        if 0 <= beside < len(s.day) and s.day[beside] == s.day[slot] and s.at[seat, beside] >= 0:
            added -= 1
    return added


@njit(cache=True)
def gaps_added(s: State, seat: int, slot: int) -> int:
    """Idle gaps that the person in `seat` gains by a meeting in `slot`: the first of a day makes none."""
    added = blocks_added(s, seat, slot)
    if added == 1:
        for other in range(len(s.day)):
            if other != slot and s.day[other] == s.day[slot] and s.at[seat, other] >= 0:
                return 1
        return 0
    return added


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
            if s.at[first, slot] != FREE or s.at[second, slot] != FREE:
                continue
            if s.reach and not (reachable(s, meeting, first, slot) and reachable(s, meeting, second, slot)):
                continue
        elif not sit(s, meeting, slot, True):
            continue
        if s.extras and not admits(s, meeting, slot):
            continue
        added = blocks_added(s, s.first[meeting], slot) + blocks_added(s, s.second[meeting], slot)
        if best == FREE or (added, s.held[slot]) < (least, fewest):
            best, least, fewest = slot, added, s.held[slot]
            first, second = s.first[meeting], s.second[meeting]
    s.first[meeting], s.second[meeting] = first, second
    return best


@njit(cache=True)
def insert(s: State, meeting: int) -> float:
    """Place `meeting` without giving up another, moving others by exchanges where no slot is free for both.

    Returns what the objective gains without idle gaps, 0 where it could not be placed.
    """
    one, other, need = s.owner[s.first[meeting]], s.owner[s.second[meeting]], s.table[meeting]
    if s.load[one] >= s.maximum[one] or s.load[other] >= s.maximum[other]:
        return 0.0
    slot = best_free_slot(s, meeting)
    if slot != FREE:
        return place(s, meeting, slot)
    if s.rigid[meeting] or (need > 0 and s.room.max() <= 0):
        return 0.0
    for slot in range(len(s.room)):
        if s.at[s.seat[one], slot] == ABSENT or s.at[s.seat[other], slot] == ABSENT:
            continue
        if s.extras and not admits(s, meeting, slot):
            continue
        if (s.room[slot] >= need or make_room(s, slot)) and clear(s, meeting, slot, need):
            return place(s, meeting, slot)
    return 0.0


@njit(cache=True)
def clear(s: State, meeting: int, slot: int, need: int) -> bool:
    """Make a person of each side free for `meeting` in `slot` by exchanges, and seat it with them."""
    one, other = s.owner[s.first[meeting]], s.owner[s.second[meeting]]
    for first in range(s.seat[one], s.seat[one + 1]):
        if not vacate(s, first, slot, -1, need):
            continue
        for second in range(s.seat[other], s.seat[other + 1]):
            if not vacate(s, second, slot, first, need) or s.at[first, slot] != FREE or s.room[slot] < need:
                continue
            # The exchanges may have used up what the meeting needs.
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
def lost(s: State, meeting: int) -> float:
    """Take `meeting` out; returns what the objective loses, idle gaps and all."""
    slot = s.slot[meeting]
    loss = remove(s, meeting)
    for side in range(2):
        seat = s.second[meeting] if side else s.first[meeting]
        for head in range(s.heads[meeting, side]):
            loss -= s.gap_weight * gaps_added(s, seat + head, slot)
    return loss


@njit(cache=True)
def worthiest(s: State, meeting: int) -> tuple[int, float]:
    """The slot in which `meeting`, not placed, brings most as everything stands, and what; its seats are given to it.

    FREE where there is none.
    """
    one, other = s.owner[s.first[meeting]], s.owner[s.second[meeting]]
    best, most = FREE, -np.inf
    if s.load[one] >= s.maximum[one] or s.load[other] >= s.maximum[other]:
        return best, most
    first, second = s.first[meeting], s.second[meeting]
    worth = float(s.value[meeting])
    for party in (one, other):
        if s.load[party] < s.minimum[party]:
            worth += s.penalty
    for slot in range(len(s.room)):
        if s.room[slot] < s.table[meeting] or (s.extras and not admits(s, meeting, slot)):
            continue
        if not sit(s, meeting, slot, True):
            continue
        gain = worth
        for side in range(2):
            seat = s.second[meeting] if side else s.first[meeting]
            for head in range(s.heads[meeting, side]):
                gain -= s.gap_weight * gaps_added(s, seat + head, slot)
        if gain > most:
            best, most = slot, gain
            first, second = s.first[meeting], s.second[meeting]
    s.first[meeting], s.second[meeting] = first, second
    return best, most


@njit(cache=True)
def settle(s: State, meetings: Integers, least: float) -> None:
    """Drop what costs more in idle gaps than it is worth, and place what brings more than `least`, until nothing does.

    `meetings` are those that may move. Each step raises the objective, so that it ends.
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
