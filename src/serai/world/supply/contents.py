"""What a unit of a node has in it by the country that makes it: emissions and digital content; who is left out."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from serai.world.arrays import Array, Indices, ratio, share
from serai.world.classifications import country_groups
from serai.world.classifications.countries import find
from serai.world.industries import members
from serai.world.supply.geography import in_table
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.requirement_groups import industries_of_nodes
from serai.world.table import NotMeasured, WorldTable

POOREST = ("LDC", "LLDC", "SIDS")
"""Groups of countries that count as included: least developed, landlocked developing, small island developing."""

type Contents = Mapping[str, Mapping[int, Array]]
"""By property, "green" and "digital", and by the place of a node, what a unit from each country has in it (K,)."""


def included(countries: Sequence[str]) -> Array:
    """1 for a country of one of the groups POOREST today, else 0, shape (K,)."""
    today = date.today()  # noqa: DTZ011  membership is by day, whatever the zone
    poorest = {code for group in POOREST for code in country_groups.members(group, today)}
    return np.array([float((entry := find(code)) is not None and entry.alpha2 in poorest) for code in countries])


def per_unit_contents(network: SupplyNetwork, nodes: Indices, table: WorldTable | None) -> Contents:
    """What a unit has in it by the country that makes it, NaN where the table doesn't tell."""
    nothing = {int(node): np.full(len(network.countries), np.nan) for node in nodes}
    if table is None:
        return {"green": nothing, "digital": nothing}
    inside = in_table(table, network.countries)
    industries = industries_of_nodes(network.chain, table)
    contents = {"green": _emissions(table), "digital": _digital(table)}
    return {
        name: nothing
        if content is None
        else {node: _by_maker(table, content, industries[node])[inside] for node in nodes.tolist()}
        for name, content in contents.items()
    }


def _by_maker(table: WorldTable, content: Array, industries: Indices) -> Array:
    """The mean content of what these industries make by country of the table, and NaN last, (N + 1,)."""
    output, made = (
        values.reshape(table.n_countries, -1)[:, industries].sum(axis=1) for values in (table.x, content * table.x)
    )
    return np.append(ratio(made, output), np.nan)


def _emissions(table: WorldTable) -> Array | None:
    """Emissions embodied in a unit of each cell's output, every tier counted, (n,); None without emissions."""
    emissions = table.extensions.get("emissions")
    if emissions is None or emissions.values.shape != (table.n,):
        return None
    return table.solve_leontief_transposed(share(emissions.values, table.x))


def _digital(table: WorldTable) -> Array | None:
    """Share of value added of ICT industries in a unit of each cell's output, (n,); None on a coarse table."""
    try:
        ict = members(table, "ict")
    except NotMeasured:
        return None
    return table.solve_leontief_transposed(table.vc * ict)
