"""Supply networks: all single stops of a large catalogue, one stop, the value of every source, signs that are right."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from benchmarks import Finding, apart, cpu_seconds, trial
from serai.world.arrays import Array
from serai.world.charts.layered import layout
from serai.world.supply import (
    Grade,
    SourceValues,
    SupplyNetwork,
    exposure,
    exposure_to_makers,
    exposure_to_nodes,
    generate_supply,
    needs_of,
    source_values,
    stop,
)
from serai.world.supply.hits import sets_of_countries
from serai.world.supply.needs import CONCENTRATION, drawn_shares
from serai.world.supply.propagation import propagate
from serai.world.supply.sourcing import drawn_network


@trial("supply", tiny={"nodes": 12, "countries": 6, "needs": 10, "suppliers": 5, "networks": 1})
def chain_by_product(
    nodes: int = 240, countries: int = 200, needs: int = 4_000, suppliers: int = 500, networks: int = 3
) -> Iterator[Finding]:
    """How long do all stops of a catalogue take, and all new sources, and how often is a sign that is told right?"""
    taken = apart(measured, nodes=nodes, countries=countries, needs=needs, suppliers=suppliers)
    yield Finding("stops", taken["stops"])
    yield Finding("all single stops, every country a maker", taken["all stops"], "CPU-s", most=5)
    yield Finding("all single stops, without spare capacity", taken["without spare"], "CPU-s", most=5)
    yield Finding("one country stops", 1e3 * taken["one"], "ms", most=20)
    yield Finding("one country stops for 26 weeks", 1e3 * taken["weeks"], "ms")
    yield Finding(f"{suppliers:,} suppliers x {needs:,} needs", taken["sources"], "CPU-s", most=60)
    yield Finding("pairs of the ten best with the same verdict", taken["same"], most=0.3)
    yield Finding("layout of the map", taken["layout"], "CPU-s")
    yield Finding("crossings left of those in the file's order", taken["crossings"])
    for grade in Grade:
        for declared in (True, False):
            what = f"told signs that are right, shares {grade.value}, sourcing {'declared' if declared else 'average'}"
            right, told = right_signs(grade, declared=declared, networks=networks)
            yield Finding(what, right / told, least=0.9)


def measured(nodes: int, countries: int, needs: int, suppliers: int) -> Mapping[str, float]:
    """CPU-seconds of each step, and how alike verdicts are."""
    network = generate_supply(nodes, countries, seed=1)
    tight = generate_supply(nodes, countries, seed=1, spare=0.0)
    exposure(network), exposure(tight)  # flows are fitted once
    random = np.random.default_rng(0)
    asked = needs_of(
        network,
        [(network.nodes[random.integers(nodes)], network.countries[random.integers(countries)]) for _ in range(needs)],
    )
    offered = [network.countries[random.integers(countries)] for _ in range(suppliers)]
    place = {node.code: number for number, node in enumerate(network.chain.nodes)}
    edges = [(place[supplier], place[user]) for supplier, user in network.chain.edges]
    drawn = layout(nodes, edges, [40.0] * nodes, gap=12, lane=7)
    valued: list[SourceValues] = []
    sources = cpu_seconds(lambda: valued.append(source_values(network, asked, offered)))
    (values,) = valued
    same = []
    for need in range(0, needs, max(1, needs // 40)):
        best = sorted(values.countries, key=lambda country, need=need: -values.better(need, country))[:10]
        verdicts = [values.verdict(need, country) for country in best]
        same += [verdict == other for verdict, other in combinations(verdicts, 2)]
    first = network.countries[0]
    return {
        "stops": float(sum(len(table(network).names) for table in TABLES)),
        "all stops": cpu_seconds(lambda: [table(network) for table in TABLES]),
        "without spare": cpu_seconds(lambda: [table(tight) for table in TABLES]),
        "one": cpu_seconds(lambda: exposure_of_one(network, first)),
        "weeks": cpu_seconds(lambda: stop(network, countries=[first], weeks=26)),
        "sources": sources,
        "same": float(np.mean(same)),
        "layout": cpu_seconds(lambda: layout(nodes, edges, [40.0] * nodes, gap=12, lane=7)),
        "crossings": drawn.crossings / max(1, drawn.crossings_at_first),
    }


TABLES = (exposure, exposure_to_makers, exposure_to_nodes)


def exposure_of_one(network: SupplyNetwork, country: str) -> object:
    """One stop, as the tables compute it."""
    return propagate(network, sets_of_countries(network, [[network.country(country)]]))


def right_signs(
    grade: Grade,
    *,
    declared: bool,
    networks: int,
    nodes: int = 20,
    countries: int = 25,
    makers: int = 10,
    needs: int = 40,
) -> tuple[int, int]:
    """How many told signs are right on networks whose truth is known, and how many are told."""
    right = told = 0
    for seed in range(networks):
        truth = generate_supply(nodes, countries, seed, makers=makers, grade=grade)
        random = np.random.default_rng(seed + 100)
        seen = drawn_network(truth, random)
        pairs = [
            (truth.nodes[random.integers(nodes)], truth.countries[random.integers(countries)]) for _ in range(needs)
        ]
        bought, stated = {}, {}
        for place, (node, country) in enumerate(pairs):
            average = truth.flows.shares[truth.node(node), :, truth.country(country)]
            own = drawn_shares(average, CONCENTRATION["D"], 1, random)[0]
            bought[place] = _named(truth, own)
            stated[place] = _named(truth, drawn_shares(own, CONCENTRATION["A"], 1, random)[0])
        suppliers = list(truth.countries[:-1])
        values = source_values(seen, needs_of(seen, pairs, present=stated if declared else None), suppliers, seed=1)
        true_values = source_values(truth, needs_of(truth, pairs, present=bought), suppliers, draws=8, seed=1)
        signs = values.told[values.kind_of]
        right += int((signs == np.sign(true_values.change[true_values.kind_of]))[signs != 0].sum())
        told += int((signs != 0).sum())
    return right, told


def _named(network: SupplyNetwork, shares: Array) -> Mapping[str, float]:
    return {code: share for code, share in zip(network.countries, shares.tolist(), strict=True) if share > 0}
