"""What a link changes by the rank-one formula beside the table solved anew with the link in it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from serai.world.links import links_between, value_of_links
from serai.world.links.structure import output_after
from serai.world.measures.openness import foreign_share_of_final_demand
from serai.world.measures.secure import origin_concentration
from serai.world.measures.stable import network_volatility
from serai.world.published import quantity
from serai.world.table import WorldTable

SHARE = 0.3


@quantity("value of every link, largest difference from the table solved anew")
def links_beside_the_table_solved_anew(table: WorldTable) -> Mapping[str, float]:
    """All pairs of cells, a share of 0.3 each, relative to the value before."""
    buyer, supplier = (side.ravel() for side in np.mgrid[: table.n, : table.n])
    links = links_between(buyer, supplier, SHARE)
    value = value_of_links(table, links)
    largest_gap = {"output": 0.0, "S1": 0.0, "O2": 0.0, "R1": 0.0}
    before = origin_concentration(table).values, foreign_share_of_final_demand(table).values
    for place in range(len(links)):
        A = table.A.copy()
        cells = table.cells(None, [table.industries[table.industry_of[supplier[place]]]])
        moved = SHARE * A[cells, buyer[place]]
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
