"""Emissions and digital content of a unit by link and country: the world table is solved for them once.

To solve a table of 80 countries takes half a minute, so the answer is stored for each chain and read by all that need
it.
"""

from typing import Any

import numpy as np

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.networks import fingerprint_of_chain, network_of, world_table
from serai.expo.insight.supply.domain.stored import compute, is_current, result, stored
from serai.world.progress import Progress
from serai.world.supply import SupplyNetwork
from serai.world.supply.contents import Contents, per_unit_contents

KIND = "unit-contents"
"""World-wide, by the slug of a chain."""

DIGITS = 5


@result(KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def unit_contents(_edition: Edition | None, slug: str, _progress: Progress) -> dict[str, Any]:
    """By property and link what a unit from each country of the network has in it, where the table tells."""
    network = network_of(slug)
    contents = per_unit_contents(network, np.arange(network.n), world_table())
    return {
        name: {
            network.nodes[node]: {
                network.countries[place]: float(f"{values[place]:.{DIGITS}g}")
                for place in np.flatnonzero(np.isfinite(values)).tolist()
            }
            for node, values in by_node.items()
        }
        for name, by_node in contents.items()
    }


def contents_of(slug: str, network: SupplyNetwork) -> Contents:
    """The stored contents of a chain, as `source_values` takes them. For tasks: what is not stored is computed."""
    if not is_current(None, KIND, slug):
        compute.func(None, KIND, slug)
    data = stored(None, KIND, slug).data or {}
    return {name: {node: _row(network, data.get(name, {}), node) for node in range(network.n)} for name in NAMES}


NAMES = ("green", "digital")


def _row(network: SupplyNetwork, by_node: dict[str, dict[str, float]], node: int) -> Any:
    contents = by_node.get(network.nodes[node], {})
    return np.array([contents.get(country, np.nan) for country in network.countries])
