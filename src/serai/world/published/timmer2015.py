"""Value added by origin in the final output of motor vehicles, as Timmer et al. (2015) print it.

Their tables are read from SERAI_DATA: columns table, unit (a country or region), measure, value.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from serai.world.published import Printed, quantity
from serai.world.table import Indices, WorldTable

FILE = "wiod2013/published_timmer2015.csv"
POINTS = 2.0
"""Difference in percentage points that counts as agreement."""

TRANSPORT_EQUIPMENT = "c15"
EASTERN_EUROPE = ("BGR", "CZE", "EST", "HUN", "LTU", "LVA", "POL", "ROM", "SVK", "SVN")
OTHER_EU = (
    *("AUT", "BEL", "CYP", "DNK", "ESP", "FIN", "FRA", "GBR", "GRC"),
    *("IRL", "ITA", "LUX", "MLT", "NLD", "PRT", "SWE"),
)
REGIONS = {
    "Germany": ("DEU",),
    "Eastern Europe": EASTERN_EUROPE,
    "Other EU": OTHER_EU,
    "NAFTA": ("CAN", "MEX", "USA"),
    "East Asia": ("CHN", "JPN", "KOR", "TWN"),
}
GERMAN, WORLD = "value added in German transport equipment, per cent", "value added in transport equipment, per cent"
TABLES = {"T1": GERMAN, "T4": WORLD}


def printed(path: Path) -> Iterator[Printed]:
    """The numbers of tables 1 and 4; table 3 draws its regions in a way that the file doesn't tell."""
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["table"] in TABLES:
                year = row["measure"].removesuffix("_pct").rpartition("_")[2]
                table, name = f"wiod2013/{year}", TABLES[row["table"]]
                yield Printed("timmer_2015", table, name, row["unit"], float(row["value"]), POINTS)


@quantity(GERMAN)
def origins_of_german_cars(table: WorldTable) -> Mapping[str, float]:
    """Value added by region in German final output of transport equipment."""
    shares = _origins(table, table.cells(["DEU"], [TRANSPORT_EQUIPMENT]))
    found = {region: sum(shares[country] for country in members) for region, members in REGIONS.items()}
    return found | {"Other": 100 - sum(found.values())}


@quantity(WORLD)
def origins_of_all_cars(table: WorldTable) -> Mapping[str, float]:
    """Value added by country in the world's final output of transport equipment."""
    return _origins(table, table.cells(None, [TRANSPORT_EQUIPMENT]))


def _origins(table: WorldTable, cells: Indices) -> dict[str, float]:
    output = np.zeros(table.n)
    output[cells] = table.final[cells].sum(axis=1)
    added = table.cell_origins @ output
    return dict(zip(table.countries, 100 * added / added.sum(), strict=True))
