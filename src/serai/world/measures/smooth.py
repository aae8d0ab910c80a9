"""Smooth: what it costs goods to move, and how many borders they cross."""

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator
from serai.world.table import Array, WorldTable

TRADE_ELASTICITY = 5.0
TRADE_ELASTICITIES = (3.0, 8.0)
"""Range of trade elasticities over which the level of implied trade costs is reported."""

TRADE_COST_CAP = 100.0
"""Tariff equivalent (1 = 100 %) that stands for no trade at all."""


def trade_costs(table: WorldTable, elasticity: float = TRADE_ELASTICITY) -> Array:
    """Implied bilateral trade cost as a tariff equivalent, shape (N, N): (X_ii X_jj / (X_ij X_ji))^(1/2theta) - 1.

    Head and Ries (2001); Novy (2013). Levels depend on the elasticity: use changes and ranks. Infinite without trade.
    """
    sales = table.bilateral
    home = np.diag(sales)
    relative = np.divide(
        np.outer(home, home), sales * sales.T, out=np.full(sales.shape, np.inf), where=sales * sales.T > 0
    )
    return np.asarray(relative ** (1 / (2 * elasticity)) - 1)


@indicator(
    symbol="M1",
    property="smooth",
    unit="1 (tariff equivalent)",
    range=(-1, TRADE_COST_CAP),
    sense=-1,
    source="Head and Ries (2001), AER 91(4); Novy (2013), Economic Inquiry 51(1)",
    by_product=False,
)
def implied_trade_cost(table: WorldTable) -> CountryValues:
    """Trade cost with a country's partners implied by how little they trade, weighted by trade.

    Elasticity 5, bounds for 3 and 8. Partners that make nothing in the table don't count. Negative where a country
    trades more with others than each does at home.
    """
    sales = table.bilateral
    weights = (sales + sales.T) * (1 - np.eye(table.n_countries)) * np.outer(table.producing, table.producing)

    def mean(elasticity: float) -> Array:
        costs = np.minimum(trade_costs(table, elasticity), TRADE_COST_CAP)
        return ratio((costs * weights).sum(axis=1), weights.sum(axis=1))

    few, many = TRADE_ELASTICITIES
    costs = mean(TRADE_ELASTICITY)
    low, high = np.sort([mean(few), mean(many)], axis=0)
    trade = weights.sum(axis=1)
    world = quotient((costs * trade).sum(where=trade > 0), trade.sum())
    return CountryValues(table.countries, costs, world, low, high)


def border_crossings(table: WorldTable) -> Array:
    """Expected number of borders that the inputs of a unit of each cell's final output crossed, shape (n,): 1'A^F L."""
    return table.solve_leontief_transposed(_foreign_inputs(table))


@indicator(
    symbol="M2",
    property="smooth",
    unit="crossings",
    range=(0, np.inf),
    sense=0,
    source="Muradov (2021), Structural Change and Economic Dynamics 58",
    by_cell=border_crossings,
)
def borders_crossed(table: WorldTable) -> CountryValues:
    """Borders crossed by the inputs in a unit of each country's final demand, the final good's own not counted.

    More means a deeper division of labour and more exposure to friction at borders: the sense depends on the question.
    """
    crossings = border_crossings(table)
    world = quotient((crossings @ table.final).sum(), table.final.sum())
    return CountryValues(table.countries, ratio(crossings @ table.final, table.final.sum(axis=0)), world)


def link_burden(table: WorldTable, rates: Array) -> Array:
    """Cost that ad valorem `rates` on links (n, n) leave in a unit of each cell's final output: 1'(T o A) L, (n,)."""
    return table.solve_leontief_transposed((rates * table.A).sum(axis=0))


@indicator(
    symbol="M2.tariffs",
    property="smooth",
    unit="1",
    range=(0, np.inf),
    sense=-1,
    source="Cumulative tariffs along the chain: 1'(T o A) L",
    needs=("tariff",),
    by_cell=lambda table: link_burden(table, table.extensions["tariff"].values),
)
def cumulative_tariffs(table: WorldTable) -> CountryValues:
    """Tariffs paid on inputs, tier by tier, in a unit of each country's final demand."""
    paid = link_burden(table, table.extensions["tariff"].values) @ table.final
    spent = table.final.sum(axis=0)
    return CountryValues(table.countries, ratio(paid, spent), quotient(paid.sum(), spent.sum()))


@indicator(
    symbol="M3",
    property="smooth",
    unit="1 to 5",
    range=(1, 5),
    sense=1,
    source="World Bank, Logistics Performance Index",
    needs=("logistics_performance",),
    by_product=False,
    reads=(),
)
def logistics_performance(table: WorldTable) -> CountryValues:
    """The World Bank's Logistics Performance Index, as the extension gives it."""
    return CountryValues(table.countries, table.extensions["logistics_performance"].values)


@indicator(
    symbol="M3.shipping",
    property="smooth",
    unit="index, as the extension says",
    range=(0, np.inf),
    sense=1,
    source="UNCTAD, Liner Shipping Connectivity Index",
    needs=("liner_shipping_connectivity",),
    by_product=False,
    reads=(),
)
def liner_shipping_connectivity(table: WorldTable) -> CountryValues:
    """UNCTAD's Liner Shipping Connectivity Index, as the extension gives it."""
    return CountryValues(table.countries, table.extensions["liner_shipping_connectivity"].values)


@indicator(
    symbol="M3.facilitation",
    property="smooth",
    unit="0 to 2",
    range=(0, 2),
    sense=1,
    source="OECD, Trade Facilitation Indicators",
    needs=("trade_facilitation",),
    by_product=False,
    reads=(),
)
def trade_facilitation(table: WorldTable) -> CountryValues:
    """The mean of OECD's Trade Facilitation Indicators, as the extension gives it."""
    return CountryValues(table.countries, table.extensions["trade_facilitation"].values)


@indicator(
    symbol="M4",
    property="smooth",
    unit="1",
    range=(0, np.inf),
    sense=1,
    source="Blöchl, Theis, Vega-Redondo and Fisher (2011), Physical Review E 83",
    by_product=False,
)
def random_walk_closeness(table: WorldTable) -> CountryValues:
    """How soon a unit that wanders along the flows between countries arrives: N over the sum of mean first passages.

    The walk goes from seller to buyer country in proportion to sales, domestic sales included, and never ends. NaN for
    a country that some other one never reaches.
    """
    walkers = np.flatnonzero(table.producing)
    sales = table.bilateral[np.ix_(walkers, walkers)]
    walk = ratio(sales, sales.sum(axis=1)[:, None])
    closeness = np.full(table.n_countries, np.nan)
    for place, target in enumerate(walkers):
        others = np.delete(np.arange(len(walkers)), place)
        system = np.eye(len(others)) - walk[np.ix_(others, others)]
        if len(others) and np.isfinite(system).all() and np.linalg.cond(system) < 1 / np.finfo(float).eps:
            passages = np.linalg.solve(system, np.ones(len(others)))
            closeness[target] = len(walkers) / passages.sum()
    return CountryValues(table.countries, closeness)


def _foreign_inputs(table: WorldTable) -> Array:
    """Imported inputs per unit of output of each cell, shape (n,)."""
    imported = np.empty(table.n)
    for country in range(table.n_countries):
        own = table.block(country)
        above, below = table.Z[: own.start, own], table.Z[own.stop :, own]
        imported[own] = above.sum(axis=0, dtype=np.float64) + below.sum(axis=0, dtype=np.float64)
    return np.divide(imported, table.x, out=np.zeros(table.n), where=table.x != 0)
