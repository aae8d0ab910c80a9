"""Value added by origin in the final output of motor vehicles, as Timmer et al. (2015) print it.

Their tables are read from SERAI_DATA: columns table, unit (a country or region), measure, value. Theirs leave out net
taxes on products and international transport margins, which WIOD's flows without its value-added rows cannot.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from serai.world.arrays import ratio
from serai.world.published import Printed, quantity
from serai.world.readers import TableNotHere, read
from serai.world.table import Indices, NotMeasured, WorldTable

FILE = "wiod2013/published_timmer2015.csv"
POINTS = 2.0
"""Difference in percentage points that counts as agreement."""

POINTS_OF_TABLE_3 = 3.0
"""The same for table 3, which is printed in whole per cent."""

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
NAFTA, EAST_ASIA = REGIONS["NAFTA"], REGIONS["East Asia"]
EU = ("DEU", *EASTERN_EUROPE, *OTHER_EU)
NEIGHBOURS = (
    dict.fromkeys((*EU, "RUS", "TUR"), EU) | dict.fromkeys((*NAFTA, "BRA"), NAFTA) | dict.fromkeys(EAST_ASIA, EAST_ASIA)
)
"""The region of each producer in table 3."""

HEAVILY_TAXED = ("SVK", "BRA", "BEL", "NLD")
"""Where net taxes and margins are more than an eighth of the final output that table 3 prints."""

GERMAN, WORLD = "value added in German transport equipment, per cent", "value added in transport equipment, per cent"
PLACES, CHANGES = (
    "value added in transport equipment by place, per cent",
    "value added in transport equipment by place, change since 1995 in points",
)
TABLES = {"T1": GERMAN, "T4": WORLD}
TABLE_3 = {
    **{f"{place}_share_2008": (PLACES, place) for place in ("domestic", "regional", "global")},
    **{f"d_{place}_95_08": (CHANGES, place) for place in ("domestic", "regional", "global")},
}
BEFORE = "wiod2013/1995"


def printed(path: Path) -> Iterator[Printed]:
    """The numbers of the tables; of table 3 the shares, for producers with little tax."""
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["table"] in TABLES:
                year = row["measure"].removesuffix("_pct").rpartition("_")[2]
                table, name = f"wiod2013/{year}", TABLES[row["table"]]
                yield Printed("timmer_2015", table, name, row["unit"], float(row["value"]), POINTS)
            elif row["measure"] in TABLE_3 and row["unit"] not in HEAVILY_TAXED:
                name, place = TABLE_3[row["measure"]]
                of, value = f"{row['unit']}, {place}", 100 * float(row["value"])
                yield Printed("timmer_2015", "wiod2013/2008", name, of, value, POINTS_OF_TABLE_3)


@quantity(GERMAN)
def origins_of_german_cars(table: WorldTable) -> Mapping[str, float]:
    """Value added by region in German final output of transport equipment."""
    shares = _origins(table, table.cells(["DEU"], [TRANSPORT_EQUIPMENT]))
    by_region = {region: sum(shares[country] for country in members) for region, members in REGIONS.items()}
    return by_region | {"Other": 100 - sum(by_region.values())}


@quantity(WORLD)
def origins_of_all_cars(table: WorldTable) -> Mapping[str, float]:
    """Value added by country in the world's final output of transport equipment."""
    return _origins(table, table.cells(None, [TRANSPORT_EQUIPMENT]))


@quantity(PLACES)
def places_of_cars(table: WorldTable) -> Mapping[str, float]:
    """Value added at home, in the region and elsewhere in each producer's final output of transport equipment."""
    place_shares: dict[str, float] = {}
    for country, region in NEIGHBOURS.items():
        shares = _origins(table, table.cells([country], [TRANSPORT_EQUIPMENT]))
        home, near = shares[country], sum(shares[member] for member in region if member != country)
        places = {"domestic": home, "regional": near, "global": 100 - home - near}
        place_shares |= {f"{country}, {place}": share for place, share in places.items()}
    return place_shares


@quantity(CHANGES)
def changes_of_places(table: WorldTable) -> Mapping[str, float]:
    """The same less that of 1995."""
    try:
        before = places_of_cars(read(BEFORE))
    except TableNotHere as reason:
        raise NotMeasured(str(reason)) from None
    return {of: share - before[of] for of, share in places_of_cars(table).items()}


def _origins(table: WorldTable, cells: Indices) -> dict[str, float]:
    output = np.zeros(table.n)
    output[cells] = table.final[cells].sum(axis=1)
    added = table.cell_origins @ output
    return dict(zip(table.countries, 100 * ratio(added, np.asarray(added.sum())), strict=True))
