"""The timetable of a fair: which meetings, then when, with a bound that says how good it is."""

from time import perf_counter

import numpy as np

from serai.match.timetable.annealing import anneal
from serai.match.timetable.choice import choose, least_shortfall
from serai.match.timetable.exact import solve_exactly
from serai.match.timetable.explain import breaks, reasons
from serai.match.timetable.problem import FREE, Integers, Status, Timetable, TimetableProblem, in_own_order, proved
from serai.match.timetable.slots import fill, restore, start
from serai.match.timetable.tidying import tidy

EXACT = 12_000
"""Pairs of meeting and slot up to which the optimum is sought by branch and bound: some 300 meetings in 36 slots."""


def solve(problem: TimetableProblem, *, seconds: float = 60.0, seed: int = 0) -> Timetable:
    """The best timetable found within about `seconds`, with the bound that no timetable exceeds.

    1. Which meetings: the choice of highest objective whatever the slots, by HiGHS; it is also the bound.
    2. When: each chosen meeting into a slot, by Kempe chains where none is free for both; then whatever else fits.
    3. Where a chosen meeting found no slot: exchanges by value, annealed; then, for an event of up to ``EXACT`` pairs
       of meeting and slot, the optimum by branch and bound.
    4. Idle gaps are closed as far as that costs no meeting.

    Fixed meetings keep their slots, so a solve with the confirmed meetings fixed never loses one. The order of the rows
    changes nothing in the objective, and the same seed gives the same timetable, unless the clock ended the search;
    steps 1 and 2 are always done.
    """
    began = perf_counter()
    ordered, meetings = in_own_order(problem)
    until = began + seconds
    ordered_slot, bound = _slots_and_bound(ordered, until=until, seed=seed)
    slot = np.empty_like(ordered_slot)
    slot[meetings] = ordered_slot
    placed = slot != FREE
    objective = problem.objective(placed)
    bound = max(bound, objective)  # HiGHS proves its bound to a tolerance
    why_not, limiting_party = reasons(problem, slot)
    return Timetable(
        slot=slot,
        objective=objective,
        bound=bound,
        status=Status.OPTIMAL if proved(objective, bound) else Status.FEASIBLE,
        seconds=perf_counter() - began,
        shortfall=(shortfall := problem.shortfall(placed)),
        least_shortfall=least_shortfall(ordered, seconds=max(until - perf_counter(), 1.0)) if shortfall.any() else 0,
        breaks=breaks(problem, slot),
        why_not=why_not,
        limiting_party=limiting_party,
    )


def _slots_and_bound(problem: TimetableProblem, *, until: float, seed: int) -> tuple[Integers, float]:
    """(n_meetings,) slot of each meeting, and the bound."""
    state = start(problem)
    slots = (problem.common() & ~problem.vetoed[:, None]).sum(axis=1)
    candidates = np.flatnonzero((slots > 0) & ~problem.fixed)
    if not len(candidates):
        return state.slot, problem.objective(problem.fixed)
    choice = choose(problem, seconds=(until - perf_counter()) / 10)
    bound = choice.bound
    candidates = candidates[
        np.lexsort((slots[candidates], ~choice.chosen[candidates]))
    ]  # chosen first, the hardest first
    fill(state, candidates[choice.chosen[candidates]])
    fill(state, candidates)
    if not proved(problem.objective(state.slot != FREE), bound):
        anneal(problem, state, candidates, bound, until=until, seed=seed)
    if not proved(problem.objective(state.slot != FREE), bound) and slots.sum() <= EXACT:
        exact, exact_bound = solve_exactly(problem, seconds=until - perf_counter())
        bound = min(bound, exact_bound)
        if exact is not None and problem.objective(exact != FREE) > problem.objective(state.slot != FREE):
            restore(state, exact)
            fill(state, candidates)
    tidy(problem, state, until=until, seed=seed)
    fill(state, candidates)
    return state.slot, bound
