"""Who else could make a node: makers that stand when others stop, and countries whose other exports suggest it.

Relatedness density: Hidalgo, Klinger, Barabási and Hausmann (2007), Science 317. From the exports at hand, else from
the tables that come with Serai (relatedness.csv.gz and reach.npz in world/data/supply, derived by
scripts/supply/relatedness.py).
"""

import csv
import gzip
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.records import Grade
from serai.world.trade import Exports

FOLDER = files("serai.world") / "data" / "supply"
FILE, REACH_FILE = "relatedness.csv.gz", "reach.npz"


@dataclass(frozen=True)
class Alternative:
    """A country as a source of a node in place of those that stop.

    `share` of the world's supply that is known; `advantage` revealed comparative advantage in the node's headings, 1 is
    the average; `density`, 0 to 1, is the share of related products that the country exports with advantage: it shows
    that it makes related things, not that it has room. The best of several headings counts. None where not known.
    """

    country: str
    share: float
    advantage: float | None
    density: float | None
    grade: Grade

    @property
    def makes(self) -> bool:
        """Whether the country makes the node already, by its share or its advantage."""
        return self.share > 0 or (self.advantage or 0) >= 1


def alternatives(
    network: SupplyNetwork, node: str, *, without: Collection[str] = (), exports: Exports | None = None
) -> list[Alternative]:
    """Who makes a node, the largest first, then who could, by relatedness; `without` leaves out countries that stop.

    Raises KeyError for an unknown node.
    """
    place = network.node(node)
    shares = network.makers[place].named
    headings = network.chain.nodes[place].hs
    related = relatedness() if exports is None else related_by_exports(exports, headings)
    countries = set(shares) | {country for heading, country in related if heading in headings}
    grade = network.grades[place]
    return sorted(
        (_alternative(country, headings, related, shares, grade) for country in countries - set(without)),
        key=lambda alternative: (
            not alternative.makes,
            -alternative.share if alternative.makes else -(alternative.density or 0),
            -(alternative.advantage or 0),
            alternative.country,
        ),
    )


def _alternative(
    country: str,
    headings: Collection[str],
    related: Mapping[tuple[str, str], tuple[float, float]],
    shares: Mapping[str, float],
    grade: Grade,
) -> Alternative:
    values = [related[heading, country] for heading in headings if (heading, country) in related]
    advantage = max((value[0] for value in values), default=None)
    density = max((value[1] for value in values), default=None)
    return Alternative(country, shares.get(country, 0.0), advantage, density, grade)


def related_by_exports(exports: Exports, headings: Collection[str]) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Advantage and density of these headings by heading and country, from exports, where either is above 0."""
    related = {}
    for heading in headings:
        if heading not in exports.products:
            continue
        column = exports.products.index(heading)
        for row in np.flatnonzero((exports.advantage[:, column] > 0) | (exports.density[:, column] > 0)).tolist():
            values = float(exports.advantage[row, column]), float(exports.density[row, column])
            related[heading, exports.countries[row]] = values
    return related


@cache
def relatedness() -> Mapping[tuple[str, str], tuple[float, float]]:
    """Advantage and density by heading and country, of those that come with Serai."""
    packed = (FOLDER / FILE).read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    return {
        (row["heading"], row["country"]): (float(row["advantage"]), float(row["density"]))
        for row in csv.DictReader(lines)
    }


@dataclass(frozen=True, eq=False)
class Reach:
    """Whether countries (alpha-3) export headings with an advantage, and their density, 0 to 1, each (C, H)."""

    countries: tuple[str, ...]
    headings: tuple[str, ...]
    is_able: NDArray[np.bool_]
    density: Array

    @cached_property
    def _rows(self) -> Mapping[str, int]:
        return {country: row for row, country in enumerate(self.countries)}

    @cached_property
    def _columns(self) -> Mapping[str, int]:
        return {heading: column for column, heading in enumerate(self.headings)}

    def best(self, country: str, headings: Collection[str]) -> float:
        """The largest density of a country in some headings; 0 if it has the advantage in one, or nothing is known."""
        row = self._rows.get(country)
        columns = [self._columns[heading] for heading in headings if heading in self._columns]
        if row is None or not columns:
            return 0.0
        return 0.0 if self.is_able[row, columns].any() else float(self.density[row, columns].max())


def reach_of(exports: Exports) -> Reach:
    """The reach of all countries in all products of exports at hand."""
    return Reach(exports.countries, exports.products, exports.able, exports.density)


@cache
def reach_of_package() -> Reach:
    """The reach of countries in the headings of the built-in chains, by exports of 2017, density in whole per cent.

    Of countries that exported 10 million US$ or more; Romania, Taiwan and South Sudan are not in the source.
    """
    with (FOLDER / REACH_FILE).open("rb") as file, np.load(file) as read:
        headings = tuple(read["headings"].tolist())
        is_able = np.unpackbits(read["is_able"], axis=1, count=len(headings)).astype(bool)
        return Reach(tuple(read["countries"].tolist()), headings, is_able, read["density"] / 100)
