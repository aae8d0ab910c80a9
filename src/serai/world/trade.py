"""Potential suppliers of a product: what countries export now, and what their other exports suggest.

Revealed comparative advantage (Balassa 1965); proximity of products and relatedness density (Hidalgo, Klinger, Barabási
and Hausmann 2007, Science 317); complexity of countries and products (Hidalgo and Hausmann 2009, PNAS 106(26)).
C countries, P products, all arrays in their order.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import ratio
from serai.world.classifications import harmonized_system
from serai.world.classifications.countries import countries, find
from serai.world.complexity import complexities
from serai.world.readers import TableNotHere, UnreadableTable, needed_file
from serai.world.readers.product_files import BACI
from serai.world.table import Array

if TYPE_CHECKING:
    import polars

FILE = "exports/hs4_exports_2017.parquet"
YEAR = 2017
COLUMNS = {"reporter_iso": "String", "product_code": "String", "export_value_usd": "Float64"}
LEAST_EXPORTS = 1e9
"""US$ a year below which a country is left out, as in the published index."""


@dataclass(frozen=True, eq=False)
class Exports:
    """Exports of countries (ISO 3166-1 alpha-3) by product (HS headings) in US$ of one year, shape (C, P)."""

    countries: tuple[str, ...]
    products: tuple[str, ...]
    values: Array
    year: int
    source: str = ""

    @cached_property
    def share(self) -> Array:
        """Share of each country in the world's exports of each product, shape (C, P); NaN where nobody exports."""
        return ratio(self.values, self.values.sum(axis=0))

    @cached_property
    def advantage(self) -> Array:
        """Revealed comparative advantage: share in a product over share in all exports; 1 is the average, (C, P)."""
        size = self.values.sum(axis=1, keepdims=True) / self.values.sum()
        return np.nan_to_num(ratio(self.share, size))

    @cached_property
    def able(self) -> NDArray[np.bool_]:
        """Whether a country has a revealed comparative advantage in a product, shape (C, P)."""
        return self.advantage >= 1

    @cached_property
    def proximity(self) -> Array:
        """How often two products are exported together: the smaller conditional probability, (P, P), 0 with itself."""
        able = self.able.astype(np.float64)
        together, ubiquity = able.T @ able, able.sum(axis=0)
        proximity = np.nan_to_num(ratio(together, np.maximum.outer(ubiquity, ubiquity)))
        np.fill_diagonal(proximity, 0)
        return proximity

    @cached_property
    def density(self) -> Array:
        """Share of what is close to a product that a country can make already, by proximity, 0 to 1, shape (C, P)."""
        return np.nan_to_num(ratio(self.able @ self.proximity, self.proximity.sum(axis=0)))

    @cached_property
    def concentration(self) -> Array:
        """Herfindahl index of the exporters of each product, shape (P,); 1 is a single exporter."""
        return (self.share**2).sum(axis=0)

    @cached_property
    def complexity(self) -> tuple[Array, Array]:
        """Economic complexity index of countries (C,) and product complexity index (P,), each mean 0, deviation 1."""
        return complexities(self.able)

    def product(self, code: str) -> int:
        """Index of a heading. Raises KeyError that says under which headings a newer one was traded."""
        if code in self.products:
            return self.products.index(code)
        former = harmonized_system.formerly(code) if harmonized_system.exists(code) else ()
        advice = f"; its goods were in {', '.join(former)}" if former and former != (code,) else ""
        raise KeyError(f"The exports of {self.year} have no heading '{code}'{advice}.")


@dataclass(frozen=True)
class Supplier:
    """A country as a source of one product.

    `share` of the world's exports of it, `advantage` (1 is the average), `density` of related products that it exports
    with advantage, 0 to 1. `established` says that it has an advantage in the product itself.
    """

    country: str
    exports: float
    share: float
    advantage: float
    density: float

    @property
    def established(self) -> bool:
        return self.advantage >= 1


def suppliers(exports: Exports, product: str, *, without: Collection[str] = ()) -> list[Supplier]:
    """Who supplies a product, and who could: established suppliers by share, then the others by relatedness density.

    `without` leaves out countries, such as the one whose failure is feared. A density shows that a country makes
    related products, not that it has spare capacity. Raises KeyError for an unknown heading.
    """
    column = exports.product(product)
    rows = zip(
        exports.countries,
        exports.values[:, column].tolist(),
        np.nan_to_num(exports.share[:, column]).tolist(),
        exports.advantage[:, column].tolist(),
        exports.density[:, column].tolist(),
        strict=True,
    )
    candidates = [supplier for row in rows if (supplier := Supplier(*row)).country not in without]
    return sorted(
        candidates,
        key=lambda candidate: (
            not candidate.established,
            -candidate.share if candidate.established else -candidate.density,
        ),
    )


def read_exports(path: Path | None = None, *, at_least: float = LEAST_EXPORTS) -> Exports:
    """Exports by HS heading: of a parquet file, else of the latest year of BACI at hand, else those of 2017.

    Countries below `at_least` US$ are left out. Columns reporter_iso (alpha-3, any case), product_code (4 digits),
    export_value_usd (empty is none). Raises TableNotHere without a file, UnreadableTable, with column and row, for a
    wrong one.
    """
    if path is None and (baci := BACI.latest()):
        return read_baci(baci[1], at_least=at_least)
    path = path or file_of_2017()
    frame = _checked(path).select(country="reporter_iso", heading="product_code", value="export_value_usd")
    return _exports(frame, at_least, YEAR, f"Exports by HS heading, {YEAR}, {path.name}")


def exports_at_hand() -> Exports | None:
    """The exports that `read_exports` finds, None where this machine has none."""
    try:
        return read_exports()
    except TableNotHere:
        return None


def file_of_2017() -> Path:
    """The file with the exports of 2017, which the numbers in the package are counted from. Raises TableNotHere."""
    return needed_file(FILE)


def read_baci(path: Path, *, at_least: float = LEAST_EXPORTS) -> Exports:
    """Exports by HS heading from a year of CEPII's BACI, BACI_HS22_Y2023_V202601.csv with its country codes beside it.

    Columns t (year), i and j (exporter and importer, numbers), k (six digits), v (thousand US$), q. Raises
    UnreadableTable where a column or the file of country codes is missing.
    """
    import polars as pl

    edition = path.stem.rpartition("_")[2]
    codes = path.with_name(f"country_codes_{edition}.csv")
    if not codes.is_file():
        raise UnreadableTable(f"{path} needs {codes.name} beside it, which the same zip of CEPII holds.")
    try:
        places = pl.read_csv(codes, schema_overrides={"country_code": pl.Int64}, infer_schema_length=None)
        trade = pl.scan_csv(path, schema_overrides={"k": pl.String, "v": pl.Float64})
        exports = (
            trade.with_columns(pl.col("k").str.strip_chars().str.zfill(6).str.slice(0, 4).alias("heading"))
            .group_by("i", "heading", "t")
            .agg(pl.col("v").sum() * 1e3)
            .collect()
            .join(places.select(i="country_code", alpha3="country_iso3"), on="i", how="inner")
            .filter(pl.col("alpha3").is_in([country.alpha3 for country in countries().values()]))
        )
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{path} is not in the layout of BACI: {error}.") from None
    if exports.is_empty():
        raise UnreadableTable(f"{path} has no trade of a country that {codes.name} names.")
    year = int(exports["t"][0])
    frame = exports.select(country="alpha3", heading="heading", value="v")
    return _exports(frame, at_least, year, f"CEPII BACI, {year}, {path.name}")


def _exports(frame: "polars.DataFrame", at_least: float, year: int, source: str) -> Exports:
    """Exports from columns country, heading and value, without the countries below `at_least`."""
    wide = frame.pivot(on="heading", index="country", values="value", aggregate_function="sum").fill_null(0.0)
    products = sorted(wide.columns[1:])
    wide = wide.sort("country")
    values = wide.select(products).to_numpy()
    kept = values.sum(axis=1) >= at_least
    large = tuple(country for country, is_large in zip(wide["country"], kept, strict=True) if is_large)
    return Exports(large, tuple(products), values[kept], year, source)


def _checked(path: Path) -> "polars.DataFrame":
    """The columns, with countries by their alpha-3 codes. Raises UnreadableTable."""
    import polars as pl  # 20 MB, which a process that reads no list does not need

    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{path} is not a parquet file: {error}.") from None
    for name, kind in COLUMNS.items():
        if str(frame.schema.get(name)) != kind:
            raise UnreadableTable(f"{path} needs a column '{name}' of type {kind}, and has {frame.schema.get(name)}.")
    countries = {label: find(label or "") for label in frame["reporter_iso"].unique()}
    codes = {label: country.alpha3 for label, country in countries.items() if country is not None}
    named = frame.with_columns(pl.col("reporter_iso").replace_strict(codes, default=None))
    checks = {
        "reporter_iso": named["reporter_iso"].is_null(),
        "product_code": ~frame["product_code"].str.contains(r"^\d{4}$").fill_null(False),
        "export_value_usd": (frame["export_value_usd"] < 0).fill_null(False),
        "reporter_iso and product_code, given twice": named.select("reporter_iso", "product_code").is_duplicated(),
    }
    for name, wrong in checks.items():
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            raise UnreadableTable(f"{path}, row {row + 1}, column {name}: {frame.row(row)} cannot be.")
    return named
