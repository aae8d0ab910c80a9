"""What the decompositions of gross exports share: bilateral flows by cell, and a decomposition as named terms.

Exporter s, importer r; arrays (n, N) hold the exporting cell in the row and the importing country in the column.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from serai.world.table import Array, WorldTable


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Gross exports of each cell to each country by term, each of shape (n, N) with a zero own block.

    Sums over rows or columns of a term are its value by exporter, industry or partner.
    """

    table: WorldTable
    terms: Mapping[str, Array]

    @property
    def exports(self) -> Array:
        """The sum of all terms: gross exports of each cell to each country, shape (n, N)."""
        return np.sum(list(self.terms.values()), axis=0)

    def by_country(self) -> Mapping[str, Array]:
        """Each term by exporting country, all partners and industries together, shape (N,)."""
        return {name: self.table.by_country(term).sum(axis=1) for name, term in self.terms.items()}


def bilateral_exports(table: WorldTable) -> Array:
    """Gross exports of each cell to each country, intermediate and final, shape (n, N)."""
    exports = table.Z.reshape(table.n, table.n_countries, -1).sum(axis=2, dtype=np.float64) + table.on(None).final
    exports[np.arange(table.n), table.country_of] = 0
    return exports


def spread(table: WorldTable, values: Array) -> Array:
    """(n,) as (n, N): each cell's value in the column of its own country."""
    alone = np.zeros((table.n, table.n_countries))
    alone[np.arange(table.n), table.country_of] = values
    return alone


def sold_to(table: WorldTable, output: Array) -> Array:
    """Intermediates of each cell that `output` (n,) of each country needs: A_sr y_r, shape (n, N), home included."""
    return np.asarray((table.A * output).reshape(table.n, table.n_countries, -1).sum(axis=2))


def sold_for(table: WorldTable, output: Array) -> Array:
    """The same where the output in r that counts depends on the exporter s: A_sr y_r(s), `output` (n, N) or (n, 1)."""
    N, S = table.n_countries, table.n_industries
    if output.shape[1] == 1:
        return sold_to(table, output[:, 0])
    sold = np.empty((table.n, N))
    for importer in range(N):
        own = table.block(importer)
        blocks = table.A[:, own].reshape(N, S, S)
        sold[:, importer] = (blocks @ output[own].T[:, :, None]).reshape(table.n)
    return sold
