"""The nine properties of a country, a group of countries, an industry or a chain, by every table at hand."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from serai.world.classifications.countries import find
from serai.world.measures import INDICATORS, PROPERTIES, WORLD, Record, measure
from serai.world.readers import READERS
from serai.world.table import WorldTable

ONE_A_PROPERTY = ("S1", "R1", "M1", "E1.2", "O2", "I2", "B2", "G2", "D1")
"""The default indicator of each property. Another choice is as good, so pictures name the indicator."""

MIDDLE = (0.25, 0.75)
"""Quantiles of the middle half."""

NOT_OF_THE_WORLD = ("leather",)
"""Tables of invented numbers."""


def tables_at_hand() -> tuple[str, ...]:
    """The names of all tables of the world on this machine, by year; of one year the one in the package first."""
    named = [
        (year, not reader.packaged, f"{reader.key}/{year}")
        for reader in READERS.values()
        if reader.key not in NOT_OF_THE_WORLD
        for year in reader.years
        if reader.find(year) is not None
    ]
    return tuple(name for _year, _mounted, name in sorted(named))


@dataclass(frozen=True)
class Measured:
    """The indicators of one table: `values` by symbol and country, WORLD among the countries; each is value, low, high.

    `reasons` say why a symbol is not measured, `cautions` what has to stand beside one that is. `weights` are the value
    added of each country, by which means over several are taken.
    """

    name: str
    year: int
    title: str
    citation: str
    countries: tuple[str, ...]
    weights: Mapping[str, float]
    values: Mapping[str, Mapping[str, tuple[float, float, float]]]
    reasons: Mapping[str, str]
    cautions: Mapping[str, str]


def measured(
    table: WorldTable, name: str, *, symbols: Collection[str] | None = None, cells: ArrayLike | None = None
) -> Measured:
    """The indicators of a table that are not costly, or only these `symbols`, for all countries; with `cells` for what
    these make."""
    values: dict[str, dict[str, tuple[float, float, float]]] = {}
    reasons, cautions = {}, {}
    for symbol, records in groupby(measure(table, symbols=symbols, cells=cells), key=lambda record: record.symbol):
        rows = list(records)
        values[symbol] = {code_of(row.country): _triple(row) for row in rows if row.value is not None}
        if not values[symbol]:
            reasons[symbol] = rows[0].reason
        if caution := next((row.caution for row in rows if row.caution), ""):
            cautions[symbol] = caution
    codes = tuple(code_of(label) for label in table.countries)
    added = table.by_country(table.v)
    return Measured(
        name,
        table.year,
        table.name,
        table.citation,
        codes,
        dict(zip(codes, added.tolist(), strict=True)),
        values,
        reasons,
        cautions,
    )


def code_of(label: str) -> str:
    """The alpha-3 code of a table's label; the label itself where it is no country."""
    country = None if label in {WORLD, "ROW"} else find(label)
    return country.alpha3 if country else label


def _triple(row: Record) -> tuple[float, float, float]:
    assert row.value is not None
    low = row.value if row.low is None else row.low
    high = row.value if row.high is None else row.high
    return row.value, low, high


@dataclass(frozen=True)
class Point:
    """A value of a subject by one table, with its interval; `middle` is the middle half of all countries.

    `members` says of how many countries a mean is.
    """

    table: str
    year: int
    value: float
    low: float
    high: float
    middle: tuple[float, float] | None = None
    members: int = 1


@dataclass(frozen=True)
class Row:
    """One indicator of a subject over the years, or the reason why it is not measured."""

    symbol: str
    property: str
    points: tuple[Point, ...]
    reason: str = ""
    caution: str = ""


def of_country(tables: Iterable[Measured], code: str) -> list[Row]:
    """The indicators of a country (alpha-3) by all tables. The interval is that of the indicator's own parameter."""

    def point(table: Measured, symbol: str) -> Point | None:
        values = table.values.get(symbol, {})
        if code not in values:
            return None
        return Point(table.name, table.year, *values[code], middle=_middle(values))

    return _rows(list(tables), point, lambda table: code in table.countries)


def of_group(tables: Iterable[Measured], codes: Collection[str]) -> list[Row]:
    """The mean of a group's members, by value added, in each table; the interval is its lowest and highest member."""

    def point(table: Measured, symbol: str) -> Point | None:
        values = {code: value for code, value in table.values.get(symbol, {}).items() if code in codes}
        if not values:
            return None
        levels = np.array([value[0] for value in values.values()])
        weights = np.array([table.weights[code] for code in values])
        mean = float(np.average(levels, weights=weights)) if weights.sum() > 0 else float(levels.mean())
        middle = _middle(table.values[symbol])
        return Point(table.name, table.year, mean, float(levels.min()), float(levels.max()), middle, len(values))

    return _rows(list(tables), point, lambda table: bool(set(codes) & set(table.countries)))


def of_all(tables: Iterable[Measured]) -> list[Row]:
    """The world's value, or where an indicator has none the median of all countries with their middle half.

    For an industry or a chain, whose tables are measured on its cells alone.
    """

    def point(table: Measured, symbol: str) -> Point | None:
        values = table.values.get(symbol, {})
        if WORLD in values:
            return Point(table.name, table.year, *values[WORLD])
        levels = [value[0] for value in values.values()]
        if not levels:
            return None
        low, median, high = np.quantile(levels, [MIDDLE[0], 0.5, MIDDLE[1]]).tolist()
        return Point(table.name, table.year, median, low, high, members=len(levels))

    return _rows(list(tables), point, lambda _table: True)


def _rows(
    tables: Sequence[Measured], point: Callable[[Measured, str], Point | None], covers: Callable[[Measured], bool]
) -> list[Row]:
    """A row for each indicator that any of the tables was asked for, in the order of the mission."""
    covering = [table for table in tables if covers(table)]
    rows = []
    for name in PROPERTIES:
        for symbol, declared in INDICATORS.items():
            if declared.property != name or not any(symbol in table.values for table in tables):
                continue
            points = tuple(made for table in covering if (made := point(table, symbol)) is not None)
            newest = covering[-1] if covering else None
            reason = "" if points else NO_TABLE if newest is None else newest.reasons.get(symbol, NO_VALUE)
            caution = next((t.cautions[symbol] for t in reversed(covering) if symbol in t.cautions), "")
            rows.append(Row(symbol, name, points, reason, caution if points else ""))
    return rows


NO_TABLE = "No table at hand has this country."
NO_VALUE = "The table gives no value here."


def _middle(values: Mapping[str, tuple[float, float, float]]) -> tuple[float, float] | None:
    levels = [value[0] for code, value in values.items() if code != WORLD]
    if len(levels) < 4:
        return None
    low, high = np.quantile(levels, MIDDLE).tolist()
    return low, high
