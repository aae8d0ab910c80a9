"""The shares that come with Serai: each row has its source, each chain is half known, ten nodes are as published."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from serai.world.chains import builtin_chains
from serai.world.chains.files import BUILTIN
from serai.world.supply import Grade, shipped_shares
from serai.world.supply.readers.shipped import sources
from serai.world.supply.shares import NodeShares, best

PRODUCTS = Path(__file__).parents[3] / "src/serai/world/data/supply/products.csv"


def makers() -> dict[str, NodeShares]:
    rows = defaultdict(list)
    for row in shipped_shares():
        rows[row.node].append(row)
    return {node: shares for node, of_node in rows.items() if (shares := best(of_node)) is not None}


def goods_nodes() -> dict[str, list[str]]:
    return {chain.slug: [node.code for node in chain.nodes if node.hs] for chain in builtin_chains(BUILTIN)}


def test_each_row_stands_at_a_node_that_exists_and_has_a_source_and_a_year() -> None:
    nodes = {f"{slug}/{code}" for slug, codes in goods_nodes().items() for code in codes}
    texts = set(sources().values())
    for row in shipped_shares():
        assert row.node in nodes
        assert row.source in texts, row
        assert row.year is not None


def test_at_least_half_of_the_goods_nodes_of_each_chain_have_shares_of_grade_a_or_b() -> None:
    shares = makers()
    counted = {}
    for slug, codes in goods_nodes().items():
        close = [
            code for code in codes if f"{slug}/{code}" in shares and shares[f"{slug}/{code}"].grade <= Grade.HEADING
        ]
        counted[slug] = (len(close), len(codes))
    assert all(2 * close >= of for close, of in counted.values()), counted
    assert sum(close for close, _of in counted.values()) == 197


@pytest.mark.parametrize(
    ("node", "country", "share", "grade"),
    [
        # USGS, Mineral Commodity Summaries 2026, production of 2024 over the sum of its rows
        ("minerals-and-metals/copper-mining", "CHL", 5510 / 22_800, Grade.STATED),
        ("minerals-and-metals/alumina-and-aluminium", "CHN", 44_000 / 72_800, Grade.STATED),
        ("minerals-and-metals/rare-earth-mining", "CHN", 0.703, Grade.STATED),
        ("minerals-and-metals/iron-ore", "AUS", 982 / 2_500, Grade.STATED),
        ("minerals-and-metals/pig-iron-and-steel", "CHN", 1010 / 1_816, Grade.STATED),
        ("green-agriculture/coffee", "BRA", 66_300 / 171_400, Grade.STATED),
        # published shares, as their sources print them
        ("clean-energy/solar-wafers", "CHN", 0.97, Grade.STATED),
        ("digital-technology/foundry", "TWN", 0.46, Grade.STATED),
        ("digital-technology/memory", "KOR", 0.759, Grade.STATED),
        # UN Comtrade 2017: Germany is the largest exporter of rolling bearings but for China and Japan
        ("advanced-manufacturing/bearings", "DEU", 0.16, Grade.HEADING),
    ],
)
def test_the_share_of_a_country_is_as_its_source_has_it(node: str, country: str, share: float, grade: Grade) -> None:
    shares = makers()[node]
    assert shares.grade == grade
    assert shares.named[country] == pytest.approx(share, abs=0.02)


def test_each_product_that_stands_for_a_node_is_named_once() -> None:
    with PRODUCTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    nodes = [row["node"] for row in rows]
    assert len(nodes) == len(set(nodes))
    by_chain = {chain.slug: {node.code: set(node.hs) for node in chain.nodes} for chain in builtin_chains(BUILTIN)}
    assert all(node.partition("/")[2] in by_chain[node.partition("/")[0]] for node in nodes)
