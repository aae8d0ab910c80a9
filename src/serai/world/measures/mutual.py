"""Mutually beneficial: whether dependence and gains are shared."""

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator
from serai.world.measures.efficient import cheaper_trade, gains_from_trade_with_intermediates
from serai.world.measures.secure import origin_shares
from serai.world.table import Array, WorldTable


@indicator(
    symbol="B1.winners",
    property="mutual",
    unit="1",
    range=(0, 1),
    sense=1,
    source="Share of countries with W >= 1 when every border costs a tenth less (Antràs and Chor 2018)",
    by_product=False,
    costly=True,
)
def winners_of_cheaper_trade(table: WorldTable) -> CountryValues:
    """1 for a country that doesn't lose when delivering over any border costs a tenth less; the world's is their share.

    Of another action: `Counterfactual.winners` of the shock that states it.
    """
    cheaper = cheaper_trade(table)
    return CountryValues(table.countries, cheaper.wins.astype(float), cheaper.winners)


@indicator(
    symbol="B1.worst",
    property="mutual",
    unit="1",
    range=(-np.inf, np.inf),
    sense=1,
    source="Lowest ln W of a country when every border costs a tenth less (Antràs and Chor 2018)",
    by_product=False,
    costly=True,
)
def worst_of_cheaper_trade(table: WorldTable) -> CountryValues:
    """ln of real income of the country that fares worst when delivering over any border costs a tenth less.

    Of another action: `Counterfactual.worst` of the shock that states it.
    """
    _, lowest = cheaper_trade(table).worst
    return CountryValues((), np.zeros(0), lowest)


@indicator(
    symbol="B2",
    property="mutual",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Asymmetry of look-through origin shares (after Hirschman 1945)",
)
def dependence_asymmetry(table: WorldTable) -> CountryValues:
    """How one-sided a country's dependences are: sum of |sh_ij - sh_ji| over sum of sh_ij + sh_ji; 0 is mutual."""
    share = origin_shares(table) * (1 - np.eye(table.n_countries)) * np.outer(table.producing, table.producing)
    gap, both = np.abs(share - share.T), share + share.T
    return CountryValues(table.countries, ratio(gap.sum(axis=1), both.sum(axis=1)), quotient(gap.sum(), both.sum()))


@indicator(
    symbol="B4",
    property="mutual",
    unit="1",
    range=(0, 1),
    sense=-1,
    source="Gini (1912) of the gains from trade E1.4",
    by_product=False,
)
def inequality_of_gains(table: WorldTable) -> CountryValues:
    """Gini coefficient of the gains from trade (with intermediates) across countries; 0 where all gain alike."""
    gains = gains_from_trade_with_intermediates(table).values
    return CountryValues((), np.zeros(0), gini(gains[np.isfinite(gains)]))


def gini(values: Array) -> float:
    """Mean absolute difference of all pairs over twice the mean."""
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))
