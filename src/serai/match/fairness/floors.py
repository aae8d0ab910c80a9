"""Floors of exposure: the lists of the highest score in which every firm stands as often as it was promised.

The lists are a minimum-cost flow (Ahuja, Magnanti and Orlin 1993, chapter 9): a unit from a reader to a column is a
place in a list. What a column gets up to its floor is worth more than any choice of scores, so a floor is missed only
where no lists whatever keep it: the flow is the proof.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from serai.match.evaluation import Interval, gini, interval, interval_of
from serai.match.fairness.measures import (
    NOBODY,
    Floats,
    Integers,
    Lists,
    best,
    exposure,
    normalised_gains,
)

SCORE_STEPS = 10_000
"""Scores are told apart down to this fraction of the largest; a flow counts in whole numbers."""


SEEN, USUAL = 3.0, 0.5
"""What the first list of a column is worth, and each further one up to its usual number: the first more, the others
less than a best partner (`lists.CLOSEST`)."""


@dataclass(frozen=True)
class Guaranteed:
    """Lists that keep the floors; `shortfall` (m,) is by how many lists each column misses its floor.

    The sum of the shortfall is the smallest that is possible with these candidates: above 0 proves that no lists of
    this length keep all floors.
    """

    lists: Lists
    shortfall: Integers

    @property
    def kept(self) -> bool:
        return not self.shortfall.any()


def guarantee(
    scores: sparse.csr_array,
    k: ArrayLike,
    *,
    least: ArrayLike = 0,
    usual: ArrayLike = 0,
    most: ArrayLike | None = None,
) -> Guaranteed:
    """Lists of at most `k` columns a row with the highest sum of scores in which each column stands in `least` lists.

    `k` is one number, or one for each row. Where its `usual` number is 1 or more, the first list of a column is worth
    `SEEN` more, and each further one up to that number `USUAL`. No column stands in more than `most` lists, where
    given; then some lists may be shorter. Only entries of `scores` (n, m), which are above 0, are candidates; a list is
    ordered by them. Raises ValueError for a negative number, or a floor above its ceiling.
    """
    n, m = scores.shape
    floor = _whole(least, m, "floor")
    ceiling = np.full(m, n, dtype=np.int64) if most is None else _whole(most, m, "ceiling")
    if np.any(floor > ceiling):
        wrong = int(np.argmax(floor > ceiling))
        raise ValueError(f"Column {wrong} has the floor {floor[wrong]} above its ceiling {ceiling[wrong]}.")
    pairs = scores.tocoo()
    row, column = pairs.row.astype(np.int64), pairs.col.astype(np.int64)
    if not np.all(pairs.data > 0):
        raise ValueError("A score is not above 0; leave out pairs that are no candidates, and add 1 to the others.")
    places = _whole(k, n, "length of a list")
    worth = np.rint(SCORE_STEPS * (pairs.data / pairs.data.max(initial=0.0))).astype(np.int64)

    expected = np.clip(_whole(usual, m, "usual number"), floor, ceiling)
    first = np.maximum(floor, np.minimum(expected, 1))
    seen, more = (np.rint(SCORE_STEPS * value / pairs.data.max(initial=1e-9)) for value in (SEEN, USUAL))
    # One more unit on a floor moves at most a path of 2 min(n, m) + 1 pairs.
    promised = (SCORE_STEPS + seen) * (2 * min(n, m) + 2)

    source, sink = n + m, n + m + 1
    readers, columns = np.arange(n), n + np.arange(m)
    arcs = [
        (row, n + column, np.ones_like(row), -worth),
        (np.full(n, source), readers, places, np.zeros(n)),
        (columns, np.full(m, sink), floor, np.full(m, -promised)),
        (columns, np.full(m, sink), first - floor, np.full(m, -seen)),
        (columns, np.full(m, sink), expected - first, np.full(m, -more)),
        (columns, np.full(m, sink), ceiling - expected, np.zeros(m)),
    ]
    tail, head, capacity, cost = (np.concatenate(part).astype(np.int64) for part in zip(*arcs, strict=True))
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # 13 MB, which lists without floors do not need

    flow = SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    flow.set_node_supply(source, int(places.sum()))
    flow.set_node_supply(sink, -int(places.sum()))
    if (status := flow.solve_max_flow_with_min_cost()) != flow.OPTIMAL:
        raise ValueError(f"The flow of {n} x {m} with {len(row)} candidates ended with {status}, not with an optimum.")
    sent = flow.flows(numbers)
    chosen = sent[: len(row)] > 0
    kept = sparse.csr_array((pairs.data[chosen], (row[chosen], column[chosen])), shape=(n, m))
    return Guaranteed(best(kept, int(places.max(initial=0))), floor - sent[len(row) + n : len(row) + n + m])


def _whole(given: ArrayLike, size: int, what: str) -> Integers:
    values: Integers = np.broadcast_to(np.asarray(given, dtype=np.int64), (size,))
    if np.any(values < 0):
        raise ValueError(f"A {what} is {values.min()}; give 0 or more.")
    return values


SLACK = 1.5
"""Largest number of lists of a column in spread lists, as a multiple of the expected number; `k` lists it may always
have."""


def spread(scores: sparse.csr_array, expected: sparse.csr_array, k: int, *, promised: ArrayLike = 0) -> Guaranteed:
    """The lists of the highest `scores` in which each column stands about as often as `expected` (n, m), and at least
    as often as `promised` (m,).

    Without these bounds, rows with equal expectations would all list the same columns. The promise has priority over
    all, and a best partner over the expectation; the shortfall is that of the promise.
    """
    lists = expected_lists(expected, k)
    floor = _whole(promised, len(lists), "floor")
    usual = np.rint(lists).astype(np.int64)
    most = np.maximum(np.maximum(np.ceil(SLACK * lists).astype(np.int64), min(k, scores.shape[0])), floor)
    return guarantee(scores, k, least=floor, usual=usual, most=most)


def expected_lists(expected: sparse.csr_array, k: int) -> Floats:
    """(m,) expected number of lists of each column: each row divides its `k` places by `expected` (n, m)."""
    total = np.asarray(expected.sum(axis=1))
    places = np.minimum(k, np.diff(expected.indptr))
    a_row = np.divide(places, total, out=np.zeros(len(total)), where=total > 0)
    return np.asarray(a_row @ expected)


def _counts(lists: Lists, columns: int) -> Integers:
    return np.bincount(lists[lists != NOBODY], minlength=columns)


# Over several days


@dataclass(frozen=True)
class Ledger:
    """(m,) the numbers of lists promised to each column so far, and of those given."""

    promised: Integers
    given: Integers

    @classmethod
    def opened(cls, columns: int) -> "Ledger":
        return cls(np.zeros(columns, dtype=np.int64), np.zeros(columns, dtype=np.int64))

    def floor(self, a_day: ArrayLike) -> Integers:
        """(m,) the lists that the next day must give to keep the promise of `a_day` until its end.

        A day that gave more than promised lowers the floor of the next day, a day that gave less raises it.
        """
        owed: Integers = np.maximum(self.promised + np.asarray(a_day, dtype=np.int64) - self.given, 0)
        return owed

    def after(self, lists: Lists, a_day: ArrayLike) -> "Ledger":
        """The ledger after a day with these lists and the promise of `a_day`."""
        return Ledger(self.promised + np.asarray(a_day, dtype=np.int64), self.given + _counts(lists, len(self.given)))


# The cost of a floor


@dataclass(frozen=True)
class Point:
    """One floor and its effects.

    `gain` is nDCG against each reader's own scores, `gini` that of the exposure, `unseen` the share of columns in no
    list, `protected` the share of exposure of the protected columns, and `shortfall` the lists missing from floors. The
    ranges are 95 % bootstrap intervals: of the gain over the readers, of the others over the columns counted.
    """

    floor: int
    gain: float
    gini: float
    unseen: float
    protected: float
    shortfall: int
    gain_range: tuple[float, float]
    gini_range: tuple[float, float]
    protected_range: tuple[float, float]


def curve(
    make: Callable[[Integers], Guaranteed],
    relevance: sparse.csr_array,
    protected: NDArray[np.bool_],
    floors: Iterable[int],
    *,
    counted: NDArray[np.bool_] | None = None,
) -> Iterator[Point]:
    """The trade-off of floors for the `protected` columns (m,): one point a floor.

    `make` makes the lists for the floors of all columns, and `relevance` (n, m) measures their gain. Exposure is
    compared among the `counted` columns (m,), by default all.
    """
    columns = np.arange(len(protected)) if counted is None else np.flatnonzero(counted)
    marked = protected[columns]

    def share(seen: Floats, rows: Integers) -> float:
        return float(seen[rows[marked[rows]]].sum() / seen[rows].sum()) if seen[rows].any() else 0.0

    for floor in floors:
        guaranteed = make(np.where(protected, floor, 0))
        among = exposure(guaranteed.lists, len(protected))[columns]
        gains = normalised_gains(guaranteed.lists, relevance)
        gain = interval(gains) if len(gains) else Interval(1.0, 1.0, 1.0)
        spread_of = of_protected = Interval(0.0, 0.0, 0.0)
        if len(among):
            spread_of = interval_of(lambda rows, seen=among: gini(seen[rows]), len(among))  # type: ignore[misc]
            of_protected = interval_of(lambda rows, seen=among: share(seen, rows), len(among))  # type: ignore[misc]
        yield Point(
            floor=floor,
            gain=gain.mean,
            gini=spread_of.mean,
            unseen=float(np.mean(among == 0)) if len(among) else 0.0,
            protected=of_protected.mean,
            shortfall=int(guaranteed.shortfall.sum()),
            gain_range=(gain.low, gain.high),
            gini_range=(spread_of.low, spread_of.high),
            protected_range=(of_protected.low, of_protected.high),
        )
