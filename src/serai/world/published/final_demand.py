"""How far estimated final demand leads from the truth: it is hidden in tables that state it, and estimated again."""

from collections.abc import Mapping

import numpy as np

from serai.world.final_demand import with_estimated_final_demand
from serai.world.hygiene import without_negative_demand
from serai.world.measures import WORLD, measure
from serai.world.published import quantity
from serai.world.table import Array, WorldTable

SYMBOLS = ("S1", "S2", "O2", "I2")
"""The indicators by which an estimate is judged: concentration, largest dependence, openness, participation."""


@quantity("error of estimated final demand")
def errors_of_estimate(table: WorldTable) -> Mapping[str, float]:
    """Mean and largest absolute error over countries of each indicator, and the share of final demand misplaced."""
    true = without_negative_demand(table)
    estimated = with_estimated_final_demand(true)
    errors: dict[str, float] = {}
    for symbol in SYMBOLS:
        off = np.abs(_values(estimated, symbol) - _values(true, symbol))
        errors |= {f"{symbol}, mean": float(off.mean()), f"{symbol}, largest": float(off.max())}
    errors["misplaced"] = float(np.abs(estimated.F - true.final).sum() / 2 / true.final.sum())
    return errors


def _values(table: WorldTable, symbol: str) -> Array:
    records = measure(table, symbols=[symbol])
    return np.array([record.value for record in records if record.country != WORLD], dtype=float)
