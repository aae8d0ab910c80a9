"""Autarky in closed form: what each country keeps without trade, and how its own shocks weigh on it then.

With Cobb-Douglas between products nothing has to be solved but N systems of S equations: prices at home follow from the
domestic share of every single cell (use-specific, not of the country as a whole). Equals the trade engine's equilibrium
without foreign sources; measures.md 3 E1, R4.
"""

from dataclasses import dataclass

import numpy as np

from serai.world.shocks.trade.economy import InterCountryEconomy
from serai.world.table import Array


@dataclass(frozen=True, eq=False)
class ClosedEconomies:
    """Every country for itself: `domar` (N, S) is output for a unit of final demand, `welfare` (N,) against now."""

    domar: Array
    welfare: Array


def closed_economies(economy: InterCountryEconomy, trade: Array, *, least_share: float = 0.0) -> ClosedEconomies:
    """The countries without trade, given the trade elasticity of each product (S,); trade balanced, no tariffs.

    `least_share` is the floor of a domestic share, for tables whose cells are rounded; with none, a country that cannot
    make what it needs keeps nothing.
    ln W = sum over buyers and products of the Domar weight of the buyer times its spending on the product times the
    logarithm of the domestic share over theta, the household being one of the buyers.
    """
    inputs, final = economy.spending[:, :, :-1], economy.spending[:, :, -1]
    systems = np.eye(len(trade)) - inputs.transpose(1, 0, 2)
    domar = np.linalg.solve(systems, final.T[:, :, None])[:, :, 0]
    domestic = np.maximum(np.einsum("rjjb->rjb", economy.sourcing), max(least_share, np.finfo(float).tiny))
    dearer = economy.spending * np.where(economy.spending > 0, np.log(domestic), 0) / trade[:, None, None]
    buyers = np.concatenate([domar, np.ones((len(domar), 1))], axis=1)
    return ClosedEconomies(domar, np.exp((dearer.sum(axis=0) * buyers).sum(axis=1)))
