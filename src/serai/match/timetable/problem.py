"""The timetable problem and its solution.

Rows are counted from 0 everywhere: meeting row 3 is ``pairs[3]``, party row 3 is ``parties[3]``.
"""

import math
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from serai.match.timetable.validation import FREE, Booleans, Floats, Integers, TimetableError, array, check_problem

__all__ = [
    "FREE",
    "Booleans",
    "Floats",
    "Integers",
    "Reason",
    "Status",
    "Timetable",
    "TimetableError",
    "TimetableProblem",
    "by_class",
    "everywhere",
    "in_own_order",
    "proved",
]

_PLAIN: Any = None
"""Default of the fields that a plain event does not need."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TimetableProblem:
    """The possible meetings with their values, the attendance of the parties, and the limits of the fair.

    Any sequence is taken for an array; the problem keeps a read-only copy. Raises TimetableError if shapes differ, an
    index is out of range, a value isn't positive, or the fixed meetings contradict the rest. So every problem has a
    timetable, at least the one that holds the fixed meetings only.
    """

    parties: tuple[str, ...]
    """Unique names; nothing but the order in which equal choices are tried depends on them."""
    slots: tuple[str, ...]
    """Unique names in the order in which they begin."""
    day: Integers
    """(n_slots,) the day of each slot, never falling; a break never spans two days."""
    pairs: Integers
    """(n_meetings, 2) the two parties of each meeting. Exhibitors may meet exhibitors, and a pair may meet twice."""
    value: Floats
    """(n_meetings,) value of holding the meeting, above 0 and at most 1e12, all in one unit."""
    vetoed: Booleans
    """(n_meetings,) whether one side declined the meeting: it is never placed."""
    at_table: Booleans
    """(n_meetings,) whether the meeting takes one of the ``places`` of its slot; one at a party's own booth doesn't."""
    fixed_slot: Integers
    """(n_meetings,) the slot of a meeting already confirmed, which it keeps, or -1."""
    available: Booleans
    """(n_parties, n_slots) when each party is there."""
    maximum: Integers
    """(n_parties,) most meetings of each party."""
    minimum: Integers
    """(n_parties,) floor: meetings that each party should get; the missing ones are its shortfall."""
    places: Integers
    """(n_slots,) tables, that is meetings ``at_table`` that can run at once; none where booths have the slot."""
    floor_weight: float = 10.0
    """Cost of a meeting missing from a floor, in units of the largest value, 0 to 1000; above 1 it exceeds any
    meeting."""
    gap_weight: float = 0.0
    """Cost of an idle gap between two meetings of one person on a day, in the unit of ``value``."""
    must: Booleans = _PLAIN
    """(n_meetings,) whether the meeting is a must; their number has its own proof, see ``least_musts_missing``."""
    window: Booleans = _PLAIN
    """(n_meetings, n_slots) whether the meeting may be held then: its session, the hours of its booth."""
    pools: Integers = _PLAIN
    """(n_pools, n_slots) how many meetings can use each pool at once: a booth, interpreters of two languages."""
    uses: Integers = _PLAIN
    """(n_meetings, k) up to k pools of which the meeting takes one unit each, -1 for none."""
    before: Integers = _PLAIN
    """(n, 2) pairs of meetings: if both are held, the first is over before the second begins."""
    site: Integers = _PLAIN
    """(n_meetings,) where the meeting is held, a row of ``walk``."""
    walk: Integers = _PLAIN
    """(n_sites, n_sites) minutes that a person needs between two meetings of one day there, the same both ways."""
    at_once: Integers = _PLAIN
    """(n_parties,) people of the party: so many of its meetings can run at once."""
    heads: Integers = _PLAIN
    """(n_meetings, 2) people of each side in the meeting: 2 where two of a firm share it."""
    times: Integers = _PLAIN
    """(n_slots, 2) when each slot begins and ends, in minutes; left out, each lasts one, and the next begins at once.

    Slots of several lengths may overlap, such as those of booths and those of tables; a person in one is busy in all
    that it overlaps. Slots with ``places`` don't overlap each other. The units of a pool in a slot are available at
    every moment of the slot, in whatever slots they are used.
    """

    def __post_init__(self) -> None:
        meetings, parties, slots = len(self.value), len(self.parties), len(self.slots)
        shapes: dict[str, tuple[DTypeLike, tuple[int, ...]]] = {
            "day": (np.int64, (slots,)),
            "pairs": (np.int64, (meetings, 2)),
            "value": (np.float64, (meetings,)),
            "vetoed": (np.bool_, (meetings,)),
            "at_table": (np.bool_, (meetings,)),
            "fixed_slot": (np.int64, (meetings,)),
            "available": (np.bool_, (parties, slots)),
            "maximum": (np.int64, (parties,)),
            "minimum": (np.int64, (parties,)),
            "places": (np.int64, (slots,)),
        }
        plain = _plain(self)
        for name, default in plain.items():
            given: Any = getattr(self, name)
            if given is None or (name == "window" and _is_default(given)):
                object.__setattr__(self, name, default)
            else:
                shapes[name] = (default.dtype, default.shape)
        for name, (dtype, shape) in shapes.items():
            object.__setattr__(self, name, array(name, getattr(self, name), dtype, shape))
        object.__setattr__(self, "parties", tuple(self.parties))
        object.__setattr__(self, "slots", tuple(self.slots))
        check_problem(self)

    @property
    def fixed(self) -> Booleans:
        """(n_meetings,) whether the meeting keeps its slot."""
        return np.not_equal(self.fixed_slot, FREE)

    @property
    def penalty(self) -> float:
        """Cost of one meeting missing from a floor, in the unit of ``value``."""
        return self.floor_weight * float(self.value.max(initial=0.0))

    def common(self) -> Booleans:
        """(n_meetings, n_slots) whether both parties are there and the fair has what the meeting needs."""
        first, second = self.pairs.T
        equipped: Booleans = (self.places > 0) | ~self.at_table[:, None]
        both: Booleans = self.available[first] & self.available[second] & equipped
        if not everywhere(self.window):
            both &= self.window
        for column in self.uses.T:
            both &= (self.pools > 0)[column] | (column == FREE)[:, None]
        return both

    @property
    def people(self) -> Integers:
        """(n_parties,) largest number of meetings of each party, each of its people in one meeting after another."""
        if not self.mixed:
            most: Integers = self.available.sum(axis=1) * self.at_once
            return most
        # The largest set of slots that don't overlap: take the one that ends first again and again.
        until, number = np.full(len(self.parties), np.iinfo(np.int64).min), np.zeros(len(self.parties), np.int64)
        for slot in np.argsort(self.times[:, 1], kind="stable").tolist():
            begins, ends = self.times[slot]
            next_one = self.available[:, slot] & (until <= begins)
            until[next_one] = ends
            number += next_one
        return number * self.at_once

    @cached_property
    def mixed(self) -> bool:
        """Whether slots overlap."""
        return bool((self.times[1:, 0] < self.times[:-1, 1]).any())

    @cached_property
    def over(self) -> tuple[tuple[int, ...], ...]:
        """For each slot the slots that overlap it, itself among them."""
        if not self.mixed:
            return tuple((slot,) for slot in range(len(self.slots)))
        begins, ends = self.times.T
        common = (begins[:, None] < ends) & (begins < ends[:, None])
        return tuple(tuple(np.flatnonzero(row).tolist()) for row in common)

    @cached_property
    def idle_by(self) -> Integers:
        """(n_slots,) the earliest end of a later slot of the same day: a meeting that begins then or later makes a
        gap."""
        begins, ends = self.times.T
        later = (begins >= ends[:, None]) & (self.day == self.day[:, None])
        answer: Integers = np.where(later, ends, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
        return answer

    def load(self, placed: Booleans) -> Integers:
        """(n_parties,) number of placed meetings of each party."""
        return np.bincount(self.pairs[placed].ravel(), minlength=len(self.parties))

    def shortfall(self, placed: Booleans) -> Integers:
        """(n_parties,) meetings missing from each floor."""
        missing: Integers = np.maximum(self.minimum - self.load(placed), 0)
        return missing

    def objective(self, placed: Booleans, gaps: int = 0) -> float:
        """Value of the placed meetings less the cost of missing floors and of idle gaps; independent of the order of
        rows."""
        missing = self.penalty * int(self.shortfall(placed).sum())
        return math.fsum(self.value[placed].tolist()) - missing - self.gap_weight * gaps

    def name(self, meeting: int) -> str:
        """The meeting in words, for sentences about it."""
        first, second = self.pairs[meeting]
        return f"Meeting row {meeting} ('{self.parties[first]}' with '{self.parties[second]}')"


class Status(StrEnum):
    """What is proved about a timetable. None is infeasible: floors are soft, and fixed meetings are checked before."""

    OPTIMAL = "optimal"
    """Proved: the objective equals its bound within 1e-9 of it."""
    FEASIBLE = "feasible"
    """Sound, and at most ``bound - objective`` below the optimum."""


class Reason(IntEnum):
    """Why a meeting isn't placed; the first that holds, in this order."""

    PLACED = 0
    VETOED = 1
    """One side declined."""
    NO_COMMON_SLOT = 2
    """The two are never there at the same time, or only when the fair has no tables."""
    MAXIMUM_REACHED = 3
    """The party in ``limiting_party`` already has as many meetings as it may have."""
    NO_PLACE = 4
    """Both are free in a common slot, but its tables are all taken."""
    LOWER_VALUE = 5
    """In each common slot one of the two has another meeting, and no exchange of higher value was found."""
    NO_POOL = 6
    """Both are free in a common slot, but the booth or the interpreters it needs are taken: see ``limiting_pool``."""
    TOO_FAR = 7
    """Both are free, but one of them couldn't walk there from another meeting, or back to one, in time."""
    OUT_OF_ORDER = 8
    """Both are free, but only before a meeting that must come first, or after one that must come later."""
    WAITING = 9
    """It would fit, but the idle gaps that it makes cost more than its value."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Timetable:
    """The slot of each meeting, the objective with its bound, and the reason why a meeting isn't placed.

    ``objective <= bound`` always, and no timetable of the problem is worth more than ``bound``.
    """

    slot: Integers
    """(n_meetings,) the slot of each meeting, -1 where it isn't placed."""
    objective: float
    """Value of the placed meetings less the cost of missing floors (``problem.penalty`` each) and of idle gaps."""
    bound: float
    """Upper bound of the objective over all timetables."""
    status: Status
    seconds: float
    """Time the solver took."""
    shortfall: Integers
    """(n_parties,) meetings missing from each floor."""
    least_shortfall: int
    """Proved: in every timetable at least so many meetings are missing from floors, all parties together."""
    musts_missing: int
    """Meetings of the class ``must``, without vetoes, that aren't held."""
    least_musts_missing: int
    """Proved: in every timetable at least so many of them are missing."""
    breaks: Integers
    """(n_parties,) idle gaps between two meetings of one day, of all its people."""
    person: Integers
    """(n_meetings, 2) the person, from 0, that each party sends; the first if it sends several; -1 if not placed."""
    why_not: Integers
    """(n_meetings,) the ``Reason`` of each, 0 (PLACED) if the meeting is placed."""
    limiting_party: Integers
    """(n_meetings,) the party whose maximum is reached where that is the reason, otherwise -1."""
    limiting_pool: Integers
    """(n_meetings,) a pool that is taken where that is the reason, otherwise -1."""

    @property
    def placed(self) -> Booleans:
        """(n_meetings,) whether each meeting is held."""
        return np.not_equal(self.slot, FREE)

    @property
    def gap(self) -> float:
        """Largest distance of the objective from the optimum, as a share of the bound; 0 if it is proved optimal."""
        return 0.0 if self.status is Status.OPTIMAL else (self.bound - self.objective) / max(abs(self.bound), 1e-300)


def proved(objective: float, bound: float) -> bool:
    """Whether the objective equals its bound within 1e-9 of it."""
    return bound - objective <= 1e-9 * abs(bound)


def in_own_order(problem: TimetableProblem) -> tuple[TimetableProblem, Integers]:
    """The same problem with rows sorted by their contents, and the old row of each new meeting row.

    Parties, and the two of a pair, are sorted by name, and meetings from the most valuable. So decisions made row by
    row don't depend on the given order of the rows.
    """
    parties = np.argsort(problem.parties)
    renamed = np.argsort(parties)[problem.pairs]
    sides = np.argsort(renamed, axis=1, kind="stable")
    pairs = np.take_along_axis(renamed, sides, axis=1)
    heads = np.take_along_axis(problem.heads, sides, axis=1)
    keys = (*problem.uses.T, problem.site, problem.at_table, problem.fixed_slot, problem.vetoed, *pairs.T)
    meetings = np.lexsort((*keys, -problem.value))
    names = ["value", "vetoed", "at_table", "fixed_slot", "must", "uses", "site"]
    if not everywhere(problem.window):
        names.append("window")
    by_meeting = {name: getattr(problem, name)[meetings] for name in names}
    by_party = {name: getattr(problem, name)[parties] for name in ("available", "maximum", "minimum", "at_once")}
    before = np.argsort(meetings)[problem.before]
    ordered = replace(
        problem,
        parties=tuple(problem.parties[k] for k in parties),
        pairs=pairs[meetings],
        heads=heads[meetings],
        before=before[np.lexsort(before.T)],
        **by_meeting,
        **by_party,
    )
    return ordered, meetings


def by_class(value: Floats, must: Booleans) -> Floats:
    """(n_meetings,) values in which one must outweighs all other meetings, as far as floating point allows.

    The amount added to a must exceeds the values of all others together, so the order is lexicographic. In very large
    events it is 100,000 times the largest of them, and ``Timetable.least_musts_missing`` is the proof.
    """
    would = value[~must]
    step = min(1.0 + float(would.sum()), 1e5 * float(would.max(initial=1.0)))
    return np.where(must, value + step, value)


def everywhere(window: Booleans) -> bool:
    """Whether the window is the default, which needs no memory and excludes nothing."""
    return not any(window.strides)


def _is_default(window: Any) -> bool:
    return isinstance(window, np.ndarray) and window.ndim == 2 and everywhere(window) and bool(window[:1, :1].all())


def _plain(problem: TimetableProblem) -> dict[str, NDArray[np.generic]]:
    """Values of the fields of a plain event: no musts, windows, pools, order or walking, one person a party."""
    meetings, parties, slots = len(problem.value), len(problem.parties), len(problem.slots)

    def length(name: str) -> int:
        given: Any = getattr(problem, name)
        return 0 if given is None else len(given)

    used = np.shape(problem.uses)[1] if np.ndim(problem.uses) == 2 else 0
    sites = length("walk") or 1
    return {
        "must": np.zeros(meetings, np.bool_),
        "window": np.broadcast_to(np.True_, (meetings, slots)),
        "pools": np.zeros((length("pools"), slots), np.int64),
        "uses": np.full((meetings, used), FREE),
        "before": np.zeros((length("before"), 2), np.int64),
        "site": np.zeros(meetings, np.int64),
        "walk": np.zeros((sites, sites), np.int64),
        "at_once": np.ones(parties, np.int64),
        "heads": np.ones((meetings, 2), np.int64),
        "times": np.arange(slots)[:, None] + np.arange(2),
    }
