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

TOLERANCE = 1e-5
CORES = 2


def timed(network: FirmNetwork, firms: np.ndarray) -> tuple[SystemicRisk, float, float]:
    """The index of a sample, CPU-seconds of what is done once, and CPU-seconds a firm."""
    risks: list[SystemicRisk] = []
    part = firms[: len(firms) // 4]
    few = cpu_seconds(lambda: systemic_risk(network, part, tolerance=TOLERANCE, threads=1))
    many = cpu_seconds(lambda: risks.append(systemic_risk(network, firms, tolerance=TOLERANCE, threads=1)))
    seconds_a_firm = (many - few) / (len(firms) - len(part))
    return risks[0], max(few - seconds_a_firm * len(part), 0.0), seconds_a_firm


def measured(n: int, links_each: float, sample: int) -> tuple[SystemicRisk, float, float, FirmNetwork]:
    network = generate_network(read(), n, links_each=links_each, seed=0)
    firms = np.random.default_rng(1).choice(n, sample, replace=False)
    systemic_risk(network, firms[:1], tolerance=TOLERANCE, threads=1)  # compile
    return *timed(network, firms), network


@trial("cascade", tiny={"n_firms": 500, "sample": 8})
def every_firm_of_a_country(n_firms: int = 100_000, sample: int = 512) -> Iterator[Finding]:
    """How long does the index of all firms take at 10^5 firms and 5 x 10^5 links? A sample of firms, scaled to all."""
    risk, once, seconds_a_firm, network = measured(n_firms, 5, sample)
    yield Finding("links", network.m)
    yield Finding("CPU-milliseconds a firm", 1e3 * seconds_a_firm, "ms")
    yield Finding("times as fast as GLcascade", GLCASCADE / seconds_a_firm, least=500)
    yield Finding(f"all firms on {CORES} cores", (once + seconds_a_firm * network.n) / CORES / 60, "minutes", most=10)
    yield Finding("largest certified error of an index", float(risk.error.max()), most=TOLERANCE)
    yield Finding("single precision against double", risk.rounding, most=1e-6)
    firms = risk.firms[np.argsort(-risk.combined)[:3]]
    exact = [cascade(network, firms=[int(firm)]).answer.index for firm in firms]
    gaps = np.abs(np.sort(risk.combined)[::-1][:3] - exact)
    yield Finding("largest difference from the exact engine, three largest", float(gaps.max()), most=TOLERANCE)


@trial("cascade-million", tiny={"n_firms": 500, "sample": 8})
def a_million_firms(n_firms: int = 1_000_000, sample: int = 128) -> Iterator[Finding]:
    """How long does a firm take at 10^6 firms and 10^7 links? A sample of 128 firms, and what is done once."""
    risk, once, seconds_a_firm, network = measured(n_firms, 10, sample)
    yield Finding("links", network.m)
    yield Finding("CPU-milliseconds a firm", 1e3 * seconds_a_firm, "ms")
    yield Finding("done once", once, "CPU-s")
    yield Finding(f"all firms on {CORES} cores", (once + seconds_a_firm * network.n) / CORES / 3600, "hours")
    yield Finding("largest certified error of an index", float(risk.error.max()), most=TOLERANCE)
