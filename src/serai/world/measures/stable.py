"""Stable: how far small shocks to many makers add up, and how far a large one spreads."""

import numpy as np

from serai.world.measures import CountryValues, indicator, quotient, ratio
from serai.world.table import Array, WorldTable


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
)
def network_volatility(table: WorldTable) -> CountryValues:
    """Norm of the Domar weights: standard deviation of aggregate growth per unit of each industry's own.

    First order, independent shocks, efficient economy. The world's is |x| / GDP.
    """
    world = table.output_by_destination.sum(axis=1)
    norm = np.linalg.norm(domar_weights(table), axis=0)
    return CountryValues(table.countries, norm, quotient(float(np.linalg.norm(world)), table.final.sum()))
