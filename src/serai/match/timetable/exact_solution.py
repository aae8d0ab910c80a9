"""Exact solution of a small event: the timetable problem as one formula, for a portfolio of RC2 and CP-SAT.

Variables, for party p and slot t: *used* where p has a meeting in t, and a *hole* where a meeting of p in t comes after
a gap: p has an earlier meeting on that day, and a whole slot fits between t and each of them. Implied constraints are
stated too: the number of slots that a party uses is the number of its meetings.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter

import numpy as np

from serai.match.b2b.encoding import Formula
from serai.match.b2b.portfolio import run_portfolio
from serai.match.b2b.provers import Found, constraint_programming
from serai.match.timetable.choice import units
from serai.match.timetable.explanation import breaks
from serai.match.timetable.initial_state import ticks_of, units_by_tick
from serai.match.timetable.problem import FREE, Booleans, Integers, TimetableProblem

ALONE = 2.0
"""Seconds of CP-SAT alone, in which most small events are proved, before processes are started."""
FINE = 2**44
"""Largest sum of costs in whole numbers, so fine that one meeting in 10^13 still counts."""


@dataclass
class _Incumbent:
    """The slots of the best timetable found so far with its cost, and the least cost that is proved possible."""

    slot: Integers | None = None
    cost: float = math.inf
    least: float = 0.0

    def learn(self, cost_of: "Costs", slot: tuple[int, ...] | None, least: float) -> bool:
        self.least = max(self.least, least)
        if slot is not None and (cost := cost_of(slot)) < self.cost:
            self.slot, self.cost = np.array(slot, np.int64), cost
        return self.least >= self.cost


def solve_exactly(
    problem: TimetableProblem, begin: Integers, *, seconds: float, race: bool = True
) -> tuple[Integers | None, float]:
    """The slot of each meeting, or None where nothing better than `begin` was found in `seconds`, and a bound.

    `begin` (n_meetings,) are the slots of a sound timetable. Left out are the gaps and ways of parties of several
    people, who could be sent otherwise: the bound holds, and the timetable may not. Without `race`, or where
    ``ALONE`` is enough, nothing but CP-SAT works, in this process.
    """
    until = perf_counter() + seconds
    formula, meetings = encoded(problem, begin)
    costs, incumbent = Costs(problem), _Incumbent()

    def tell(report: Found) -> None:
        incumbent.learn(costs, None if report.true is None else formula.slots(report.true, meetings), report.bound)

    constraint_programming(formula, min(seconds, ALONE), tell, repeatable=True)
    if race and incumbent.least < incumbent.cost and perf_counter() < until:
        best = begin if incumbent.slot is None else incumbent.slot

        def learn(slot: tuple[int, ...] | None, least: float, _prover: str) -> bool:
            return incumbent.learn(costs, slot, least)

        run_portfolio(encoded, (problem, best), learn, until=until)
    return incumbent.slot, costs.bound(incumbent.least)


class Costs:
    """Cost of a timetable in the formula's whole numbers: meetings not held, floors, and gaps of single people."""

    def __init__(self, problem: TimetableProblem) -> None:
        self.problem = problem
        self.possible = _allowed(problem).any(axis=1)
        self.value, self.penalty, self.gap, self.scale = whole(problem)

    def __call__(self, slot: tuple[int, ...]) -> int:
        problem, at = self.problem, np.array(slot, np.int64)
        placed = at != FREE
        missing = int(self.value[~placed & self.possible].sum())
        gaps = int(gaps_of_one(problem, at).sum()) if self.gap else 0
        return missing + self.penalty * int(problem.shortfall(placed).sum()) + self.gap * gaps

    def bound(self, least: float) -> float:
        """Upper bound of the objective in the unit of the problem, if no timetable costs less than `least`."""
        problem = self.problem
        all_of_it = math.fsum(problem.value[self.possible].tolist())
        rounding = float(np.abs(problem.value - self.value / self.scale)[self.possible].sum())
        rounding += abs(problem.penalty - self.penalty / self.scale) * int(problem.minimum.sum())
        rounding += abs(problem.gap_weight - self.gap / self.scale) * 2 * len(problem.value)
        return all_of_it - least / self.scale + rounding


def whole(problem: TimetableProblem) -> tuple[Integers, int, int, float]:
    """Values, the penalty and the gap weight as whole numbers, and the number that they were multiplied by.

    The least by which all become whole, up to 1,000; else the power of two that makes them as fine as they can be.
    """
    value, rest = problem.value, np.array([problem.penalty, problem.gap_weight])
    parts = np.concatenate([value, rest])
    for scale in (1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 100.0, 1000.0):
        if (np.abs(parts * scale - np.rint(parts * scale)) <= 1e-9 * np.maximum(parts * scale, 1e-9)).all():
            break
    else:
        largest = max(float(value.sum() + problem.penalty * problem.minimum.sum()), problem.gap_weight, 1e-300)
        scale = math.ldexp(1.0, math.frexp(FINE / largest)[1] - 1)
    numbers = np.rint(parts * scale).astype(np.int64)
    return numbers[:-2], int(numbers[-2]), int(numbers[-1]), scale


def gaps_of_one(problem: TimetableProblem, slot: Integers) -> Integers:
    """(n_parties,) idle gaps of the parties of one person, 0 for the others."""
    return np.where(problem.at_once == 1, breaks(problem, slot, np.zeros((len(slot), 2), np.int64)), 0)


def encoded(problem: TimetableProblem, begin: Integers) -> tuple[Formula, int]:
    """The formula whose models are the timetables, with the costs of each, and the number of meetings.

    `begin` (n_meetings,) is a timetable to begin with.
    """
    allowed = _allowed(problem)
    formula = Formula()
    for meeting, slot in np.argwhere(allowed).tolist():
        formula.at[meeting, slot] = formula.new()
    placed = _hold(problem, formula, allowed)
    _seat(problem, formula)
    _limit(problem, formula, placed)
    for first, second in _order(problem, formula):
        formula.clauses.append([-first, -second])
    for first, second in _ways(problem, formula):
        formula.clauses.append([-first, -second])
    value, penalty, gap, _scale = whole(problem)
    formula.costs = [(-literal, int(value[meeting])) for meeting, literal in placed.items() if value[meeting]]
    _floors(problem, formula, placed, penalty)
    if gap:
        formula.costs += [(literal, gap) for literal in _holes(problem, formula, placed)]
    formula.hint = frozenset(
        formula.at[meeting, slot] for meeting, slot in enumerate(begin.tolist()) if (meeting, slot) in formula.at
    )
    return formula, len(problem.value)


def _allowed(problem: TimetableProblem) -> Booleans:
    """(n_meetings, n_slots) whether each meeting may be held then; a fixed one in its slot only."""
    allowed: Booleans = problem.common() & ~problem.vetoed[:, None]
    allowed[problem.fixed] = False
    allowed[problem.fixed, problem.fixed_slot[problem.fixed]] = True
    return allowed


def _hold(problem: TimetableProblem, formula: Formula, allowed: Booleans) -> dict[int, int]:
    """A literal for each meeting that can be held: whether it is. One slot at most; the fixed ones are held."""
    placed = {}
    for meeting in np.flatnonzero(allowed.any(axis=1)).tolist():
        literals = [formula.at[meeting, slot] for slot in np.flatnonzero(allowed[meeting]).tolist()]
        formula.between(literals, 0, 1)
        placed[meeting] = formula.any(literals)
        if problem.fixed[meeting]:
            formula.clauses.append([placed[meeting]])
    return placed


def _seat(problem: TimetableProblem, formula: Formula) -> None:
    """At every moment at most as many meetings as a party has people, the fair tables, and a pool units."""
    tick, until, _ticks = ticks_of(problem)
    busy: dict[tuple[int, int], list[int]] = {}
    taken: dict[tuple[int, int], list[int]] = {}
    tables: dict[int, list[int]] = {}
    for (meeting, slot), variable in formula.at.items():
        moments = range(tick[slot], until[slot])
        for side, party in enumerate(problem.pairs[meeting].tolist()):
            for moment in moments:
                busy.setdefault((party, moment), []).extend([variable] * int(problem.heads[meeting, side]))
        for pool in problem.uses[meeting].tolist():
            for moment in moments if pool != FREE else ():
                taken.setdefault((pool, moment), []).append(variable)
        if problem.at_table[meeting]:
            tables.setdefault(slot, []).append(variable)
    for (party, _moment), literals in busy.items():
        formula.between(literals, 0, int(problem.at_once[party]))
    for slot, literals in tables.items():
        formula.between(literals, 0, int(problem.places[slot]))
    most = _units(problem)
    for (pool, moment), literals in taken.items():
        formula.between(literals, 0, int(most[pool, moment]))


def _units(problem: TimetableProblem) -> Integers:
    """(n_pools, n_ticks) units of each pool, or those taken by fixed meetings if these are more."""
    tick, until, _ticks = ticks_of(problem)
    units_there = units_by_tick(problem)
    taken, told = np.zeros_like(units_there), units(problem, problem.fixed)
    for slot in range(len(problem.slots)):
        taken[:, tick[slot] : until[slot]] += told[:, slot, None]
    return np.maximum(units_there, taken)


def _of_party(problem: TimetableProblem, placed: dict[int, int]) -> dict[int, list[int]]:
    """Party -> the literals of its meetings."""
    answer: dict[int, list[int]] = {}
    for meeting, literal in placed.items():
        for party in problem.pairs[meeting].tolist():
            answer.setdefault(party, []).append(literal)
    return answer


def _limit(problem: TimetableProblem, formula: Formula, placed: dict[int, int]) -> None:
    for party, literals in _of_party(problem, placed).items():
        formula.between(literals, 0, int(problem.maximum[party]))


def _floors(problem: TimetableProblem, formula: Formula, placed: dict[int, int], penalty: int) -> None:
    """A literal, with its cost, for each meeting that is missing from a floor."""
    own = _of_party(problem, placed)
    for party in np.flatnonzero(problem.minimum).tolist() if penalty else ():
        missing = [formula.new() for _ in range(int(problem.minimum[party]))]
        counted = [*own.get(party, []), *missing]
        formula.between(counted, int(problem.minimum[party]), len(counted))
        formula.costs += [(literal, penalty) for literal in missing]


def _order(problem: TimetableProblem, formula: Formula) -> Iterator[tuple[int, int]]:
    """Pairs of variables that would violate the order of two meetings."""
    slots = range(len(problem.slots))
    times = problem.times.tolist()
    for earlier, later in problem.before.tolist():
        if problem.fixed[earlier] and problem.fixed[later]:  # two fixed meetings stay in whatever order
            continue
        for early_slot in slots:
            for late_slot in slots:
                if (
                    times[early_slot][1] > times[late_slot][0]
                    and {(earlier, early_slot), (later, late_slot)} <= formula.at.keys()
                ):
                    yield formula.at[earlier, early_slot], formula.at[later, late_slot]


def _ways(problem: TimetableProblem, formula: Formula) -> Iterator[tuple[int, int]]:
    """Pairs of variables of a party of one person between which it could not walk in time."""
    if not problem.walk.any():
        return
    own: dict[int, list[tuple[int, int, int]]] = {}
    for (meeting, slot), variable in formula.at.items():
        for party in problem.pairs[meeting].tolist():
            if problem.at_once[party] == 1:
                own.setdefault(party, []).append((slot, meeting, variable))
    times, day = problem.times.tolist(), problem.day.tolist()
    for variables in own.values():
        for (at, first_meeting, first), (then, second_meeting, second) in combinations(sorted(variables), 2):
            between = times[then][0] - times[at][1]
            if first_meeting == second_meeting or day[at] != day[then] or between < 0:
                continue
            told = (
                problem.fixed[first_meeting] and problem.fixed[second_meeting]
            )  # fixed meetings stay whatever the distance
            if between < problem.walk[problem.site[first_meeting], problem.site[second_meeting]] and not told:
                yield first, second


def _holes(problem: TimetableProblem, formula: Formula, placed: dict[int, int]) -> Iterator[int]:
    """For each party of one person, a literal for each slot of a meeting that comes after a gap."""
    literals_of = _of_party(problem, placed)
    meetings_of: dict[int, list[int]] = {}
    for meeting in placed:
        for party in problem.pairs[meeting].tolist():
            meetings_of.setdefault(party, []).append(meeting)
    for party, meetings in meetings_of.items():
        if problem.at_once[party] == 1:
            used = _used_slots(problem, formula, meetings)
            literals = [*used.values(), *(-literal for literal in literals_of[party])]
            formula.between(literals, len(meetings), len(meetings))
            yield from _holes_of_person(problem, formula, used)


def _used_slots(problem: TimetableProblem, formula: Formula, meetings: list[int]) -> dict[int, int]:
    """Slot -> a literal that says whether one of the meetings is held in it."""
    used = {}
    for slot in range(len(problem.slots)):
        if here := [formula.at[meeting, slot] for meeting in meetings if (meeting, slot) in formula.at]:
            used[slot] = formula.any(here)
    return used


def _holes_of_person(problem: TimetableProblem, formula: Formula, used: dict[int, int]) -> Iterator[int]:
    begins, ends = problem.times.T.tolist()
    idle_by = problem.idle_by.tolist()
    for slot, taken in used.items():
        before = [other for other in used if problem.day[other] == problem.day[slot] and ends[other] <= begins[slot]]
        # In this order those of an earlier slot come first, and the formula has their literal already.
        far = sorted((idle_by[other], other) for other in before if idle_by[other] <= begins[slot])
        near = [used[other] for other in before if idle_by[other] > begins[slot]]
        begun = 0
        for _idle, other in far:
            begun = formula.any([begun, used[other]]) if begun else used[other]
        if begun:
            hole = formula.both(begun, taken)
            yield formula.both(hole, -formula.any(near)) if near else hole
