"""The systemic risk index of every firm of a network, against what GLcascade takes a firm."""

from collections.abc import Iterator

import numpy as np

from benchmarks import Finding, cpu_seconds, trial
from serai.world.firm_generator import generate_network
from serai.world.firm_network import FirmNetwork
from serai.world.readers import read
from serai.world.shocks.cascade import cascade
from serai.world.shocks.cascade.systemic_risk import SystemicRisk, systemic_risk

GLCASCADE = 8.129
"""CPU-seconds a firm of GLcascade 0.9.3.1 (R and C++) at 10^5 firms and 5 x 10^5 links, on the machine of the notes."""

SAMPLE = 512
CORES = 2


def timed(network: FirmNetwork, firms: np.ndarray, tolerance: float) -> tuple[SystemicRisk, float, float]:
    """The index of a sample, CPU-seconds of what is done once, and CPU-seconds a firm."""
    found: list[SystemicRisk] = []
    part = firms[: len(firms) // 4]
    few = cpu_seconds(lambda: systemic_risk(network, part, tolerance=tolerance, threads=1))
    many = cpu_seconds(lambda: found.append(systemic_risk(network, firms, tolerance=tolerance, threads=1)))
    each = (many - few) / (len(firms) - len(part))
    return found[0], max(few - each * len(part), 0.0), each


def measured(n: int, links: float, tolerance: float, sample: int) -> tuple[SystemicRisk, float, float, FirmNetwork]:
    network = generate_network(read(), n, links_each=links, seed=0)
    firms = np.random.default_rng(1).choice(n, sample, replace=False)
    systemic_risk(network, firms[:1], tolerance=tolerance, threads=1)  # compile
    return *timed(network, firms, tolerance), network


@trial("cascade")
def every_firm_of_a_country() -> Iterator[Finding]:
    """How long does the index of all firms take at 10^5 firms and 5 x 10^5 links? A sample of firms, scaled to all."""
    found, once, each, network = measured(100_000, 5, 1e-5, SAMPLE)
    yield Finding("links", network.m)
    yield Finding("CPU-milliseconds a firm", 1e3 * each, "ms")
    yield Finding("times as fast as GLcascade", GLCASCADE / each, least=500)
    yield Finding(f"all firms on {CORES} cores", (once + each * network.n) / CORES / 60, "minutes", most=10)
    yield Finding("largest certified error of an index", float(found.error.max()), most=1e-5)
    yield Finding("single precision against double", found.rounding, most=1e-6)
    firms = found.firms[np.argsort(-found.combined)[:3]]
    exact = [cascade(network, firms=[int(firm)]).answer.index for firm in firms]
    gaps = np.abs(np.sort(found.combined)[::-1][:3] - exact)
    yield Finding("largest difference from the exact engine, three largest", float(gaps.max()), most=1e-5)


@trial("cascade-million")
def a_million_firms() -> Iterator[Finding]:
    """How long does a firm take at 10^6 firms and 10^7 links? A sample of 128 firms, and what is done once."""
    found, once, each, network = measured(1_000_000, 10, 1e-5, 128)
    yield Finding("links", network.m)
    yield Finding("CPU-milliseconds a firm", 1e3 * each, "ms")
    yield Finding("done once", once, "CPU-s")
    yield Finding(f"all firms on {CORES} cores", (once + each * network.n) / CORES / 3600, "hours")
    yield Finding("largest certified error of an index", float(found.error.max()), most=1e-5)
