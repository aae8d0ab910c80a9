"""What a table counts beside money."""

from dataclasses import dataclass, replace

import scipy.sparse

from serai.world.arrays import Array


@dataclass(frozen=True, eq=False)
class Extension:
    """Something counted beside the money: emissions, energy, jobs, population, tariffs.

    `values` is by cell (n,), by country (N,) or by link (n, n); `households` (N,) is what final users emit or use
    themselves. `additive` says whether two cells may be added (tonnes) or not (a tariff rate).
    """

    values: Array
    unit: str
    source: str = ""
    households: Array | None = None
    additive: bool = True

    def aggregate(self, cells: scipy.sparse.csr_array, countries: scipy.sparse.csr_array) -> "Extension":
        """The extension of a table whose cells and countries these matrices add together."""
        along = cells if len(self.values) == cells.shape[1] else countries
        values = along @ self.values
        if self.values.ndim == 2:
            values = (along @ values.T).T
        households = None if self.households is None else countries @ self.households
        return replace(self, values=values, households=households)
