"""Who makes a raw material or a crop, as offices print it: the share of the largest, and how concentrated all are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from serai.world.published import quantity
from serai.world.readers import needed_file
from serai.world.supply.concentration import concentration
from serai.world.supply.records import OTHERS, Grade, ShareRow, place_of
from serai.world.supply.shares import NodeShares, of_rows

USGS_FILE = "supply/usgs_mcs2026_world.csv"
COFFEE_FILE = "supply/usda_psd_coffee.csv"
CHAPTERS: Mapping[str, tuple[str, str]] = {
    "cobalt": ("COBALT", "Mine production"),
    "graphite": ("GRAPHITE (NATURAL)", "Mine production"),
    "rare earths": ("RARE EARTHS", "Mine production"),
    "nickel": ("NICKEL", "Mine production"),
    "lithium": ("LITHIUM", "Mine production"),
    "gallium": ("GALLIUM", "primary"),
}
"""Chapter and detail of the Mineral Commodity Summaries by material."""
COFFEES: Mapping[str, str] = {"arabica": "Arabica Production", "robusta": "Robusta Production"}
YEARS = (2000, 2010, 2020)


@dataclass(frozen=True, eq=False)
class Makers:
    """Shares of the countries in the world's production, by material or crop and year."""

    shares: Mapping[str, NodeShares]


def read_minerals() -> Makers:
    """Mine production of 2024 by the Mineral Commodity Summaries of 2026. Raises TableNotHere."""
    import polars as pl

    frame = pl.read_csv(needed_file(USGS_FILE), infer_schema=False)
    shares = {}
    for material, (chapter, detail) in CHAPTERS.items():
        rows = frame.filter(
            (pl.col("chapter") == chapter)
            & pl.col("statistic").str.contains("(?i)production")
            & pl.col("detail").str.contains(f"(?i){detail}")
            & (pl.col("year") == "2024")
            & ~pl.col("country").str.contains("(?i)world total")
        )
        shares[material] = _shares(
            (iso3 or place_of(name) or OTHERS, float(value) if value else None)
            for iso3, name, value in rows.select("iso3", "country", "value").iter_rows()
        )
    return Makers(shares)


def read_coffee() -> Makers:
    """Production of arabica and robusta by country, USDA. Raises TableNotHere."""
    import polars as pl

    frame = pl.read_csv(needed_file(COFFEE_FILE), infer_schema=False)
    shares = {}
    for kind, column in COFFEES.items():
        for year in YEARS:
            rows = frame.filter(pl.col("Year") == str(year)).select("Country", column)
            shares[f"{kind}, {year}"] = _shares(
                (place_of(name) or OTHERS, float(value or 0)) for name, value in rows.iter_rows()
            )
    return Makers(shares)


@quantity("share of the largest maker")
def largest_share(makers: Makers) -> Mapping[str, float]:
    """Of each material or crop."""
    return {name: max(shares.named.values()) for name, shares in makers.shares.items()}


@quantity("concentration of makers, others as one")
def concentration_of_makers(makers: Makers) -> Mapping[str, float]:
    """The high end of the Herfindahl index: other countries count as one, what is unattributed as the largest's."""
    return {name: _high(shares) for name, shares in makers.shares.items()}


def _high(shares: NodeShares) -> float:
    named = np.array([list(shares.named.values())])
    return float(concentration(named, np.array([shares.others]), np.array([shares.unattributed])).high[0])


def _shares(amounts: Iterable[tuple[str, float | None]]) -> NodeShares:
    rows = [ShareRow("", country, amount, Grade.STATED, None, "", is_amount=True) for country, amount in amounts]
    return of_rows(rows)
