"""Invented firms at the size of a country: ten million links, and whether they look like real ones."""

import resource
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import Finding, cpu_seconds, trial
from serai.world.firm_generator import DEGREE_TAIL, SIZE_TAIL, generate_network
from serai.world.firm_network import FirmNetwork
from serai.world.readers import read


@trial("firms-national", tiny={"firms": 2_000, "links": 10_000})
def a_country_of_firms(firms: int = 1_030_000, links: int = 10_000_000) -> Iterator[Finding]:
    """What do ten million links cost to invent, and have they the tails of the literature and the table's flows?"""
    table = read()
    made: list[FirmNetwork] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = cpu_seconds(lambda: made.append(generate_network(table, firms, seed=1)))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    network = made[0]
    yield Finding("links", network.m, least=links)
    ends = np.random.default_rng(0).integers(firms, size=(2, links))
    yield Finding("CPU-seconds", seconds)
    yield Finding(
        "CPU-seconds over those of sorting as many links", seconds / cpu_seconds(lambda: np.lexsort(ends)), most=10
    )
    yield Finding("peak memory a link", grown / network.m, "bytes", most=120)
    for what, values, tail in (
        ("sizes", network.size, SIZE_TAIL),
        ("suppliers of a firm", network.links_in, DEGREE_TAIL),
        ("buyers of a firm", network.links_out, DEGREE_TAIL),
        ("sales to firms", network.sold, SIZE_TAIL),
        ("purchases from firms", network.bought, SIZE_TAIL),
    ):
        yield Finding(f"tail of {what}, drawn with {tail}", hill(values), least=tail - 0.15, most=tail + 0.15)
    flows = network.between_cells().toarray().ravel()
    yield Finding("correlation with the table's flows", float(np.corrcoef(flows, table.Z.ravel())[0, 1]), least=0.99)
    yield Finding("largest share of its size that a firm sells", float((network.sold / network.size).max()), most=1.001)


def hill(values: NDArray[Any]) -> float:
    """Hill's estimate of the exponent of P(X > x) from the largest hundredth."""
    largest = np.sort(values.astype(float))[::-1][: len(values) // 100]
    return float(1 / np.log(largest / largest[-1]).mean())
