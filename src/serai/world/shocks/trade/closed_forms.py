"""Closed forms of trade and of productivity shocks; docs/method/shocks.md.

Autarky: with Cobb-Douglas between products nothing has to be solved but N systems of S equations. Prices at home follow
from the domestic share of every single cell (use-specific, not of the country as a whole). The result equals the trade
engine's equilibrium without foreign sources.

Second order: effects of a large productivity shock beyond its first order, the reallocation that follows it. Baqaee and
Farhi (2019), The Macroeconomic Impact of Microeconomic Shocks: Beyond Hulten's Theorem, Econometrica 87(4), for nested
CES producers and one primary factor: the second derivatives of real income in the logarithms of productivity are
sum_k (theta_k - 1) lambda_k Cov_k(Psi_i, Psi_j), k running over producers and the household.
"""

from dataclasses import dataclass
from typing import Self, cast

import numpy as np

from serai.world.arrays import share
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
        spending = share(bought, np.append(table.x[own], bought[:, -1].sum()))
        domestic = np.clip(share(flows[own], bought), least, None)
        weights = np.linalg.solve(np.eye(table.n_industries) - spending[:, :-1], spending[:, -1])
        domar[country] = weights
        dearer = np.where(bought > 0, spending * np.log(domestic), 0) / trade[:, None]
        logs[country] = dearer.sum(axis=0) @ np.append(weights, 1)
    return ClosedEconomies(domar, np.exp(logs))


@dataclass(frozen=True, eq=False)
class Network:
    """A closed economy of n CES producers and one factor.

    `inputs` (n, n) is the share of the row's product in the cost of the column's producer, the factor taking the rest;
    `final` (n,) the household's shares. `substitution` (n,) is each producer's elasticity over all it buys,
    `final_substitution` the household's.
    """

    inputs: Array
    final: Array
    substitution: Array
    final_substitution: float

    @classmethod
    def of(cls, table: WorldTable, substitution: float, final_substitution: float) -> Self:
        """The world of a table as one closed economy, all value added being one factor: reallocation between cells, not
        between countries. Raises ValueError where final demand is negative."""
        final = table.on(None).final.sum(axis=1)
        if (final < 0).any():
            raise ValueError("Negative final demand has no share; apply the hygiene step 'inventories' first.")
        return cls(table.A, final / final.sum(), np.full(table.n, substitution), final_substitution)

    @property
    def domar(self) -> Array:
        """lambda: sales of each producer over income, the first-order effects (Hulten 1978), shape (n,)."""
        return np.linalg.solve(np.eye(len(self.final)) - self.inputs, self.final)

    @property
    def requirements(self) -> Array:
        """Psi: share of each supplier (column), direct and indirect, in the cost of each buyer (row), shape (n, n)."""
        return np.linalg.inv(np.eye(len(self.final)) - self.inputs.T)


def second_order(network: Network) -> Array:
    """The Hessian of the logarithm of real income in the logarithms of productivity, shape (n, n)."""
    psi = network.requirements
    shares = np.concatenate([network.inputs, network.final[:, None]], axis=1)
    weights = np.append((network.substitution - 1) * network.domar, network.final_substitution - 1)
    means = shares.T @ psi
    together = (shares @ weights)[:, None] * psi
    return cast(Array, psi.T @ together - means.T @ (weights[:, None] * means))


def income_change(network: Network, productivity: Array) -> Array:
    """First-order and second-order change of the logarithm of real income, shape (2,), for `productivity` (n,) in
    logarithms; their sum is the approximation. Without the Hessian: sum_k (theta_k - 1) lambda_k Var_k(Psi a) / 2."""
    reached = np.linalg.solve(np.eye(len(network.final)) - network.inputs.T, productivity)
    shares = np.concatenate([network.inputs, network.final[:, None]], axis=1)
    weights = np.append((network.substitution - 1) * network.domar, network.final_substitution - 1)
    variance = reached**2 @ shares - (reached @ shares) ** 2
    return np.array([network.final @ reached, weights @ variance / 2])


def income_change_from_shares(before: float, after: float, productivity: float) -> float:
    """Change of the logarithm of real income to second order, from the Domar weight that was seen before and after a
    change of the logarithm of one producer's productivity: (lambda + d lambda / 2) d ln A."""
    return (before + after) / 2 * productivity
