"""Compactness: simulated annealing of exchanges between slots that close idle gaps and keep all meetings."""

from time import perf_counter

import numpy as np
from numba import njit

from serai.match.timetable.kempe_chains import exchange
from serai.match.timetable.problem import FREE, Floats, Integers, TimetableProblem
from serai.match.timetable.state import NOBODY, NONE, State, busy, restore, snapshot

STEPS_PER_MEETING = 100
"""Exchanges tried for each meeting that is placed."""
BATCH = 100_000
"""Exchanges between two looks at the clock."""
ROUNDS = 40
"""Largest number of rounds if gaps have a price; the best round counts."""
WARM, COOL = 0.3, 0.03
"""First and last temperature, in breaks."""


def tidy(problem: TimetableProblem, state: State, *, until: float, seed: int, home: Integers | None = None) -> None:
    """Reduce breaks by Kempe chains (cooling: Kirkpatrick et al. 1983); the set of placed meetings does not change.

    If gaps have a price, gaps are counted, and several rounds are made. Otherwise blocks of meetings in a row are
    counted, which also keeps the meetings of a party on few days.

    Ends after all steps or when ``perf_counter()`` passes `until`. No exchange begins with a meeting that is in its
    slot of `home` (n_meetings,), an earlier timetable.
    """
    random = np.random.default_rng(seed)
    movable = np.flatnonzero((state.slot != FREE) & ~problem.fixed & (home is None or state.slot != home))
    steps = STEPS_PER_MEETING * len(movable) if len(problem.slots) > 1 else 0
    priced = problem.gap_weight > 0
    best, least = np.stack([state.slot, state.first, state.second]), _all_gaps(state) if priced else 0
    for _round in range((ROUNDS if least else 0) if priced else 1):
        for begin in range(0, steps, BATCH):
            if perf_counter() > until:
                break
            done = np.arange(begin, min(begin + BATCH, steps)) / steps
            meetings = random.choice(movable, len(done))
            sides = random.integers(0, 2, len(done))
            slots = random.integers(0, len(problem.slots), len(done))
            losses = random.exponential(WARM * (COOL / WARM) ** done)
            _close(state, meetings, sides, slots, losses)
        if priced and (gaps := _all_gaps(state)) < least:
            snapshot(state, best)
            least = gaps
        if not least or perf_counter() > until:
            break
    if priced:
        restore(state, best)


@njit(cache=True)
def _gaps_and_days(s: State, seat: int) -> tuple[int, int]:
    """Idle gaps of all days of a person, and the days with a meeting: both together are blocks of meetings in a row."""
    gaps, days, last = 0, 0, FREE
    for tick in range(s.at.shape[1]):
        meeting = s.at[seat, tick]
        if meeting < 0 or s.slot[meeting] == last:
            continue
        slot = s.slot[meeting]
        if last == FREE or s.day[last] != s.day[slot]:
            days += 1
        elif s.idle_by[last] <= s.begins[slot]:
            gaps += 1
        last = slot
    return gaps, days


@njit(cache=True)
def _chain_blocks(s: State, seat: int, here: int, there: int) -> int:
    """Blocks, or gaps if those have a price, of all people of the chain of `seat`, busy in the first of two slots."""
    gaps, days = _gaps_and_days(s, seat)
    meeting = busy(s.diary, seat, here)
    while meeting >= 0 and not s.rigid[meeting]:
        seat = s.first[meeting] + s.second[meeting] - seat
        more_gaps, more_days = _gaps_and_days(s, seat)
        gaps, days = gaps + more_gaps, days + more_days
        here, there = there, here
        meeting = busy(s.diary, seat, here)
    return gaps if s.gap_weight > 0 else gaps + days


@njit(cache=True)
def _beside(s: State, seat: int, old: int, begin: int) -> int:
    """A slot as long as `old` beside another meeting of the person: of the first met from tick `begin` on; else old."""
    ticks = s.at.shape[1]
    for k in range(ticks):
        tick = (begin + k) % ticks
        meeting = s.at[seat, tick]
        if meeting >= 0 and s.slot[meeting] != old:
            near = s.follows if (begin + k) % 2 else s.precedes
            slot = near[s.grid[old], s.slot[meeting]]
            return old if slot == FREE else int(slot)
    return old


@njit(cache=True)
def _close(s: State, meetings: Integers, sides: Integers, slots: Integers, losses: Floats) -> None:
    """For each k, exchange the slot of ``meetings[k]`` with ``slots[k]`` along a chain at ``losses[k]`` more breaks."""
    for k in range(len(meetings)):
        seat = s.second[meetings[k]] if sides[k] else s.first[meetings[k]]
        old = s.slot[meetings[k]]
        new = slots[k] if k % (2 if s.gap_weight > 0 else 8) == 0 else _beside(s, seat, old, slots[k])
        if busy(s.diary, seat, new) != FREE or s.rigid[meetings[k]]:
            continue
        before = _chain_blocks(s, seat, old, new)
        if exchange(s, seat, old, new, NOBODY, NONE) and _chain_blocks(s, seat, new, old) - before > losses[k]:
            exchange(s, seat, new, old, NOBODY, NONE)


@njit(cache=True)
def _all_gaps(s: State) -> int:
    """Idle gaps of everyone."""
    number = 0
    for seat in range(len(s.owner)):
        number += _gaps_and_days(s, seat)[0]
    return number


@njit(cache=True)
def _home_and_gaps(s: State, seat: int, here: int, there: int, home: Integers) -> tuple[int, int]:
    """Of the chain that begins with `seat`, busy in the first of two slots: meetings in their slot of `home`, gaps."""
    at_home, gaps = 0, _gaps_and_days(s, seat)[0]
    meeting = busy(s.diary, seat, here)
    while meeting >= 0 and not s.rigid[meeting]:
        at_home += home[meeting] == s.slot[meeting]
        seat = s.first[meeting] + s.second[meeting] - seat
        gaps += _gaps_and_days(s, seat)[0]
        here, there = there, here
        meeting = busy(s.diary, seat, here)
    return at_home, gaps


@njit(cache=True)
def _end(s: State, meeting: int, new: int) -> int:
    """A person at an end of the chain of `meeting`, between its slot and `new`; FREE where it is a ring or stuck."""
    first, here, there = meeting, s.slot[meeting], new
    seat: int = s.first[meeting]
    while True:
        following = busy(s.diary, seat, there)
        if following == FREE:
            return seat
        if following < 0 or following == first or s.rigid[following]:
            return FREE
        seat = s.first[following] + s.second[following] - seat
        here, there = there, here


@njit(cache=True)
def bring_back(s: State, home: Integers, meetings: Integers) -> None:
    """Exchange `meetings` back into their slots of `home` (n_meetings,), an earlier timetable.

    Only where more get there than leave, and no idle gap is added.
    """
    coming = True
    while coming:
        coming = False
        for meeting in meetings:
            old, new = s.slot[meeting], home[meeting]
            if old in (FREE, new) or new == FREE or s.rigid[meeting] or s.fixed[meeting]:
                continue
            seat = _end(s, meeting, new)
            if seat == FREE:
                continue
            here, there = (old, new) if busy(s.diary, seat, new) == FREE else (new, old)
            at_home, gaps = _home_and_gaps(s, seat, here, there, home)
            if not exchange(s, seat, here, there, NOBODY, NONE):
                continue
            back, then = _home_and_gaps(s, seat, there, here, home)
            if back > at_home and then <= gaps:
                coming = True
            else:
                exchange(s, seat, there, here, NOBODY, NONE)
