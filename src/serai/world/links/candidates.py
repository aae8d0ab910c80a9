"""Candidate links (buyer, supplier, share of the product), and filters by capability, capacity and law."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from serai.world.table import Array, Indices, WorldTable

if TYPE_CHECKING:
    from serai.world.trade import Exports

LEAST_ADVANTAGE = 1.0
LARGEST_ORDER = 0.1
"""Share of a supplier's output that one new link may take, an assumption."""


@dataclass(frozen=True, eq=False)
class Links:
    """k links by the cell of the buyer and of the supplier, and the share of the product that moves to it, (k,) each.

    The product is the supplier's industry: the buyer buys `share` of it from the supplier instead of from all as now.
    Raises ValueError for a share outside 0 to below 1, or for arrays of different lengths.
    """

    buyer: Indices
    supplier: Indices
    share: Array

    def __post_init__(self) -> None:
        if not len(self.buyer) == len(self.supplier) == len(self.share):
            raise ValueError("Buyers, suppliers and shares of links need the same length.")
        if not ((self.share >= 0) & (self.share < 1)).all():
            raise ValueError("The share that moves to a new link lies between 0 and below 1.")

    def __len__(self) -> int:
        return len(self.buyer)

    def __getitem__(self, chosen: slice | NDArray[np.bool_] | Indices) -> "Links":
        return Links(self.buyer[chosen], self.supplier[chosen], self.share[chosen])


def links_between(buyers: ArrayLike, suppliers: ArrayLike, share: ArrayLike) -> Links:
    """Links of cells; the three arrays are broadcast."""
    buyer, supplier, part = np.broadcast_arrays(
        np.asarray(buyers, dtype=np.intp), np.asarray(suppliers, dtype=np.intp), np.asarray(share, dtype=np.float64)
    )
    return Links(buyer.ravel(), supplier.ravel(), part.ravel())


def order_of(table: WorldTable, links: Links) -> Array:
    """Value of what would be bought over each link, s a_pj x_j, shape (k,)."""
    return links.share * _bought(table)[table.industry_of[links.supplier], links.buyer]


def within_capacity(table: WorldTable, links: Links, largest: float = LARGEST_ORDER) -> NDArray[np.bool_]:
    """Whether the supplier could make the order with `largest` of its output, shape (k,)."""
    return order_of(table, links) <= largest * table.x[links.supplier]


def capable(table: WorldTable, links: Links, least: float = LEAST_ADVANTAGE) -> NDArray[np.bool_]:
    """Whether the supplier's industry has a revealed comparative advantage in the table's exports, shape (k,)."""
    exports = table.on(None).exports
    own = exports / np.maximum(np.repeat(table.by_country(exports), table.n_industries), np.finfo(float).tiny)
    of_world = exports.reshape(table.n_countries, -1).sum(axis=0) / max(exports.sum(), np.finfo(float).tiny)
    advantage = own / np.maximum(np.tile(of_world, table.n_countries), np.finfo(float).tiny)
    return np.asarray(advantage[links.supplier] >= least)


def capable_of(
    exports: "Exports", table: WorldTable, product: str, *, least: float = LEAST_ADVANTAGE, density: float | None = None
) -> NDArray[np.bool_]:
    """Whether each country of the table exports an HS heading with advantage, or stands close to it, shape (N,).

    `density` is the relatedness density that counts as close; None counts nobody. A country without exports in the
    data, such as a rest of the world, is not kept out.
    """
    column = exports.product(product)
    row_of = {country: place for place, country in enumerate(exports.countries)}
    able = np.ones(table.n_countries, dtype=bool)
    for place, country in enumerate(table.countries):
        if country in row_of:
            row = row_of[country]
            near = density is not None and exports.density[row, column] >= density
            able[place] = bool(exports.advantage[row, column] >= least) or near
    return able


def lawful(table: WorldTable, links: Links, forbidden: Iterable[tuple[str, str]]) -> NDArray[np.bool_]:
    """Whether a link runs between none of the `forbidden` (buyer's country, supplier's country), shape (k,)."""
    allowed = np.ones((table.n_countries, table.n_countries), dtype=bool)
    for buyer, supplier in forbidden:
        allowed[table.countries.index(buyer), table.countries.index(supplier)] = False
    return allowed[table.country_of[links.buyer], table.country_of[links.supplier]]


def _bought(table: WorldTable) -> Array:
    """What each cell buys of each product from all countries, shape (S, n)."""
    return table.Z.reshape(table.n_countries, table.n_industries, table.n).sum(axis=0)
