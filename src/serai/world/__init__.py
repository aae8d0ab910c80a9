"""The world knows: classifications, chains, tables, firm networks, the properties, shocks, the value of a link.

A pure library: arrays and frozen dataclasses in, arrays and frozen dataclasses out. No Django, no database.

`from serai import world` gives by name what an analyst needs; each name is imported when it is first used, so that
importing the package costs nothing.
"""

from pkgutil import resolve_name
from typing import Any

_HOMES = {
    "Coverage": "serai.world.supply:Coverage",
    "Declared": "serai.world.supply:Declared",
    "Difference": "serai.world.supply:Difference",
    "Exposure": "serai.world.supply:Exposure",
    "Extension": "serai.world.table:Extension",
    "FirmNetwork": "serai.world.firm_network:FirmNetwork",
    "Grade": "serai.world.supply:Grade",
    "INDICATORS": "serai.world.measures:INDICATORS",
    "LinkValue": "serai.world.links:LinkValue",
    "Links": "serai.world.links:Links",
    "NotMeasured": "serai.world.table:NotMeasured",
    "PROPERTIES": "serai.world.measures:PROPERTIES",
    "READERS": "serai.world.readers:READERS",
    "Record": "serai.world.measures:Record",
    "Result": "serai.world.shocks:Result",
    "SHOCKS": "serai.world.shocks:SHOCKS",
    "Scenario": "serai.world.shocks:Scenario",
    "SmallestCut": "serai.world.supply:SmallestCut",
    "SourceValues": "serai.world.supply:SourceValues",
    "Stoppage": "serai.world.supply:Stoppage",
    "SupplyNetwork": "serai.world.supply:SupplyNetwork",
    "TableNotHere": "serai.world.readers:TableNotHere",
    "TableSeries": "serai.world.series:TableSeries",
    "UnreadableTable": "serai.world.readers:UnreadableTable",
    "WorldTable": "serai.world.table:WorldTable",
    "alternatives": "serai.world.supply:alternatives",
    "balance_sheet": "serai.world.hygiene:balance_sheet",
    "builtin_chains": "serai.world.chains:builtin_chains",
    "cells_making": "serai.world.industries:cells_making",
    "charts": "serai.world.charts",
    "coverage": "serai.world.supply:coverage",
    "default_table": "serai.world.readers:default_table",
    "difference": "serai.world.supply:difference",
    "ensemble": "serai.world.shocks.ensemble",
    "exposure": "serai.world.supply:exposure",
    "exposure_to_makers": "serai.world.supply:exposure_to_makers",
    "exposure_to_nodes": "serai.world.supply:exposure_to_nodes",
    "generate_network": "serai.world.firm_generator:generate_network",
    "generate_supply": "serai.world.supply:generate_supply",
    "gras": "serai.world.balancing:gras",
    "links_between": "serai.world.links:links_between",
    "measure": "serai.world.measures:measure",
    "measure_cells": "serai.world.measures:measure_cells",
    "named_scenarios": "serai.world.shocks.scenarios:named_scenarios",
    "needs_of": "serai.world.supply:needs_of",
    "portfolio": "serai.world.portfolio",
    "ras": "serai.world.balancing:ras",
    "read": "serai.world.readers:read",
    "read_chain": "serai.world.chains:read_chain",
    "read_chain_folder": "serai.world.supply:read_chain_folder",
    "read_exports": "serai.world.trade:read_exports",
    "read_network": "serai.world.firm_network:read_network",
    "read_scenario": "serai.world.shocks.scenarios:read_scenario",
    "read_years": "serai.world.series:read_years",
    "repair": "serai.world.hygiene:repair",
    "run": "serai.world.shocks:run",
    "run_together": "serai.world.shocks:run_together",
    "shipped_shares": "serai.world.supply:shipped_shares",
    "smallest_cut": "serai.world.supply:smallest_cut",
    "source_values": "serai.world.supply:source_values",
    "stop": "serai.world.supply:stop",
    "suppliers": "serai.world.trade:suppliers",
    "supply_network": "serai.world.supply:supply_network",
    "update_table": "serai.world.balancing:update_table",
    "value_of_links": "serai.world.links:value_of_links",
    "with_country_series": "serai.world.readers.country_series:with_country_series",
    "with_emissions": "serai.world.readers.edgar:with_emissions",
    "with_links": "serai.world.supply:with_links",
    "write_chain_folder": "serai.world.supply:write_chain_folder",
}
"""Where each name of the library comes from; `__init__.pyi` says the same to type checkers and editors."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'; it has {', '.join(_HOMES)}.")
    value = globals()[name] = resolve_name(_HOMES[name])
    return value


def __dir__() -> list[str]:
    return __all__
