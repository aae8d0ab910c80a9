"""Idle gaps closed: the same meetings, exchanged between slots until the parties' days have fewer breaks, annealed."""

from time import perf_counter

import numpy as np
from numba import njit

from serai.match.timetable.problem import FREE, Floats, Integers, TimetableProblem
from serai.match.timetable.slots import State, exchange

STEPS_PER_MEETING = 100
"""Exchanges tried for each meeting that is placed."""
BATCH = 100_000
"""Exchanges between two looks at the clock."""
WARM, COOL = 0.3, 0.03
"""First and last temperature, in breaks."""


def tidy(problem: TimetableProblem, state: State, *, until: float, seed: int) -> None:
    """Fewer breaks by Kempe chains (Kirkpatrick et al. 1983 for the cooling); which meetings are held does not change.

    Ends after all steps or when ``perf_counter()`` passes `until`.
    """
    random = np.random.default_rng(seed)
    movable = np.flatnonzero((state.slot != FREE) & ~problem.fixed)
    steps = STEPS_PER_MEETING * len(movable) if len(problem.slots) > 1 else 0
    for begin in range(0, steps, BATCH):
        if perf_counter() > until:
            break
        done = np.arange(begin, min(begin + BATCH, steps)) / steps
        meetings = random.choice(movable, len(done))
        sides = random.integers(0, 2, len(done))
        slots = random.integers(0, len(problem.slots), len(done))
        losses = random.exponential(WARM * (COOL / WARM) ** done)
        _close(state, meetings, sides, slots, losses)


@njit(cache=True)
def _blocks(s: State, party: int) -> int:
    """Blocks of meetings in a row of all days of a party."""
    number, before = 0, False
    for slot in range(len(s.day)):
        busy = s.at[party, slot] >= 0
        if busy and (not before or s.day[slot] != s.day[slot - 1]):
            number += 1
        before = busy
    return number


@njit(cache=True)
def _chain_blocks(s: State, party: int, here: int, there: int) -> int:
    """Blocks of all parties of the chain that begins with `party`, busy in the first of two slots."""
    number = _blocks(s, party)
    meeting = s.at[party, here]
    while meeting >= 0 and not s.rigid[meeting]:
        party = s.first[meeting] + s.second[meeting] - party
        number += _blocks(s, party)
        here, there = there, here
        meeting = s.at[party, here]
    return number


@njit(cache=True)
def _beside(s: State, party: int, old: int, begin: int) -> int:
    """A slot beside another meeting of the party: of the first met from slot `begin` on; `old` where there is none."""
    slots = len(s.day)
    for k in range(slots):
        slot = (begin + k) % slots
        if slot != old and s.at[party, slot] >= 0:
            beside = slot + 1 if (begin + k) % 2 else slot - 1
            return beside if 0 <= beside < slots and s.day[beside] == s.day[slot] else old
    return old


@njit(cache=True)
def _close(s: State, meetings: Integers, sides: Integers, slots: Integers, losses: Floats) -> None:
    """For each k, exchange the slot of ``meetings[k]`` with ``slots[k]`` along a chain at ``losses[k]`` more breaks."""
    for k in range(len(meetings)):
        party = s.second[meetings[k]] if sides[k] else s.first[meetings[k]]
        old, new = s.slot[meetings[k]], slots[k] if k % 8 == 0 else _beside(s, party, s.slot[meetings[k]], slots[k])
        if s.at[party, new] != FREE or s.rigid[meetings[k]]:
            continue
        before = _chain_blocks(s, party, old, new)
        if exchange(s, party, old, new, -1, 0) and _chain_blocks(s, party, new, old) - before > losses[k]:
            exchange(s, party, new, old, -1, 0)
