"""What is missing of end nodes when the makers of one node in one country stop: every such stop of a chain."""

from typing import Any

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.exposures import Losses, losses_by_node
from serai.expo.insight.supply.domain.networks import alpha2, fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.stored import result
from serai.world.progress import Progress
from serai.world.supply import exposure_to_makers

KIND = "chain-maker-stops"
"""World-wide, by the slug of a chain."""


@result(KIND, fingerprint=lambda _edition, key: fingerprint_of_chain(key))
def maker_stops(_edition: Edition | None, slug: str, progress: Progress) -> dict[str, Any]:
    """``stops``: by node and alpha-2 code of the country, the loss of each end node, low and high end, 0 to 1.

    Stops of which no end node feels anything are left out.
    """
    network = network_of(slug)
    progress("", 0.3)
    every = exposure_to_makers(network)
    ends = tuple(network.nodes[end] for end in every.ends.tolist())
    stops: dict[str, dict[str, Losses]] = {}
    for place, name in enumerate(every.names):
        node, _slash, country = name.rpartition("/")
        losses = losses_by_node(ends, every.low[place], every.high[place])
        if losses and alpha2(country):
            stops.setdefault(node, {})[alpha2(country)] = losses
    return {"stops": stops, "table": network.source}
