"""Green: emissions where they are made and where what they serve is used. Needs the extension "emissions"."""

from dataclasses import dataclass

import numpy as np

from serai.world.arrays import quotient, ratio
from serai.world.measures import CountryValues, indicator
from serai.world.table import Array, WorldTable

UNIT = "unit of the extension"


def emissions_embodied(table: WorldTable, extension: str = "emissions") -> Array:
    """Emissions of each cell for each country's final demand: diag(q) L F, shape (n, N); households' own apart."""
    return emissions_per_output(table, extension)[:, None] * table.output_by_destination


@dataclass(frozen=True, eq=False)
class Accounts:
    """What a country emits, what is emitted for it, and both without what stays at home, each of shape (N,)."""

    production: Array
    consumption: Array
    exports: Array
    imports: Array


def accounts(table: WorldTable, extension: str = "emissions") -> Accounts:
    """Production- and consumption-based accounts of anything counted by cell, households included; as G1 and EEX, EEM.

    Through a focus households stand aside: what they use themselves is of no product.
    """
    flows = table.by_country(emissions_embodied(table, extension))
    home, households = np.diag(flows), table.extensions[extension].households
    own = np.zeros(table.n_countries) if households is None or table.focus is not None else households
    made, used = flows.sum(axis=1), flows.sum(axis=0)
    return Accounts(made + own, used + own, made - home, used - home)


def emissions_per_output(table: WorldTable, extension: str = "emissions") -> Array:
    """q: direct emissions per unit of output of each cell, shape (n,)."""
    return np.divide(table.extensions[extension].values, table.x, out=np.zeros(table.n), where=table.x != 0)


def carbon_content(table: WorldTable) -> Array:
    """mu = L'q: emissions along the whole chain in a unit of each cell's output, shape (n,)."""
    return table.solve_leontief_transposed(emissions_per_output(table))


def carbon_of_inputs(table: WorldTable) -> Array:
    """Mean carbon content of what each cell buys, shape (n,): a supplier below it makes the buyer's chain greener.

    The change that a link makes is (mu_i - this mean) times what it moves, and feedback (docs/method/links.md).
    """
    return ratio(carbon_content(table) @ table.Z, table.Z.sum(axis=0))


@indicator(
    symbol="G1.production",
    property="green",
    unit=UNIT,
    range=(0, np.inf),
    sense=-1,
    source="Peters (2008), Ecological Economics 65(1)",
    needs=("emissions",),
    by_cell=lambda table: table.extensions["emissions"].values,
    reads=(),
)
def production_emissions(table: WorldTable) -> CountryValues:
    """Emissions on a country's territory (production-based account), households included."""
    made = accounts(table).production
    return CountryValues(table.countries, made, float(made.sum()))


@indicator(
    symbol="G1.consumption",
    property="green",
    unit=UNIT,
    range=(0, np.inf),
    sense=-1,
    source="Peters (2008); Davis and Caldeira (2010), PNAS 107(12)",
    needs=("emissions",),
)
def consumption_emissions(table: WorldTable) -> CountryValues:
    """Emissions that serve a country's final demand wherever they are made (consumption-based account)."""
    used = accounts(table).consumption
    return CountryValues(table.countries, used, float(used.sum()))


@indicator(
    symbol="G1.balance",
    property="green",
    unit=UNIT,
    range=(-np.inf, np.inf),
    sense=0,
    source="Balance of emissions embodied in trade (BEET): EEX - EEM",
    needs=("emissions",),
)
def emissions_trade_balance(table: WorldTable) -> CountryValues:
    """Emissions exported less emissions imported in what is traded; positive where a country emits for others."""
    emissions = accounts(table)
    return CountryValues(table.countries, emissions.exports - emissions.imports)


@indicator(
    symbol="G2",
    property="green",
    unit="unit of the extension per unit of money",
    range=(0, np.inf),
    sense=-1,
    source="Consumption-based emissions per unit of final demand",
    needs=("emissions",),
    by_cell=carbon_content,
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
    source="Kander, Jiborn, Moran and Wiedmann (2015), Nature Climate Change 5",
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


@indicator(
    symbol="G4",
    property="green",
    unit="unit of the extension per unit of money",
    range=(0, np.inf),
    sense=-1,
    source="Carbon content of links, mu = L'q",
    needs=("emissions",),
    by_product=False,
    by_cell=carbon_of_inputs,
    reads=(),
)
def carbon_in_imported_inputs(table: WorldTable) -> CountryValues:
    """Emissions along the whole chain in a unit of the inputs that a country imports, freight not included."""
    content, carbon, bought = carbon_content(table), np.empty(table.n), np.empty(table.n)
    for country in range(table.n_countries):
        own = table.block(country)
        purchases = table.Z[:, own].copy()
        purchases[own] = 0
        carbon[own], bought[own] = content @ purchases, purchases.sum(axis=0)
    mean = ratio(table.by_country(carbon), table.by_country(bought))
    return CountryValues(table.countries, mean, quotient(carbon.sum(), bought.sum()))
