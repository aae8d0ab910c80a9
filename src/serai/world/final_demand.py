"""Final demand by destination, estimated where a table holds only what each cell sells to final users in all.

Proportionality, as in the tables that GTAP's users make: final users of a country buy a product from the origins that
its industries buy it from. The seed of origin, product and destination is the destination's expenditure times that
share; it is then balanced to two margins, each cell's sales to final users and each destination's expenditure.
`expenditure_from_balances` gives the second where nobody states it: value added less the balance of goods.

How far such an estimate is from the truth is measured on tables whose final demand is known
(`serai.world.published.final_demand`).
"""

import numpy as np
from numpy.typing import ArrayLike

from serai.world.arrays import Array
from serai.world.balancing import Balanced, ras
from serai.world.industries import goods
from serai.world.table import WorldTable

LEAST_SHARE = 1e-6
"""Share of a product that home makers have in the seed at least, so that every sale finds a buyer."""


def estimate_final_demand(
    Z: ArrayLike, n_countries: int, sales: ArrayLike, expenditure: ArrayLike, abroad: float = 0.0
) -> Balanced:
    """Final demand by destination, shape (n, N), from intermediate flows `Z` (n, n) of cells country by country.

    `sales` (n,) is what each cell sells to final users anywhere, `expenditure` (N,) what each country spends; both add
    up to the same. With `abroad`, the expenditure of buyers outside the table, there is one more column: its seed are
    each cell's sales of inputs to other countries. Raises CannotBalance.
    """
    flows = np.asarray(Z)
    n, S = len(flows), len(flows) // n_countries
    bought = flows.reshape(n, n_countries, S).sum(axis=2, dtype=np.float64).reshape(n_countries, S, n_countries)
    total = bought.sum(axis=0)
    shares = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
    for country in range(n_countries):
        home = shares[country, :, country]
        home[:] = np.where(total[:, country] > 0, np.maximum(home, LEAST_SHARE), 1.0)
    spent = np.asarray(expenditure, dtype=np.float64)
    seed = (shares * spent).reshape(n, n_countries)
    if abroad:
        own = np.repeat(np.arange(n_countries), S)
        exported = bought.reshape(n, n_countries).sum(axis=1) - bought.reshape(n, n_countries)[np.arange(n), own]
        seed = np.column_stack([seed, exported])
        spent = np.append(spent, abroad)
    return ras(seed, np.asarray(sales, dtype=np.float64), spent)


def with_estimated_final_demand(table: WorldTable) -> WorldTable:
    """The table as if its final demand by destination were not known: F estimated, one use, negative demand as zero.

    Only what each cell sells to final users in all and each country's value added and balance of goods are taken from
    the table: the same that is known of the built-in table of 2022.
    """
    final = np.maximum(table.final, 0)
    estimate = estimate_final_demand(table.Z, table.n_countries, final.sum(axis=1), _from_balances(table, final))
    return table.then(
        "Final demand by destination estimated from each cell's sales to final users.",
        F=estimate.values,
        uses=("final",),
        inventories=None,
    )


def expenditure_from_balances(value_added: ArrayLike, balances: ArrayLike, total: float) -> Array:
    """Expenditure of countries, shape (N,): value added less the balance of trade, scaled to add up to `total`."""
    expenditure = np.asarray(value_added, dtype=np.float64) - np.asarray(balances, dtype=np.float64)
    return np.asarray(expenditure * (total / expenditure.sum()))


def _from_balances(table: WorldTable, final: Array) -> Array:
    made = goods(table)
    sold = table.Z[made].reshape(int(made.sum()), table.n_countries, -1).sum(axis=2, dtype=np.float64) + final[made]
    bilateral = np.zeros((table.n_countries, table.n_countries))
    np.add.at(bilateral, table.country_of[made], sold)
    value_added = table.by_country(table.Z.sum(axis=1) + final.sum(axis=1) - table.Z.sum(axis=0))
    return expenditure_from_balances(value_added, bilateral.sum(axis=1) - bilateral.sum(axis=0), float(final.sum()))
