"""Ranks with their uncertainty (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 7).

No ranking is right: weights, scaling and the rule that joins properties are choices. Many rankings are drawn over these
choices. The answer holds intervals of ranks, how often one country is above another, and which countries nobody
dominates. There is no default composite.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from serai.world.arrays import ratio
from serai.world.table import Array, Indices

WINSORISED = (2.5, 97.5)
LEAST_SCORE = 0.1
"""Geometric means use scores mapped to [0.1, 1], because a single zero would make the mean zero."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The result of many rankings. `ranks` (draws, N) count from 1 (best); ties take the mean."""

    countries: tuple[str, ...]
    ranks: Array
    dominant: tuple[str, ...]
    """Countries that no other one equals or betters in every indicator, whatever the weights."""

    @property
    def median(self) -> Array:
        """Median rank of each country, shape (N,)."""
        return np.asarray(np.median(self.ranks, axis=0))

    def interval(self, share: float = 0.9) -> tuple[Array, Array]:
        """Ranks between which each country stands in this share of the draws, two arrays of shape (N,)."""
        tail = 50 * (1 - share)
        low, high = np.percentile(self.ranks, [tail, 100 - tail], axis=0)
        return np.asarray(low), np.asarray(high)

    @property
    def above(self) -> Array:
        """How often the row's country stands above the column's, shape (N, N); ties count half."""
        N = len(self.countries)
        share = np.empty((N, N))
        for country in range(N):
            own = self.ranks[:, [country]]
            share[country] = (own < self.ranks).mean(axis=0) + 0.5 * (own == self.ranks).mean(axis=0)
        return share

    def decided(self, share: float = 0.95) -> float:
        """Share of pairs of countries that keep their order in at least this share of the draws."""
        above = self.above[np.triu_indices(len(self.countries), 1)]
        return float((np.maximum(above, 1 - above) >= share).mean())


@dataclass(frozen=True, eq=False)
class Choices:
    """One choice of everything for each of `m` rankings: weights (m, indicators), and which table, scaling and rule."""

    weights: Array
    table: Indices
    scaling: Indices
    rule: Indices


def rank(
    countries: Sequence[str],
    values: Array,
    senses: Sequence[int],
    groups: Sequence[str] | None = None,
    *,
    draws: int = 4000,
    seed: int = 0,
) -> Ranking:
    """Rank countries by indicators over random choices of weights, scaling and rule.

    `values` (N, indicators), or (tables, N, indicators) where several tables or error draws are at hand, of which each
    draw takes one. `senses` are +1 where more is better and -1 where less is. `groups` names the property of each
    indicator: weights are drawn evenly (Dirichlet 1) over properties, and within each over its indicators. Raises
    ValueError for a missing value: leave the country or the indicator out and say so.
    """
    better = oriented(countries, values, senses)
    random = np.random.default_rng(seed)
    parts = random.exponential(size=(draws, n_parts(_groups(groups, better))))
    choices = Choices(
        weights(parts, _groups(groups, better)),
        random.integers(len(better), size=draws),
        random.integers(len(SCALINGS), size=draws),
        random.integers(len(RULES), size=draws),
    )
    dominant = np.asarray(countries)[_undominated(better)].tolist()
    return Ranking(tuple(countries), ranks_under(better, choices), tuple(dominant))


def oriented(countries: Sequence[str], values: Array, senses: Sequence[int]) -> Array:
    """The values as (tables, N, indicators) with more being better in each. Raises ValueError for a missing one."""
    tables = np.asarray(values, dtype=np.float64).reshape(-1, *np.shape(values)[-2:])
    if not np.isfinite(tables).all():
        _, country, column = (int(index) for index in np.argwhere(~np.isfinite(tables))[0])
        raise ValueError(f"{countries[country]} has no value in indicator {column + 1}; leave one of them out.")
    return np.asarray(tables * np.asarray(senses, dtype=float))


def ranks_under(better: Array, choices: Choices) -> Array:
    """Ranks under each choice, shape (m, N), from oriented values (tables, N, indicators)."""
    ranks = np.empty((len(choices.table), better.shape[1]))
    scalings, rules = tuple(SCALINGS.values()), tuple(RULES.values())
    for position, table in enumerate(better):
        for scaling, scale in enumerate(scalings):
            drawn = (choices.table == position) & (choices.scaling == scaling)
            scaled = scale(table) if drawn.any() else table
            for number, join in enumerate(rules):
                chosen = np.flatnonzero(drawn & (choices.rule == number))
                if len(chosen):
                    ranks[chosen] = _ranks(join(scaled, choices.weights[chosen]))
    return ranks


def weights(parts: Array, groups: Sequence[str]) -> Array:
    """Weights (m, indicators) that add to 1, Dirichlet over groups times Dirichlet within each.

    `parts` (m, `n_parts(groups)`) are exponential numbers: one a group, then one an indicator of each group.
    """
    names = list(dict.fromkeys(groups))
    between = parts[:, : len(names)] / parts[:, : len(names)].sum(axis=1, keepdims=True)
    within = parts[:, len(names) :]
    drawn = np.empty(within.shape)
    for position, name in enumerate(names):
        members = [index for index, group in enumerate(groups) if group == name]
        own = within[:, members]
        drawn[:, members] = between[:, [position]] * own / own.sum(axis=1, keepdims=True)
    return drawn


def n_parts(groups: Sequence[str]) -> int:
    """How many random numbers a draw of weights takes."""
    return len(set(groups)) + len(groups)


def property_correlations(values: Array, senses: Sequence[int], groups: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """How properties go together over countries: names (P,) and Pearson correlations (P, P) of their mean percentiles.

    A negative one says that a mean of the two would hide a conflict. `values` (N, indicators) or (tables, N, ...).
    """
    better = oriented(("",) * np.shape(values)[-2], values, senses).mean(axis=0)
    places, names = _percentiles(better), tuple(dict.fromkeys(groups))
    scores = [places[:, [group == name for group in groups]].mean(axis=1) for name in names]
    return names, np.atleast_2d(np.corrcoef(scores))


def _groups(groups: Sequence[str] | None, better: Array) -> Sequence[str]:
    return groups if groups is not None else ("all",) * better.shape[2]


def _z_scores(values: Array) -> Array:
    return np.nan_to_num(ratio(values - values.mean(axis=0), values.std(axis=0)))


def _winsorised_range(values: Array) -> Array:
    low, high = np.percentile(values, WINSORISED, axis=0)
    return np.nan_to_num(ratio(np.clip(values, low, high) - low, high - low))


def _percentiles(values: Array) -> Array:
    return np.asarray((rankdata(values, axis=0) - 1) / max(len(values) - 1, 1))


SCALINGS: Mapping[str, Callable[[Array], Array]] = {
    "z-scores": _z_scores,
    "winsorised range": _winsorised_range,
    "percentile ranks": _percentiles,
}
"""One table's values (N, indicators) on a common scale; an indicator that never differs is 0 or the same everywhere."""


def _arithmetic(scores: Array, weights: Array) -> Array:
    return np.asarray(weights @ scores.T)


def _geometric(scores: Array, weights: Array) -> Array:
    unit = np.nan_to_num(ratio(scores - scores.min(axis=0), np.ptp(scores, axis=0)))
    return np.asarray(weights @ np.log(LEAST_SCORE + (1 - LEAST_SCORE) * unit).T)


def _copeland(scores: Array, weights: Array) -> Array:
    """Duels won minus duels lost. The country with the larger weight of better indicators wins a duel, whatever the
    gaps."""
    N, K = scores.shape
    duels = np.sign(scores[:, None, :] - scores[None, :, :]).reshape(N * N, K)
    return np.asarray(np.sign((weights @ duels.T).round(12)).reshape(-1, N, N).sum(axis=2))


RULES: Mapping[str, Callable[[Array, Array], Array]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "Copeland": _copeland,
}
"""Scores (m, N) of countries from scaled indicators (N, K) and weights (m, K); more is better."""


def _ranks(scores: Array) -> Array:
    """Rank of each score in its row, 1 the largest, ties the mean of their places."""
    return np.asarray(rankdata(-scores, axis=-1))


def _undominated(tables: Array) -> NDArray[np.bool_]:
    """Which countries no other one equals or betters in every indicator of every table, better in one at least."""
    values = tables.transpose(1, 0, 2).reshape(tables.shape[1], -1)
    as_good = (values[:, None, :] >= values[None, :, :]).all(axis=2)
    better = (values[:, None, :] > values[None, :, :]).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=0))
