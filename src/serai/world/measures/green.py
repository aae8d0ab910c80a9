"""Green: emissions where they are made and where what they serve is used. Needs the extension "emissions"."""

import numpy as np

from serai.world.measures import CountryValues, indicator, quotient, ratio
from serai.world.table import Array, WorldTable

UNIT = "unit of the extension"


def emissions_embodied(table: WorldTable) -> Array:
    """Emissions of each cell for each country's final demand: diag(q) L F, shape (n, N); households' own apart."""
    intensity = np.divide(table.extensions["emissions"].values, table.x, out=np.zeros(table.n), where=table.x != 0)
    return intensity[:, None] * table.output_by_destination


def _households(table: WorldTable) -> Array:
    households = table.extensions["emissions"].households
    return np.zeros(table.n_countries) if households is None or table.focus is not None else households


@indicator(
    symbol="G1.production",
    property="green",
    unit=UNIT,
    range=(0, np.inf),
    sense=-1,
    source="Peters (2008), Ecological Economics 65(1); measures.md G1",
    needs=("emissions",),
)
def production_emissions(table: WorldTable) -> CountryValues:
    """Emissions on a country's territory (production-based account), households included."""
    made = table.by_country(emissions_embodied(table)).sum(axis=1) + _households(table)
    return CountryValues(table.countries, made, float(made.sum()))


@indicator(
    symbol="G1.consumption",
    property="green",
    unit=UNIT,
    range=(0, np.inf),
    sense=-1,
    source="Peters (2008); Davis and Caldeira (2010), PNAS 107(12); measures.md G1",
    needs=("emissions",),
)
def consumption_emissions(table: WorldTable) -> CountryValues:
    """Emissions that serve a country's final demand wherever they are made (consumption-based account)."""
    used = emissions_embodied(table).sum(axis=0) + _households(table)
    return CountryValues(table.countries, used, float(used.sum()))


@indicator(
    symbol="G1.balance",
    property="green",
    unit=UNIT,
    range=(-np.inf, np.inf),
    sense=0,
    source="Balance of emissions embodied in trade (BEET): EEX - EEM; measures.md G1",
    needs=("emissions",),
)
def emissions_trade_balance(table: WorldTable) -> CountryValues:
    """Emissions exported less emissions imported in what is traded; positive where a country emits for others."""
    embodied = table.by_country(emissions_embodied(table))
    return CountryValues(table.countries, embodied.sum(axis=1) - embodied.sum(axis=0))


@indicator(
    symbol="G2",
    property="green",
    unit="unit of the extension per unit of money",
    range=(0, np.inf),
    sense=-1,
    source="Consumption-based emissions per unit of final demand; measures.md G2",
    needs=("emissions",),
)
def emission_intensity(table: WorldTable) -> CountryValues:
    """Emissions along the whole chain in a unit of each country's final demand."""
    embodied, spent = emissions_embodied(table).sum(axis=0), table.final.sum(axis=0)
    return CountryValues(table.countries, ratio(embodied, spent), quotient(embodied.sum(), spent.sum()))


@indicator(
    symbol="G3",
    property="green",
    unit=UNIT,
    range=(-np.inf, np.inf),
    sense=-1,
    source="Kander, Jiborn, Moran and Wiedmann (2015), Nature Climate Change 5; measures.md G3",
    needs=("emissions",),
)
def technology_adjusted_emissions(table: WorldTable) -> CountryValues:
    """Consumption-based emissions with exports credited at the world's mean intensity of the traded product.

    PBA - EEX at the mean intensity of each product in trade + EEM: a country that makes its exports more cleanly than
    others is credited for it. Adds up to the world's emissions.
    """
    embodied = emissions_embodied(table)
    own = np.arange(table.n), table.country_of
    exported = embodied.sum(axis=1) - embodied[own]
    output = table.output_by_destination.sum(axis=1) - table.output_by_destination[own]
    per_product = exported.reshape(table.n_countries, -1).sum(axis=0)
    mean = np.nan_to_num(ratio(per_product, output.reshape(table.n_countries, -1).sum(axis=0)))
    credited = table.by_country(output * np.tile(mean, table.n_countries))
    adjusted = consumption_emissions(table).values + table.by_country(exported) - credited
    return CountryValues(table.countries, adjusted, float(adjusted.sum()))
