"""Encoding of the event in propositional logic: one formula for both provers.

Variables, for participant p and slot t: *used* where p has a meeting, *begun* where p has had one by then, *break*
where p's meetings begin again after a gap. Implied constraints are stated too, because they make the proof short: each
participant's used slots number its meetings, and a slot's used ones at most twice the locations (Bofill et al. 2022).
If few participants cover all meetings, locations are counted by participants instead of meetings: two meetings of one
participant are never held at once, so that "is one of its meetings held" needs far fewer literals.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from serai.match.b2b.problem import Booleans, Event

FEW = 0.5
"""Largest share of participants that cover all meetings for which these are counted; above, the proof is slower."""


@dataclass(frozen=True)
class Cardinality:
    """Of the literals, at least `least` and at most `most` are true."""

    literals: tuple[int, ...]
    least: int
    most: int


@dataclass
class Formula:
    """Clauses, cardinalities, and literals that cost when true; literals as in DIMACS, from 1, - negates."""

    variables: int = 0
    clauses: list[list[int]] = field(default_factory=list)
    cardinalities: list[Cardinality] = field(default_factory=list)
    costs: list[tuple[int, int]] = field(default_factory=list)
    """Literals, each with its cost, a whole number from 1."""
    at: dict[tuple[int, int], int] = field(default_factory=dict)
    """(meeting, slot) -> variable."""
    hint: frozenset[int] = frozenset()
    """The variables ``at`` that are true in a known model, if there is one."""
    defined: dict[tuple[int, ...], int] = field(default_factory=dict)
    """Literals -> the variable that is true if one of them is."""

    def new(self) -> int:
        self.variables += 1
        return self.variables

    def any(self, literals: list[int]) -> int:
        """A literal that is true exactly where one of `literals` is."""
        if len(literals) == 1:
            return literals[0]
        if (existing := self.defined.get(tuple(literals))) is not None:
            return existing
        variable = self.defined[tuple(literals)] = self.new()
        self.clauses += [[-literal, variable] for literal in literals]
        self.clauses.append([-variable, *literals])
        return variable

    def both(self, first: int, second: int) -> int:
        """A literal that is true exactly where both are."""
        return -self.any([-first, -second])

    def between(self, literals: list[int], least: int, most: int) -> None:
        """State that at least `least` and at most `most` of `literals` are true; trivial constraints are left out."""
        if least > len(literals):
            contradiction = self.new()
            self.clauses += [[contradiction], [-contradiction]]
        elif most == 0:
            self.clauses += [[-literal] for literal in literals]
            return
        elif least == 1:
            self.clauses.append(list(literals))
            least = 0
        if 0 < least <= len(literals) or most < len(literals):
            self.cardinalities.append(Cardinality(tuple(literals), least, min(most, len(literals))))

    def slots(self, true: AbstractSet[int], meetings: int) -> tuple[int, ...]:
        """The slot of each meeting in a model, -1 where it has none."""
        slot = dict(key for key, variable in self.at.items() if variable in true)
        return tuple(slot.get(meeting, -1) for meeting in range(meetings))


def encode(event: Event, allowed: Booleans, *, fairness: int) -> Formula:
    """The formula whose models are the timetables in which each meeting has a slot `allowed`, as ``narrowed`` gives it.

    The breaks of two participants differ by at most `fairness`.
    """
    formula = Formula()
    for meeting, slot in np.argwhere(allowed).tolist():
        formula.at[meeting, slot] = formula.new()
    for meeting, row in enumerate(allowed):
        formula.between([formula.at[meeting, slot] for slot in np.flatnonzero(row).tolist()], 1, 1)
    _precede(event, formula)
    used = [_use(event, formula, meetings) for meetings in event.meetings_of]
    _locate(event, formula, used)
    breaks = [_break(formula, row) for row in used]
    formula.costs = [(literal, 1) for row in breaks for literal in row]
    _level(formula, breaks, [len(meetings) for meetings in event.meetings_of], fairness)
    return formula


def narrowed(event: Event) -> Booleans:
    """(n_meetings, n_slots) ``event.allowed`` without slots excluded by precedences and fixed meetings.

    If a meeting has no slot left, no timetable satisfies the event.
    """
    allowed = event.allowed.copy()
    of = event.meetings_of
    mates = [[other for side in pair for other in of[side] if other != row] for row, pair in enumerate(event.pairs)]
    size = -1
    while size != (size := int(allowed.sum())) and allowed.any(axis=1).all():
        for before, after in event.precedences:
            allowed[after, : allowed[before].argmax() + 1] = False
            if not allowed[after].any():
                return allowed
            allowed[before, event.slots - 1 - allowed[after, ::-1].argmax() :] = False
            if not allowed[before].any():
                return allowed
        for meeting in np.flatnonzero(allowed.sum(axis=1) == 1).tolist():
            allowed[mates[meeting], allowed[meeting].argmax()] = False
    return allowed


def _precede(event: Event, formula: Formula) -> None:
    """A meeting in a slot rules out that the one before it is held then or later."""
    for before, after in event.precedences:
        later = 0  # the one before is held in this slot or later
        for slot in reversed(range(event.slots)):
            if here := formula.at.get((before, slot)):
                later = formula.any([here, later] if later else [here])
            if later and (there := formula.at.get((after, slot))):
                formula.clauses.append([-later, -there])


def _use(event: Event, formula: Formula, meetings: list[int]) -> list[int]:
    """For each slot the literal that the participant of `meetings` has one then; 0 where it never has."""
    used = []
    for slot in range(event.slots):
        here = [formula.at[meeting, slot] for meeting in meetings if (meeting, slot) in formula.at]
        formula.between(here, 0, 1)
        used.append(formula.any(here) if here else 0)
    formula.between([literal for literal in used if literal], len(meetings), len(meetings))
    return used


def _locate(event: Event, formula: Formula, used: list[list[int]]) -> None:
    """No slot holds more meetings than there are locations."""
    counted = _stars(event)
    if len(counted) > FEW * event.participants:
        counted = [[meeting] for meeting in range(len(event.pairs))]
    for slot in range(event.slots):
        held = [[formula.at[meeting, slot] for meeting in star if (meeting, slot) in formula.at] for star in counted]
        formula.between([formula.any(here) for here in held if here], 0, event.locations)
        formula.between([row[slot] for row in used if row[slot]], 0, 2 * event.locations)


def _stars(event: Event) -> list[list[int]]:
    """Groups of meetings, each group of one participant: a greedy cover of all meetings by few groups."""
    left = [set(meetings) for meetings in event.meetings_of]
    answer = []
    while star := max(left, key=len, default=set()):
        answer.append(sorted(star))
        left = [meetings - star for meetings in left]
    return answer


def _break(formula: Formula, used: list[int]) -> list[int]:
    """A literal for each slot in which a participant's meetings may begin again after a gap."""
    answer, begun = [], 0
    for slot, here in enumerate(used):
        before = used[slot - 1] if slot else 0
        if here and begun and begun != before:
            idle = formula.both(begun, -before) if before else begun
            answer.append(formula.both(idle, here))
        if here:
            begun = formula.any([begun, here]) if begun else here
    return answer


def _level(formula: Formula, breaks: list[list[int]], meetings: list[int], fairness: int) -> None:
    """The breaks of two participants differ by at most `fairness`.

    All have at least `level` breaks and at most `level + fairness`; a literal for each k says whether level >= k.
    """
    most = [min(len(row), max(number - 1, 0)) for row, number in zip(breaks, meetings, strict=True)]
    highest = min(most, default=0)
    level = [formula.new() for _ in range(highest)]
    formula.clauses += [[-higher, lower] for lower, higher in pairwise(level)]
    for row, number in zip(breaks, most, strict=True):
        if not highest:
            formula.between(row, 0, fairness)
            continue
        at_least = _count(formula, row, min(number, highest + fairness + 1))
        formula.clauses += [[-reached, at_least[k]] for k, reached in enumerate(level)]
        for k in range(fairness, len(at_least)):
            formula.clauses.append([-at_least[k], level[k - fairness]] if k - fairness < highest else [-at_least[k]])


def _count(formula: Formula, literals: list[int], most: int) -> list[int]:
    """Literals that say whether at least 1, 2, ... `most` of `literals` are true (Sinz 2005, both ways)."""
    reached: list[int] = []
    for literal in literals:
        before = reached
        reached = []
        for k in range(min(len(before) + 1, most)):
            step = literal if k == 0 else formula.both(before[k - 1], literal)
            reached.append(formula.any([before[k], step]) if k < len(before) else step)
    return reached
