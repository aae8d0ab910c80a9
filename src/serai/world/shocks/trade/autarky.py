"""Autarky in closed form: real income of each country without trade, and the weight of its own shocks then.

With Cobb-Douglas between products nothing has to be solved but N systems of S equations: prices at home follow from the
domestic share of every single cell (use-specific, not of the country as a whole). Equals the trade engine's equilibrium
without foreign sources; docs/method/shocks.md.
"""

from dataclasses import dataclass

import numpy as np

from serai.world.table import Array, WorldTable


@dataclass(frozen=True, eq=False)
class ClosedEconomies:
    """Every country for itself: `domar` (N, S) is output for a unit of final demand, `welfare` (N,) against now."""

    domar: Array
    welfare: Array


def closed_economies(table: WorldTable, trade: Array, *, least_share: float = 0.0) -> ClosedEconomies:
    """The countries without trade, given the trade elasticity of each product (S,); trade balanced, no tariffs.

    ln W = sum over buyers and products of the buyer's Domar weight times its spending on the product times the
    logarithm of the domestic share over theta, final demand being one of the buyers. `least_share` is the floor of a
    domestic share, for tables whose cells are rounded; without it, a country that cannot make what it needs keeps
    nothing.
    """
    least = max(least_share, np.finfo(float).tiny)
    domar = np.empty((table.n_countries, table.n_industries))
    logs = np.empty(table.n_countries)
    for country in range(table.n_countries):
        own = table.block(country)
        flows = np.concatenate([table.Z[:, own], table.final[:, country, None]], axis=1, dtype=np.float64)
        bought = flows.reshape(table.n_countries, table.n_industries, -1).sum(axis=0)
        spending = _share(bought, np.append(table.x[own], bought[:, -1].sum()))
        domestic = np.clip(_share(flows[own], bought), least, None)
        weights = np.linalg.solve(np.eye(table.n_industries) - spending[:, :-1], spending[:, -1])
        domar[country] = weights
        dearer = np.where(bought > 0, spending * np.log(domestic), 0) / trade[:, None]
        logs[country] = dearer.sum(axis=0) @ np.append(weights, 1)
    return ClosedEconomies(domar, np.exp(logs))


def _share(part: Array, whole: Array) -> Array:
    """part / whole, and 0 where there is nothing."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole != 0)
