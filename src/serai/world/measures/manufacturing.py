"""Industrial capability: in how many kinds of manufacturing a country takes part, and how much of the world's it does.

The counts are of exports of 2017 (scripts/completeness.py); the shares are the table's own, of its year.
"""

import csv
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from serai.world.arrays import Array, ratio
from serai.world.industries import members
from serai.world.measures import CountryValues, indicator
from serai.world.readers.country_series import country_codes
from serai.world.table import NotMeasured, WorldTable

YEAR = 2017
CAUTION = f"Industrial completeness is counted in {YEAR}."
KINDS = 124
"""Classes of ISIC Rev.4's section C to which headings of the Harmonized System lead."""

COUNTS: Mapping[str, tuple[str, str, str]] = {
    "D5": ("one_percent", "classes", "in how many classes of manufacturing a country has 1 % of the world's exports"),
    "D5.exported": ("exported", "classes", "in how many classes of manufacturing a country exports anything at all"),
    "D5.large": ("five_percent", "classes", "in how many classes of manufacturing a country has 5 % of world exports"),
    "D5.advantage": ("advantage", "classes", "in how many classes of manufacturing a country has an advantage"),
    "D5.nodes": ("nodes_one_percent", "nodes", "in how many nodes of chains a country has 1 % of the world's exports"),
    "D5.nodes.advantage": ("nodes_advantage", "nodes", "in how many nodes of chains a country has an advantage"),
}
"""Column of data/series/completeness.csv, unit and description of each indicator."""


@cache
def _counts() -> Mapping[str, Mapping[str, float]]:
    text = (files("serai.world") / "data" / "series" / "completeness.csv").read_text(encoding="utf-8")
    return {row.pop("country"): {name: float(value) for name, value in row.items()} for row in _rows(text)}


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def _count(symbol: str) -> Callable[[WorldTable], CountryValues]:
    column, _, description = COUNTS[symbol]

    def count(table: WorldTable) -> CountryValues:
        counts = _counts()
        values = np.array([counts.get(code, {}).get(column, np.nan) for code in country_codes(table)])
        if np.isnan(values).all():
            raise NotMeasured("It counts exports by product, and there are none of this table's countries.")
        return CountryValues(table.countries, values, caution=CAUTION)

    count.__name__ = f"industrial_completeness_{column}"
    count.__doc__ = f"{description[0].upper()}{description[1:]}."
    return count


for _symbol, (_column, _unit, _) in COUNTS.items():
    indicator(
        symbol=_symbol,
        property="digital",
        unit=_unit,
        range=(0, np.inf),
        sense=1,
        source="Counted from exports by HS heading (UN Comtrade); advantage after Balassa (1965)",
        reads=(),
        by_product=False,
    )(_count(_symbol))


def _share_of_makers(table: WorldTable, values: Array) -> CountryValues:
    """Share of each country in the sum of these values of cells (n,) over all manufacturers."""
    made = table.by_country(np.where(members(table, "manufacturing"), values, 0))
    return CountryValues(table.countries, ratio(made, made.sum(keepdims=True)))


@indicator(
    symbol="D6",
    property="digital",
    unit="1",
    range=(0, 1),
    sense=0,
    source="Baldwin (2024), VoxEU",
    reads=(),
    by_product=False,
)
def share_of_world_manufacturing(table: WorldTable) -> CountryValues:
    """Share of a country's manufacturers in the gross output of all the world's."""
    return _share_of_makers(table, table.x)


@indicator(
    symbol="D6.value_added",
    property="digital",
    unit="1",
    range=(-np.inf, np.inf),
    sense=0,
    source="Baldwin (2024), VoxEU",
    reads=("value_added",),
    by_product=False,
)
def share_of_world_manufacturing_value_added(table: WorldTable) -> CountryValues:
    """Share of a country's manufacturers in the value added of all the world's."""
    return _share_of_makers(table, table.v)
