"""Solver of the timetable: first the choice of meetings, then their slots, with a bound of the optimum."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np

from serai.match.timetable.annealing import anneal
from serai.match.timetable.choice import Choice, choose, least_musts_missing, least_shortfall
from serai.match.timetable.compactness import bring_back, tidy
from serai.match.timetable.exact_solution import solve_exactly
from serai.match.timetable.explanation import breaks, open_slots, reasons
from serai.match.timetable.flow import slot_by_slot, two_kinds
from serai.match.timetable.initial_state import start
from serai.match.timetable.insertion import begin_with, fill, fill_gently, settle
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
from serai.match.timetable.state import State, hold, restore, snapshot

EXACT = 12_000
"""Pairs of meeting and slot up to which the optimum is sought by branch and bound: some 300 meetings in 36 slots."""
LITTLE = 1e-4
"""Bonus of a meeting of an earlier timetable in a choice between equal ones, in units of the smallest value."""
TOLERANCE = 1e-6
"""Share of the objective up to which it may be above a bound that HiGHS has proved in floating point."""


def solve(
    problem: TimetableProblem, *, seconds: float = 60.0, seed: int = 0, begin: Integers | None = None
) -> Timetable:
    """The best timetable found within about `seconds`, with the bound that no timetable exceeds.

    1. Which meetings: the choice of highest objective whatever the slots, by HiGHS; it is also the bound.
    2. When: each chosen meeting into a slot, by Kempe chains where none is free for both; then whatever else fits.
       Where that isn't the bound, another start is the meetings of each slot in turn by a flow; the best is improved.
    3. Where a chosen meeting found no slot: exchanges by value, annealed; then, for an event of up to ``EXACT`` pairs
       of meeting and slot, the optimum by branch and bound.
    4. Idle gaps are closed as far as that costs no meeting; where they have a weight, a meeting that costs more by
       them than it is worth is dropped.

    Where ``begin`` (n_meetings,) gives the slots of an earlier timetable, what still stands of it is the first start,
    of equal ones the one that is kept, and in the end meetings go back to their earlier slots where it costs nothing.

    Fixed meetings keep their slots, so a solve with the confirmed meetings fixed never loses one. The order of the rows
    changes nothing in the objective, and the same seed gives the same timetable, unless the clock ended the search;
    steps 1 and 2 are always done.
    """
    began = perf_counter()
    ordered, meetings = in_own_order(problem)
    until = began + seconds
    earlier = None if begin is None else np.asarray(begin, np.int64)[meetings]
    state, bound = _state_and_bound(ordered, earlier, until=until, seed=seed)
    slot, person = np.empty_like(state.slot), np.empty((len(state.slot), 2), np.int64)
    slot[meetings] = state.slot
    seated = np.stack([state.first, state.second], axis=1) - state.seat[ordered.pairs]
    # The own order names the two of a pair by their names.
    swapped = np.array(problem.parties)[problem.pairs]
    turned = (swapped[:, 0] > swapped[:, 1])[meetings]
    seated[turned] = seated[turned][:, ::-1]
    person[meetings] = np.where((state.slot == FREE)[:, None], FREE, seated)
    return _described(problem, ordered, slot, person, bound, began=began, until=until)


def _described(
    problem: TimetableProblem,
    ordered: TimetableProblem,
    slot: Integers,
    person: Integers,
    bound: float,
    *,
    began: float,
    until: float,
) -> Timetable:
    """The timetable with its objective, its shortfalls and the reasons."""
    placed = slot != FREE
    gaps = breaks(problem, slot, person)
    objective = problem.objective(placed, int(gaps.sum()))
    if np.where(problem.fixed, slot != problem.fixed_slot, False).any():
        raise TimetableError("A fixed meeting was moved: a defect of Serai, and nothing is answered.")
    if objective - bound > TOLERANCE * max(abs(objective), abs(bound)):
        raise TimetableError(
            f"The timetable is worth {objective}, above its bound {bound}: a defect of Serai, and nothing is answered."
        )
    bound = max(bound, objective)  # HiGHS proves its bound to a tolerance
    why_not, limiting_party, limiting_pool = reasons(problem, slot, person)
    shortfall = problem.shortfall(placed)
    missing = int((problem.must & ~problem.vetoed & ~placed).sum())
    return Timetable(
        slot=slot,
        objective=objective,
        bound=bound,
        status=Status.OPTIMAL if proved(objective, bound) else Status.FEASIBLE,
        seconds=perf_counter() - began,
        shortfall=shortfall,
        least_shortfall=least_shortfall(ordered, seconds=max(until - perf_counter(), 1.0)) if shortfall.any() else 0,
        musts_missing=missing,
        least_musts_missing=least_musts_missing(ordered, seconds=max(until - perf_counter(), 1.0)) if missing else 0,
        breaks=gaps,
        person=person,
        why_not=why_not,
        limiting_party=limiting_party,
        limiting_pool=limiting_pool,
    )


def _state_and_bound(
    problem: TimetableProblem, begin: Integers | None, *, until: float, seed: int
) -> tuple[State, float]:
    """The best timetable found, and the bound."""
    state = start(problem)
    open_to = open_slots(problem, state)
    slots = open_to.sum(axis=1)
    candidates = np.flatnonzero(slots > 0)
    if not len(candidates):
        return state, problem.objective(problem.fixed)
    choice = choose(problem, slots > 0, seconds=(until - perf_counter()) / 10)
    bound = choice.bound
    if begin is not None:
        choice = _nearer(problem, slots > 0, choice, begin, (until - perf_counter()) / 10)
    candidates = candidates[
        np.lexsort((slots[candidates], ~choice.chosen[candidates]))
    ]  # chosen first, the hardest first
    _begin(problem, state, candidates, choice, open_to, begin, until)
    if not proved(problem.objective(state.slot != FREE), bound):
        anneal(problem, state, candidates, bound, until=until, seed=seed)
    tidy(problem, state, until=until, seed=seed, home=begin)
    _settle(problem, state, candidates)
    if not proved(_worth(problem, state), bound) and slots.sum() <= EXACT and perf_counter() < until:
        exact, exact_bound = solve_exactly(problem, state.slot.copy(), seconds=until - perf_counter())
        bound = min(bound, exact_bound)
        kept = np.stack([state.slot, state.first, state.second])
        worth = _worth(problem, state)
        if exact is not None and not (state.reach and (problem.at_once > 1).any()):
            hold(state, exact, np.argsort(exact, kind="stable"))
            if not problem.gap_weight:
                fill(state, candidates)
                tidy(problem, state, until=until, seed=seed)
            _settle(problem, state, candidates)
            if _worth(problem, state) < worth or (state.slot[problem.fixed] == FREE).any():
                restore(state, kept)
    if begin is not None:
        bring_back(state, begin, candidates)
    return state, bound


def _begin(
    problem: TimetableProblem,
    state: State,
    candidates: Integers,
    choice: Choice,
    open_to: Booleans,
    begin: Integers | None,
    until: float,
) -> None:
    """The best of the starts, of equal ones the first; no other is tried after one that is proved optimal."""
    chosen = candidates[choice.chosen[candidates]]
    worth, kept = -np.inf, np.stack([state.slot, state.first, state.second])
    for slots in _starts(problem, choice, chosen, open_to, begin, until):
        begin_with(state, np.where(problem.fixed | problem.vetoed, FREE, slots), np.argsort(slots, kind="stable"))
        if begin is not None and (slots != FREE).any():
            fill_gently(state, chosen)
        # Trying to insert a meeting moves others, even if it fails.
        if not proved(problem.objective(state.slot != FREE), choice.bound):
            fill(state, chosen)
            fill(state, candidates)
        if (other := problem.objective(state.slot != FREE)) > worth:
            worth = other
            snapshot(state, kept)
        if proved(worth, choice.bound):
            break
    restore(state, kept)


def _starts(
    problem: TimetableProblem,
    choice: Choice,
    chosen: Integers,
    open_to: Booleans,
    begin: Integers | None,
    until: float,
) -> Iterator[Integers]:
    """Starts: the earlier timetable, the chosen meetings of it, the empty timetable, and a flow slot by slot."""
    if begin is not None:
        yield begin
        yield np.where(choice.chosen, begin, FREE)
    yield np.full(len(problem.value), FREE)
    if perf_counter() < until and (kind := two_kinds(problem)) is not None:
        yield slot_by_slot(problem, kind, chosen, open_to)


def _nearer(problem: TimetableProblem, open_to: Booleans, choice: Choice, begin: Integers, seconds: float) -> Choice:
    """Of choices that are worth as much, one with more of the meetings of the earlier timetable."""
    earlier = begin != FREE
    if not (earlier & ~choice.chosen).any():
        return choice
    # So little that it decides between equals alone; where it did more, the choice stays as it was.
    more = LITTLE * float(problem.value.min(initial=1.0))
    nearer = choose(replace(problem, value=problem.value + more * earlier), open_to, seconds=seconds)
    as_good = problem.objective(nearer.chosen) >= problem.objective(choice.chosen)
    return replace(choice, chosen=nearer.chosen) if as_good else choice


def _settle(problem: TimetableProblem, state: State, candidates: Integers) -> None:
    settle(state, candidates, 1e-9 * float(problem.value.max(initial=1.0)))


def _worth(problem: TimetableProblem, state: State) -> float:
    """The objective of the placed meetings."""
    gaps = 0
    if problem.gap_weight:
        person = np.stack([state.first, state.second], axis=1) - state.seat[problem.pairs]
        gaps = int(breaks(problem, state.slot, person).sum())
    return problem.objective(state.slot != FREE, gaps)


def load() -> TimetableProblem:
    """Load every kernel, from the disk or by compiling it, by solving an event of three people; returns the event.

    Each kernel is compiled for one type of arrays only, so that later solutions compile nothing.
    """
    everyone = TimetableProblem(
        parties=("one", "two", "three"),
        slots=("first", "second"),
        day=np.zeros(2, np.int64),
        pairs=np.array([[0, 1], [0, 2], [1, 2]]),
        value=np.array([1.0, 2.0, 3.0]),
        vetoed=np.zeros(3, np.bool_),
        at_table=np.array([True, False, False]),
        fixed_slot=np.full(3, -1),
        available=np.ones((3, 2), np.bool_),
        maximum=np.full(3, 2),
        minimum=np.zeros(3, np.int64),
        places=np.ones(2, np.int64),
        gap_weight=0.1,
        pools=np.array([[1, 1]]),
        uses=np.array([[0], [0], [-1]]),
        before=np.array([[1, 0]]),
        site=np.array([0, 1, 0]),
        walk=np.array([[0, 1], [1, 0]]),
    )
    solve(everyone, seconds=1.0)
    return everyone
