"""Stable: how far small shocks to many makers add up, and how far a large one spreads."""

from collections.abc import Collection

import numpy as np

from serai.world.measures import CountryValues, NotMeasured, indicator, quotient, ratio
from serai.world.measures.industries import bounded_elasticities, cells_making
from serai.world.shocks import Scenario, Status, run
from serai.world.shocks.trade.autarky import closed_economies
from serai.world.table import Array, WorldTable

BAD_HARVEST = 0.7
"""What a country's farms make of the same inputs in the shock of R4, relative to now."""

FARMING = ("01",)


def domar_weights(table: WorldTable) -> Array:
    """Output of each cell needed for a unit of each country's final demand: L F_J / 1'F_J, shape (n, N)."""
    return ratio(table.output_by_destination, table.final.sum(axis=0))


@indicator(
    symbol="R1",
    property="stable",
    unit="1",
    range=(0, np.inf),
    sense=-1,
    source="Hulten (1978); Acemoglu et al. (2012), Econometrica 80(5); measures.md R1",
    by_cell=lambda table: table.x / table.final.sum(),
)
def network_volatility(table: WorldTable) -> CountryValues:
    """Norm of the Domar weights: standard deviation of aggregate growth per unit of each industry's own.

    First order, independent shocks, efficient economy. The world's is |x| / GDP.
    """
    world = table.output_by_destination.sum(axis=1)
    norm = np.linalg.norm(domar_weights(table), axis=0)
    return CountryValues(table.countries, norm, quotient(float(np.linalg.norm(world)), table.final.sum()))


@indicator(
    symbol="R4",
    property="stable",
    unit="1",
    range=(-np.inf, 1),
    sense=1,
    source="Caselli, Koren, Lisicky and Tenreyro (2020), QJE 135(1), by exact hat algebra; measures.md R4",
    by_product=False,
    costly=True,
)
def trade_as_buffer(table: WorldTable) -> CountryValues:
    """Part of the loss from a harvest three tenths short at home that trade takes away, against the same in autarky.

    To be read beside R2: walls lower what spills over from others, and this too.
    """
    elasticity = bounded_elasticities(table)
    farming = {table.industries[cell % table.n_industries] for cell in cells_making(table, FARMING)}
    kept = [buffer(table, country, farming, elasticity, BAD_HARVEST) for country in table.countries]
    return CountryValues(table.countries, np.array(kept))


def buffer(
    table: WorldTable, country: str, industries: Collection[str], elasticity: Array, factor: float = BAD_HARVEST
) -> float:
    """1 - ln W(open) / ln W(autarky) when these industries of a country make `factor` of what they made.

    1 where trade takes the whole loss away, 0 where it takes none, below 0 where it adds to it. Raises NotMeasured
    where the equilibrium is not found.
    """
    parameters = {"factor": factor, "countries": [country], "industries": sorted(industries)}
    found = run(table, Scenario("productivity", parameters | {"elasticities": elasticity.tolist()}))
    if found.status is not Status.SOLVED:
        raise NotMeasured("The equilibrium was not found.")
    position = table.countries.index(country)
    cells = table.cells(table.countries[:1], industries)
    alone = closed_economies(found.answer.base.table, elasticity).domar[position, cells].sum() * np.log(factor)
    return quotient(alone - float(np.log(found.answer.welfare[position])), alone)
