"""Events with windows, pools, order, ways and several people, and their optimum by brute force."""

from itertools import pairwise
from typing import Any

import numpy as np

from serai.match.timetable import (
    TimetableProblem,
)


def event(pairs: Any, *, parties: int, slots: int, **changes: Any) -> TimetableProblem:
    """Everyone there all the time of one day, tables for all, each meeting worth 1, but for `changes`."""
    meetings = len(pairs)
    plain = {
        "parties": tuple(f"party {k}" for k in range(parties)),
        "slots": tuple(f"slot {k}" for k in range(slots)),
        "day": np.zeros(slots, int),
        "pairs": pairs,
        "value": np.ones(meetings),
        "vetoed": np.zeros(meetings, bool),
        "at_table": np.zeros(meetings, bool),
        "fixed_slot": np.full(meetings, -1),
        "available": np.ones((parties, slots), bool),
        "maximum": np.full(parties, 9),
        "minimum": np.zeros(parties, int),
        "places": np.zeros(slots, int),
    }
    return TimetableProblem(**(plain | changes))


TWO_GRIDS = np.array([[0, 20], [0, 30], [20, 40], [30, 60], [40, 60], [100, 120], [100, 130], [120, 140], [130, 160]])
"""Tables with 20 minutes and booths with 30, on two days."""


def rich_event(
    seed: int, *, people: int = 2, meetings: int = 8, gap_weight: float | None = None, two_grids: bool = False
) -> TimetableProblem:
    """A small event with everything a fair has; with two grids, tables have slots of 20 minutes and booths of 30."""
    random = np.random.default_rng(seed)
    parties, slots, sites = int(random.integers(3, 6)), int(random.integers(2, 5)), 3
    at_once = random.integers(1, people + 1, parties)
    pairs = np.array([random.choice(parties, 2, replace=False) for _ in range(meetings)])
    walk = random.integers(0, 2, (sites, sites)) if people == 1 else np.zeros((sites, sites), int)
    walk = np.triu(walk, 1)
    order = random.integers(0, meetings, (2, 2))
    plain = _rich(random, parties, slots, sites, at_once, pairs, walk, order, gap_weight)
    if not two_grids:
        return plain
    of_tables = np.ptp(TWO_GRIDS, axis=1) == 20
    return event(
        pairs,
        parties=parties,
        slots=len(TWO_GRIDS),
        **{
            name: getattr(plain, name)
            for name in ("value", "vetoed", "at_table", "maximum", "minimum", "gap_weight", "must", "uses", "before")
        },
        **{name: getattr(plain, name) for name in ("site", "at_once", "heads")},
        day=TWO_GRIDS[:, 0] // 100,
        times=TWO_GRIDS,
        walk=15 * plain.walk,
        available=random.random((parties, len(TWO_GRIDS))) < 0.9,
        places=np.where(of_tables, random.integers(0, 3, len(TWO_GRIDS)), 0),
        window=plain.at_table[:, None] == of_tables,
        pools=np.repeat(random.integers(0, 2, (2, 1)), len(TWO_GRIDS), axis=1),
    )


def _rich(
    random: np.random.Generator,
    parties: int,
    slots: int,
    sites: int,
    at_once: Any,
    pairs: Any,
    walk: Any,
    order: Any,
    gap_weight: float | None,
) -> TimetableProblem:
    meetings = len(pairs)
    return event(
        pairs,
        parties=parties,
        slots=slots,
        day=np.arange(slots) * 2 // slots,
        value=random.integers(1, 50, meetings) / 7,
        vetoed=random.random(meetings) < 0.1,
        at_table=random.random(meetings) < 0.3,
        available=random.random((parties, slots)) < 0.9,
        maximum=random.integers(1, 5, parties),
        minimum=np.minimum(random.integers(0, 2, parties), 1),
        places=random.integers(0, 3, slots),
        gap_weight=float(random.choice([0.0, 0.0, 2.0])) if gap_weight is None else gap_weight,
        must=random.random(meetings) < 0.3,
        window=random.random((meetings, slots)) < 0.9,
        pools=random.integers(0, 2, (2, slots)),
        uses=np.where(random.random((meetings, 1)) < 0.4, random.integers(0, 2, (meetings, 1)), -1),
        before=order[order[:, 0] != order[:, 1]],
        site=random.integers(0, sites, meetings),
        walk=walk + walk.T,
        at_once=at_once,
        heads=np.where(random.random((meetings, 2)) < 0.2, at_once[pairs], 1),
    )


def crowded_event(seed: int) -> TimetableProblem:
    """Four hosts of two people each and 14 guests: tables of 30 minutes over booths of 20, and days nearly full."""
    random = np.random.default_rng(seed)
    times = sorted([(30 * k, 30 * k + 30) for k in range(8)] + [(20 * k, 20 * k + 20) for k in range(12)])
    of_tables = np.ptp(times, axis=1) == 30
    at_table = random.random(70) < 0.5
    return event(
        np.stack([random.integers(0, 4, 70), random.integers(4, 18, 70)], axis=1),
        parties=18,
        slots=20,
        times=times,
        at_table=at_table,
        window=at_table[:, None] == of_tables,
        places=np.where(of_tables, 3, 0),
        value=random.integers(1, 9, 70).astype(float),
        at_once=np.repeat([2, 1], [4, 14]),
        minimum=np.repeat([2, 1], [4, 14]),
        maximum=np.full(18, 99),
    )


def best_by_brute_force(problem: TimetableProblem) -> float:  # noqa: C901
    """The optimum over all timetables, tried one by one; people are interchangeable where nobody walks."""
    meetings, slots = len(problem.value), len(problem.slots)
    at = [-1] * meetings
    best = -np.inf

    def possible(meeting: int, slot: int) -> bool:  # noqa: C901
        told = problem.fixed_slot[meeting] == slot
        if problem.vetoed[meeting] or not (told or problem.window[meeting, slot]):
            return False
        held = [other for other in range(meeting) if at[other] >= 0]
        begins, ends = (int(time) for time in problem.times[slot])
        # What runs at once is most when something begins.
        for moment in {int(problem.times[at[row], 0]) for row in held} | {begins}:
            if not begins <= moment < ends:
                continue
            others = [row for row in held if problem.times[at[row], 0] <= moment < problem.times[at[row], 1]]
            for side, party in enumerate(problem.pairs[meeting]):
                busy = sum(
                    int(problem.heads[other, k])
                    for other in others
                    for k, member in enumerate(problem.pairs[other])
                    if member == party
                )
                if busy + problem.heads[meeting, side] > problem.at_once[party]:
                    return False
            if problem.at_table[meeting] and sum(problem.at_table[other] for other in others) >= problem.places[slot]:
                return False
            # What fixed meetings take beyond a pool is for the organiser to settle.
            for pool in problem.uses[meeting] if not told else ():
                if pool >= 0 and sum(pool in problem.uses[other] for other in others) >= problem.pools[pool, slot]:
                    return False
        for party in problem.pairs[meeting]:
            if not problem.available[party, slot]:
                return False
            for other in held:
                if party not in problem.pairs[other] or problem.day[at[other]] != problem.day[slot]:
                    continue
                between = max(begins - problem.times[at[other], 1], problem.times[at[other], 0] - ends)
                if 0 <= between < problem.walk[problem.site[meeting], problem.site[other]]:
                    return False
        for earlier, later in problem.before:
            if later == meeting and earlier in held and problem.times[at[earlier], 1] > begins:
                return False
            if earlier == meeting and later in held and problem.times[at[later], 0] < ends:
                return False
        return True

    def gaps() -> int:
        number = 0
        for party in range(len(problem.parties)):
            times = sorted(at[row] for row in range(meetings) if at[row] >= 0 and party in problem.pairs[row])
            number += sum(
                problem.day[after] == problem.day[before]
                and any(
                    problem.times[before, 1] <= slot_times[0] and slot_times[1] <= problem.times[after, 0]
                    for slot_times in problem.times
                )
                for before, after in pairwise(times)
            )
        return number

    def search(meeting: int) -> None:
        nonlocal best
        if meeting == meetings:
            placed = np.array(at) >= 0
            if (problem.load(placed) <= problem.maximum).all():
                best = max(best, problem.objective(placed, gaps() if problem.gap_weight else 0))
            return
        told = int(problem.fixed_slot[meeting])
        for slot in range(-1, slots) if told < 0 else (told,):
            if slot < 0 or possible(meeting, slot):
                at[meeting] = slot
                search(meeting + 1)
                at[meeting] = -1

    search(0)
    return best
