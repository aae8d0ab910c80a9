"""Write the shipped shares: `world/data/supply/usgs.csv`, `usda.csv` and `exports.csv`.

    SERAI_DATA=... python -m scripts.supply.shares

products.csv beside them says which product of which source stands for a node, and how closely:

    usgs      commodity and detail of the Mineral Commodity Summaries 2026, as in ``Copper|Mine production``
    usda      the coffee crop of the last market year
    exports   headings of the Harmonized System, exports of 2017 (derived shares; the raw matrix is not shipped)

Several products of a node are added. Shares of exports are rounded to a tenth of a per cent; the largest twenty
countries are named, the rest are others. Amounts of USGS and USDA stand as published; a withheld number (W) as W.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from serai.world.classifications.countries import find
from serai.world.supply.readers.usgs import node_shares
from serai.world.supply.records import OTHERS, Grade

TARGET = Path(__file__).parents[2] / "src/serai/world/data/supply"
COLUMNS = ("node", "country", "share", "amount", "grade", "year", "source", "unit")
NAMED = 20
LEAST = 0.0005
USGS_YEAR = 2024
COFFEE_YEAR = 2023
EXPORTS_YEAR = 2017

type Row = tuple[str, ...]


def main() -> None:
    data = Path(os.environ["SERAI_DATA"])
    with (TARGET / "products.csv").open(encoding="utf-8") as file:
        products = list(csv.DictReader(file))
    minerals = pl.read_csv(data / "supply/usgs_mcs2026_world.csv", infer_schema_length=0)
    exports = pl.read_parquet(data / "exports/hs4_exports_2017.parquet")
    coffee = pl.read_csv(data / "supply/usda_psd_coffee.csv")
    written: dict[str, list[Row]] = {"usgs": [], "usda": [], "exports": []}
    for product in products:
        node, source, what, grade = (product[name] for name in ("node", "source", "product", "grade"))
        if source == "usgs":
            written[source] += usgs_rows(minerals, node, what.split(";"), grade)
        elif source == "usda":
            written[source] += usda_rows(coffee, node, grade)
        else:
            written[source] += export_rows(exports, node, what.split(";"), grade)
    for source, rows in written.items():
        with (TARGET / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        print(f"{source}: {len({row[0] for row in rows})} nodes, {len(rows)} rows")


def place_of(text: str) -> str:
    """The alpha-3 code of a country. Raises LookupError for a text that names none."""
    place = find(text)
    if place is None:
        raise LookupError(f"'{text}' names no country of ISO 3166-1.")
    return place.alpha3


def usgs_rows(minerals: pl.DataFrame, node: str, products: list[str], grade: str) -> Iterator[Row]:
    """A row a country: the amounts of the products added. Raises ValueError where there are none."""
    columns = ("commodity", "detail", "country", "year", "raw", "unit")
    amounts = [
        (commodity, detail, place, int(year), raw or "", unit.strip())
        for commodity, detail, place, year, raw, unit in minerals.filter(pl.col("statistic") == "Production")
        .select(columns)
        .rows()
        if commodity and detail
    ]
    rows = list(node_shares(amounts, node, tuple(products), Grade(grade), USGS_YEAR))
    if not rows:
        raise ValueError(f"USGS has no rows of {', '.join(products)} in {USGS_YEAR}.")
    for row in sorted(rows, key=lambda row: (row.country == OTHERS, row.share is None, -(row.share or 0.0))):
        share, amount = ("W", "") if row.share is None else ("", f"{row.share:.10g}")
        yield node, row.country, share, amount, grade, str(USGS_YEAR), "usgs-2026", "t"


def usda_rows(coffee: pl.DataFrame, node: str, grade: str) -> Iterator[Row]:
    """A row a country: arabica and robusta together."""
    crop = coffee.filter((pl.col("Year") == COFFEE_YEAR) & (pl.col("Production") > 0)).sort(
        "Production", descending=True
    )
    for name, amount in crop.select("Country", "Production").rows():
        yield node, place_of(name), "", str(amount), grade, str(COFFEE_YEAR), "usda-psd", "1000 60 kg bags"


def export_rows(exports: pl.DataFrame, node: str, headings: list[str], grade: str) -> Iterator[Row]:
    """Rounded shares of the largest exporters of these headings. Raises ValueError for a heading without exports."""
    chosen = exports.filter(pl.col("product_code").is_in(headings) & (pl.col("export_value_usd") > 0))
    if missing := set(headings) - set(chosen["product_code"].unique()):
        raise ValueError(f"There are no exports of {', '.join(sorted(missing))} ({node}).")
    by_country = chosen.group_by("reporter_iso").agg(pl.col("export_value_usd").sum()).sort("export_value_usd")
    whole = float(by_country["export_value_usd"].sum())
    named = 0.0
    for alpha3, value in by_country.tail(NAMED).reverse().rows():
        if (share := round(value / whole, 3)) < LEAST:
            continue
        named += share
        yield node, place_of(alpha3), f"{share:.3f}", "", grade, str(EXPORTS_YEAR), "comtrade-2017", "exports"
    if (rest := round(1 - named, 3)) > 0:
        yield node, "others", f"{rest:.3f}", "", grade, str(EXPORTS_YEAR), "comtrade-2017", "exports"


if __name__ == "__main__":
    main()
