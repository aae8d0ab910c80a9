"""What is counted by country and year, in the package: population, GDP, logistics, tariffs, governance, emissions.

The numbers stand in data/series, series.parquet and patents.parquet, what they are in series.toml beside them.
`with_country_series` adds them to a table as extensions.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from serai.world.classifications.countries import find
from serai.world.table import Array, Extension, WorldTable

FARTHEST_YEAR = 5
"""Years between a table and the number that stands for it; farther away there is none."""

FILES = ("series.parquet", "patents.parquet")

REST = "ROW"
"""The label of the rest of the world, which takes what the countries outside a table add up to."""

OF_COUNTRIES = (
    "population",
    "logistics_performance",
    "liner_shipping_connectivity",
    "container_traffic",
    "broadband",
    "secure_servers",
    "research_share",
    "high_tech_exports",
    "agreement_partners",
    "tariff_applied_weighted",
    "governance_political_stability",
    "governance_government_effectiveness",
    "governance_regulatory_quality",
    "governance_rule_of_law",
)
"""The series that a built-in table carries as extensions."""


@dataclass(frozen=True)
class Series:
    """One series: `values` by country (ISO 3166-1 alpha-3) and year; `additive` says whether countries may be added."""

    name: str
    title: str
    unit: str
    source: str
    terms: str
    additive: bool
    values: Mapping[str, Mapping[int, float]]

    def nearest(self, country: str, year: int) -> tuple[int, float] | None:
        """The year and number nearest to `year`, the earlier of two, at most FARTHEST_YEAR away; None without one."""
        of_country = self.values.get(country, {})
        near = min(of_country, key=lambda other: (abs(other - year), other), default=None)
        return None if near is None or abs(near - year) > FARTHEST_YEAR else (near, of_country[near])


@cache
def country_series(name: str) -> Series:
    """A series by name. Raises KeyError with the names that there are."""
    values = _numbers().get(name)
    if values is None:
        raise KeyError(f"There is no series '{name}'; there are {', '.join(series_names())}.")
    about = _about()
    key = name if name in about else f"{name.partition('_')[0]}_"
    return Series(name, values=values, **about[key])


def series_names() -> tuple[str, ...]:
    """The names of all series."""
    return tuple(_numbers())


def with_country_series(table: WorldTable, names: Iterable[str] = OF_COUNTRIES) -> WorldTable:
    """The table with these series as extensions by country, of its year or the nearest one within FARTHEST_YEAR.

    A country without a number has NaN. The rest of the world has the sum of all countries that the table does not name
    where the series may be added, and NaN where not. The extension's source names the years. Raises KeyError.
    """
    added = {name: _extension(table, country_series(name)) for name in names}
    return table.then(
        f"{len(added)} series by country added: {', '.join(added)}.", extensions={**table.extensions, **added}
    )


def series_of_table(table: WorldTable, series: Series) -> tuple[Array, tuple[int, ...]]:
    """The numbers of a series for the table's countries, shape (N,), and the years that they are of."""
    codes = country_codes(table)
    nearest = [series.nearest(code, table.year) for code in codes]
    values = np.array([np.nan if number is None else number[1] for number in nearest])
    years = [number[0] for number in nearest if number is not None]
    if REST in table.countries and series.additive:
        others = [series.nearest(code, table.year) for code in series.values if code not in codes]
        numbers = [number for number in others if number is not None]
        values[table.countries.index(REST)] = sum(value for _, value in numbers) if numbers else np.nan
        years += [year for year, _ in numbers]
    return values, tuple(sorted(set(years)))


def country_codes(table: WorldTable) -> tuple[str, ...]:
    """The ISO 3166-1 alpha-3 code of each of the table's countries; the label itself where it names none."""
    named = [(label, find(label)) for label in table.countries]
    return tuple(label if country is None or label == REST else country.alpha3 for label, country in named)


def _extension(table: WorldTable, series: Series) -> Extension:
    values, years = series_of_table(table, series)
    when = "no year" if not years else str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return Extension(values, series.unit, f"{series.source}; {series.terms}; {when}", additive=series.additive)


@cache
def _about() -> Mapping[str, Any]:
    """What each series is; one whose name ends with _ stands for all that begin so."""
    return tomllib.loads((files("serai.world") / "data" / "series" / "series.toml").read_text(encoding="utf-8"))


@cache
def _numbers() -> Mapping[str, Mapping[str, Mapping[int, float]]]:
    import polars as pl  # 20 MB, which a process that reads no table does not need

    frames = []
    for name in FILES:
        with (files("serai.world") / "data" / "series" / name).open("rb") as file:
            frames.append(pl.read_parquet(file).with_columns(pl.col("series", "country").cast(pl.String)))
    plain = pl.concat(frames)
    numbers: dict[str, dict[str, dict[int, float]]] = {}
    for name, country, year, value in zip(*(column.to_list() for column in plain), strict=True):
        numbers.setdefault(name, {}).setdefault(country, {})[year] = value
    return numbers
