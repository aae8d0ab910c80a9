"""The shortlist of links: the best of all pairs by what a first small share would save."""

import numpy as np

from serai.world.links.candidates import Links, capable, links_between, within_capacity
from serai.world.links.risk import Risk
from serai.world.table import Indices, WorldTable

MOST = 40
SHARE = 0.1


def promising_links(table: WorldTable, risk: Risk, cells: Indices, *, share: float = SHARE, most: int = MOST) -> Links:
    """At most `most` links into or out of some cells, from suppliers that could deliver.

    A supplier exports with revealed advantage and makes the order with a tenth of its output. Those that save most per
    unit of share come first; what saves nothing is left out.
    """
    value = risk.all_pairs()
    inside = np.zeros(table.n, dtype=bool)
    inside[cells] = True
    buyer, supplier = np.nonzero((inside[:, None] | inside[None, :]) & (value > 0))
    apart = buyer != supplier
    links = links_between(buyer[apart], supplier[apart], share)
    links = links[capable(table, links) & within_capacity(table, links)]
    best = np.argsort(-value[links.buyer, links.supplier], kind="stable")[:most]
    return links[best]
