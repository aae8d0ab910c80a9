"""What one more source is worth: by hand, told right where the truth is known, different for different countries."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from benchmarks.supply import right_signs
from serai.world.supply import (
    Grade,
    Link,
    SupplyNetwork,
    combined,
    difference,
    generate_supply,
    needs_of,
    source_values,
    with_links,
)
from serai.world.supply.contents import included
from serai.world.supply.figures import Figures
from serai.world.supply.sourcing import HEADLINES, PROPERTIES
from tests.world.supply.test_stoppage import BY_HAND

AT = {name: place for place, name in enumerate(PROPERTIES)}


def values_of(network: SupplyNetwork, need: tuple[str, str], suppliers: list[str], **given: object):  # type: ignore[no-untyped-def]
    return source_values(network, needs_of(network, [need], **given), suppliers)  # type: ignore[arg-type]


def test_by_hand_a_second_source_of_salts() -> None:
    # Korea takes all salts of Chile; a quarter from Australia. Salts have spare capacity, but no inputs.
    values = values_of(BY_HAND, ("salts", "KOR"), ["AUS", "CHL"], theta={0: 0.25})
    at = values.of(0, "AUS")
    assert values.present[0, AT["secure"]] == pytest.approx(1)
    assert values.change[at][AT["secure"]] == pytest.approx(-0.25)
    assert values.change[at][AT["stable"]] == pytest.approx(-0.25)
    assert values.change[at][AT["open"]] == pytest.approx(1 / (0.75**2 + 0.25**2) - 1)
    assert values.told[at][[AT["secure"], AT["stable"], AT["open"]]].tolist() == [-1, -1, 1]
    assert values.change[values.of(0, "CHL")][AT["secure"]] == pytest.approx(0)
    assert values.verdict(0, "CHL") == ()


def test_a_new_source_takes_one_share_more_than_there_are_sources_within_bounds() -> None:
    theta = [values_of(BY_HAND, ("salts", "CHN"), ["CHL"], sources={0: n}).theta[0] for n in (1.0, 3.0, 100.0)]
    assert theta == [0.5, 0.25, 0.05]


def test_sources_that_fail_with_the_present_ones_do_not_make_an_input_more_stable() -> None:
    # cells of Korea are of Chilean salts alone: for who buys Korea's, China's cells fail with Australia, not with Chile
    values = values_of(BY_HAND, ("cells", "KOR"), ["CHN"], present={0: {"KOR": 1.0}}, theta={0: 0.5})
    at = values.of(0, "CHN")
    # stop of Korea: 1 -> .5; stop of Chile: Korea's cells lack all salts, 1 - .3 of them -> .7; the worst is Chile's
    losses = {"CHL": 1.0, "KOR": 1.0}
    assert values.present[0, AT["stable"]] == pytest.approx(max(losses.values()))
    assert -0.5 <= values.change[at][AT["stable"]] < 0


def test_what_is_not_measured_says_why() -> None:
    values = values_of(BY_HAND, ("salts", "KOR"), ["AUS"])
    told = {row["property"]: row for row in values.records(0, "AUS")}
    assert set(told) == {headline.property for headline in HEADLINES}
    assert told["mutual"]["told"] == told["efficient"]["told"] == told["green"]["told"] == "not measured"
    assert told["green"]["reason"] == "The table has no emissions of this industry and country."
    assert told["secure"]["grade"] == "D"


def test_least_developed_landlocked_and_small_island_countries_are_included() -> None:
    assert included(["ETH", "PRY", "FJI", "DEU", "unknown"]).tolist() == [1, 1, 1, 0, 0]


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("grade", ["A", "C", "D"])
def test_nine_in_ten_signs_that_are_told_are_right_where_the_truth_is_known(grade: str, declared: bool) -> None:
    sizes = {"networks": 2, "nodes": 12, "countries": 16, "makers": 8, "needs": 15}
    right, told = right_signs(Grade(grade), declared=declared, **sizes)
    assert told > 500
    assert right / told >= 0.9


def test_the_ten_best_sources_of_a_buyer_seldom_have_the_same_verdict() -> None:
    network = generate_supply(40, 60, seed=5, makers=20, unknown=0.05)
    random = np.random.default_rng(0)
    needs = needs_of(
        network, [(network.nodes[random.integers(40)], network.countries[random.integers(60)]) for _ in range(12)]
    )
    values = source_values(network, needs, network.countries[:-1])
    same = []
    for need in range(len(needs)):
        best = sorted(values.countries, key=lambda country: -values.better(need, country))[:10]
        verdicts = [values.verdict(need, country) for country in best]
        same += [verdict == other for verdict, other in combinations(verdicts, 2)]
    assert np.mean(same) < 0.3


def test_needs_alike_are_computed_once() -> None:
    values = source_values(BY_HAND, needs_of(BY_HAND, [("salts", "CHN"), ("salts", "KOR"), ("salts", "CHN")]), ["CHL"])
    assert values.change.shape[0] == 2
    assert values.kind_of[0] == values.kind_of[2]


# What links did


def test_links_move_their_buyers_sourcing_in_whatever_order_and_never_more_than_nine_tenths() -> None:
    needs = needs_of(BY_HAND, [("salts", "KOR"), ("salts", "CHN")])
    links = [Link(0, "AUS", 0.4), Link(0, "CHN", 0.8), Link(0, "AUS", 0.6)]
    moved = with_links(BY_HAND, needs, links)
    assert moved.present[0, BY_HAND.country("CHL")] == pytest.approx(0.1)
    assert moved.present[0, BY_HAND.country("AUS")] == pytest.approx(0.5)
    assert np.array_equal(with_links(BY_HAND, needs, links[::-1]).present, moved.present)
    assert moved.present[1] == pytest.approx(BY_HAND.flows.shares[0, :, BY_HAND.country("CHN")])


def test_before_and_after_of_one_link_by_hand_beside_links_at_random() -> None:
    needs = needs_of(BY_HAND, [("salts", "KOR"), ("salts", "CHN")])
    suggestions = [Link(need, country) for need in range(2) for country in ("AUS", "CHL")]
    made = difference(BY_HAND, needs, [Link(0, "AUS", 0.5)], suggestions=suggestions, random_draws=50)
    rows = {row["figure"]: row for row in made.records()}
    assert (rows["single"]["before"], rows["single"]["after"]) == (1.0, 0.5)
    assert rows["worst"]["before"] == pytest.approx((1 + 0.75) / 2)
    assert rows["worst"]["after"] == pytest.approx((0.5 + 0.75) / 2)
    assert rows["effective"]["after"] > rows["effective"]["before"]
    assert rows["green"]["before"] is None
    assert -0.34 < rows["worst"]["low"] < rows["worst"]["high"] < 0  # theta within a third, the sourcing drawn
    assert rows["worst"]["by_chance"] > rows["worst"]["change"]  # the link that was made helps more than most
    assert made.moved == pytest.approx([0.5])
    assert made.most_moved == ()  # fewer than five are not told of one by one


def test_links_at_random_are_what_the_links_themselves_would_be() -> None:
    needs = needs_of(BY_HAND, [("salts", "KOR"), ("cells", "CHN")])
    links = [Link(0, "AUS", 0.3), Link(0, "CHN", 0.7), Link(1, "KOR", 0.2)]
    made = difference(BY_HAND, needs, links, suggestions=links, random_draws=3)
    measured = np.isfinite(made.before)
    assert made.by_chance[0][measured] == pytest.approx((made.after - made.before)[measured])


def test_a_figure_that_one_input_lacks_is_told_of_the_others_with_the_part_that_they_are() -> None:
    needs = needs_of(BY_HAND, [("salts", "KOR"), ("salts", "CHN"), ("cells", "CHN")])
    salts, cells = BY_HAND.node("salts"), BY_HAND.node("cells")
    emissions = np.full(len(BY_HAND.countries), np.nan)
    emissions[[BY_HAND.country(code) for code in ("CHL", "AUS", "CHN", "KOR")]] = 4.0, 1.0, 3.0, 3.0
    nothing = np.full(len(BY_HAND.countries), np.nan)
    contents = {"green": {salts: emissions, cells: nothing}, "digital": {salts: nothing, cells: nothing}}
    links = [Link(0, "AUS", 0.5), Link(2, "KOR", 0.5)]
    made = difference(BY_HAND, needs, links, suggestions=links, random_draws=2, contents=contents)
    rows = {row["figure"]: row for row in made.records()}
    shares = BY_HAND.flows.shares[salts]
    before = [np.nansum(shares[:, BY_HAND.country(buyer)] * emissions) for buyer in ("KOR", "CHN")]
    assert rows["green"]["before"] == pytest.approx(sum(before) / 2)
    assert rows["green"]["after"] == pytest.approx(((before[0] + 1.0) / 2 + before[1]) / 2)
    assert rows["green"]["by_chance"] == pytest.approx(rows["green"]["change"])
    assert rows["green"]["low"] < rows["green"]["high"] < 0
    assert rows["green"]["covered"] == pytest.approx(2 / 3)
    assert rows["worst"]["covered"] == 1
    assert combined([made, made]).records()[4]["before"] == pytest.approx(rows["green"]["before"])


def test_where_nobody_knows_the_sources_a_new_one_is_no_new_risk() -> None:
    """Nobody stops the unknown, so a known source beside them alone would look worse than they do."""
    K = len(BY_HAND.countries)
    nothing_known = np.zeros(K)
    nothing_known[-1] = 1.0
    stops = np.stack([np.eye(K)[:-1]] * 3)
    for x, sign in ((nothing_known, 0), (np.r_[0.9, np.zeros(K - 2), 0.1], -1)):
        drawn = np.tile(x, (40, 1))
        figures = Figures(drawn, np.full(40, 0.4), x, 0.4, np.array([BY_HAND.country("AUS")]))
        if BY_HAND.country("AUS") == 0:
            figures = replace(figures, places=np.array([1]))
        assert figures.largest().told.tolist() == [sign]
        assert figures.worst(stops).told.tolist() == [sign]


def test_the_worst_loss_is_measured_on_the_inputs_of_which_half_of_the_sources_are_known() -> None:
    unknown = {0: {"AUS": 0.4, "unknown": 0.6}, 1: {"AUS": 0.6, "unknown": 0.4}}
    needs = needs_of(BY_HAND, [("salts", "KOR"), ("salts", "CHN")], present=unknown)
    row = difference(BY_HAND, needs, [Link(1, "CHL", 0.5)]).records()[2]
    assert (row["figure"], row["covered"]) == ("worst", 0.5)
    assert (row["before"], row["after"]) == pytest.approx((0.6, 0.5))
