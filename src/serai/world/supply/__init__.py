"""The chain by product: who in the world makes each node, who supplies whom, what stops, what one more source is worth.

The layer between a world table, which has one cell for all electronics of a country, and the firms of a fair. The model
stands in docs/method/supply.md.
"""

from serai.world.supply.alternatives import Alternative, alternatives
from serai.world.supply.compilation import supply_network
from serai.world.supply.concentration import Concentration, concentration
from serai.world.supply.difference import Difference, Link, combined, difference, link_losses, with_links
from serai.world.supply.exposure import (
    Coverage,
    Exposure,
    SmallestCut,
    coverage,
    exposure,
    exposure_to_makers,
    exposure_to_nodes,
    smallest_cut,
)
from serai.world.supply.further_figures import FurtherFigure, further_figures
from serai.world.supply.needs import Amount, Needs, needs_of
from serai.world.supply.network import UNKNOWN, Firm, SupplyNetwork
from serai.world.supply.passages import passages
from serai.world.supply.readers import read_chain_folder, read_shares, shipped_shares, write_chain_folder
from serai.world.supply.records import Declared, Grade, Provider, ShareRow, Trade, UnreadableSupply
from serai.world.supply.shares import NodeShares
from serai.world.supply.sourcing import SourceValues, source_values
from serai.world.supply.stoppage import Stoppage, stop
from serai.world.supply.synthetic import generate_supply
from serai.world.supply.terms import Supplier

__all__ = [
    "UNKNOWN",
    "Alternative",
    "Amount",
    "Concentration",
    "Coverage",
    "Declared",
    "Difference",
    "Exposure",
    "Firm",
    "FurtherFigure",
    "Grade",
    "Link",
    "Needs",
    "NodeShares",
    "Provider",
    "ShareRow",
    "SmallestCut",
    "SourceValues",
    "Stoppage",
    "Supplier",
    "SupplyNetwork",
    "Trade",
    "UnreadableSupply",
    "alternatives",
    "combined",
    "concentration",
    "coverage",
    "difference",
    "exposure",
    "exposure_to_makers",
    "exposure_to_nodes",
    "further_figures",
    "generate_supply",
    "link_losses",
    "needs_of",
    "passages",
    "read_chain_folder",
    "read_shares",
    "shipped_shares",
    "smallest_cut",
    "source_values",
    "stop",
    "supply_network",
    "with_links",
    "write_chain_folder",
]
