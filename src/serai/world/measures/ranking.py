"""Ranks that say how sure they are (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 7).

No ranking is right: weights, scaling and the rule that joins properties are choices. Many rankings are drawn over these
choices, and the answer is what they share: intervals of ranks, how often one country is above another, who is dominated
by nobody. There is no default composite.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serai.world.measures import ratio
from serai.world.table import Array

SCALINGS = ("z-scores", "winsorised range", "percentile ranks")
RULES = ("arithmetic", "geometric", "Copeland")
WINSORISED = (2.5, 97.5)
LEAST_SCORE = 0.1
"""Geometric means are taken of scores mapped to [0.1, 1]: a zero would decide alone."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """What `draws` rankings share. Ranks count from 1 (best); ties take the mean."""

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
        found = np.empty((N, N))
        for country in range(N):
            own = self.ranks[:, [country]]
            found[country] = (own < self.ranks).mean(axis=0) + 0.5 * (own == self.ranks).mean(axis=0)
        return found

    def decided(self, share: float = 0.95) -> float:
        """Share of pairs of countries that keep their order in at least this share of the draws."""
        above = self.above[np.triu_indices(len(self.countries), 1)]
        return float((np.maximum(above, 1 - above) >= share).mean())


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
    tables = np.asarray(values, dtype=np.float64).reshape(-1, *np.shape(values)[-2:])
    if not np.isfinite(tables).all():
        _, country, column = (int(index) for index in np.argwhere(~np.isfinite(tables))[0])
        raise ValueError(f"{countries[country]} has no value in indicator {column + 1}; leave one of them out.")
    random = np.random.default_rng(seed)
    oriented = tables * np.asarray(senses, dtype=float)
    scaled = {scaling: np.stack([_scale(table, scaling) for table in oriented]) for scaling in SCALINGS}
    weights = _weights(list(groups or ["all"] * len(senses)), draws, random)
    ranks = np.empty((draws, len(countries)))
    which = random.integers(len(tables), size=draws)
    scaling, rule = random.integers(len(SCALINGS), size=draws), random.integers(len(RULES), size=draws)
    for draw in range(draws):
        scores = scaled[SCALINGS[scaling[draw]]][which[draw]]
        ranks[draw] = _ranks(_join(scores, weights[draw], RULES[rule[draw]]))
    return Ranking(tuple(countries), ranks, tuple(np.asarray(countries)[_undominated(oriented)].tolist()))


def _scale(values: Array, scaling: str) -> Array:
    """One table's oriented values (N, indicators) on a common scale; an indicator that never differs is 0."""
    if scaling == "z-scores":
        spread = values.std(axis=0)
        return np.nan_to_num(ratio(values - values.mean(axis=0), spread))
    if scaling == "winsorised range":
        low, high = np.percentile(values, WINSORISED, axis=0)
        width = high - low
        return np.nan_to_num(ratio(np.clip(values, low, high) - low, width))
    return 1 - (np.apply_along_axis(_ranks, 0, values) - 1) / max(len(values) - 1, 1)


def _join(scores: Array, weights: Array, rule: str) -> Array:
    """One score a country from its scaled indicators; more is better."""
    if rule == "arithmetic":
        return np.asarray(scores @ weights)
    if rule == "geometric":
        low, width = scores.min(axis=0), np.ptp(scores, axis=0)
        unit = np.nan_to_num(ratio(scores - low, width))
        return np.asarray(np.log(LEAST_SCORE + (1 - LEAST_SCORE) * unit) @ weights)
    wins = (np.sign(scores[:, None, :] - scores[None, :, :]) @ weights).round(12)
    return np.asarray(np.sign(wins).sum(axis=1))


def _weights(groups: list[str], draws: int, random: np.random.Generator) -> Array:
    """Weights (draws, indicators): Dirichlet over groups times Dirichlet within each."""
    names = list(dict.fromkeys(groups))
    between = random.dirichlet(np.ones(len(names)), size=draws)
    weights = np.empty((draws, len(groups)))
    for position, name in enumerate(names):
        members = [index for index, group in enumerate(groups) if group == name]
        within = random.dirichlet(np.ones(len(members)), size=draws)
        weights[:, members] = between[:, [position]] * within
    return weights


def _ranks(scores: Array) -> Array:
    """Rank of each score, 1 the largest, ties the mean of their places."""
    below = (scores[:, None] < scores[None, :]).sum(axis=1)
    return np.asarray(1 + below + ((scores[:, None] == scores[None, :]).sum(axis=1) - 1) / 2)


def _undominated(tables: Array) -> NDArray[np.bool_]:
    """Which countries no other one equals or betters in every indicator of every table, better in one at least."""
    values = tables.transpose(1, 0, 2).reshape(tables.shape[1], -1)
    as_good = (values[:, None, :] >= values[None, :, :]).all(axis=2)
    better = (values[:, None, :] > values[None, :, :]).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=0))
