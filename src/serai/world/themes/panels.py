"""Panels: one indicator by one source, by country and year, as arrays that can be added over countries.

A value is `top` over `bottom`. The world's value of a year is the sum of the tops over the sum of the bottoms, and a
relative between two years takes only the countries that have both, so that no country enters or leaves between them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from serai.world.arrays import Array, ratio
from serai.world.measures import WORLD
from serai.world.progress import Progress, silent
from serai.world.readers import read
from serai.world.readers.country_series import country_series
from serai.world.scorecards.properties import Measured, measured
from serai.world.scorecards.strengths import chains_of_the_package
from serai.world.supply.compilation import makers_of
from serai.world.supply.concentration import SINGLE_SOURCE as LEAST_SINGLE
from serai.world.supply.readers import shipped_shares
from serai.world.supply.records import Declared
from serai.world.themes.indicators import INDICATORS_OF_THEMES, SCALES, SINGLE_SOURCE, ThemeIndicator

COVERED = 0.75
"""The least part of what all countries of the base year hold that those with both years hold."""


@dataclass(frozen=True, eq=False)
class Panel:
    """An indicator by one source: `top` and `bottom` by country and year, (C, Y), NaN where there is none.

    `low` and `high` bound the value, (C, Y), where the indicator has an interval. `world` is the world's own value by
    year, (Y,), where the source has one; else it is made from the countries. `amounts` are what countries share in,
    (N, Y), NaN where not known, of an indicator whose world's value is the effective number of countries.
    """

    indicator: ThemeIndicator
    source: str
    countries: tuple[str, ...]
    years: tuple[int, ...]
    top: Array
    bottom: Array
    low: Array | None = None
    high: Array | None = None
    world: Array | None = None
    caution: str = ""
    amounts: Array | None = None

    @cached_property
    def values(self) -> Array:
        """By country and year, (C, Y)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.bottom > 0, self.top / self.bottom, np.nan)

    @cached_property
    def world_values(self) -> Array:
        """The world's value by year, (Y,), over the countries that the year has."""
        if self.world is not None:
            return self.world
        if self.amounts is not None:
            return effective_number(self.amounts)
        if not self.indicator.of_world:
            return np.full(len(self.years), np.nan)
        has_value = np.isfinite(self.values)
        top, bottom = (np.where(has_value, part, 0).sum(axis=0) for part in (self.top, self.bottom))
        return ratio(top, bottom)

    def members(self, year: int) -> int:
        """How many countries have a value in a year."""
        values = self.values if self.amounts is None else self.amounts
        return int(np.isfinite(values[:, self.years.index(year)]).sum())

    def pair(self, country: str, base: int, year: int) -> tuple[float, float] | None:
        """The values of the base year and of a year; None without both. `country` is an alpha-3 code or WORLD.

        The world's are over the countries that have both years, and are told where these hold at least COVERED of what
        all countries of the base year hold.
        """
        if base not in self.years or year not in self.years:
            return None
        at = [self.years.index(base), self.years.index(year)]
        if country == WORLD:
            pair = self._of_world(at) if self.world is None else self.world[at]
        elif country in self.countries:
            pair = self.values[self.countries.index(country), at]
        else:
            return None
        return (float(pair[0]), float(pair[1])) if np.isfinite(pair).all() else None

    def _of_world(self, at: Sequence[int]) -> Array:
        values, size = (self.values, self.bottom) if self.amounts is None else (self.amounts, self.amounts)
        has_value = np.isfinite(values[:, at])
        both = has_value.all(axis=1)
        held = np.where(has_value, size[:, at], 0)
        covered = held[both, 0].sum() / held[:, 0].sum() if has_value.any() else 0.0
        if not self.indicator.of_world or covered < COVERED:
            return np.full(2, np.nan)
        if self.amounts is not None:
            return effective_number(self.amounts[both][:, at])
        pair: Array = self.top[both][:, at].sum(axis=0) / held[both].sum(axis=0)
        return pair

    def relative(self, country: str, base: int, year: int) -> float | None:
        """The value of a year over that of the base year, turned round where less is better; None without both.

        None too where a value is not positive.
        """
        pair = self.pair(country, base, year)
        if pair is None or min(pair) <= 0:
            return None
        then, now = pair
        return now / then if self.indicator.sense > 0 else then / now


def effective_number(amounts: Array) -> Array:
    """Among how many countries of the same size each column is shared, by its Herfindahl index: 1 over the sum of the
    squared shares (Adelman 1969, Review of Economics and Statistics 51). Amounts (N, Y), NaN where not known; (Y,)."""
    shares = np.nan_to_num(ratio(amounts, np.nansum(amounts, axis=0)))
    return ratio(np.ones(shares.shape[1]), (shares**2).sum(axis=0))


def panels_of_series() -> list[Panel]:
    """The indicators that are counted by country and year, from the series in the package, and the chains' nodes."""
    return [*(_of_series(indicator) for indicator in INDICATORS_OF_THEMES if indicator.series), _single_source_nodes()]


def _single_source_nodes() -> Panel:
    """The part of the nodes with known makers that have a single source, over all chains in the package."""
    rows = shipped_shares()
    nodes = [makers for chain in chains_of_the_package() for makers in makers_of(Declared(chain), rows, None, None)]
    with_makers = [makers for makers in nodes if makers.named]
    single = np.array([max(makers.named.values()) >= LEAST_SINGLE for makers in with_makers])
    year = max(makers.year for makers in with_makers if makers.year is not None)
    none = np.empty((0, 1))
    source = "Shares of makers that come with Serai, each with its own source and year"
    return Panel(SINGLE_SOURCE, source, (), (year,), none, none, world=np.array([single.mean()]))


def _of_series(indicator: ThemeIndicator) -> Panel:
    beside = indicator.over or indicator.weight
    names = (*indicator.series, *([beside] if beside else []))
    series = [country_series(name) for name in names]
    countries = tuple(sorted(set.intersection(*(set(row.values) for row in series))))
    years = tuple(
        sorted({year for row in series[: len(indicator.series)] for of in row.values.values() for year in of})
    )
    grids = [np.array([[row.values[code].get(year, np.nan) for year in years] for code in countries]) for row in series]
    level = np.sum(grids[: len(indicator.series)], axis=0) * SCALES.get(indicator.key, 1.0)
    scale = grids[-1] if beside else np.where(np.isfinite(level), 1.0, np.nan)
    top = level * scale if indicator.weight else level
    source = "; ".join(dict.fromkeys(row.source for row in series))
    if indicator.is_spread:
        none = np.empty((0, len(years)))
        return Panel(indicator, source, (), years, none, none, amounts=level)
    return Panel(indicator, source, countries, years, top, scale)


def table_panels(tables: Iterable[Measured]) -> list[Panel]:
    """The indicators of tables; the years of one reader are one panel, as they share definition and classification."""
    by_reader: dict[str, list[Measured]] = {}
    for table in tables:
        by_reader.setdefault(table.name.partition("/")[0], []).append(table)
    return [
        panel
        for of_reader in by_reader.values()
        for indicator in INDICATORS_OF_THEMES
        if indicator.symbol and (panel := _of_tables(indicator, sorted(of_reader, key=lambda table: table.year)))
    ]


def _of_tables(indicator: ThemeIndicator, tables: Sequence[Measured]) -> Panel | None:
    having = [table for table in tables if table.values.get(indicator.symbol)]
    if not having:
        return None
    codes = dict.fromkeys(code for table in having for code in table.countries)
    countries = tuple(code for code in codes if len(code) == 3 and code != "ROW")
    cells = np.array([[_triple(table, indicator.symbol, code) for table in having] for code in countries])
    weights = np.array([[table.weights.get(code, np.nan) for table in having] for code in countries])
    worlds = [table.values[indicator.symbol].get(WORLD) for table in having]
    return Panel(
        indicator,
        having[-1].citation or having[-1].title,
        countries,
        tuple(table.year for table in having),
        cells[:, :, 0] * weights,
        np.where(np.isfinite(cells[:, :, 0]), weights, np.nan),
        cells[:, :, 1],
        cells[:, :, 2],
        None if None in worlds else np.array([world[0] for world in worlds if world]),
        next(
            (table.cautions[indicator.symbol] for table in reversed(having) if indicator.symbol in table.cautions), ""
        ),
    )


def _triple(table: Measured, symbol: str, code: str) -> tuple[float, float, float]:
    return table.values[symbol].get(code, (np.nan, np.nan, np.nan))


def panels_of_tables(names: Sequence[str], progress: Progress = silent) -> list[Panel]:
    """The same from tables by name, read one after the other. Raises what `serai.world.readers.read` does."""
    return table_panels(_tables(names, progress))


def _tables(names: Sequence[str], progress: Progress) -> Iterator[Measured]:
    """What the themes need of each table, and no more."""
    symbols = [indicator.symbol for indicator in INDICATORS_OF_THEMES if indicator.symbol]
    for place, name in enumerate(names):
        progress(name, place / len(names))
        yield measured(read(name), name, symbols=symbols)
    progress("", 1.0)
