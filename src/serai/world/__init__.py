"""The world knows: classifications, chains, tables, firm networks, the properties, shocks, the value of a link.

A pure library: arrays and frozen dataclasses in, arrays and frozen dataclasses out. No Django, no database.

`from serai import world` gives by name what an analyst needs; each name is imported when it is first used, so that
importing the package costs nothing.
"""

from pkgutil import resolve_name
from typing import Any

_HOMES = {
    "INDICATORS": "serai.world.measures:INDICATORS",
    "PROPERTIES": "serai.world.measures:PROPERTIES",
    "READERS": "serai.world.readers:READERS",
    "SHOCKS": "serai.world.shocks:SHOCKS",
    "Extension": "serai.world.table:Extension",
    "FirmNetwork": "serai.world.firm_network:FirmNetwork",
    "LinkValue": "serai.world.links:LinkValue",
    "Links": "serai.world.links:Links",
    "NotMeasured": "serai.world.table:NotMeasured",
    "Record": "serai.world.measures:Record",
    "Result": "serai.world.shocks:Result",
    "Scenario": "serai.world.shocks:Scenario",
    "TableNotHere": "serai.world.readers:TableNotHere",
    "TableSeries": "serai.world.series:TableSeries",
    "UnreadableTable": "serai.world.readers:UnreadableTable",
    "WorldTable": "serai.world.table:WorldTable",
    "balance_sheet": "serai.world.hygiene:balance_sheet",
    "builtin_chains": "serai.world.chains:builtin_chains",
    "cells_making": "serai.world.industries:cells_making",
    "charts": "serai.world.charts",
    "ensemble": "serai.world.shocks.ensemble",
    "generate_network": "serai.world.firm_generator:generate_network",
    "links_between": "serai.world.links:links_between",
    "measure": "serai.world.measures:measure",
    "measure_cells": "serai.world.measures:measure_cells",
    "named_scenarios": "serai.world.shocks.scenarios:named_scenarios",
    "portfolio": "serai.world.portfolio",
    "read": "serai.world.readers:read",
    "read_exports": "serai.world.trade:read_exports",
    "read_network": "serai.world.firm_network:read_network",
    "read_scenario": "serai.world.shocks.scenarios:read_scenario",
    "read_years": "serai.world.series:read_years",
    "repair": "serai.world.hygiene:repair",
    "run": "serai.world.shocks:run",
    "run_together": "serai.world.shocks:run_together",
    "suppliers": "serai.world.trade:suppliers",
    "value_of_links": "serai.world.links:value_of_links",
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
