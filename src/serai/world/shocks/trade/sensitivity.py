"""The derivative of every country's real income in the cost of each link, all at once.

The equilibrium of model B is differentiated at the table as it is, trade imbalances fixed in money and no tariffs. What
remains once costs and outputs are eliminated by the table's own factorisation is one N x N system in the wages, solved
for its adjoint. Summed over countries with their spending as weights, a link's effect is minus its flow (Hulten 1978).
Countries gain and lose differently, but the sum is fixed.
"""

from dataclasses import dataclass

import numpy as np

from serai.world.arrays import share
from serai.world.shocks.trade.elasticities import Elasticities
from serai.world.table import Array, WorldTable


@dataclass(frozen=True, eq=False)
class WelfareSensitivity:
    """The adjoint of a table's equilibrium. `of_demand` (N, N): for the country of each column, what a unit of money of
    more demand for each country's labour would do, through wages, to the logarithm of its real income."""

    table: WorldTable
    elasticities: Elasticities
    of_demand: Array

    def links(self, country: str) -> Array:
        """d ln W of this country / d ln cost of each link, shape (n, n + N): buyers are cells, then final demand.

        Raises ValueError for a country that the table lacks.
        """
        table, position = self.table, self.table.countries.index(country)
        flows, bought = _flows(table), _bought(table)
        substitution = _substitution(table, self.elasticities)
        theta = _theta(table, self.elasticities)[:, None]
        worth = table.cell_origins.T @ self.of_demand[:, position]  # of a unit of each cell's sales
        at_stake = flows * worth[:, None]
        mixed = share(flows, _by_product(table, flows)) * _by_product(table, at_stake)
        labour = np.zeros(flows.shape[1])
        labour[: table.n] = table.v * self.of_demand[table.country_of, position]
        bundle = (1 - substitution) * (at_stake.sum(axis=0) + labour)
        through_sales = -theta * at_stake + (theta + 1 - substitution) * mixed - flows * share(bundle, bought)
        own = np.zeros(flows.shape)
        own[:, table.n + position] = table.final[:, position] / bought[table.n + position]
        direct = through_sales - own
        through_cost = table.solve_leontief(direct.sum(axis=1))
        direct[:, : table.n] += table.Z * share(through_cost, table.x)
        return direct

    def cells(self, country: str) -> Array:
        """d ln W of this country / d ln productivity of each cell, shape (n,): its product cheaper to every buyer."""
        return -self.links(country).sum(axis=1)


def welfare_sensitivity(table: WorldTable, elasticities: Elasticities) -> WelfareSensitivity:
    """The adjoint at this table, which holds no tariffs. Costs one factorisation and two products with all flows."""
    table = table.on(None)
    spent = table.final.sum(axis=0)
    excess = _excess_demand_for_labour(table, elasticities)
    excess[-1] = table.gdp  # by Walras one market is redundant; the sum of wages measures all money
    of_wages = np.diag(table.gdp / spent) - table.origins / spent
    of_demand = -np.linalg.solve(excess.T, of_wages)
    of_demand[-1] = 0
    return WelfareSensitivity(table, elasticities, of_demand)


def _excess_demand_for_labour(table: WorldTable, elasticities: Elasticities) -> Array:
    """Demand less supply of each country's labour (row), in money, as each country's wage (column) rises by a log."""
    countries, industries = table.n_countries, table.n_industries
    flows, cost = _flows(table), table.cell_origins.T
    s = _substitution(table, elasticities)
    theta = elasticities.trade
    by_product = flows.reshape(countries, industries, -1).transpose(1, 2, 0)
    price = share(
        by_product @ cost.reshape(countries, industries, countries).transpose(1, 0, 2),
        by_product.sum(axis=2)[:, :, None],
    )
    spent = table.final.sum(axis=0)
    living = np.einsum("rjk,rj->jk", price[:, table.n :], by_product[:, table.n :].sum(axis=2) / spent)
    bundle = np.concatenate([cost, living])
    moved = by_product.transpose(0, 2, 1) @ ((theta[:, None, None] + 1 - s[:, None]) * price)
    sales = moved.transpose(1, 0, 2).reshape(table.n, countries) - flows @ ((1 - s)[:, None] * bundle)
    sales -= (_theta(table, elasticities) * table.x)[:, None] * cost
    sales += table.final * (table.gdp / spent)
    demanded = table.vc[:, None] * table.solve_leontief(sales) - (1 - elasticities.inputs) * table.v[:, None] * cost
    return table.by_country(demanded) - elasticities.inputs * np.diag(table.gdp)


def _flows(table: WorldTable) -> Array:
    return np.concatenate([table.Z, table.final], axis=1)


def _bought(table: WorldTable) -> Array:
    """What each buyer spends, labour included, shape (n + N,)."""
    return np.concatenate([table.x, table.final.sum(axis=0)])


def _theta(table: WorldTable, elasticities: Elasticities) -> Array:
    return np.tile(elasticities.trade, table.n_countries)


def _substitution(table: WorldTable, elasticities: Elasticities) -> Array:
    return np.repeat([elasticities.inputs, elasticities.final], [table.n, table.n_countries])


def _by_product(table: WorldTable, flows: Array) -> Array:
    """Each row's product summed over all countries that make it, in every row of that product."""
    total = flows.reshape(table.n_countries, table.n_industries, -1).sum(axis=0)
    return np.tile(total, (table.n_countries, 1))
