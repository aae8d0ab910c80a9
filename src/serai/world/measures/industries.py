"""What is known of the industries of a table: which are manufacturing, ICT, trade or transport, and trade elasticities.

The facts stand in data/tables/industries.csv, with sources in industries.md beside it.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from serai.world.measures import NotMeasured
from serai.world.table import Array, WorldTable

type Group = Literal["manufacturing", "ict", "trade", "transport", "digital"]


def members(table: WorldTable, group: Group) -> NDArray[np.bool_]:
    """Which cells belong to a group of industries, shape (n,). Raises NotMeasured where that isn't known."""
    flags = _column(table, group)
    if "" in flags:
        raise NotMeasured(f"The industries of this table are too coarse to tell which are '{group}'.")
    return np.tile([flag == "1" for flag in flags], table.n_countries)


def elasticities(table: WorldTable) -> Array:
    """Trade elasticity of each industry, shape (S,). Raises NotMeasured where that isn't known."""
    return np.array(_column(table, "elasticity"), dtype=float)


def _column(table: WorldTable, name: str) -> list[str]:
    known = _industries(table.classification)
    missing = [label for label in table.industries if label not in known]
    if missing:
        raise NotMeasured(
            f"Nothing is known of the industry '{missing[0]}' of classification '{table.classification}'."
        )
    return [known[label][name] for label in table.industries]


@cache
def _industries(classification: str) -> dict[str, dict[str, str]]:
    text = (files("serai.world") / "data" / "tables" / "industries.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: row for row in rows if row["classification"] == classification}
