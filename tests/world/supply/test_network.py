"""A supply network: flows fit their margins, origins sum to 1 and are the table's own, the best statement is taken."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.chains import Node, Requirement, builtin_chains
from serai.world.readers import read
from serai.world.supply import (
    Declared,
    Grade,
    ShareRow,
    SupplyNetwork,
    Trade,
    generate_supply,
    shipped_shares,
    supply_network,
)
from serai.world.supply.alternatives import alternatives
from serai.world.supply.flows import fitted
from serai.world.supply.geography import distances
from serai.world.supply.readers.shipped import read_shares
from serai.world.table import WorldTable
from serai.world.trade import Exports
from tests.world.supply.test_stoppage import BY_HAND, chain_of, network_of

TABLE = read("oecd2023-g20/2019")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 9), st.integers(2, 8), st.sampled_from([0.0, 0.3]))
def test_origins_sum_to_1_and_flows_fit_both_margins(seed: int, nodes: int, countries: int, unknown: float) -> None:
    network = generate_supply(nodes, countries, seed, unknown=unknown, spread=1.0)
    assert network.origins_of_made.sum(axis=2) == pytest.approx(1)
    assert network.origins_of_used.sum(axis=2) == pytest.approx(1)
    flows = network.flows
    assert flows.shares.sum(axis=1) == pytest.approx(1)
    assert flows.residual.max() < 1e-6
    sent = np.einsum("nce,ne->nc", flows.shares, network.use)
    assert sent == pytest.approx(network.shares, abs=1e-6)
    assert network.use.sum(axis=1) == pytest.approx(1)


def test_fitting_finds_the_table_of_deming_and_stephan_by_hand() -> None:
    # a seed of ones gives the product of the margins; a seed of a product of factors too
    makers, use = np.array([[0.6, 0.4, 0.0]]), np.array([[0.5, 0.25, 0.25]])
    for seed in (np.ones((1, 3, 3)), np.outer([1.0, 2, 3], [4.0, 5, 6])[None]):
        flows = fitted(makers, use, seed, {})
        assert flows.shares[0] == pytest.approx(np.repeat(makers[0][:, None], 3, axis=1))


def test_known_trade_gives_the_flows_and_production_less_exports_stays_at_home() -> None:
    chain = chain_of(Requirement("cells", "salts", ("salts",)), salts=0.0, cells=0.0)
    rows = tuple(
        ShareRow("salts", code, amount, Grade.STATED, 2024, "count", "t", is_amount=True)
        for code, amount in (("AUS", 8.0), ("CHL", 2.0))
    )
    trade = (Trade("salts", "AUS", "CHL", 3), Trade("salts", "CHL", "AUS", 4))
    network = supply_network(Declared(chain, shares=rows, trade=trade), shares=(), countries=())
    australia, chile = network.country("AUS"), network.country("CHL")
    assert network.flows.shares[0, australia, australia] == pytest.approx(5 / 9)  # 8 made less 3 sent away, 4 bought
    assert network.flows.shares[0, chile, chile] == 0  # more sent than made: nothing stays


def table_of(technology: np.ndarray, made: np.ndarray, sent: np.ndarray) -> WorldTable:
    """A table of N countries whose industries need `technology` (S, S) alike, make `made` (S, N), and sell by `sent`
    (S, N, N), the shares of origins in what a country uses."""
    S, N = made.shape
    Z, F = np.zeros((N, S, N, S)), np.zeros((N, S, N))
    for seller in range(S):
        for buyer in range(S):
            Z[:, seller, :, buyer] = sent[seller] * technology[seller, buyer] * made[buyer]
        F[:, seller] = np.diag(made[seller] - Z[:, seller].sum(axis=(1, 2)))
    labels = tuple(("AUS", "CHL", "CHN")[:N])
    return WorldTable(labels, tuple("abc"[:S]), ("final",), Z.reshape(N * S, N * S), F.reshape(N * S, N), 2020, "US$")


def test_a_chain_of_industries_has_the_tables_own_origins() -> None:
    random = np.random.default_rng(3)
    technology = np.array([[0, 0.2, 0.1], [0, 0, 0.3], [0, 0, 0]])  # a feeds b and c, b feeds c
    made = np.array([[90.0, 60, 80], [50, 70, 40], [30, 20, 60]])
    sent = random.dirichlet(np.ones(3), (3, 3)).transpose(0, 2, 1)  # (seller, origin, destination)
    table = table_of(technology, made, sent)
    chain = chain_of(
        Requirement("b", "a", ("a",), share=0.2),
        Requirement("c", "a", ("a",), share=0.1),
        Requirement("c", "b", ("b",), share=0.3),
        a=0.0,
        b=0.0,
        c=0.0,
    )
    makers = {
        code: {country: float(amount) for country, amount in zip(table.countries, row / row.sum(), strict=True)}
        for code, row in zip("abc", made, strict=True)
    }
    trade = tuple(
        Trade(code, table.countries[origin], table.countries[to], float(sent[place, origin, to]))
        for place, code in enumerate("abc")
        for origin in range(3)
        for to in range(3)
    )
    network = network_of(chain, makers, trade)
    content = (table.vc[:, None] * table.L).reshape(3, 3, 3, 3).sum(axis=1)  # (origin, maker, industry)
    for node in range(3):
        assert network.origins_of_made[node, :3, :3] == pytest.approx(content[:, :, node].T)


def test_a_chain_without_any_shares_has_those_of_its_industries_and_says_so() -> None:
    network = supply_network(builtin_chains(("clean-energy",))[0], table=TABLE, shares=())
    assert {grade.value for grade in network.grades} == {"C"}
    cells = network.makers[network.node("battery-cells")]
    assert cells.named["CHN"] == pytest.approx(
        TABLE.x[TABLE.cells(["CHN"], ["C"])].sum() / TABLE.x[TABLE.cells(industries=["C"])].sum()
    )
    assert cells.others > 0.1  # the rest of the world is nobody by name
    assert network.shares.sum(axis=1) == pytest.approx(1)
    assert (network.own_part >= 0).all()
    assert not network.single_sources.any()


def test_a_country_that_nothing_is_known_of_is_no_maker_and_an_unknown_node_is_unknown_whole() -> None:
    network = supply_network(builtin_chains(("clean-energy",))[0], shares=())
    assert (network.shares[:, -1] == 1).all()
    assert network.node_records()[0]["effective_high"] is None
    assert network.makers[0].source == "nobody says who makes it"


def test_exports_stand_for_makers_by_heading_with_the_grade_of_the_heading() -> None:
    chain = chain_of(Requirement("cells", "salts", ("salts",)), salts=0.0, cells=0.0)
    nodes = (replace(chain.nodes[0], hs=("2836", "2825")), replace(chain.nodes[1], hs=("8507",)))
    chain = replace(chain, nodes=nodes)
    exports = Exports(
        ("CHL", "CHN", "KOR"), ("2825", "2836", "8507"), np.array([[3.0, 5, 0], [1, 1, 60], [0, 0, 40]]), 2020, "count"
    )
    network = supply_network(chain, exports=exports, shares=(), countries=())
    assert network.makers[0].named == pytest.approx({"CHL": 0.8, "CHN": 0.2})
    assert network.makers[1].named == pytest.approx({"CHN": 0.6, "KOR": 0.4})
    assert network.grades == (Grade.HEADING, Grade.HEADING)
    both = replace(chain, nodes=(nodes[0], replace(nodes[1], hs=("2825",))))
    assert supply_network(both, exports=exports, shares=(), countries=()).grades[1] == Grade.INDUSTRY
    published = [ShareRow("scanners/cells", "JPN", 1.0, Grade.STATED, 1990, "a report")]
    assert supply_network(chain, exports=exports, shares=published, countries=()).makers[1].named == {"JPN": 1.0}
    listed = alternatives(network, "cells", without=["CHN"], exports=exports)
    assert [maker.country for maker in listed if maker.makes] == ["KOR"]


def test_the_shares_that_come_with_serai_are_shares_of_nodes_that_there_are() -> None:
    nodes = {f"{chain.slug}/{node.code}" for chain in builtin_chains() for node in chain.nodes}
    for row in shipped_shares():
        assert row.country
        assert row.source
        if row.node.split("/")[0] in {chain.slug for chain in builtin_chains()}:
            assert row.node in nodes


def test_one_row_of_shares_may_name_several_nodes(tmp_path: Path) -> None:
    file = tmp_path / "shares.csv"
    file.write_text("node,country,share,grade,year,source\na/salts; b/salts,Chile,25 %,A,2024,a report\n", "utf-8")
    assert [(row.node, row.country, row.share) for row in read_shares(file)] == [
        ("a/salts", "CHL", 0.25),
        ("b/salts", "CHL", 0.25),
    ]


def test_who_could_make_a_node_comes_with_serai_for_the_built_in_chains() -> None:
    network = supply_network(builtin_chains(("clean-energy",))[0], table=TABLE, shares=())
    listed = alternatives(network, "battery-cells", without=["CHN"])
    assert "CHN" not in {maker.country for maker in listed}
    makers, others = [maker for maker in listed if maker.makes], [maker for maker in listed if not maker.makes]
    assert makers
    assert [maker.density for maker in others] == sorted((maker.density for maker in others), reverse=True)
    assert any(0 < (maker.density or 0) < 1 for maker in others)


def test_distances_are_great_circles() -> None:
    apart = distances(["FRA", "DEU", "unknown"])
    assert apart[0, 1] == pytest.approx(apart[1, 0])
    assert apart[0, 1] == pytest.approx(439.5, abs=1)  # CEPII's simple distance: Paris to Essen
    assert np.isnan(apart[0, 2])


def test_a_network_shows_itself_and_becomes_a_frame() -> None:
    network: SupplyNetwork = BY_HAND
    assert "Supply network: Scanners" in network._repr_html_()
    frame = network.to_polars()
    assert frame.columns == ["node", "country", "share", "grade", "year", "source"]
    assert len(network.to_pandas()) == frame.height == 6
    assert repr(network) == "<SupplyNetwork scanners: 3 nodes, 2 edges, 4 countries>"
    with pytest.raises(KeyError, match="has no node 'sails'; it has salts, cells, cars"):
        network.node("sails")
    with pytest.raises(ValueError, match="read-only"):
        network.shares[0, 0] = 1
    with pytest.raises(ValueError, match=r"spare has shape \(1,\)"):
        replace(network, spare=np.zeros(1))
    assert isinstance(network.chain.nodes[0], Node)
