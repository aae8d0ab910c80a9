"""USGS, Mineral Commodity Summaries, the publisher's data release: `MCS2026_Commodities_Data.csv`.

A row a commodity, country, statistic and year; Windows-1252. The last year of an edition is an estimate, the year
before it is taken. `world/data/supply/products.csv` says which commodities stand for which node.
"""

import csv
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from serai.world.classifications.countries import find
from serai.world.readers import UnreadableTable
from serai.world.supply.records import OTHERS, Grade, ShareRow

COLUMNS = ("Commodity", "Country", "Statistics", "Statistics_detail", "Unit", "Year", "Value")
WORLD = "World total"
OTHER_COUNTRIES = "Other countries"
WITHHELD = "W"
TONNES = {"metric tons": 1.0, "kilograms": 1e-3, "thousand metric tons": 1e3, "million metric tons": 1e6}
"""Tonnes in a unit; dry tons count as tons."""

type Amount = tuple[str, str, str, int, str, str]
"""Commodity, detail, country, year, value as printed, unit."""


def read_usgs(path: Path) -> tuple[ShareRow, ...]:
    """The shares of the nodes that products.csv gives to USGS. Raises UnreadableTable where a column is missing."""
    amounts = list(_amounts(path))
    years = sorted({year for _commodity, _detail, _country, year, _value, _unit in amounts})
    if not years:
        raise UnreadableTable(f"{path} has no row of production by country.")
    year = years[-2] if len(years) > 1 else years[-1]
    return tuple(
        row
        for node, products, grade in products_of("usgs")
        for row in node_shares(amounts, node, products, grade, year)
    )


def products_of(source: str) -> Iterator[tuple[str, tuple[str, ...], Grade]]:
    """The nodes that products.csv gives to a source, with their products and grade."""
    text = (files("serai.world") / "data" / "supply" / "products.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["source"] == source:
            yield row["node"], tuple(row["product"].split(";")), Grade(row["grade"])


def node_shares(
    amounts: Iterable[Amount], node: str, products: tuple[str, ...], grade: Grade, year: int
) -> Iterator[ShareRow]:
    """The amounts of a node's products added by country, in tonnes; a withheld number stays withheld."""
    wanted = {tuple(product.split("|")) for product in products}
    by_country: dict[str, float] = {}
    withheld: set[str] = set()
    for commodity, detail, place, of_year, value, unit in amounts:
        if of_year != year or (commodity, detail) not in wanted or place == WORLD:
            continue
        country = OTHERS if place == OTHER_COUNTRIES else _code(place)
        if value == WITHHELD:
            withheld.add(country)
        elif (number := _number(value)) > 0:
            by_country[country] = by_country.get(country, 0.0) + number * TONNES[unit.replace(" dry tons", " tons")]
    source = f"U.S. Geological Survey, Mineral Commodity Summaries, production of {year}"
    for country, amount in by_country.items():
        yield ShareRow(node, country, amount, grade, year, source, "t", is_amount=True)
    for country in sorted(withheld - set(by_country)):
        yield ShareRow(node, country, None, grade, year, source, "t", is_amount=True)


def _amounts(path: Path) -> Iterator[Amount]:
    with path.open(encoding="cp1252", newline="") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or ()
        if missing := [column for column in COLUMNS if column not in header]:
            raise UnreadableTable(f"{path} has no column '{missing[0]}'; its columns are: {', '.join(header)}.")
        for row in reader:
            if row["Statistics"] == "Production" and row["Year"].isdigit():
                commodity, detail, country = row["Commodity"], row["Statistics_detail"], row["Country"]
                yield commodity, detail, country.strip(), int(row["Year"]), row["Value"].strip(), row["Unit"].strip()


def _code(place: str) -> str:
    country = find(place)
    if country is None:
        raise UnreadableTable(f"USGS names the country '{place}', which is not known; add it to country_aliases.csv.")
    return country.alpha3


def _number(value: str) -> float:
    try:
        return float(value.replace(",", ""))
    except ValueError:  # a dash, a footnote
        return 0.0
