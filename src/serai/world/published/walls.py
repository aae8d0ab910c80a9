"""How the world's properties answer to walls and their reverse, compared with a second computation on WIOD 2011."""

from collections.abc import Mapping

import numpy as np

from serai.world.measures import INDICATORS, WORLD, ask
from serai.world.published import quantity
from serai.world.shocks import Scenario, run
from serai.world.table import WorldTable

SCENARIOS = {
    "tariffs of ten points": Scenario("tariff", {"added": 0.1}),
    "cheaper trade of low incomes": Scenario("trade_cost", {"factor": 0.9, "countries": ["IDN", "IND", "RoW"]}),
    "no exports of China": Scenario("export_stop", {"exporters": ["CHN"]}),
}
SYMBOLS = ("S1", "S2", "R1", "M2", "O1")


@quantity("change after walls")
def change_after_walls(table: WorldTable) -> Mapping[str, float]:
    """Real income of the world and of the worst country in per cent, and the change of the world's indicators."""
    changes: dict[str, float] = {}
    for name, scenario in SCENARIOS.items():
        answer = run(table, scenario).answer
        before, after = answer.base.table, answer.table
        changes[f"{name}: real income"] = 100 * (answer.world_welfare - 1)
        changes[f"{name}: worst country"] = 100 * float(np.expm1(answer.worst[1]))
        for symbol in SYMBOLS:
            weights = before.gdp
            changes[f"{name}: {symbol}"] = _of_the_world(after, symbol, weights) - _of_the_world(
                before, symbol, weights
            )
    return changes


def _of_the_world(table: WorldTable, symbol: str, weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """The world's number, or where there is none the mean of the countries weighted by their size before."""
    values = {record.country: record.value for record in ask(table, INDICATORS[symbol])}
    if WORLD in values:
        return float(values[WORLD] or 0)
    return float(np.average([values[country] or 0 for country in table.countries], weights=weights))
