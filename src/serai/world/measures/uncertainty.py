"""Uncertainty of ranks: errors of the table, elasticities, and which choice decides (docs/method/indicators.md).

Flows are drawn around the published ones with a relative error that falls with their size (after Lenzen, Wood and
Wiedmann 2010, Economic Systems Research 22(1), and Wilting 2012, 24(2); the numbers are the project's own). Sobol's
indices say how much of the variance of a rank comes from each choice (Saltelli et al. 2010, Computer Physics
Communications 181(2)).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from serai.world.classifications.countries import find
from serai.world.hygiene import INPUTS_AT_MOST
from serai.world.measures import INDICATORS, WORLD, ask
from serai.world.measures.ranking import RULES, SCALINGS, Choices, n_parts, oriented, ranks_under, weights
from serai.world.table import Array, NotMeasured, WorldTable

RANKED = ("S1", "S2", "S3", "R1", "M1", "E1.1", "E3", "O2", "O4", "I1", "I2", "I3", "B2", "G2", "D1")
"""The indicators by which countries are ranked when nobody names others (docs/method/indicators.md)."""

ERROR_OF_ONE = 0.6
ERROR_FALLS = 0.12
LEAST_ERROR, MOST_ERROR = 0.05, 0.6
"""Relative standard deviation of a flow z of the table's unit: 0.6 z^-0.12, between these two."""

LEVELS = ("low", "value", "high")
"""The bounds of an indicator over its elasticity, 8, 5 and 3, as the indicators give them."""

FACTORS = ("weights", "scaling", "rule", "table error", "elasticity")


def disturbed(table: WorldTable, random: np.random.Generator) -> WorldTable:
    """A table with a random error in every flow, balanced again by x = L f.

    Errors are lognormal with mean 1, so that no flow changes its sign; inputs are capped at 98 % of output.
    """
    Z, F = _with_error(table.Z, random), _with_error(table.F, random)
    A = np.divide(Z, table.x, out=np.zeros(Z.shape), where=table.x != 0)
    inputs = A.sum(axis=0)
    A *= np.minimum(1, INPUTS_AT_MOST / np.where(inputs > 0, inputs, 1))
    leontief = np.asfortranarray(-A)
    leontief.flat[:: table.n + 1] += 1
    x = scipy.linalg.solve(leontief, F.sum(axis=1), overwrite_a=True, check_finite=False)
    return table.then("Flows drawn with their errors; output balanced anew.", Z=A * x, F=F)


def _with_error(flows: Array, random: np.random.Generator) -> Array:
    size = np.maximum(np.abs(flows.astype(np.float64)), np.finfo(float).tiny)
    error = np.clip(ERROR_OF_ONE * size**-ERROR_FALLS, LEAST_ERROR, MOST_ERROR)
    deviation = np.sqrt(np.log1p(error**2))
    return np.asarray(flows * np.exp(deviation * random.standard_normal(flows.shape) - deviation**2 / 2))


@dataclass(frozen=True, eq=False)
class Sample:
    """Indicators of countries under errors and elasticities: `values` (tables, levels, N, indicators), the first table
    being the published one. `left_out` says which indicators are not in it, and why."""

    countries: tuple[str, ...]
    symbols: tuple[str, ...]
    values: Array
    left_out: Mapping[str, str]

    @property
    def senses(self) -> tuple[int, ...]:
        """+1 where more is better, -1 where less is."""
        return tuple(INDICATORS[symbol].sense for symbol in self.symbols)

    @property
    def properties(self) -> tuple[str, ...]:
        """The property of each indicator."""
        return tuple(INDICATORS[symbol].property for symbol in self.symbols)

    @property
    def tables(self) -> Array:
        """Every table with every elasticity, shape (tables * levels, N, indicators)."""
        return self.values.reshape(-1, *self.values.shape[2:])


def sample(
    table: WorldTable,
    symbols: Sequence[str] = RANKED,
    *,
    errors: int = 20,
    seed: int = 0,
    step: Callable[[], object] = lambda: None,
) -> Sample:
    """Measure a table and `errors` disturbed ones; `step` is called after each.

    Left out, with the reason: what the table can't give for every country, and what has no sense by itself. Countries
    are those of ISO 3166-1 where the table has any: a rest of the world is no country. Raises NotMeasured where nothing
    is left.
    """
    random = np.random.default_rng(seed)
    disturbed_countries = [label for label in table.countries if find(label) is not None] or list(table.countries)
    left_out = {symbol: "More is neither better nor worse." for symbol in symbols if not INDICATORS[symbol].sense}
    chosen = [symbol for symbol in symbols if symbol not in left_out]
    every: list[dict[str, Array]] = []
    for version in _versions(table, errors, random):
        every.append({})
        for symbol in chosen:
            bounds = _bounds(version, symbol, disturbed_countries)
            if isinstance(bounds, str):
                left_out.setdefault(symbol, bounds)
            else:
                every[-1][symbol] = bounds
        step()
    kept = tuple(symbol for symbol in chosen if symbol not in left_out)
    if not kept:
        raise NotMeasured("The table gives none of the indicators to rank by.")
    values = np.stack([np.stack([answers[symbol] for symbol in kept], axis=-1) for answers in every])
    return Sample(tuple(disturbed_countries), kept, values, left_out)


def _versions(table: WorldTable, errors: int, random: np.random.Generator) -> Iterator[WorldTable]:
    yield table
    for _ in range(errors):
        yield disturbed(table, random)


def _bounds(table: WorldTable, symbol: str, countries: Sequence[str]) -> Array | str:
    """(levels, N) of one indicator for these countries, or why there is none."""
    records = {record.country: record for record in ask(table, INDICATORS[symbol])}
    missing = [country for country in countries if country not in records]
    if missing:
        return records[WORLD].reason or "It has no value by country."
    undefined = [country for country in countries if records[country].value is None]
    if undefined:
        return f"{undefined[0]}: {records[undefined[0]].reason}"
    return np.array([[getattr(records[country], level) for country in countries] for level in LEVELS], dtype=float)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Sobol's indices of each country's rank, shape (N, factors); NaN for a rank that never changes."""

    countries: tuple[str, ...]
    factors: tuple[str, ...]
    first_order: Array
    total: Array


def sensitivity(drawn: Sample, *, base: int = 2048, seed: int = 0) -> Sensitivity:
    """Which choice decides each country's rank: Sobol's first-order and total indices in a Saltelli design.

    `base` * (5 + 2) rankings, base a power of 2. Needs SALib (the extra `uncertainty`); raises an ImportError that says
    so without it.
    """
    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as design
    except ImportError:
        raise ImportError("Sobol's indices need SALib: install the extra 'serai[uncertainty]'.") from None
    groups = drawn.properties
    parts = n_parts(groups)
    names = ["weights"] * parts + list(FACTORS[1:])
    problem = {
        "num_vars": len(names),
        "names": [f"{name} {number}" for number, name in enumerate(names)],
        "bounds": [[0.0, 1.0]] * len(names),
        "groups": names,
    }
    points = design.sample(problem, base, calc_second_order=False, seed=seed)
    tables, levels, N, _ = drawn.values.shape
    scaling, rule, table, level = (
        np.minimum((points[:, parts + position] * count).astype(np.intp), count - 1)
        for position, count in enumerate((len(SCALINGS), len(RULES), tables, levels))
    )
    better = oriented(drawn.countries, drawn.tables, drawn.senses)
    exponential = -np.log1p(-np.minimum(points[:, :parts], 1 - 2**-53))
    choices = Choices(weights(np.maximum(exponential, 1e-300), groups), table * levels + level, scaling, rule)
    ranks = ranks_under(better, choices)
    first, total = np.full((2, N, len(FACTORS)), np.nan)
    for country in np.flatnonzero(np.ptp(ranks, axis=0) > 0):
        indices = analysis.analyze(problem, ranks[:, country], calc_second_order=False, num_resamples=2, seed=seed)
        first[country], total[country] = indices["S1"], indices["ST"]
    return Sensitivity(drawn.countries, FACTORS, first, total)
