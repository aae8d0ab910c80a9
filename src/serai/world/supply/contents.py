"""What a unit of a node has in it by the country that makes it: emissions and digital content; who is left out."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from serai.world.arrays import Array, Indices, share
from serai.world.classifications import country_groups
from serai.world.classifications.countries import find
from serai.world.industries import members
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.requirement_groups import industries_of_nodes
from serai.world.table import NotMeasured, WorldTable

POOREST = ("LDC", "LLDC", "SIDS")
"""Groups of countries that count as included: least developed, landlocked developing, small island developing."""


def included(countries: Sequence[str]) -> Array:
    """1 for a country of one of the groups POOREST today, else 0, shape (K,)."""
    today = date.today()  # noqa: DTZ011  membership is by day, whatever the zone
    poorest = {code for group in POOREST for code in country_groups.members(group, today)}
    return np.array([float((entry := find(code)) is not None and entry.alpha2 in poorest) for code in countries])


def per_unit_contents(
    network: SupplyNetwork, nodes: Indices, table: WorldTable | None
) -> Mapping[str, Mapping[int, Array]]:
    """By property and node, what a unit from each country has in it (K,), NaN where the table doesn't tell."""
    nothing = {int(node): np.full(len(network.countries), np.nan) for node in nodes}
    if table is None:
        return {"green": nothing, "digital": nothing}
    inside = np.array([_label(table, code) for code in network.countries])
    industries = industries_of_nodes(network.chain, table)
    contents = {"green": _emissions(table), "digital": _digital(table)}
    found: dict[str, dict[int, Array]] = {}
    for name, content in contents.items():
        by_node = {}
        for node in nodes.tolist():
            values = np.full(len(network.countries), np.nan)
            if content is not None and len(industries[node]):
                S = table.n_industries
                output = table.x.reshape(-1, S)[:, industries[node]]
                made = content.reshape(-1, S)[:, industries[node]]
                mean = np.where(
                    output.sum(axis=1) > 0, (made * output).sum(axis=1) / np.maximum(output.sum(axis=1), 1e-9), np.nan
                )
                values = np.where(inside >= 0, mean[np.maximum(inside, 0)], np.nan)
            by_node[node] = values
        found[name] = by_node
    return found


def _label(table: WorldTable, code: str) -> int:
    return table.countries.index(code) if code in table.countries else -1


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
