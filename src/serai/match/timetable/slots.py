"""When each meeting is held: meetings into slots by Kempe chains, without giving up one that is placed.

A timetable is an edge colouring: parties are vertices, meetings edges, slots colours. The meetings of two slots form
paths and cycles, and exchanging the two slots along one of them keeps every party free of conflict (Kempe 1879, König
1916): so a slot can be made free for two parties at once without giving up a meeting.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from serai.match.timetable.problem import FREE, Booleans, Floats, Integers, TimetableProblem

ABSENT = -2
"""In ``State.at``: the party isn't there in this slot."""


class State(NamedTuple):
    """A sound timetable and what its moves need; the kernels below change the arrays in place."""

    first: Integers  # (n_meetings,)
    second: Integers  # (n_meetings,)
    value: Floats  # (n_meetings,)
    table: Integers  # (n_meetings,) 1 at a table, 0 at a booth
    fixed: Booleans  # (n_meetings,) never moved
    day: Integers  # (n_slots,)
    maximum: Integers  # (n_parties,)
    minimum: Integers  # (n_parties,)
    penalty: float  # for each meeting missing from a floor
    slot: Integers  # (n_meetings,) FREE where not placed
    at: Integers  # (n_parties, n_slots) the meeting, FREE or ABSENT
    load: Integers  # (n_parties,) meetings placed
    room: Integers  # (n_slots,) tables left
    held: Integers  # (n_slots,) meetings placed
    chain: Integers  # (n_parties,) scratch of `exchange`
    given_up: Integers  # (3,) scratch of `annealing.displace`
    given_slot: Integers  # (3,) scratch of `annealing.displace`


def start(problem: TimetableProblem) -> State:
    """The timetable that holds the fixed meetings only."""
    parties, slots = problem.available.shape
    state = State(
        first=problem.pairs[:, 0].copy(),
        second=problem.pairs[:, 1].copy(),
        value=problem.value,
        table=problem.at_table.astype(np.int64),
        fixed=problem.fixed,
        day=problem.day,
        maximum=problem.maximum,
        minimum=problem.minimum,
        penalty=problem.penalty,
        slot=np.full(len(problem.value), FREE),
        at=np.where(problem.available, FREE, ABSENT),
        load=np.zeros(parties, np.int64),
        room=problem.places.copy(),
        held=np.zeros(slots, np.int64),
        chain=np.zeros(parties, np.int64),
        given_up=np.zeros(3, np.int64),
        given_slot=np.zeros(3, np.int64),
    )
    restore(state, problem.fixed_slot)
    return state


@njit(cache=True)
def place(s: State, meeting: int, slot: int) -> float:
    """Hold `meeting` in `slot`, which is free for both and has room; returns what the objective gains."""
    gain = float(s.value[meeting])
    s.slot[meeting] = slot
    for party in (s.first[meeting], s.second[meeting]):
        s.at[party, slot] = meeting
        if s.load[party] < s.minimum[party]:
            gain += s.penalty
        s.load[party] += 1
    s.room[slot] -= s.table[meeting]
    s.held[slot] += 1
    return gain


@njit(cache=True)
def remove(s: State, meeting: int) -> float:
    """Take `meeting` out of the timetable; returns what the objective loses."""
    slot = s.slot[meeting]
    loss = float(s.value[meeting])
    s.slot[meeting] = FREE
    for party in (s.first[meeting], s.second[meeting]):
        s.at[party, slot] = FREE
        s.load[party] -= 1
        if s.load[party] < s.minimum[party]:
            loss += s.penalty
    s.room[slot] += s.table[meeting]
    s.held[slot] -= 1
    return loss


@njit(cache=True)
def restore(s: State, slots: Integers) -> None:
    """Make ``slots`` (n_meetings,) the timetable, whatever it was."""
    for meeting in range(len(slots)):
        if s.slot[meeting] != FREE:
            remove(s, meeting)
    for meeting in range(len(slots)):
        if slots[meeting] != FREE:
            place(s, meeting, slots[meeting])


@njit(cache=True)
def exchange(s: State, party: int, old: int, new: int, spared: int, need: int) -> bool:
    """Exchange two slots along the chain of meetings that begins with `party`, busy in `old` and free in `new`.

    Nothing changes and False is returned where the chain meets a fixed meeting, ends at a party that isn't there,
    reaches the party `spared`, leaves fewer than `need` tables in old, or needs more than new has.
    """
    length, moved, here, there = 0, 0, old, new
    meeting = s.at[party, old]
    while meeting >= 0:
        if s.fixed[meeting]:
            return False
        s.chain[length] = meeting
        length += 1
        moved += s.table[meeting] if here == old else -s.table[meeting]
        party = s.first[meeting] + s.second[meeting] - party
        if party == spared:
            return False
        meeting = s.at[party, there]
        here, there = there, here
    if meeting == ABSENT or s.room[new] < moved or s.room[old] + moved < need:
        return False
    for k in range(length):
        meeting = s.chain[k]
        for party in (s.first[meeting], s.second[meeting]):
            s.at[party, s.slot[meeting]] = FREE
        s.held[s.slot[meeting]] -= 1
    for k in range(length):
        meeting = s.chain[k]
        s.slot[meeting] = old + new - s.slot[meeting]
        for party in (s.first[meeting], s.second[meeting]):
            s.at[party, s.slot[meeting]] = meeting
        s.held[s.slot[meeting]] += 1
    s.room[old] += moved
    s.room[new] -= moved
    return True


@njit(cache=True)
def vacate(s: State, party: int, slot: int, spared: int, need: int) -> bool:
    """Make `party` free in `slot` by an exchange with any slot in which it is free."""
    if s.at[party, slot] == FREE:
        return True
    for other in range(len(s.room)):
        if s.at[party, other] == FREE and exchange(s, party, slot, other, spared, need):
            return True
    return False


@njit(cache=True)
def make_room(s: State, slot: int) -> bool:
    """Make a table free in `slot` by an exchange with any slot that has one."""
    for other in range(len(s.room)):
        if s.room[other] > 0:
            for party in range(len(s.load)):
                if s.at[party, slot] >= 0 and s.at[party, other] == FREE and exchange(s, party, slot, other, -1, 1):
                    return True
    return False


@njit(cache=True)
def blocks_added(s: State, party: int, slot: int) -> int:
    """Blocks of consecutive meetings of one day that `party` gains by a meeting in `slot`: 1, 0 or -1."""
    added = 1
    for beside in (slot - 1, slot + 1):
        if 0 <= beside < len(s.day) and s.day[beside] == s.day[slot] and s.at[party, beside] >= 0:
            added -= 1
    return added


@njit(cache=True)
def best_free_slot(s: State, meeting: int) -> int:
    """The slot free for both with room that adds the fewest blocks, then the emptiest, then the earliest; or FREE."""
    first, second = s.first[meeting], s.second[meeting]
    best, least, fewest = FREE, 0, 0
    for slot in range(len(s.room)):
        if s.at[first, slot] == FREE and s.at[second, slot] == FREE and s.room[slot] >= s.table[meeting]:
            added = blocks_added(s, first, slot) + blocks_added(s, second, slot)
            if best == FREE or (added, s.held[slot]) < (least, fewest):
                best, least, fewest = slot, added, s.held[slot]
    return best


@njit(cache=True)
def insert(s: State, meeting: int) -> float:
    """Place `meeting` without giving up another, moving others by exchanges where no slot is free for both.

    Returns what the objective gains, 0 where it could not be placed.
    """
    first, second, need = s.first[meeting], s.second[meeting], s.table[meeting]
    if s.load[first] >= s.maximum[first] or s.load[second] >= s.maximum[second]:
        return 0.0
    slot = best_free_slot(s, meeting)
    if slot != FREE:
        return place(s, meeting, slot)
    if need > 0 and s.room.max() <= 0:
        return 0.0
    for slot in range(len(s.room)):
        if (
            s.at[first, slot] != ABSENT
            and s.at[second, slot] != ABSENT
            and (s.room[slot] >= need or make_room(s, slot))
            and vacate(s, first, slot, second, need)
            and vacate(s, second, slot, first, need)
        ):
            return place(s, meeting, slot)
    return 0.0


@njit(cache=True)
def fill(s: State, meetings: Integers) -> None:
    """Insert `meetings` in this order, again and again until none of those left can be inserted."""
    filling = True
    while filling:
        filling = False
        for meeting in meetings:
            if s.slot[meeting] == FREE and insert(s, meeting) > 0:
                filling = True
