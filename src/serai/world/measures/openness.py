"""Open: how much of what a country uses and makes crosses its borders."""

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator
from serai.world.measures.gvc import export_content, local_multiplier
from serai.world.measures.secure import origin_shares
from serai.world.measures.smooth import TRADE_COST_CAP, trade_costs
from serai.world.table import Array, NotMeasured, WorldTable


@indicator(
    symbol="O1",
    property="open",
    unit="1",
    range=(0, np.inf),
    sense=1,
    source="Gross exports over value added",
)
def exports_to_gdp(table: WorldTable) -> CountryValues:
    """Gross exports of each country relative to its value added."""
    exports = table.by_country(table.exports)
    return CountryValues(table.countries, ratio(exports, table.gdp), quotient(exports.sum(), table.gdp.sum()))


@indicator(
    symbol="O2",
    property="open",
    unit="1",
    range=(0, 1),
    sense=1,
    source="OECD TiVA, FFD_FVA",
    by_cell=lambda table: 1 - table.cell_origins[table.country_of, np.arange(table.n)],
)
def foreign_share_of_final_demand(table: WorldTable) -> CountryValues:
    """Share of foreign value added in each country's final demand, seen through every tier."""
    foreign = table.origins.sum() - np.trace(table.origins)
    return CountryValues(table.countries, 1 - np.diag(origin_shares(table)), quotient(foreign, table.origins.sum()))


@indicator(
    symbol="O3",
    property="open",
    unit="1",
    range=(0, 1),
    sense=0,
    source="Los, Timmer and de Vries (2016), AER 106(7); OECD TiVA, EXGR_DVASH",
    by_cell=local_multiplier,
)
def domestic_value_added_in_exports(table: WorldTable) -> CountryValues:
    """Share of a country's own value added in its gross exports."""
    content = export_content(table)
    domestic, exports = table.by_country(content.domestic), table.by_country(content.exports)
    return CountryValues(table.countries, ratio(domestic, exports), quotient(domestic.sum(), exports.sum()))


@indicator(
    symbol="O4",
    property="open",
    unit="1",
    range=(-1, np.inf),
    sense=-1,
    source="Head-Ries cost across over within blocs",
    needs=("bloc",),
    by_product=False,
)
def wall_between_blocs(table: WorldTable) -> CountryValues:
    """Implied trade cost with partners of other blocs relative to that with partners of the own bloc, minus 1.

    The extension "bloc" numbers the bloc of each country; blocs are the user's, there are none by default. Undefined
    where the implied cost within the bloc is not above 0, since partners there trade more with each other than at home.
    """
    across, within = _across_and_within(table)
    costs = np.minimum(trade_costs(table), TRADE_COST_CAP)
    weights = table.bilateral + table.bilateral.T

    def mean(chosen: NDArray[np.bool_]) -> Array:
        return ratio((costs * weights * chosen).sum(axis=1), (weights * chosen).sum(axis=1))

    at_home = mean(within)
    return CountryValues(table.countries, ratio(mean(across), np.where(at_home > 0, at_home, np.nan)) - 1)


@indicator(
    symbol="O4.share",
    property="open",
    unit="1",
    range=(0, 1),
    sense=1,
    source="Cross-bloc share of trade",
    needs=("bloc",),
    by_product=False,
)
def trade_across_blocs(table: WorldTable) -> CountryValues:
    """Share of partners in other blocs in each country's exports and imports."""
    across, within = _across_and_within(table)
    trade = table.bilateral + table.bilateral.T
    crossing, all_trade = (trade * across).sum(axis=1), (trade * (across | within)).sum(axis=1)
    return CountryValues(table.countries, ratio(crossing, all_trade), quotient(crossing.sum(), all_trade.sum()))


def _across_and_within(table: WorldTable) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs of different countries are of two blocs, and which of one. Raises NotMeasured without both."""
    bloc = table.extensions["bloc"].values
    same = bloc[:, None] == bloc[None, :]
    apart = ~np.eye(table.n_countries, dtype=bool)
    if not (same & apart).any() or same.all():
        raise NotMeasured("The extension 'bloc' needs two blocs, one of them with two countries.")
    return ~same & apart, same & apart


@indicator(
    symbol="O5",
    property="open",
    unit="1",
    range=(0, np.inf),
    sense=-1,
    source="Trade-weighted mean of the tariffs on a country's imports",
    needs=("tariff",),
    by_product=False,
)
def tariffs_on_imports(table: WorldTable) -> CountryValues:
    """Mean tariff on the imported inputs of each country, weighted by what is bought."""
    rates = table.extensions["tariff"].values
    foreign = table.country_of[:, None] != table.country_of[None, :]
    paid = table.by_country((rates * table.Z * foreign).sum(axis=0))
    bought = table.by_country((table.Z * foreign).sum(axis=0))
    return CountryValues(table.countries, ratio(paid, bought), quotient(paid.sum(), bought.sum()))
