"""Is a timetable sound? Recounted from the problem alone, sharing nothing with the solver, before it is published."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise

import numpy as np

from serai.match.timetable.problem import Reason, Status, Timetable, TimetableProblem

type Day = dict[int, int]
"""A party's meetings: slot -> meeting row."""


def check(problem: TimetableProblem, timetable: Timetable) -> tuple[str, ...]:
    """What is wrong with the timetable, a sentence for each fault; empty where it is sound."""
    if faults := tuple(_malformed(problem, timetable)):
        return faults
    diary: list[Day] = [{} for _ in problem.parties]
    return tuple(
        chain(
            _conflicts(problem, timetable, diary),  # fills the diary
            _limits(problem, timetable, diary),
            _counts(problem, timetable, diary),
            _reasons(problem, timetable, diary),
            _worth(problem, timetable, diary),
        )
    )


def _malformed(problem: TimetableProblem, timetable: Timetable) -> Iterator[str]:
    meetings, parties, slots = len(problem.value), len(problem.parties), len(problem.slots)
    rows = {"slot": meetings, "why_not": meetings, "limiting_party": meetings, "shortfall": parties, "breaks": parties}
    for name, length in rows.items():
        if (shape := np.shape(getattr(timetable, name))) != (length,):
            yield f"'{name}' has shape {shape}; this problem needs {(length,)}."
    for meeting, slot in enumerate(timetable.slot.tolist()):
        if meeting < meetings and not -1 <= slot < slots:
            yield f"{problem.name(meeting)} is in slot {slot}; there are slots 0 to {slots - 1}."


def _conflicts(problem: TimetableProblem, timetable: Timetable, diary: list[Day]) -> Iterator[str]:
    """Every meeting by itself and against the others of its parties."""
    for meeting, slot in enumerate(timetable.slot.tolist()):
        if (fixed := int(problem.fixed_slot[meeting])) not in (-1, slot):
            yield f"{problem.name(meeting)} is fixed to slot '{problem.slots[fixed]}' and isn't there."
        if slot == -1:
            continue
        at = f"{problem.name(meeting)} is in slot '{problem.slots[slot]}'"
        if problem.vetoed[meeting]:
            yield f"{at} and vetoed."
        for party in problem.pairs[meeting].tolist():
            if not problem.available[party, slot]:
                yield f"{at}, when '{problem.parties[party]}' is not available."
            if (other := diary[party].setdefault(slot, meeting)) != meeting:
                yield f"{at}, when '{problem.parties[party]}' has meeting row {other}."


def _limits(problem: TimetableProblem, timetable: Timetable, diary: list[Day]) -> Iterator[str]:
    """Maxima and places."""
    for party, day in enumerate(diary):
        if len(day) > problem.maximum[party]:
            yield f"'{problem.parties[party]}' has {len(day)} meetings and may have {problem.maximum[party]}."
    held = zip(timetable.slot.tolist(), problem.at_table.tolist(), strict=True)
    for slot, used in Counter(slot for slot, at_table in held if at_table and slot != -1).items():
        if used > problem.places[slot]:
            yield f"Slot '{problem.slots[slot]}' holds {used} meetings at tables and has {problem.places[slot]} places."


def _counts(problem: TimetableProblem, timetable: Timetable, diary: list[Day]) -> Iterator[str]:
    """Shortfall and breaks."""
    for party, day in enumerate(diary):
        missing = max(int(problem.minimum[party]) - len(day), 0)
        if timetable.shortfall[party] != missing:
            yield f"'{problem.parties[party]}' misses {missing} of its floor, not {timetable.shortfall[party]}."
        times = sorted(day)
        breaks = sum(
            after - before > 1 and problem.day[after] == problem.day[before] for before, after in pairwise(times)
        )
        if timetable.breaks[party] != breaks:
            yield f"'{problem.parties[party]}' has {breaks} breaks, not {timetable.breaks[party]}."


def _reasons(problem: TimetableProblem, timetable: Timetable, diary: list[Day]) -> Iterator[str]:
    """Why each meeting is or isn't placed, and that nothing is left out that fits as it stands."""
    there = [set(np.flatnonzero(row).tolist()) for row in problem.available]
    equipped = set(np.flatnonzero(problem.places).tolist())
    used = Counter(timetable.slot[problem.at_table].tolist())
    roomy = {slot for slot in equipped if used[slot] < problem.places[slot]}
    for meeting, pair in enumerate(problem.pairs.tolist()):
        first, second = pair
        common = there[first] & there[second]
        idle = common - diary[first].keys() - diary[second].keys()
        if at_table := bool(problem.at_table[meeting]):
            common &= equipped
        full = [party for party in pair if len(diary[party]) >= problem.maximum[party]]
        if timetable.slot[meeting] != -1:
            reason = Reason.PLACED
        elif problem.vetoed[meeting]:
            reason = Reason.VETOED
        elif not common:
            reason = Reason.NO_COMMON_SLOT
        elif full:
            reason = Reason.MAXIMUM_REACHED
        elif fits := sorted(idle & roomy if at_table else idle):
            yield f"{problem.name(meeting)} is left out and fits in slot '{problem.slots[fits[0]]}'."
            continue
        else:
            reason = Reason.NO_PLACE if idle & equipped else Reason.LOWER_VALUE
        if timetable.why_not[meeting] != reason:
            yield f"{problem.name(meeting)} gives reason {timetable.why_not[meeting]}; it is {reason} ({reason.name})."
        elif timetable.limiting_party[meeting] not in (full if reason is Reason.MAXIMUM_REACHED else [-1]):
            yield f"{problem.name(meeting)} gives limiting party {timetable.limiting_party[meeting]}, which it is not."


def _worth(problem: TimetableProblem, timetable: Timetable, diary: list[Day]) -> Iterator[str]:
    """Objective, bound and status."""
    held = zip(problem.value.tolist(), timetable.slot.tolist(), strict=True)
    missing = sum(max(int(least) - len(day), 0) for least, day in zip(problem.minimum, diary, strict=True))
    objective = math.fsum(value for value, slot in held if slot != -1) - problem.penalty * missing
    if not math.isclose(timetable.objective, objective, rel_tol=1e-12, abs_tol=1e-12):
        yield f"The objective is {objective}, not {timetable.objective}."
    if not timetable.bound >= timetable.objective:
        yield f"The objective {timetable.objective} is above its bound {timetable.bound}."
    if timetable.least_shortfall > missing:
        yield f"{missing} meetings are missing from floors, fewer than the {timetable.least_shortfall} proved."
    optimal = timetable.bound - timetable.objective <= 1e-9 * abs(timetable.bound)
    if (timetable.status is Status.OPTIMAL) != optimal:
        yield f"The status is '{timetable.status}' with objective {timetable.objective} and bound {timetable.bound}."
