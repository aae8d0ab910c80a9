"""Validation of a problem: shapes, ranges, and fixed meetings that don't contradict the rest."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

if TYPE_CHECKING:
    from serai.match.timetable.problem import TimetableProblem

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Booleans = NDArray[np.bool_]

FREE = -1
"""No slot: in ``fixed_slot`` the meeting is free to be placed, in ``slot`` it isn't placed."""


class TimetableError(ValueError):
    """A problem that contradicts itself, or a defect found while solving; the sentence says what is wrong, and
    where."""


def array(name: str, values: ArrayLike, dtype: DTypeLike, shape: tuple[int, ...]) -> NDArray[np.generic]:
    """A read-only copy of `values` with this type and shape. Raises TimetableError if they don't fit."""
    try:
        given = np.asarray(values)
    except ValueError as ragged:
        raise TimetableError(f"'{name}' has rows of different lengths; it needs shape {shape}.") from ragged
    if given.shape != shape and not (given.size == 0 == math.prod(shape)):
        raise TimetableError(f"'{name}' has shape {given.shape}, but these parties, slots and meetings need {shape}.")
    if given.size and not np.can_cast(given.dtype, dtype, "same_kind"):
        raise TimetableError(f"'{name}' holds {given.dtype} where {np.dtype(dtype)} is needed.")
    copy = given.astype(dtype).reshape(shape)
    copy.flags.writeable = False
    return copy


def check_problem(problem: "TimetableProblem") -> None:
    """Raise TimetableError for the first row of a problem that is wrong, by itself or against the others."""
    _check_rows(problem)
    _check_times(problem)
    _check_extras(problem)
    _check_fixed(problem)


def _first(wrong: Booleans) -> int:
    """The first row that is wrong, or -1."""
    return int(wrong.argmax()) if wrong.any() else -1


def _unique(kind: str, names: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for row, name in enumerate(names):
        if seen.setdefault(name, row) != row:
            raise TimetableError(
                f"{kind} row {row} is called '{name}' like {kind.lower()} row {seen[name]}; names are unique."
            )


def _check_rows(problem: "TimetableProblem") -> None:
    """Every row by itself."""
    _unique("Party", problem.parties)
    _unique("Slot", problem.slots)
    parties, slots = len(problem.parties), len(problem.slots)
    if (row := _first(np.diff(problem.day) < 0)) >= 0:
        raise TimetableError(
            f"Slot row {row + 1} ('{problem.slots[row + 1]}') lies on an earlier day than the slot before it."
        )
    if (row := _first(problem.places < 0)) >= 0:
        raise TimetableError(
            f"Slot row {row} ('{problem.slots[row]}') has {problem.places[row]} places; 0 is the least."
        )
    if (row := _first((problem.minimum < 0) | (problem.maximum < problem.minimum))) >= 0:
        raise TimetableError(
            f"Party row {row} ('{problem.parties[row]}') has minimum {problem.minimum[row]} and maximum "
            f"{problem.maximum[row]}; give 0 <= minimum <= maximum."
        )
    if (row := _first(((problem.pairs < 0) | (problem.pairs >= parties)).any(axis=1))) >= 0:
        raise TimetableError(
            f"Meeting row {row} names parties {problem.pairs[row].tolist()}; there are rows 0 to {parties - 1}."
        )
    if (row := _first(problem.pairs[:, 0] == problem.pairs[:, 1])) >= 0:
        raise TimetableError(f"{problem.name(row)} pairs a party with itself.")
    if (row := _first(~((problem.value > 0) & (problem.value <= 1e12)))) >= 0:
        raise TimetableError(
            f"{problem.name(row)} has value {problem.value[row]}; a value is above 0 and at most 1e12."
        )
    if (row := _first((problem.fixed_slot < FREE) | (problem.fixed_slot >= slots))) >= 0:
        raise TimetableError(
            f"{problem.name(row)} is fixed to slot {problem.fixed_slot[row]}; there are slots 0 to {slots - 1}, and -1 "
            "where it is free."
        )
    if not 0 <= problem.floor_weight <= 1000:
        raise TimetableError(f"'floor_weight' is {problem.floor_weight}; give a number from 0 to 1000.")


def _check_times(problem: "TimetableProblem") -> None:
    begins, ends = problem.times.T
    if (row := _first(begins >= ends)) >= 0:
        raise TimetableError(f"Slot row {row} ('{problem.slots[row]}') ends at {ends[row]}, not after {begins[row]}.")
    if (row := _first(np.diff(begins) < 0)) >= 0:
        raise TimetableError(f"Slot row {row + 1} ('{problem.slots[row + 1]}') begins before the slot before it.")
    later_day = np.flatnonzero(np.diff(problem.day) > 0)
    latest = np.maximum.accumulate(ends) if len(ends) else ends
    if (k := _first(begins[later_day + 1] < latest[later_day])) >= 0:
        row = int(later_day[k])
        raise TimetableError(f"Slot row {row + 1} ('{problem.slots[row + 1]}') begins before the day before it ends.")
    seated = np.flatnonzero(problem.places > 0)
    if (k := _first(begins[seated[1:]] < ends[seated[:-1]])) >= 0:
        earlier, later = problem.slots[seated[k]], problem.slots[seated[k + 1]]
        raise TimetableError(f"Slots '{earlier}' and '{later}' overlap and both have places; tables have one grid.")


def _check_extras(problem: "TimetableProblem") -> None:
    """The fields that a plain event does not need."""
    if not (np.isfinite(problem.gap_weight) and problem.gap_weight >= 0):
        raise TimetableError(f"'gap_weight' is {problem.gap_weight}; give a number from 0 on.")
    if (row := _first((problem.pools < 0).any(axis=1))) >= 0:
        raise TimetableError(f"Pool row {row} has fewer than 0 units in a slot; 0 is the least.")
    pools = len(problem.pools)
    if (row := _first(((problem.uses < FREE) | (problem.uses >= pools)).any(axis=1))) >= 0:
        raise TimetableError(f"{problem.name(row)} uses pools {problem.uses[row].tolist()}; there are {pools}.")
    used = np.sort(problem.uses, axis=1)
    if (row := _first(((used[:, 1:] == used[:, :-1]) & (used[:, 1:] != FREE)).any(axis=1))) >= 0:
        raise TimetableError(f"{problem.name(row)} uses one pool twice.")
    _check_order_and_people(problem)


def _check_order_and_people(problem: "TimetableProblem") -> None:
    meetings = len(problem.value)
    if (row := _first(((problem.before < 0) | (problem.before >= meetings)).any(axis=1))) >= 0:
        raise TimetableError(f"Order row {row} names meetings {problem.before[row].tolist()}; there are {meetings}.")
    if (row := _first(problem.before[:, 0] == problem.before[:, 1])) >= 0:
        raise TimetableError(f"{problem.name(int(problem.before[row, 0]))} must be held before itself.")
    if (row := _first((problem.site < 0) | (problem.site >= len(problem.walk)))) >= 0:
        raise TimetableError(f"{problem.name(row)} is at site {problem.site[row]}; 'walk' has {len(problem.walk)}.")
    if (problem.walk < 0).any() or (problem.walk != problem.walk.T).any():
        raise TimetableError("'walk' holds minutes from 0 on, the same both ways.")
    if (row := _first(problem.at_once < 1)) >= 0:
        raise TimetableError(
            f"Party row {row} ('{problem.parties[row]}') has {problem.at_once[row]} people; 1 is least."
        )
    if (row := _first(((problem.heads < 1) | (problem.heads > problem.at_once[problem.pairs])).any(axis=1))) >= 0:
        raise TimetableError(f"{problem.name(row)} takes {problem.heads[row].tolist()} people, more than there are.")


def _check_fixed(problem: "TimetableProblem") -> None:
    """The fixed meetings against the rest and against each other."""
    fixed = np.flatnonzero(problem.fixed)
    slot = problem.fixed_slot[fixed]
    if (k := _first(problem.vetoed[fixed])) >= 0:
        raise TimetableError(f"{problem.name(fixed[k])} is both fixed and vetoed; release one of the two.")
    for side in (0, 1):
        party = problem.pairs[fixed, side]
        if (k := _first(~problem.available[party, slot])) >= 0:
            raise TimetableError(
                f"{problem.name(fixed[k])} is fixed to slot '{problem.slots[slot[k]]}', "
                f"when '{problem.parties[party[k]]}' is not available."
            )
    slots = len(problem.slots)
    held = problem.pairs[fixed] * slots + slot[:, None]
    people = np.bincount(held.ravel(), problem.heads[fixed].ravel(), len(problem.parties) * slots)
    if problem.mixed:
        # For each slot, the slots that are under way when it begins.
        begins, ends = problem.times.T
        running = (begins[:, None] <= begins) & (begins < ends[:, None])
        people = (people.reshape(-1, slots) @ running).ravel()
    if (people > np.repeat(problem.at_once, slots)).any():
        _name_conflict(problem, fixed)
    load = problem.load(problem.fixed)
    if (row := _first(load > problem.maximum)) >= 0:
        raise TimetableError(
            f"Party row {row} ('{problem.parties[row]}') has {load[row]} fixed meetings and may have "
            f"{problem.maximum[row]}."
        )
    tables = np.bincount(slot[problem.at_table[fixed]], minlength=len(problem.slots))
    if (row := _first(tables > problem.places)) >= 0:
        raise TimetableError(
            f"Slot row {row} ('{problem.slots[row]}') has {tables[row]} meetings at tables fixed and "
            f"{problem.places[row]} places."
        )


def _name_conflict(problem: "TimetableProblem", fixed: Integers) -> None:
    """Raise TimetableError for the first fixed meeting that its party cannot hold beside the others of its time."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for meeting in fixed.tolist():
        slot = int(problem.fixed_slot[meeting])
        for side, party in enumerate(problem.pairs[meeting].tolist()):
            own = taken.setdefault(party, [])
            own.append((meeting, int(problem.heads[meeting, side])))
            at_once = [
                [(other, heads) for other, heads in own if _runs(problem, problem.fixed_slot[other], moment)]
                for moment in problem.over[slot]
            ]
            for together in at_once:
                if sum(heads for _other, heads in together) > problem.at_once[party]:
                    other = next(other for other, _heads in together if other != meeting)
                    where = int(problem.fixed_slot[other])
                    at = f"'{problem.slots[slot]}'" if where == slot else f"'{problem.slots[slot]}' or one over it"
                    raise TimetableError(
                        f"{problem.name(meeting)} and meeting row {other} are both fixed to slot {at}, and "
                        f"'{problem.parties[party]}' is in both."
                    )


def _runs(problem: "TimetableProblem", slot: int, moment: int) -> bool:
    """Whether the slot is under way when slot `moment` begins."""
    return bool(problem.times[slot, 0] <= problem.times[moment, 0] < problem.times[slot, 1])
