"""Facts about the industries of a table: manufacturing, ICT, trade or transport, and trade elasticities.

The facts stand in data/tables/industries.csv, with sources in industries.md beside it.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices
from serai.world.classifications.industries import divisions, industries
from serai.world.table import NotMeasured, WorldTable

LEAST_ELASTICITY, MOST_ELASTICITY = 1.5, 15.0
"""With inputs the lowest estimate (.37) makes trade worth more than all income, and with the highest (51 for petroleum)
any small cost is a stop."""

type Group = Literal["manufacturing", "ict", "trade", "transport", "digital"]


def members(table: WorldTable, group: Group) -> NDArray[np.bool_]:
    """Which cells belong to a group of industries, shape (n,). Raises NotMeasured if that is unknown."""
    flags = _column(table, group)
    if "" in flags:
        raise NotMeasured(f"The industries of this table are too coarse to tell which are '{group}'.")
    return np.tile([flag == "1" for flag in flags], table.n_countries)


def elasticities(table: WorldTable) -> Array:
    """Trade elasticity of each industry, shape (S,). Raises NotMeasured where that isn't known."""
    return np.array(_column(table, "elasticity"), dtype=float)


def bounded_elasticities(table: WorldTable) -> Array:
    """`elasticities` within LEAST_ELASTICITY and MOST_ELASTICITY, as models with inputs need them, shape (S,)."""
    return np.clip(elasticities(table), LEAST_ELASTICITY, MOST_ELASTICITY)


def goods(table: WorldTable) -> NDArray[np.bool_]:
    """Which cells make goods (ISIC Rev.4 01 to 33), shape (n,). Raises NotMeasured where industries aren't known."""
    made = [any(code <= "33" for code in divisions(text)) for text in _column(table, "isic4")]
    return np.tile(made, table.n_countries)


def cells_making(table: WorldTable, isic: Iterable[str]) -> Indices:
    """The cells whose industry covers one of these ISIC Rev.4 codes (divisions, groups or classes), in all countries.

    To see a table through a chain: `table.on(cells_making(table, codes))`. A table coarser than the codes gives the
    whole industry that holds them. Raises NotMeasured where the industries aren't known.
    """
    made = np.isin(np.arange(table.n_industries), industries_making(table.classification, table.industries, isic))
    return np.flatnonzero(np.tile(made, table.n_countries))


def industries_making(classification: str, labels: Sequence[str], isic: Iterable[str]) -> Indices:
    """Positions of the industries that cover one of these ISIC Rev.4 codes. Raises NotMeasured as `cells_making`."""
    wanted = {code[:2] for code in isic}
    covered = _facts_of(classification, labels, "isic4")
    return np.flatnonzero([not wanted.isdisjoint(divisions(text)) for text in covered])


def _column(table: WorldTable, name: str) -> list[str]:
    return _facts_of(table.classification, table.industries, name)


def _facts_of(classification: str, labels: Sequence[str], name: str) -> list[str]:
    facts = industries(classification)
    missing = [label for label in labels if label not in facts]
    if missing:
        raise NotMeasured(f"Nothing is known of the industry '{missing[0]}' of classification '{classification}'.")
    return [facts[label][name] for label in labels]
