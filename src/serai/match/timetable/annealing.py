"""Annealing: simulated annealing of exchanges by value, for meetings that don't all fit."""

from time import perf_counter

import numpy as np
from numba import njit

from serai.match.timetable.insertion import fill, insert
from serai.match.timetable.problem import FREE, Floats, Integers, TimetableProblem, proved
from serai.match.timetable.state import (
    ABSENT,
    NONE,
    ONE,
    STRICTLY,
    State,
    busy,
    lacks,
    place,
    remove,
    restore,
    sit,
    snapshot,
    suits,
)

ROUNDS = 20
"""Each begins from the best timetable so far."""
STEPS_PER_MEETING, MOST_STEPS = 100, 2_000_000
"""Steps of a round: for each candidate, and at most."""
BATCH = 100_000
"""Steps between two looks at the clock."""
WARM, COOL = 0.02, 0.001
"""First and last temperature of a round, in mean values of a meeting."""


def anneal(
    problem: TimetableProblem, state: State, candidates: Integers, bound: float, *, until: float, seed: int
) -> None:
    """Simulated annealing over displacements of random candidates into random slots (Kirkpatrick et al. 1983).

    `state` becomes the best timetable found, never worse than before. Ends at the `bound`, after all rounds, or when
    ``perf_counter()`` passes `until`.
    """
    random = np.random.default_rng(seed)
    steps = min(STEPS_PER_MEETING * len(candidates), MOST_STEPS)
    lower = candidates[~problem.must[candidates]]
    # Musts are never exchanged for others: the temperature is that of the lower class.
    mean = float(problem.value[lower if len(lower) else candidates].mean())
    best = np.stack([state.slot, state.first, state.second])
    behind = 0.0  # how much more `best` is worth than `state`
    for begin in list(range(0, steps, BATCH)) * ROUNDS:
        if begin == 0:
            restore(state, best)
            fill(state, candidates)
            snapshot(state, best)
            behind = 0.0
        if proved(problem.objective(best[0] != FREE), bound) or perf_counter() > until:
            break
        done = np.arange(begin, min(begin + BATCH, steps)) / steps
        meetings = random.choice(candidates, len(done))
        slots = random.integers(0, len(problem.slots), len(done))
        losses = random.exponential(mean * WARM * (COOL / WARM) ** done)
        behind = improve(state, meetings, slots, losses, best, behind)
    restore(state, best)
    fill(state, candidates)


@njit(cache=True)
def obstacle(s: State, meeting: int, slot: int, side: int) -> int:
    """A meeting that blocks `meeting` in `slot`: of its first party (side 0), its second (1), the tables (2), or a
    pool.

    One of them if there are several; FREE if none blocks; ABSENT if the blocking ones are fixed.
    """
    if side == 2:
        return FREE if s.room[slot] >= s.table[meeting] else cheapest_at_table(s, slot)
    if side > 2:
        pool = s.uses[meeting, side - 3]
        tick = FREE if pool < 0 else lacks(s.stock, pool, slot, ONE)
        return FREE if tick == FREE else cheapest_user(s, pool, tick)
    seat = s.second[meeting] if side else s.first[meeting]
    if busy(s.diary, seat, slot) != FREE:
        for tick in range(s.tick[slot], s.until[slot]):
            blocking = s.at[seat, tick]
            if blocking != FREE:
                return ABSENT if blocking < 0 or s.fixed[blocking] else blocking
    party = s.owner[seat]
    return FREE if s.load[party] < s.maximum[party] else cheapest_of(s, seat)


@njit(cache=True)
def cheapest_user(s: State, pool: int, tick: int) -> int:
    """The least valuable meeting of the tick that isn't fixed and takes of `pool`, or ABSENT."""
    best = ABSENT
    for seat in range(len(s.at)):
        meeting = s.at[seat, tick]
        if meeting < 0 or s.fixed[meeting]:
            continue
        for k in range(s.uses.shape[1]):
            if s.uses[meeting, k] == pool and (best == ABSENT or s.value[meeting] < s.value[best]):
                best = meeting
    return best


@njit(cache=True)
def cheapest_at_table(s: State, slot: int) -> int:
    """The least valuable meeting of the slot that isn't fixed and takes a table, or ABSENT."""
    best = ABSENT
    for seat in range(len(s.at)):
        meeting = s.at[seat, s.tick[slot]]
        if meeting < 0 or s.fixed[meeting] or not s.table[meeting]:
            continue
        if best == ABSENT or s.value[meeting] < s.value[best]:
            best = meeting
    return best


@njit(cache=True)
def cheapest_of(s: State, seat: int) -> int:
    """The least valuable meeting of the person in `seat` that isn't fixed, or ABSENT."""
    best = ABSENT
    for tick in range(s.at.shape[1]):
        meeting = s.at[seat, tick]
        if meeting < 0 or s.fixed[meeting]:
            continue
        if best == ABSENT or s.value[meeting] < s.value[best]:
            best = meeting
    return best


@njit(cache=True)
def displace(s: State, meeting: int, slot: int, least: float) -> float:
    """Place `meeting` in `slot` instead of the meetings that block it, then place these elsewhere if possible.

    Returns the gain of the objective. If the gain before the second step is below `least`, or a fixed meeting blocks,
    nothing changes and 0 is returned.
    """
    if s.rigid[meeting] or (s.windowed and not s.window[meeting, slot]):
        return 0.0
    sit(s, meeting, slot, STRICTLY)
    gain, given, side = 0.0, 0, NONE
    while side < 3 + s.uses.shape[1]:
        blocking = obstacle(s, meeting, slot, side)
        if blocking == ABSENT:
            gain = -np.inf
            break
        if blocking == FREE:
            side += 1
            continue
        s.given_up[given], s.given_slot[given] = blocking, s.slot[blocking]
        given += 1
        gain -= remove(s, blocking)
    gain = gain + place(s, meeting, slot) if gain > -np.inf and suits(s, meeting, slot) else -np.inf
    if gain < least:
        if s.slot[meeting] != FREE:
            remove(s, meeting)
        for k in range(given):
            place(s, s.given_up[k], s.given_slot[k])
        return 0.0
    for k in range(given):
        gain += insert(s, s.given_up[k])
    return gain


@njit(cache=True)
def improve(s: State, meetings: Integers, slots: Integers, losses: Floats, best: Integers, behind: float) -> float:
    """Try to place ``meetings[k]`` in ``slots[k]`` at a loss of up to ``losses[k]``, for each k in turn.

    `best` is the best timetable so far (see ``snapshot``), by `behind` better than the present one; a better one
    overwrites it. Returns the final `behind`.
    """
    for k in range(len(meetings)):
        meeting, slot = meetings[k], slots[k]
        if (
            s.slot[meeting] == FREE
            and s.at[s.first[meeting], s.tick[slot]] != ABSENT
            and s.at[s.second[meeting], s.tick[slot]] != ABSENT
        ):
            behind -= displace(s, meeting, slot, -losses[k])
            if behind < -1e-9 * s.value[meeting]:
                behind = 0.0
                snapshot(s, best)
    return behind
