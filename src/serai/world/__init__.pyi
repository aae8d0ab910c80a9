"""The names of the library, for type checkers and editors; at run time `__init__.py` imports each when it is used."""

from serai.world import charts as charts
from serai.world import portfolio as portfolio
from serai.world.balancing import gras as gras
from serai.world.balancing import ras as ras
from serai.world.balancing import update_table as update_table
from serai.world.chains import builtin_chains as builtin_chains
from serai.world.chains import read_chain as read_chain
from serai.world.firm_generator import generate_network as generate_network
from serai.world.firm_network import FirmNetwork as FirmNetwork
from serai.world.firm_network import read_network as read_network
from serai.world.hygiene import balance_sheet as balance_sheet
from serai.world.hygiene import repair as repair
from serai.world.industries import cells_making as cells_making
from serai.world.links import Links as Links
from serai.world.links import LinkValue as LinkValue
from serai.world.links import links_between as links_between
from serai.world.links import value_of_links as value_of_links
from serai.world.measures import INDICATORS as INDICATORS
from serai.world.measures import PROPERTIES as PROPERTIES
from serai.world.measures import Record as Record
from serai.world.measures import measure as measure
from serai.world.measures import measure_cells as measure_cells
from serai.world.readers import READERS as READERS
from serai.world.readers import TableNotHere as TableNotHere
from serai.world.readers import UnreadableTable as UnreadableTable
from serai.world.readers import default_table as default_table
from serai.world.readers import read as read
from serai.world.readers.country_series import with_country_series as with_country_series
from serai.world.readers.edgar import with_emissions as with_emissions
from serai.world.series import TableSeries as TableSeries
from serai.world.series import read_years as read_years
from serai.world.shocks import SHOCKS as SHOCKS
from serai.world.shocks import Result as Result
from serai.world.shocks import Scenario as Scenario
from serai.world.shocks import ensemble as ensemble
from serai.world.shocks import run as run
from serai.world.shocks import run_together as run_together
from serai.world.shocks.scenarios import named_scenarios as named_scenarios
from serai.world.shocks.scenarios import read_scenario as read_scenario
from serai.world.supply import Coverage as Coverage
from serai.world.supply import Declared as Declared
from serai.world.supply import Difference as Difference
from serai.world.supply import Exposure as Exposure
from serai.world.supply import Grade as Grade
from serai.world.supply import SmallestCut as SmallestCut
from serai.world.supply import SourceValues as SourceValues
from serai.world.supply import Stoppage as Stoppage
from serai.world.supply import SupplyNetwork as SupplyNetwork
from serai.world.supply import alternatives as alternatives
from serai.world.supply import coverage as coverage
from serai.world.supply import difference as difference
from serai.world.supply import exposure as exposure
from serai.world.supply import exposure_to_makers as exposure_to_makers
from serai.world.supply import exposure_to_nodes as exposure_to_nodes
from serai.world.supply import generate_supply as generate_supply
from serai.world.supply import needs_of as needs_of
from serai.world.supply import read_chain_folder as read_chain_folder
from serai.world.supply import shipped_shares as shipped_shares
from serai.world.supply import smallest_cut as smallest_cut
from serai.world.supply import source_values as source_values
from serai.world.supply import stop as stop
from serai.world.supply import supply_network as supply_network
from serai.world.supply import with_links as with_links
from serai.world.supply import write_chain_folder as write_chain_folder
from serai.world.table import Extension as Extension
from serai.world.table import NotMeasured as NotMeasured
from serai.world.table import WorldTable as WorldTable
from serai.world.trade import read_exports as read_exports
from serai.world.trade import suppliers as suppliers

__all__ = [
    "INDICATORS",
    "PROPERTIES",
    "READERS",
    "SHOCKS",
    "Coverage",
    "Declared",
    "Difference",
    "Exposure",
    "Extension",
    "FirmNetwork",
    "Grade",
    "LinkValue",
    "Links",
    "NotMeasured",
    "Record",
    "Result",
    "Scenario",
    "SmallestCut",
    "SourceValues",
    "Stoppage",
    "SupplyNetwork",
    "TableNotHere",
    "TableSeries",
    "UnreadableTable",
    "WorldTable",
    "alternatives",
    "balance_sheet",
    "builtin_chains",
    "cells_making",
    "charts",
    "coverage",
    "default_table",
    "difference",
    "ensemble",
    "exposure",
    "exposure_to_makers",
    "exposure_to_nodes",
    "generate_network",
    "generate_supply",
    "gras",
    "links_between",
    "measure",
    "measure_cells",
    "named_scenarios",
    "needs_of",
    "portfolio",
    "ras",
    "read",
    "read_chain",
    "read_chain_folder",
    "read_exports",
    "read_network",
    "read_scenario",
    "read_years",
    "repair",
    "run",
    "run_together",
    "shipped_shares",
    "smallest_cut",
    "source_values",
    "stop",
    "suppliers",
    "supply_network",
    "update_table",
    "value_of_links",
    "with_country_series",
    "with_emissions",
    "with_links",
    "write_chain_folder",
]
