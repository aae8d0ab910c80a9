"""Measures of rankings, with confidence intervals: every change to search or ranking is evaluated by them.

A ranking is an array of candidates for each query, the best first. Relevance is an array of gains, 0 for a candidate
that is not relevant. A measure gives one number for each query, so that two rankings can be compared query by query.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

SAMPLES = 2_000
"""Number of bootstrap samples."""


@dataclass(frozen=True)
class Interval:
    """A mean over queries with its bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f} to {self.high:.3f})"


def ranked(scores: ArrayLike) -> Integers:
    """(n_queries, n_candidates) the candidates of each query, the best first; of equal scores the earlier column
    first."""
    ranking: Integers = np.argsort(-np.asarray(scores, dtype=np.float64), axis=1, kind="stable")
    return ranking


def gains_of(ranking: Integers, relevance: ArrayLike) -> Floats:
    """(n_queries, n_ranked) the relevance of each ranked candidate, given (n_queries, n_candidates)."""
    return np.take_along_axis(np.asarray(relevance, dtype=np.float64), ranking, axis=1)


def found_at(gains: Floats, k: int) -> Floats:
    """Success at k: 1 for a query with a relevant candidate among its first `k`, else 0."""
    return (gains[:, :k] > 0).any(axis=1).astype(np.float64)


def recall_at(gains: Floats, k: int, relevant: ArrayLike | None = None) -> Floats:
    """Share of the relevant candidates that are among the first `k`.

    `relevant` (n_queries,) is their number for each query, by default those in the ranking; a query with none has
    recall 1.
    """
    total = (gains > 0).sum(axis=1) if relevant is None else np.asarray(relevant)
    hits = (gains[:, :k] > 0).sum(axis=1)
    return np.divide(hits, total, out=np.ones(len(gains)), where=total > 0)


def reciprocal_rank(gains: Floats) -> Floats:
    """1 / the place of the first relevant candidate, 0 where there is none."""
    first = (gains > 0).argmax(axis=1)
    return np.where((gains > 0).any(axis=1), 1 / (first + 1), 0.0)


def ndcg_at(gains: Floats, k: int, ideal: Floats | None = None) -> Floats:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002) of the first `k`, with gains as they are.

    `ideal` (n_queries, n) are all gains, by default those of the ranking. 1 where all are zero.
    """
    best = -np.sort(-(gains if ideal is None else ideal), axis=1)
    reached, possible = (_discounted(of_query[:, :k]) for of_query in (gains, best))
    return np.divide(reached, possible, out=np.ones(len(gains)), where=possible > 0)


def _discounted(gains: Floats) -> Floats:
    total: Floats = gains @ (1 / np.log2(np.arange(gains.shape[1]) + 2))
    return total


def gini(amounts: ArrayLike) -> float:
    """Gini coefficient of the amounts: 0 where all are equal, towards 1 where one has everything; 0 if all are 0.

    Raises ValueError for negative amounts.
    """
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    if ordered.size and ordered[0] < 0:
        raise ValueError("A Gini coefficient is that of amounts of at least 0; some are negative.")
    if not ordered.sum():
        return 0.0
    places = np.arange(1, len(ordered) + 1)
    return float((2 * places - len(ordered) - 1) @ ordered / (len(ordered) * ordered.sum()))


def interval(
    values: ArrayLike, *, groups: ArrayLike | None = None, level: float = 0.95, samples: int = SAMPLES, seed: int = 0
) -> Interval:
    """The mean of `values` and its percentile bootstrap interval (Efron 1979).

    Queries that depend on each other (the languages of one concept) share a number in `groups` and are drawn together.
    Raises ValueError where there are no values.
    """
    measured = np.asarray(values, dtype=np.float64)
    if not len(measured):
        raise ValueError("Nothing was measured, so there is no mean; give at least one query.")
    _, group = np.unique(np.arange(len(measured)) if groups is None else np.asarray(groups), return_inverse=True)
    total, size = np.bincount(group, measured), np.bincount(group)
    drawn = np.random.default_rng(seed).integers(len(size), size=(samples, len(size)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(measured.mean()), float(low), float(high))


def interval_of(
    statistic: Callable[[Integers], float], size: int, *, level: float = 0.95, samples: int = 500, seed: int = 0
) -> Interval:
    """A statistic of a sample of `size`, such as a Gini coefficient, with its percentile bootstrap interval.

    `statistic` takes the rows to be counted: all, or as many drawn with replacement. Raises ValueError for size 0.
    """
    if not size:
        raise ValueError("There is nothing to draw from; give at least one thing.")
    random = np.random.default_rng(seed)
    drawn = [statistic(random.integers(size, size=size)) for _sample in range(samples)]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(statistic(np.arange(size))), float(low), float(high))


def better_by(ours: ArrayLike, theirs: ArrayLike, *, groups: ArrayLike | None = None, seed: int = 0) -> Interval:
    """Mean difference of two methods on the same queries; ours is significantly better where `low` is above 0."""
    return interval(np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64), groups=groups, seed=seed)


def calibration_error(chance: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015): mean distance of chance and share right in bins of chance.

    Each bin is weighted by its number of predictions; 0 for a perfect calibration.
    """
    predicted, true = np.asarray(chance, dtype=np.float64), np.asarray(right, dtype=np.float64)
    bin_ = np.minimum((predicted * bins).astype(np.int64), bins - 1)
    return float(np.abs(np.bincount(bin_, predicted, bins) - np.bincount(bin_, true, bins)).sum() / len(predicted))


def calibration_error_by_mass(chance: ArrayLike, right: ArrayLike, bins: int = 5) -> float:
    """The same in bins of equally many predictions, ordered by chance, so that rare high chances are not lost."""
    predicted, true = np.asarray(chance, dtype=np.float64), np.asarray(right, dtype=np.float64)
    order = np.argsort(predicted, kind="stable")
    return float(np.mean([abs(predicted[part].mean() - true[part].mean()) for part in np.array_split(order, bins)]))
