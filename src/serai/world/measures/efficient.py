"""Efficient: what trade is worth to a country, and what trade and transport take on the way.

The gains from trade are those of Costinot and Rodríguez-Clare (2014), Handbook of International Economics 4, chapter 4:
real income now against autarky, from domestic expenditure shares and trade elasticities alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import quotient, ratio
from serai.world.industries import bounded_elasticities, elasticities, members
from serai.world.measures import CountryValues, indicator, kept
from serai.world.shocks import Scenario, Status, run
from serai.world.shocks.trade.closed_forms import closed_economies
from serai.world.shocks.trade.economy import mere_destinations
from serai.world.table import Array, NotMeasured, WorldTable

ONE_SECTOR_ELASTICITY = 5.0
ONE_SECTOR_ELASTICITIES = (3.0, 8.0)
"""Range over which the one-sector gains are reported."""

LEAST_DOMESTIC_SHARE = 1e-4
"""Floor of a domestic share before its logarithm: one rounded to zero would say that all income comes from trade."""

CHEAPER_TRADE = 0.9
"""Cost of delivering over any border, new over old, in the indicators that ask what cheaper trade brings."""

CRC = "Costinot and Rodríguez-Clare (2014), table 4.1"


@dataclass(frozen=True, eq=False)
class Spending:
    """By product and country, shape (S, N): expenditure, of it domestic, of it final; producers' revenue."""

    total: Array
    domestic: Array
    final: Array
    revenue: Array

    @property
    def final_share(self) -> Array:
        """beta: share of each product in a country's final demand."""
        return ratio(self.final, self.final.sum(axis=0))

    @property
    def domestic_share(self) -> Array:
        """lambda: domestic over total expenditure, at least LEAST_DOMESTIC_SHARE; 1 where nothing is spent."""
        share = np.divide(self.domestic, self.total, out=np.ones(self.total.shape), where=self.total > 0)
        return np.clip(share, LEAST_DOMESTIC_SHARE, 1)


def spending(table: WorldTable) -> Spending:
    """Expenditure on each product by each country, intermediate and final."""
    shape = (table.n_countries, table.n_industries, table.n_countries)  # origin, product, destination
    purchases = table.Z.reshape(table.n, table.n_countries, -1).sum(axis=2, dtype=np.float64).reshape(shape)
    purchases += table.F.reshape(table.n, table.n_countries, -1).sum(axis=2, dtype=np.float64).reshape(shape)
    domestic = np.einsum("isi->si", purchases)
    final = table.final.reshape(shape).sum(axis=0)
    return Spending(purchases.sum(axis=0), domestic, final, table.x.reshape(table.n_countries, -1).T)


@indicator(
    symbol="E1.1",
    property="efficient",
    unit="1",
    range=(0, 1),
    sense=1,
    source=f"Arkolakis, Costinot and Rodríguez-Clare (2012), AER 102(1); {CRC}, column 1",
    by_product=False,
)
def gains_from_trade_one_sector(table: WorldTable) -> CountryValues:
    """Share of real income lost in autarky, one sector: 1 - lambda^(1/eps). Elasticity 5, bounds for 8 and 3."""
    spent = spending(table)
    share = ratio(spent.domestic.sum(axis=0), spent.total.sum(axis=0))
    few, many = ONE_SECTOR_ELASTICITIES
    share[~table.producing] = np.nan
    return CountryValues(
        table.countries,
        1 - share ** (1 / ONE_SECTOR_ELASTICITY),
        low=1 - share ** (1 / many),
        high=1 - share ** (1 / few),
    )


@indicator(
    symbol="E1.2",
    property="efficient",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source=f"{CRC}, column 2",
    by_product=False,
)
def gains_from_trade_many_sectors(table: WorldTable) -> CountryValues:
    """Share of real income lost in autarky, many sectors, perfect competition: 1 - prod_s lambda_s^(beta_s/eps_s).

    beta are the shares of final demand; lambda counts intermediate purchases too.
    """
    spent = spending(table)
    exponent = spent.final_share / elasticities(table)[:, None]
    return _gains(table, 1 - np.exp((exponent * np.log(spent.domestic_share)).sum(axis=0)))


@indicator(
    symbol="E1.3",
    property="efficient",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source=f"{CRC}, column 3",
    by_product=False,
)
def gains_from_trade_monopolistic_competition(table: WorldTable) -> CountryValues:
    """Share of income lost in autarky, monopolistic competition: 1 - prod_s (lambda_s e_s / r_s)^(beta_s/eps_s).

    e is the share of a product in all expenditure, r in revenue: specialisation brings variety at home.
    """
    spent = spending(table)
    spending_share = ratio(spent.total, spent.total.sum(axis=0))
    revenue = ratio(spent.revenue, spent.revenue.sum(axis=0))
    active = (spent.revenue > 0) & (spent.total > 0)
    relative = np.divide(spending_share, revenue, out=np.ones(revenue.shape), where=active)
    inner = np.where(active, spent.domestic_share * relative, 1)
    exponent = spent.final_share / elasticities(table)[:, None]
    return _gains(table, 1 - np.exp((exponent * np.log(inner)).sum(axis=0)))


@indicator(
    symbol="E1.4",
    property="efficient",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source=f"{CRC}, column 4",
    by_product=False,
)
def gains_from_trade_with_intermediates(table: WorldTable) -> CountryValues:
    """Share of income lost in autarky, with intermediates: 1 - exp(sum_k [(I-Gamma)^-1 beta]_k ln lambda_k / eps_k).

    Gamma_kl is input k per unit of output l from all origins, beta the shares of final demand.
    """
    spent = spending(table)
    size = (table.n_countries, table.n_industries)
    inputs = table.A.reshape(*size, table.n).sum(axis=0, dtype=np.float64).reshape(-1, *size).transpose(1, 0, 2)
    weights = np.linalg.solve(np.eye(table.n_industries) - inputs, spent.final_share.T[..., None])[..., 0].T
    return _gains(
        table, 1 - np.exp((weights * np.log(spent.domestic_share) / elasticities(table)[:, None]).sum(axis=0))
    )


@indicator(
    symbol="E1.5",
    property="efficient",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source=f"{CRC}, column 4, with the domestic share of every cell as in Antràs and Chor (2018)",
    by_product=False,
)
def gains_from_trade_of_every_cell(table: WorldTable) -> CountryValues:
    """Share of income lost in autarky, with intermediates and the domestic share of every single cell.

    What the trade engine finds when foreign sources end and trade was balanced; elasticities not below 1.5.
    """
    alone = closed_economies(table, bounded_elasticities(table), least_share=LEAST_DOMESTIC_SHARE)
    return _gains(table, 1 - alone.welfare)


@indicator(
    symbol="E2.tariffs",
    property="efficient",
    unit="1",
    range=(-np.inf, np.inf),
    sense=-1,
    source="Caliendo and Parro (2015), from balanced trade, sourcing shares by cell",
    needs=("tariff",),
    by_product=False,
    costly=True,
)
def distance_to_free_trade(table: WorldTable) -> CountryValues:
    """ln of real income if all tariffs fell to zero, relative to now; the world's is the mean weighted by income."""
    if not table.extensions["tariff"].values.any():
        return CountryValues(table.countries, np.zeros(table.n_countries), 0.0)
    agreement = _answer(table, Scenario("agreement"))
    return CountryValues(table.countries, np.log(agreement.welfare), float(np.log(agreement.world_welfare)))


@indicator(
    symbol="E2.costs",
    property="efficient",
    unit="1",
    range=(-np.inf, np.inf),
    sense=0,
    source="Antràs and Chor (2018), from balanced trade",
    by_product=False,
    costly=True,
)
def gain_from_cheaper_trade(table: WorldTable) -> CountryValues:
    """ln of real income if delivering over any border cost a tenth less; the world's is weighted by income.

    What is left to gain grows with what is traded already: the sense depends on the question.
    """
    cheaper = cheaper_trade(table)
    return CountryValues(table.countries, np.log(cheaper.welfare), float(np.log(cheaper.world_welfare)))


def _gains(table: WorldTable, values: Array) -> CountryValues:
    """The gains of the countries that make something; a mere destination has no income to lose."""
    return CountryValues(table.countries, np.where(table.producing, values, np.nan))


def _margins(table: WorldTable) -> NDArray[np.bool_]:
    """Which cells are trade or transport, shape (n,)."""
    return members(table, "trade") | members(table, "transport")


@indicator(
    symbol="E3",
    property="efficient",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Value added by trade and transport, look-through",
    by_cell=lambda table: table.solve_leontief_transposed(table.vc * _margins(table)),
)
def trade_and_transport_margin(table: WorldTable) -> CountryValues:
    """Value added by trade and transport in a unit of each country's final demand, domestic and foreign."""
    added = (table.vc * _margins(table)) @ table.output_by_destination
    spent = table.final.sum(axis=0)
    return CountryValues(table.countries, ratio(added, spent), quotient(added.sum(), spent.sum()))


@kept
def cheaper_trade(table: WorldTable) -> Any:
    """The `Counterfactual` in which every border costs a tenth less, kept for the indicators that read it in turn."""
    return _answer(table, Scenario("trade_cost", {"factor": CHEAPER_TRADE}))


def _answer(table: WorldTable, scenario: Scenario) -> Any:
    """The trade engine's answer. Raises NotMeasured if the industries are unknown or no equilibrium is found."""
    elasticities(table)
    if why := mere_destinations(table):
        raise NotMeasured(why)
    result = run(table, scenario)
    if result.status is not Status.SOLVED:
        raise NotMeasured("The equilibrium was not found.")
    return result.answer
