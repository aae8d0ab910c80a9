"""Choice of meetings: the most valuable set under vetoes, maxima and floors, without slots.

The meetings of every timetable are such a choice, so the best choice is an upper bound. Between two kinds of parties it
is a flow, and the linear programme has an integral optimum; among parties of one kind it may need branch and bound.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from serai.match.timetable.flow import transport, two_kinds
from serai.match.timetable.problem import Booleans, Floats, Integers, TimetableProblem, everywhere

WHOLE = 1e-6
"""Tolerance of HiGHS for an integral variable."""


LARGE = 20_000
"""Meetings above which a choice between two kinds of parties is solved as a flow."""


@dataclass(frozen=True, eq=False)
class Choice:
    """(n_meetings,) the chosen meetings, and the upper bound of every timetable."""

    chosen: Booleans
    bound: float


def choose(problem: TimetableProblem, open_to: Booleans | None = None, *, seconds: float) -> Choice:
    """The choice of highest objective, by HiGHS, of the fixed meetings and those `open_to` it, all by default.

    maximise  Σ value x - penalty Σ s   with, for each party, Σ x <= min(maximum, slots there) and Σ x + s >= minimum,
    and Σ x at tables <= all places, the same for each pool and for the people of each party; x is 0 for vetoed meetings
    and for pairs without a common slot, 1 for fixed ones. Order, walking and idle gaps are left out, as are pools where
    the choice is solved as a flow: none of them can raise the optimum.

    Where the linear programme's optimum isn't whole, branch and bound gets `seconds`; what it can't prove by then still
    bounds, and the meetings that the linear programme takes whole are the choice.
    """
    meetings, parties = len(problem.value), len(problem.parties)
    if open_to is None:
        open_to = ~problem.vetoed & problem.common().any(axis=1)
    possible = open_to | problem.fixed
    ceiling = np.minimum(problem.maximum, problem.people)
    if meetings > LARGE and (kind := two_kinds(problem)) is not None:
        return Choice(*transport(problem, possible, ceiling, kind))
    party = incidence(problem.pairs[:, 0], problem.pairs[:, 1], parties)
    rows = sparse.vstack(
        [
            sparse.hstack([party, sparse.csr_array((parties, parties))]),
            sparse.hstack([-party, -sparse.eye_array(parties)]),
            sparse.csr_array(np.concatenate([problem.at_table, np.zeros(parties)])[None, :]),
            *_shared(problem),
        ],
        format="csr",
    )
    # The units of a pool in a slot, or those taken by fixed meetings if these are more.
    pools = np.maximum(problem.pools, units(problem, problem.fixed)).sum(axis=1)
    people = problem.people if (problem.heads > 1).any() else np.zeros(0)
    limits = np.concatenate([ceiling, -problem.minimum, [problem.places.sum()], pools, people])
    lower = np.concatenate([problem.fixed, np.zeros(parties)])
    upper = np.concatenate([possible, problem.minimum])
    scale = cost_scale(problem)
    cost = np.concatenate([-problem.value, np.full(parties, problem.penalty)]) * scale

    relaxed = minimise(cost, rows, limits, lower, upper)
    share = relaxed.x[:meetings]
    chosen = share > 1 - WHOLE
    if ((share < WHOLE) | chosen).all():
        return Choice(chosen, problem.objective(chosen))
    proof = minimise(cost, rows, limits, lower, upper, whole=meetings, seconds=seconds)
    if proof.x is not None:
        chosen = proof.x[:meetings] > 0.5
    if proof.status == 0:
        return Choice(chosen, problem.objective(chosen))
    return Choice(chosen, min(-relaxed.fun, upper_bound(proof)) / scale)


def _shared(problem: TimetableProblem) -> list[sparse.csr_array]:
    """Rows for the units of pools and, where a meeting takes several people of a party, for those."""
    meetings, parties = len(problem.value), len(problem.parties)
    rows = []
    if len(problem.pools):
        meeting, column = np.nonzero(problem.uses >= 0)
        entries = (np.ones(len(meeting)), (problem.uses[meeting, column], meeting))
        rows.append(sparse.csr_array(entries, shape=(len(problem.pools), meetings + parties)))
    if (problem.heads > 1).any():
        row, column = problem.pairs.T.ravel(), np.tile(np.arange(meetings), 2)
        heads = problem.heads.T.ravel().astype(np.float64)
        rows.append(sparse.csr_array((heads, (row, column)), shape=(parties, meetings + parties)))
    return rows


def units(problem: TimetableProblem, placed: Booleans) -> Integers:
    """(n_pools, n_slots) units taken by the fixed meetings among `placed`."""
    taken = np.zeros(problem.pools.shape, np.int64)
    for column in problem.uses.T:
        rows = np.flatnonzero(placed & problem.fixed & (column >= 0))
        np.add.at(taken, (column[rows], problem.fixed_slot[rows]), 1)
    return taken


def least_musts_missing(problem: TimetableProblem, *, seconds: float) -> int:
    """Least number of musts missing in every timetable: those beyond the largest choice of musts alone."""
    rows = np.flatnonzero(problem.must & ~problem.vetoed)
    if not len(rows):
        return 0
    names = ("value", "vetoed", "at_table", "fixed_slot", "pairs", "must", "uses", "site", "heads")
    only = {name: getattr(problem, name)[rows] for name in names} | {"value": np.ones(len(rows))}
    if not everywhere(problem.window):
        only["window"] = problem.window[rows]
    floors, no_order = np.zeros_like(problem.minimum), np.zeros((0, 2), np.int64)
    musts = replace(problem, **only, before=no_order, minimum=floors, gap_weight=0.0)
    return len(rows) - math.floor(choose(musts, seconds=seconds).bound + 1e-6)


def least_shortfall(problem: TimetableProblem, *, seconds: float) -> int:
    """Least shortfall of every timetable, from the choice in which floors outweigh everything else.

    With all values alike and a penalty above them, the best choice misses as few as can be: to give a party one meeting
    more costs, along an alternating path, at most one other.
    """
    even = replace(problem, value=np.ones(len(problem.value)), floor_weight=1000.0, gap_weight=0.0)
    choice = choose(even, seconds=seconds)
    if choice.bound - even.objective(choice.chosen) < 1:
        return int(even.shortfall(choice.chosen).sum())
    return max(0, math.ceil(-choice.bound / even.penalty))


def incidence(first: Integers, second: Integers, height: int) -> sparse.csr_array:
    """(height, n) with a 1 in column k at the rows first[k] and second[k]."""
    width = len(first)
    row, column = np.concatenate([first, second]), np.tile(np.arange(width), 2)
    return sparse.csr_array((np.ones(2 * width), (row, column)), shape=(height, width))


def cost_scale(problem: TimetableProblem) -> float:
    """The power of two that brings the largest value to between 512 and 1024.

    HiGHS stops at a gap of 1e-6: at this scale that is less than 1e-8 of one meeting, and the scaling itself is exact.
    """
    return math.ldexp(1.0, 10 - math.frexp(float(problem.value.max(initial=1.0)))[1])


def minimise(
    cost: Floats,
    rows: sparse.csr_array,
    limits: Floats,
    lower: Floats,
    upper: Floats,
    *,
    whole: int = 0,
    seconds: float = np.inf,
) -> OptimizeResult:
    """HiGHS: minimise cost x subject to rows x <= limits, lower <= x <= upper and the first `whole` variables whole."""
    return milp(
        cost,
        integrality=(np.arange(len(cost)) < whole).astype(np.int64),
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(rows, -np.inf, limits),
        options={"time_limit": max(seconds, 0.0), "mip_rel_gap": 0.0},
    )


def upper_bound(result: OptimizeResult) -> float:
    """The upper bound of -cost x that HiGHS proved, infinite if it proved none."""
    return np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
