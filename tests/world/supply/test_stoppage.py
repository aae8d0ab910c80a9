"""What stops: the model worked by hand, by obvious loops, and what must hold of every network."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.chains import Chain, Node, Position, Requirement, Stage
from serai.world.readers import read
from serai.world.shocks import Scenario, run
from serai.world.shocks.ensemble import OtherEnsembleError, parse_ensemble, risk, run_ensemble
from serai.world.shocks.scenarios import parse_scenario
from serai.world.supply import (
    Declared,
    Provider,
    SupplyNetwork,
    Trade,
    coverage,
    exposure,
    exposure_to_makers,
    generate_supply,
    smallest_cut,
    stop,
    supply_network,
)
from serai.world.supply.hits import every_country, every_maker, hits_of, joined, with_unknown
from serai.world.supply.propagation import propagate
from tests.world.supply.plain import loss_of


def chain_of(*groups: Requirement, **nodes: float) -> Chain:
    """A chain of these groups; `nodes` with their spare capacity."""
    return Chain(
        "scanners",
        {"en": "Scanners"},
        {"en": ""},
        (Stage("all", Position.MIDSTREAM, {"en": "All"}),),
        tuple(Node(code, "all", {"en": code}, (), (), {}, spare_capacity=spare) for code, spare in nodes.items()),
        tuple((member, group.user) for group in groups for member in group.members),
        groups,
    )


def network_of(chain: Chain, makers: dict[str, dict[str, float]], trade: tuple[Trade, ...] = ()) -> SupplyNetwork:
    providers = tuple(
        Provider(node, country, country, share, is_firm=False)
        for node, shares in makers.items()
        for country, share in shares.items()
    )
    return supply_network(Declared(chain, providers=providers, trade=trade), shares=(), countries=())


LEATHER = read("leather")
BY_HAND = network_of(
    chain_of(
        Requirement("cells", "salts", ("salts",), share=0.3, stock_weeks=2),
        Requirement("cars", "cells", ("cells",), share=0.4),
        salts=0.2,
        cells=0.0,
        cars=0.0,
    ),
    {"salts": {"AUS": 0.5, "CHL": 0.5}, "cells": {"CHN": 0.75, "KOR": 0.25}, "cars": {"CHN": 0.5, "KOR": 0.5}},
    (
        Trade("salts", "AUS", "CHN", 6),
        Trade("salts", "CHL", "CHN", 2),
        Trade("salts", "CHL", "KOR", 2),
        Trade("cells", "CHN", "CHN", 1),
        Trade("cells", "CHN", "KOR", 1),
        Trade("cells", "KOR", "KOR", 1),
    ),
)
"""Salts of Australia and Chile, cells of China and Korea, cars of both; Korea's cells are of Chilean salts alone."""


def test_three_nodes_worked_by_hand() -> None:
    stoppage = stop(BY_HAND, countries=["AUS"])
    # China gets (1 + .2) x .25 = .3 of its salts, Korea all; cells lose .75 x .7; cars: China .7, Korea half of it
    assert stoppage.lost[0] == pytest.approx([0.5, 0.75 * 0.7, 0.5 * 0.7 + 0.5 * 0.35])
    pool = stop(BY_HAND, countries=["AUS"], horizon="pool")  # everybody gets (1 + .2) x .5 = .6
    assert pool.lost[0] == pytest.approx([0.5, 0.4, 0.4])
    assert stoppage._held_by(1) == "salts"


def test_stocks_last_as_long_as_their_weeks_by_hand() -> None:
    stoppage = stop(BY_HAND, countries=["AUS"], weeks=4)
    # China lacks .7 a week and has 2 weeks in stock: .7, .7, .6 of the third week's, then nothing
    assert stoppage.loss[0][:, 1] == pytest.approx([0, 0, 0.75 * 0.1, 0.75 * 0.7])
    china = BY_HAND.country("CHN")
    assert stoppage.weeks_to_survive[1, china] == 2
    assert np.isinf(stoppage.weeks_to_survive[1, BY_HAND.country("KOR")])
    assert stoppage.weeks_to_survive_of_nodes[0].tolist() == [0, 2, 2]
    again = stop(BY_HAND, countries=["AUS"], weeks=4, recovery=1)
    assert again.weeks == 5
    assert again.loss[0][4, 0] == pytest.approx(0.25)


def test_look_through_by_hand() -> None:
    # a cell made in China is .7 Chinese and .3 salts, three quarters Australian
    made = BY_HAND.origins_of_made[1, BY_HAND.country("CHN")]
    assert made[[BY_HAND.country(code) for code in ("CHN", "AUS", "CHL")]] == pytest.approx([0.7, 0.225, 0.075])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("pool", [False, True])
@pytest.mark.parametrize("profile", [None, [1, 1, 0.5, 1, 0, 1]])
def test_many_hits_at_once_are_the_obvious_loops(seed: int, pool: bool, profile: list[float] | None) -> None:
    network = generate_supply(9, 6, seed, makers=[None, 3][seed % 2], unknown=0.2, stock_weeks=3, spare=0.2)
    random = np.random.default_rng(seed)
    parts = random.random((12, *network.shares.shape)) * (random.random((12, *network.shares.shape)) < 0.3)
    parts *= network.shares > 0
    weeks = None if profile is None else np.array(profile)
    hits = hits_of(parts, [str(hit) for hit in range(12)])
    missing = propagate(network, hits, pool=pool, profile=weeks)
    for hit in range(12):
        assert np.abs(missing.loss[hit] - loss_of(network, parts[hit], pool=pool, profile=weeks)).max() < 1e-12
    few = propagate(network, hits.some(slice(4, 6)), pool=pool, profile=weeks, keep=True)
    assert np.abs(few.loss - missing.loss[4:6]).max() < 1e-12
    assert few.d is not None
    assert np.abs((few.d * network.shares).sum(axis=3) - few.loss).max() < 1e-12
    single = propagate(network, hits, pool=pool, profile=weeks, single=True)
    assert np.abs(single.loss - missing.loss).max() < 1e-5


networks = st.builds(
    generate_supply,
    st.integers(2, 8),
    st.integers(2, 6),
    st.integers(0, 10_000),
    spare=st.sampled_from([0.0, 0.3]),
    stock_weeks=st.sampled_from([0.0, 4.0]),
    unknown=st.sampled_from([0.0, 0.25]),
)


def lost(network: SupplyNetwork, part: float = 1.0, **more: object) -> np.ndarray:
    """Losses by end and node when the largest maker of the first node stops everywhere."""
    country = network.countries[int(network.concentration.largest[0])]
    return stop(network, countries=[country], share=part, **more).lost_weeks  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(networks, st.floats(0, 1), st.floats(0, 1))
def test_losses_grow_with_the_hit_and_shrink_with_spare_capacity_and_stocks(
    network: SupplyNetwork, first: float, second: float
) -> None:
    less, more = sorted((first, second))
    weeks = {"weeks": 5}
    assert (lost(network, 0.0, **weeks) == 0).all()
    assert (lost(network, less, **weeks) <= lost(network, more, **weeks) + 1e-9).all()
    roomy = replace(network, spare=network.spare + 0.5)
    assert (lost(roomy, more, **weeks) <= lost(network, more, **weeks) + 1e-9).all()
    stocked = replace(network, groups=replace(network.groups, stock=network.groups.stock + 1))
    assert (lost(stocked, more, **weeks) <= lost(network, more, **weeks) + 1e-9).all()
    low, high = lost(network, more)
    assert (low <= high + 1e-9).all()
    assert (high <= 1 + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(networks, st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_countries_changes_nothing(network: SupplyNetwork, random: object) -> None:
    order = list(range(network.n))
    random.shuffle(order)  # type: ignore[attr-defined]
    chain = replace(network.chain, nodes=tuple(network.chain.nodes[place] for place in order))
    makers = {network.nodes[place]: dict(reversed(network.makers[place].named.items())) for place in range(network.n)}
    network, other = network_of(network.chain, makers), network_of(chain, makers)
    country = network.countries[int(network.concentration.largest[0])]
    losses = stop(network, countries=[country]).lost[0], stop(other, countries=[country]).lost[0]
    assert losses[1] == pytest.approx(losses[0][order], abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(networks)
def test_where_everybody_uses_the_worlds_mix_contracts_and_pool_agree(network: SupplyNetwork) -> None:
    K = len(network.countries)
    mixed = replace(network, affinity=np.ones((1, K, K)))
    assert lost(mixed, 0.7) == pytest.approx(lost(mixed, 0.7, horizon="pool"), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(networks)
def test_to_stop_all_makers_of_a_required_input_stops_all_that_needs_it(network: SupplyNetwork) -> None:
    single = [group for group in network.chain.groups if len(group.members) == 1]
    for group in single[:2]:
        stoppage = stop(network, nodes=[group.members[0]])
        assert stoppage.lost[:, network.node(group.user)] == pytest.approx(1)


def test_any_member_of_a_group_serves_as_far_as_its_makers_have_room() -> None:
    tools = Requirement("chips", "tools", ("euv", "immersion"), member_shares=(0.4, 0.6))
    makers = {"euv": {"NLD": 1.0}, "immersion": {"JPN": 1.0}, "chips": {"KOR": 1.0}}
    for spare, expected in ((0.0, 0.4), (0.5, 0.1), (1.0, 0.0)):
        network = network_of(chain_of(tools, euv=0.0, immersion=spare, chips=0.0), makers)
        assert stop(network, countries=["NLD"]).lost[0, 2] == pytest.approx(expected)


def test_a_group_that_is_not_critical_stops_nobody() -> None:
    service = Requirement("chips", "audit", ("audit",), critical=False)
    network = network_of(chain_of(service, audit=0.0, chips=0.0), {"audit": {"USA": 1.0}, "chips": {"KOR": 1.0}})
    assert stop(network, countries=["USA"]).lost[0].tolist() == [1, 0]


def test_the_unknown_are_hit_like_the_largest_maker_at_the_high_end() -> None:
    network = network_of(
        chain_of(Requirement("cells", "salts", ("salts",)), salts=0.0, cells=0.0),
        {"salts": {"CHL": 0.6}, "cells": {"CHN": 1.0}},
    )
    assert stop(network, countries=["CHL"]).lost[:, 0] == pytest.approx([0.6, 1.0])


def test_a_firm_stops_its_part_of_its_countrys_makers() -> None:
    chain = chain_of(Requirement("cells", "salts", ("salts",)), salts=0.0, cells=0.0)
    providers = (
        Provider("salts", "Albemarle", "CHL", 0.2),
        Provider("salts", "SQM", "CHL", 0.6),
        Provider("salts", "Quiet", "CHL"),
        Provider("cells", "CATL", "CHN", 1.0),
    )
    network = supply_network(Declared(chain, providers=providers), shares=(), countries=())
    assert stop(network, firms=["SQM"]).lost[0] == pytest.approx([0.6, 0.6])
    with pytest.raises(ValueError, match="Nobody says which share of 'salts' Quiet makes"):
        stop(network, firms=["Quiet"])
    with pytest.raises(KeyError, match="no firm 'Albermarle'; it has Albemarle, SQM"):
        stop(network, firms=["Albermarle"])


def test_a_closed_strait_stops_what_goes_through_it_and_nothing_else() -> None:
    chain = chain_of(Requirement("fertiliser", "gas", ("gas",)), gas=0.0, fertiliser=0.0)
    network = network_of(
        chain,
        {"gas": {"QAT": 0.5, "AUS": 0.5}, "fertiliser": {"IND": 0.5, "NZL": 0.5}},
        (Trade("gas", "QAT", "IND", 1), Trade("gas", "AUS", "NZL", 1)),
    )
    assert stop(network, straits=["hormuz"]).lost[0] == pytest.approx([0.0, 0.5])
    assert stop(network, straits=["hormuz"], share=0.5).lost[0] == pytest.approx([0.0, 0.25])
    with pytest.raises(KeyError, match="no strait 'styx'; there are bab-el-mandeb"):
        stop(network, straits=["styx"])


def test_the_tables_of_exposure_are_the_stops_one_by_one() -> None:
    network = generate_supply(10, 5, seed=3, unknown=0.1)
    by_country, by_maker = exposure(network), exposure_to_makers(network)
    for place in range(len(by_country.names)):
        alone = stop(network, countries=[by_country.names[place]])
        assert by_country.low[place] == pytest.approx(alone.end_loss[0], abs=1e-5)
        assert by_country.high[place] == pytest.approx(alone.end_loss[1], abs=1e-5)
    node, country = by_maker.names[7].split("/")
    assert by_maker.low[7] == pytest.approx(stop(network, nodes=[node], countries=[country]).end_loss[0], abs=1e-5)
    assert by_country.records()[0]["loss_high"] == by_country.high.max()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("spare", [0.0, 0.4])
def test_the_smallest_cut_is_that_of_trying_all_sets(seed: int, spare: float) -> None:
    network = generate_supply(8, 6, seed, spare=spare, spread=2.0)
    end = network.nodes[network.ends[0]]
    place = network.node(end)
    cut = smallest_cut(network, end)
    by_size = {
        size: max(
            stop(network, countries=chosen).lost[0, place] for chosen in combinations(network.countries[:-1], size)
        )
        for size in range(1, 5)
    }
    smallest = next(size for size, loss in by_size.items() if loss >= 0.5)
    assert cut.is_smallest
    assert len(cut.countries) == smallest
    assert cut.loss == pytest.approx(stop(network, countries=cut.countries).lost[0, place])


def test_what_a_fair_covers_is_the_chain_with_its_firms_as_the_only_makers() -> None:
    covered = coverage(BY_HAND, [("salts", "CHL"), ("salts", "CHL"), ("cells", "CHN")])
    assert covered.covered.tolist() == [True, True, False]
    assert covered.share == pytest.approx([0.5, 0.75, 0])
    assert covered.network.makers[0].named == {"CHL": 1.0}
    exposed = exposure(covered.network)
    assert exposed.low[exposed.names.index("CHL"), 0] == pytest.approx(1)


def test_hits_joined_are_those_of_each() -> None:
    network = generate_supply(6, 4, seed=1, unknown=0.1)
    parts = [every_country(network), every_maker(network)]
    both = joined(parts)
    assert both.names == parts[0].names + parts[1].names
    losses = [propagate(network, part).loss for part in parts]
    assert np.array_equal(propagate(network, both).loss, np.concatenate(losses))
    assert (propagate(network, with_unknown(network, both)).loss >= propagate(network, both).loss - 1e-12).all()


# As a scenario


def test_a_scenario_file_runs_on_a_supply_network_and_counts_its_end_nodes() -> None:
    scenario = parse_scenario(
        'kind = "supply-stop"\nname = "Salts"\n[parameters]\ncountries = ["Australia"]\nnodes = ["salts"]\nweeks = 4\n',
        "salts.toml",
    )
    result = run(BY_HAND, scenario)
    assert result.total == pytest.approx(result.answer.loss[0][:, 2].mean())
    assert result.loss_by_country.sum() == pytest.approx(result.total)
    assert result.over_time is not None
    assert result.over_time.shape == (4, len(BY_HAND.countries))
    assert "Salts" in result._repr_html_()
    with pytest.raises(TypeError, match="hits a supply network of a chain, not a"):
        run(LEATHER, scenario)
    with pytest.raises(KeyError, match="has no country 'Austria'"):
        run(BY_HAND, Scenario("supply-stop", {"countries": ["Austria"]}))


def test_an_ensemble_of_stops_gives_the_risk_of_a_chain(tmp_path: Path) -> None:
    ensemble = parse_ensemble(
        '[[scenario]]\nkind = "supply-stop"\nprobability = 0.5\n[scenario.draw]\ncountries = { among = "countries" }\n',
        "stops.toml",
    )
    outcome = run_ensemble(BY_HAND, ensemble.draw(BY_HAND, 20), tmp_path, jobs=1)
    expected = risk(outcome.losses).expected
    assert 0 < expected.value[0] < 1
    groups = replace(BY_HAND.groups, stock=BY_HAND.groups.stock + 1)
    for other in (replace(BY_HAND, groups=groups), replace(BY_HAND, onward=BY_HAND.onward / 2)):
        with pytest.raises(OtherEnsembleError):  # what weeks take hangs on stocks, who supplies whom on the flows
            run_ensemble(other, ensemble.draw(other, 20), tmp_path, jobs=1)


def test_what_stops_may_be_any_iterable() -> None:
    stopped = stop(BY_HAND, countries=(code for code in ["AUS"]), nodes=iter(["salts"]))
    assert stopped.name == "AUS, salts"
    assert np.array_equal(stopped.lost, stop(BY_HAND, countries=["AUS"], nodes=["salts"]).lost)
