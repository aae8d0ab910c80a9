"""Reoptimisation of a draft: after a small change of wishes few meetings move.

The draft is repaired for the change. As long as the result isn't proved optimal, more of it is released: the meetings
of parties that wait for one, then those of their partners, then all, and the search still begins with the draft.
"""

from dataclasses import replace
from time import perf_counter

import numpy as np

from serai.match.timetable.checker import check
from serai.match.timetable.choice import choose, least_musts_missing, least_shortfall
from serai.match.timetable.initial_state import start
from serai.match.timetable.insertion import begin_with
from serai.match.timetable.problem import (
    FREE,
    Booleans,
    Integers,
    Status,
    Timetable,
    TimetableError,
    TimetableProblem,
    in_own_order,
    proved,
)
from serai.match.timetable.solver import solve

FEW = 0.5
"""Largest share of the draft that is released as a part; above, all of it is released."""


def repaired(problem: TimetableProblem, draft: Integers) -> Integers:
    """(n_meetings,) the slots of `draft`, -1 for none, that are still possible beside the fixed meetings."""
    ordered, meetings = in_own_order(problem)
    slots = np.where(ordered.fixed | ordered.vetoed, FREE, np.asarray(draft, np.int64)[meetings])
    state = start(ordered)
    begin_with(state, slots, np.argsort(slots, kind="stable"))
    answer = np.empty_like(slots)
    answer[meetings] = state.slot
    return answer


def solve_anew(problem: TimetableProblem, draft: Integers, *, seconds: float = 60.0, seed: int = 0) -> Timetable:
    """The best timetable found within about `seconds`, of equally good ones the nearest to `draft`.

    `draft` (n_meetings,) are the slots of an earlier timetable, -1 for none; impossible ones are dropped, so the draft
    may violate any constraint. The objective is never below that of the repaired draft (see ``repaired``) with all
    meetings that can be added to it.
    """
    until = perf_counter() + seconds
    draft = np.asarray(draft, np.int64)
    kept = repaired(problem, draft)
    if not ((kept != FREE) & ~problem.fixed).any():
        return solve(problem, seconds=seconds, seed=seed)
    limit = choose(problem, seconds=seconds / 10).bound
    best = _beside(problem, kept, draft, seconds=seconds / 4, seed=seed)
    parties = _waiting(problem, best) if best is not None else np.ones(len(problem.parties), np.bool_)
    while best is not None and not proved(best.objective, limit):
        free = parties[problem.pairs].any(axis=1)
        if (free & (kept != FREE)).sum() > FEW * (kept != FREE).sum():
            break
        part = np.where(free, problem.fixed_slot, kept)
        candidate = _beside(problem, part, draft, seconds=(until - perf_counter()) / 3, seed=seed)
        if candidate is not None and _better(candidate, best):
            best = candidate
        wider = parties.copy()
        wider[problem.pairs[free]] = True
        if (wider == parties).all():
            break
        parties = wider
    if best is not None and proved(best.objective, limit):
        return _proved_by(problem, best, limit, until)
    whole = solve(problem, seconds=max(until - perf_counter(), 0.0), seed=seed, begin=draft)
    if best is None or _better(whole, best):
        return whole
    return _proved_by(problem, best, whole.bound, until)


def _beside(
    problem: TimetableProblem, kept: Integers, draft: Integers, *, seconds: float, seed: int
) -> Timetable | None:
    """The best timetable in which the meetings in ``kept`` (n_meetings,) stay; None if it isn't sound when they are
    free."""
    try:
        timetable = solve(replace(problem, fixed_slot=kept), seconds=max(seconds, 0.0), seed=seed, begin=draft)
    except TimetableError:  # people of a party of several were seated in another way
        return None
    # The solver doesn't test walking and order of fixed meetings.
    return None if check(problem, timetable) else timetable


def _better(first: Timetable, second: Timetable) -> bool:
    """Whether one is worth more than the other."""
    return not proved(second.objective, first.objective)


def _waiting(problem: TimetableProblem, timetable: Timetable) -> Booleans:
    """(n_parties,) whether the party has a meeting that isn't held; if all are held, an idle gap."""
    waiting = np.zeros(len(problem.parties), np.bool_)
    waiting[problem.pairs[~timetable.placed & ~problem.vetoed]] = True
    return waiting if waiting.any() else timetable.breaks > 0


def _proved_by(problem: TimetableProblem, timetable: Timetable, bound: float, until: float) -> Timetable:
    """A timetable found with a part fixed, with the bound and the proofs of the whole problem."""
    limit = max(bound, timetable.objective)
    left = max(until - perf_counter(), 1.0)
    return replace(
        timetable,
        bound=limit,
        status=Status.OPTIMAL if proved(timetable.objective, limit) else Status.FEASIBLE,
        least_shortfall=least_shortfall(problem, seconds=left) if timetable.shortfall.any() else 0,
        least_musts_missing=least_musts_missing(problem, seconds=left) if timetable.musts_missing else 0,
    )
