"""What a link changes in the accounts, exactly: one rank-one update of the Leontief inverse.

The buyer's column of A moves by u = s (a_pj e_i - A_.j on the cells of p), which sums to zero. Then L' = L + L u
e_j'L / (1 - (Lu)_j) (Sherman and Morrison 1950), output of the buyer grows by the factor 1 / (1 - (Lu)_j), and every
linear functional g'L f changes by (mu'u) x_j / (1 - (Lu)_j) with mu = L'g. Nothing is solved per link. K links together
change output by Woodbury's formula; links of one buyer just add their u.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from serai.world.arrays import ratio
from serai.world.links.candidates import Links
from serai.world.table import Array, Indices, WorldTable


@dataclass(frozen=True, eq=False)
class Change:
    """What k links change, each alone. The focus of the table, where it has one, holds for what is finally used.

    `cells` (k, N) are the makers of each link's product, `moved` (k, N) is u on them.
    """

    table: WorldTable
    links: Links
    cells: Indices
    moved: Array

    @cached_property
    def feedback(self) -> Array:
        """1 / (1 - (Lu)_j): by how much the buyer's own output grows, shape (k,)."""
        touched = self.table.L[self.links.buyer[:, None], self.cells]
        return np.asarray(1 / (1 - (touched * self.moved).sum(axis=1)))

    @cached_property
    def output(self) -> Array:
        """The buyer's output after the change, shape (k,)."""
        return np.asarray(self._buyers_output.sum(axis=1) * self.feedback)

    @cached_property
    def _buyers_output(self) -> Array:
        return self.table.output_by_destination[self.links.buyer]

    def linear(self, weight: Array, on_links: Array | None = None) -> Array:
        """Change of g'L F for `weight` g (n,), by destination, (k, N); `on_links` T (n, n) adds 1'(T o A) L F.

        For instance emissions per unit of output, or borders and tariffs on links.
        """
        given = weight if on_links is None else weight + (on_links * self.table.A).sum(axis=0)
        content = self.table.solve_leontief_transposed(given)[self.cells]
        if on_links is not None:
            content = content + on_links[self.cells, self.links.buyer[:, None]]
        per_unit = (content * self.moved).sum(axis=1) * self.feedback
        return np.asarray(per_unit[:, None] * self._buyers_output)

    @cached_property
    def value_added(self) -> Array:
        """Change of each country's value added per unit of the buyer's output before feedback, shape (k, N)."""
        change = np.empty((len(self.links), self.table.n_countries))
        for rows, cells in self._by_product:
            change[rows] = self.moved[rows] @ self.table.cell_origins[:, cells].T
        return change

    @cached_property
    def gains(self) -> Array:
        """Change of value added by country, all destinations together, shape (k, N)."""
        return self.value_added * self.output[:, None]

    def origins(self, destination: Indices) -> Array:
        """Value added by origin in the final demand of one destination a link, after the change, shape (k, N)."""
        own = np.take_along_axis(self._buyers_output, destination[:, None], axis=1) * self.feedback[:, None]
        return np.asarray(self.table.origins[:, destination].T + self.value_added * own)

    @cached_property
    def volatility(self) -> Array:
        """Change of the norm of the world's Domar weights, shape (k,)."""
        x = self.table.output_by_destination.sum(axis=1)
        reached = self.table.solve_leontief_transposed(x)[self.cells]
        along = (reached * self.moved).sum(axis=1) * self.output
        square = np.empty(len(self.links))
        for rows, cells in self._by_product:
            columns = self.table.L[:, cells]
            square[rows] = ((self.moved[rows] @ (columns.T @ columns)) * self.moved[rows]).sum(axis=1)
        norm = float(x @ x)
        after = np.sqrt(np.maximum(norm + 2 * along + square * self.output**2, 0))
        return np.asarray((after - np.sqrt(norm)) / self.table.final.sum())

    @property
    def _by_product(self) -> list[tuple[Indices, Indices]]:
        """The links of each product, and the product's cells."""
        product = self.table.industry_of[self.links.supplier]
        return [
            (np.flatnonzero(product == p), self.table.cells(None, [self.table.industries[p]])) for p in set(product)
        ]


def change_of(table: WorldTable, links: Links) -> Change:
    """What these links change in a table, each alone."""
    product = table.industry_of[links.supplier]
    cells = product[:, None] + table.n_industries * np.arange(table.n_countries)
    bought = table.A[cells, links.buyer[:, None]]
    moved = -bought
    moved[np.arange(len(links)), table.country_of[links.supplier]] += bought.sum(axis=1)
    return Change(table, links, cells, moved * links.share[:, None])


def output_after(table: WorldTable, links: Links) -> Array:
    """Output of every cell when all these links stand together, shape (n,), by Woodbury's formula.

    Several links of one buyer add up, each with its share of what the buyer buys now.
    """
    change = change_of(table, links)
    buyers, column = np.unique(links.buyer, return_inverse=True)
    moved = np.zeros((table.n, len(buyers)))
    np.add.at(moved, (change.cells, column[:, None]), change.moved)
    x = table.output_by_destination.sum(axis=1)
    reached = table.solve_leontief(moved)
    return np.asarray(x + reached @ np.linalg.solve(np.eye(len(buyers)) - reached[buyers], x[buyers]))


def concentration(origins: Array, destination: Indices) -> Array:
    """Herfindahl index of the foreign origins in rows (k, N) of destinations (k,): S1."""
    foreign = origins.copy()
    foreign[np.arange(len(origins)), destination] = 0
    share = ratio(foreign, foreign.sum(axis=1)[:, None])
    return np.asarray((share**2).sum(axis=1))


def largest(origins: Array, destination: Indices) -> Array:
    """Share of the largest foreign origin in rows (k, N) of destinations (k,): S2."""
    share = ratio(origins, origins.sum(axis=1)[:, None])
    share[np.arange(len(origins)), destination] = 0
    return np.asarray(share.max(axis=1))
