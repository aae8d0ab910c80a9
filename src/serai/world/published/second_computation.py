"""What a second computation by independent code compares: walls, links, and the cascade on five firms.

The numbers stand in data/published/second_computation.csv; docs/method explains them.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from serai.world.firm_network import FirmNetwork, sorted_links
from serai.world.links import links_between, value_of_links
from serai.world.links.structure import output_after
from serai.world.measures import INDICATORS, WORLD, ask
from serai.world.measures.openness import foreign_share_of_final_demand
from serai.world.measures.secure import origin_concentration
from serai.world.measures.stable import network_volatility
from serai.world.published import quantity
from serai.world.shocks import Scenario, run
from serai.world.shocks.cascade import cascade
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


MOVED = 0.3
"""Share of the product that moves to each link."""


@quantity("value of every link, largest difference from the table solved anew")
def links_beside_the_table_solved_anew(table: WorldTable) -> Mapping[str, float]:
    """All pairs of cells, a share of 0.3 each, relative to the value before."""
    buyer, supplier = (side.ravel() for side in np.mgrid[: table.n, : table.n])
    links = links_between(buyer, supplier, MOVED)
    value = value_of_links(table, links)
    largest_gap = {"output": 0.0, "S1": 0.0, "O2": 0.0, "R1": 0.0}
    before = origin_concentration(table).values, foreign_share_of_final_demand(table).values
    for place in range(len(links)):
        A = table.A.copy()
        cells = table.cells(None, [table.industries[table.industry_of[supplier[place]]]])
        moved = MOVED * A[cells, buyer[place]]
        A[cells, buyer[place]] -= moved
        A[supplier[place], buyer[place]] += moved.sum()
        x = np.linalg.solve(np.eye(table.n) - A, table.F.sum(axis=1))
        after = replace(table, Z=A * x)
        home = int(table.country_of[buyer[place]])
        concentration = origin_concentration(after).values[home] - before[0][home]
        foreign = foreign_share_of_final_demand(after).values[home] - before[1][home]
        volatility = (network_volatility(after).world or 0) - (network_volatility(table).world or 0)
        gaps = {
            "output": np.abs(output_after(table, links[place : place + 1]) - x).max() / x.max(),
            "S1": abs(value.of("concentration")[place] - concentration) / before[0][home],
            "O2": abs(value.of("foreign share")[place] - foreign) / before[1][home],
            "R1": abs(value.of("volatility")[place] - volatility),
        }
        largest_gap = {name: max(largest_gap[name], float(gap)) for name, gap in gaps.items()}
    return largest_gap


ESSENTIAL = ("product 0", "product 1")


def five_firms() -> FirmNetwork:
    """Five firms with five links; products 0 and 1 are essential."""
    supplier, buyer = np.array([0, 1, 2, 4, 4]), np.array([2, 2, 3, 2, 3])
    product, nowhere = np.array([0, 0, 1, 2, 3]), np.zeros(5, dtype=int)
    return FirmNetwork(
        countries=("nowhere",),
        industries=("any",),
        products=tuple(f"product {number}" for number in range(4)),
        country=nowhere,
        industry=nowhere,
        product=product,
        size=np.array([6.0, 4.0, 20.0, 40.0, 7.0]),
        unit="units of money",
        source="Five firms of docs/method/shocks.md",
        **sorted_links(5, supplier, buyer, np.array([6.0, 4.0, 20.0, 2.0, 5.0]), product[supplier]),
    )


@quantity("systemic risk")
def systemic_risk_of_five_firms(network: FirmNetwork) -> Mapping[str, float]:
    """The index of each firm, with and without replacement by others of its product."""
    return {
        f"firm {firm}, {words} replacement": cascade(
            network, firms=[firm], essential=ESSENTIAL, replaceable=replaceable
        ).answer.index
        for replaceable, words in ((False, "without"), (True, "with"))
        for firm in range(network.n)
    }
