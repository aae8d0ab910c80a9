"""Partners with vectors, hard requirements, industries, the value of links, and lists that spread."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from serai.match.candidates import pairs
from serai.match.firm_pairs import EVERYBODY, FEWEST, Limit, ranked_pairs
from serai.match.hubness import USUAL
from serai.match.lists import spread_with_links
from serai.match.market import Market, market
from serai.match.partners import (
    Firm,
    LinkValues,
    Match,
    Relation,
    Spread,
    between,
    partners,
    partners_of,
    signals_for,
    trade_off,
)
from serai.match.placing import Item, Placement, Side
from serai.match.ranking import JUDGED, MOST_LOST, Signal
from serai.match.reasons import ReasonKind
from serai.match.requirements import Cut, CutKind, Terms
from serai.match.trade_links import Trade, industries_of, input_shares, links
from serai.world.chains import Chain, Node, Position, Stage
from serai.world.table import WorldTable

NODES = ("film", "cells", "cars")
CHAIN = Chain(
    slug="cars",
    title={"en": "Cars"},
    summary={"en": "Cars"},
    stages=(Stage("all", Position.MIDSTREAM, {"en": "All"}),),
    nodes=tuple(Node(code, "all", {"en": code}, (), (), {}) for code in NODES),
    edges=(("film", "cells"), ("cells", "cars")),
)
Line = tuple[str, str, float]  # side, node, confidence


class Fair:
    """Firms with lines; the key of the first item of firm `a` is `a-0`."""

    def __init__(self, **firms: tuple[Line, ...]) -> None:
        self.firms = [Firm(key, tuple(f"{key}-{n}" for n in range(len(lines)))) for key, lines in firms.items()]
        lines = [(f"{key}-{n}", line) for key, lines in firms.items() for n, line in enumerate(lines)]
        self.items = [Item(key, Side(side), node) for key, (side, node, _) in lines]
        self.placements = [Placement(key, "cars", node, sure, ()) for key, (_, node, sure) in lines]

    def match(self, **options: Any) -> dict[str, list[Match]]:
        return partners(self.firms, self.items, self.placements, [CHAIN], **options)

    def market(self, **options: Any) -> Market:
        return market(self.firms, self.items, self.placements, links([CHAIN]), **options)

    def vectors(self, **of: tuple[float, float]) -> np.ndarray:
        """A vector of length 1 for each item, that of its firm."""
        rows = np.array([of[item.key.split("-")[0]] for item in self.items], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def names(matches: list[Match]) -> list[str]:
    return [match.partner for match in matches]


SUPPLIERS = Fair(buyer=(("need", "film", 0.9),), a=(("offer", "film", 0.9),), b=(("offer", "film", 0.9),))

lines = st.tuples(st.sampled_from(["offer", "need"]), st.sampled_from(NODES), st.sampled_from([0.25, 0.5, 0.9]))
fairs = st.dictionaries(st.sampled_from("abcdef"), st.lists(lines, max_size=3).map(tuple), min_size=1).map(
    lambda firms: Fair(**firms)
)


# Meaning


def test_of_two_offers_with_the_same_words_the_one_that_means_what_is_needed_comes_first() -> None:
    vectors = SUPPLIERS.vectors(buyer=(1, 0), a=(0, 1), b=(1, 1))
    matches = SUPPLIERS.match(vectors=vectors)["buyer"]
    assert names(matches) == ["b", "a"]
    # Each cosine against how near both lie to others: the buyer to its two sellers, a seller to its one buyer.
    near, cosines = 0.5**0.5 / 2, (0.5**0.5, 0.0)
    expected = [cosine - (near + cosine) / 2 + USUAL for cosine in cosines]
    assert [match.signals_firm[Signal.MEANING] for match in matches] == pytest.approx(expected)
    assert matches[0].reasons[0].meaning == pytest.approx(expected[0])


def test_of_two_suppliers_along_the_chain_the_one_that_speaks_of_the_same_comes_first() -> None:
    chain = Fair(maker=(("offer", "cells", 0.9),), a=(("offer", "film", 0.9),), b=(("offer", "film", 0.9),))
    matches = chain.match(vectors=chain.vectors(maker=(1, 0), a=(0, 1), b=(2, 1)))["maker"]
    assert names(matches) == ["b", "a"]
    assert matches[1].reasons[0].strength == pytest.approx(0.81 / 2)
    assert matches[0].reasons[0].strength > 0.81 / 2


def test_of_two_offers_with_the_same_words_the_one_with_the_codes_of_the_need_comes_first() -> None:
    codes = sparse.csr_array(SUPPLIERS.vectors(buyer=(1, 0), a=(0, 1), b=(1, 0)))
    matches = SUPPLIERS.match(codes=codes)["buyer"]
    assert names(matches) == ["b", "a"]
    assert [match.signals_firm[Signal.CODES] for match in matches] == [1.0, 0.0]
    with pytest.raises(ValueError, match="codes of 1 texts for 3 items"):
        SUPPLIERS.match(codes=codes[[0]])


def test_vectors_that_are_not_one_an_item_are_refused() -> None:
    with pytest.raises(ValueError, match="1 vectors for 3 items"):
        SUPPLIERS.match(vectors=np.ones((1, 2), dtype=np.float32))


@given(fairs, st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_rows_changes_nothing_with_vectors_and_spread_lists(fair: Fair, seed: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(len(fair.items), 4)).astype(np.float32)
    of = dict(zip((item.key for item in fair.items), vectors, strict=True))
    spread = Spread(floors={"a": 1, "b": 2})
    expected = fair.match(vectors=vectors, per_firm=2, spread=spread)
    for rows in (fair.firms, fair.items, fair.placements):
        Random(seed).shuffle(rows)
    again = np.array([of[item.key] for item in fair.items], dtype=np.float32).reshape(-1, 4)
    assert list(fair.match(vectors=again, per_firm=2, spread=spread).items()) == list(expected.items())


# One firm


@given(fairs)
@settings(max_examples=30, deadline=None)
def test_one_firm_of_a_market_gets_the_list_that_it_gets_among_all(fair: Fair) -> None:
    made = fair.market()
    for firm, matches in fair.match(per_firm=100).items():
        assert partners_of(made, firm, most=100) == matches
        assert partners_of(made, firm, most=1) == matches[:1]


def test_a_firm_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="No firm 'nobody'"):
        partners_of(SUPPLIERS.market(), "nobody")


@given(fairs)
@settings(max_examples=20, deadline=None)
def test_the_signals_to_learn_from_are_those_of_the_matches(fair: Fair) -> None:
    made = fair.market()
    every = fair.match(per_firm=20, limits=EVERYBODY)
    by_pair = {(m.firm, m.partner): m for matches in every.values() for m in matches}
    asked = [(firm.key, partner.key) for firm in fair.firms for partner in fair.firms if firm != partner]
    for pair, row in zip(asked, signals_for(made, asked), strict=True):
        signals = dict(zip(Signal, [None if np.isnan(value) else value for value in row.tolist()], strict=True))
        nothing = dict.fromkeys(Signal, None) | {Signal.CHAIN: 0.0}
        assert signals == (by_pair[pair].signals_firm if pair in by_pair else nothing)


# Hard requirements

DEMANDS = {"buyer-0": Terms(certificates=frozenset({"ISO 9001"})), "b-0": Terms(frozenset({"iso 9001"}))}


def test_an_offer_that_cannot_meet_a_hard_requirement_never_appears_and_is_told_why() -> None:
    assert names(SUPPLIERS.match(terms=DEMANDS)["buyer"]) == ["b"]
    made = SUPPLIERS.market(terms=DEMANDS)
    lacking = (("buyer-0", "a-0", Cut(CutKind.CERTIFICATE, "ISO 9001")),)
    for pair in (("buyer", "a"), ("a", "buyer")):
        assert (between(made, *pair).match, between(made, *pair).cut) == (None, lacking)
    met = between(made, "buyer", "b")
    assert met.match == SUPPLIERS.match(terms=DEMANDS)["buyer"][0]
    assert met.cut == ()


@given(fairs, st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
@settings(max_examples=30, deadline=None)
def test_a_hard_requirement_is_never_broken(fair: Fair, demanding: set[str], certified: set[str]) -> None:
    terms = {}
    for item in fair.items:
        asked = item.key[0] in (demanding if item.side is Side.NEED else certified)
        terms[item.key] = Terms(certificates=frozenset({"CE"})) if asked else Terms()
    for options in ({}, {"spread": Spread()}):
        for matches in fair.match(terms=terms, **options).values():
            for match in matches:
                for reason in match.reasons:
                    if reason.kind is ReasonKind.OFFERS_WHAT_YOU_NEED:
                        assert match.firm not in demanding or match.partner in certified


# Industries

TABLE = WorldTable(
    ("AAA",),
    ("C", "H", "K"),
    ("final",),
    Z=np.array([[90.0, 40.0, 10.0], [8.0, 1.0, 60.0], [2.0, 59.0, 30.0]]),
    F=np.array([[100.0], [50.0], [50.0]]),
    year=2020,
    unit="$",
    classification="isic4-sections",
)


def test_an_industry_counts_as_a_supplier_where_it_sells_much_and_more_than_elsewhere() -> None:
    """Of 100 inputs each: H buys 59 from K, which all together buy 91 of 300; K buys 60 from H (69 of 300)."""
    shares = input_shares(TABLE)
    assert shares.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_makers_on_unconnected_nodes_meet_by_what_their_industries_trade() -> None:
    places = {"freight": ("4923",), "banks": ("6419",), "glass": ("2310",)}
    nodes = tuple(Node(code, "all", {"en": code}, (), isic, {}) for code, isic in places.items())
    chain = replace(CHAIN, nodes=nodes, edges=())
    firms = [Firm(code, (f"{code}-0",)) for code in places]
    items = [Item(f"{code}-0", Side.OFFER, code) for code in places]
    placed = [Placement(f"{code}-0", "cars", code, 0.9, ()) for code in places]
    assert not any(partners(firms, items, placed, [chain]).values())
    by_firm = partners(firms, items, placed, [chain], table=TABLE)
    (match,) = by_firm["freight"]
    assert (match.partner, by_firm["glass"]) == ("banks", [])
    assert {reason.kind for reason in match.reasons} <= {
        ReasonKind.SELLS_TO_YOUR_INDUSTRY,
        ReasonKind.BUYS_FROM_YOUR_INDUSTRY,
    }
    assert {link.trade for link in links([chain], industries_of(TABLE))} == {Trade.STATED, Trade.INDUSTRY}
    with pytest.raises(ValueError, match="have no ISIC codes"):
        industries_of(replace(TABLE, classification=""))


# The value of links


def test_of_two_equal_partners_the_one_whose_link_does_more_comes_first_and_no_other_is_overtaken_by_far() -> None:
    vectors = {("b", "buyer"): {"secure": 0.2}, ("buyer", "a"): {"secure": -0.1}}
    secure = LinkValues(vectors, {"secure": 1.0})
    assert names(SUPPLIERS.match()["buyer"]) == ["a", "b"]
    matches = SUPPLIERS.match(link_values=secure)["buyer"]
    assert names(matches) == ["b", "a"]
    assert matches[0].score == SUPPLIERS.match()["buyer"][1].score
    assert [match.link for match in matches] == [{"secure": 0.2}, {"secure": -0.1}]
    assert between(SUPPLIERS.market(), "buyer", "a", link_values=LinkValues({})).match == SUPPLIERS.match()["buyer"][0]
    assert names(SUPPLIERS.match(link_values=LinkValues(vectors, {}))["buyer"]) == ["a", "b"]
    assert names(partners_of(SUPPLIERS.market(), "buyer", link_values=secure)) == ["b", "a"]


@given(fairs, st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_links_cost_each_list_no_more_of_its_scores_than_they_may(fair: Fair, seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs = [(first.key, second.key) for first in fair.firms for second in fair.firms if first.key < second.key]
    vectors = {pair: {"secure": float(random.normal()), "green": float(random.normal())} for pair in pairs}
    plain, raised = (
        fair.match(per_firm=2, link_values=LinkValues(vectors, weights))
        for weights in ({}, {"secure": 2.0, "green": 1.0})
    )
    for firm, matches in raised.items():
        lost = [sum(match.score for match in listed) for listed in (matches, plain[firm])]
        assert lost[0] >= (1 - MOST_LOST) * lost[1] - 1e-12


@given(fairs, st.integers(0, 2**32), st.sampled_from([0.01, 0.2]))
@settings(max_examples=20, deadline=None)
def test_links_cost_each_list_that_is_spread_no_more_either(fair: Fair, seed: int, most_lost: float) -> None:
    random = np.random.default_rng(seed)
    pairs = [(first.key, second.key) for first in fair.firms for second in fair.firms if first.key < second.key]
    vectors = {pair: {"secure": float(random.normal())} for pair in pairs}
    plain, raised = (
        fair.match(per_firm=2, link_values=LinkValues(vectors, weights, most_lost), spread=Spread())
        for weights in ({}, {"secure": 2.0})
    )
    for firm, matches in raised.items():
        lost = [sum(match.score for match in listed) for listed in (matches, plain[firm])]
        assert lost[0] >= (1 - most_lost) * lost[1] - 1e-12


def test_a_list_that_would_lose_too_much_does_not_keep_the_others_from_following_the_links() -> None:
    fair = Fair(
        buyer=(("need", "film", 0.9),),
        a=(("offer", "film", 0.9),),
        b=(("offer", "film", 0.9),),
        other=(("need", "cars", 0.9),),
        near=(("offer", "cars", 0.9),),
        far=(("offer", "cars", 0.3),),
    )
    made = fair.market()
    ranked = ranked_pairs(made, pairs(made, 10), JUDGED, LinkValues({}))
    firms = [(made.firms[first], made.firms[second]) for first, second in zip(ranked.first, ranked.second, strict=True)]
    by = ranked.score.copy()
    by[firms.index(("b", "buyer"))] *= 1.005
    by[firms.index(("far", "other"))] += 10.0  # so that even a tenth of it puts the far one first

    def first(most_lost: float) -> dict[str, str]:
        followed = replace(ranked, by=by, link_values=LinkValues({}, most_lost=most_lost))
        chosen = spread_with_links(followed, 1, Spread())
        return {made.firms[firm]: next(key for key in firms[pair] if key != made.firms[firm]) for firm, pair in chosen}

    assert first(most_lost=0.9) | {"buyer": "b", "other": "far"} == first(most_lost=0.9)
    assert first(most_lost=0.01) | {"buyer": "b", "other": "near"} == first(most_lost=0.01)


# Lists that spread


def crowd(buyers: int, sellers: int) -> Fair:
    """Buyers of film who all find the first seller surest, the second next, and so on."""
    return Fair(
        **{f"buyer{n}": (("need", "film", 0.9),) for n in range(buyers)},
        **{f"seller{n}": (("offer", "film", 0.9 - 0.05 * n),) for n in range(sellers)},
    )


def seen(found: dict[str, list[Match]], firm: str) -> int:
    return sum(match.partner == firm for matches in found.values() for match in matches)


def test_spread_lists_leave_nobody_unseen_where_those_by_score_send_all_to_the_same() -> None:
    fair = crowd(8, 8)
    by_score, spread = fair.match(per_firm=2), fair.match(per_firm=2, spread=Spread())
    assert [seen(by_score, f"seller{n}") for n in range(8)] == [8, 8, 0, 0, 0, 0, 0, 0]
    assert min(seen(spread, f"seller{n}") for n in range(8)) > 0
    # The best partner of all eight stands in half as many lists again as expected, which are 2.5.
    assert max(seen(spread, f"seller{n}") for n in range(8)) <= 4
    floors = {f"seller{n}": 2 for n in range(8)}
    floored = fair.match(per_firm=2, spread=Spread(floors=floors))
    assert [seen(floored, f"seller{n}") for n in range(8)] == [2] * 8
    assert all(len(matches) == 2 for by_firm in (spread, floored) for matches in by_firm.values())


def test_a_list_that_would_be_short_holds_further_possible_partners() -> None:
    suppliers = {key: (("offer", "film", 0.6 - 0.01 * n),) for n, key in enumerate("abcdefg")}
    fair = Fair(maker=(("offer", "cells", 0.6),), **suppliers)
    strict = {Trade.FED: Limit(least=0.18)}
    for spread in (None, Spread()):
        lists = fair.match(spread=spread)
        assert len(lists["maker"]) == FEWEST
        assert all(0.125 <= match.score < 0.18 for match in lists["maker"])
        assert all(names(lists[key]) == ["maker"] for key in "abcdefg")
        assert len(fair.match(spread=spread, per_firm=2)["maker"]) == 2
        assert len(fair.match(spread=spread, limits=strict)["maker"]) == 1
    assert names(fair.match()["maker"]) == list("abcde")
    assert partners_of(fair.market(), "maker") == fair.match()["maker"]


def test_further_partners_are_first_those_who_stand_in_no_list() -> None:
    makers = dict.fromkeys(("one", "two"), (("offer", "cells", 0.6),))
    fair = Fair(**makers, **dict.fromkeys("abcdefghij", (("offer", "film", 0.6),)))
    lists = fair.match(spread=Spread())
    assert sorted(names(lists["one"]) + names(lists["two"])) == list("abcdefghij")
    by_score = fair.match()
    assert names(by_score["one"]) == names(by_score["two"]) == list("abcde")


def test_a_list_that_is_long_enough_has_nobody_beyond_the_limits() -> None:
    fair = Fair(
        maker=(("offer", "cells", 0.9),),
        **dict.fromkeys("abcde", (("offer", "film", 0.9),)),
        **dict.fromkeys("xyz", (("offer", "film", 0.5),)),
    )
    for spread in (None, Spread()):
        assert sorted(names(fair.match(spread=spread)["maker"])) == list("abcde")


def test_the_organiser_sees_what_a_floor_gives_the_protected_and_what_it_costs() -> None:
    protected = {f"seller{n}" for n in range(4, 8)}
    points = trade_off(crowd(8, 8).market(), protected, [0, 2, 4], per_firm=2)
    assert [point.floor for point in points] == [0, 2, 4]
    assert points[0].protected <= points[1].protected < points[2].protected
    assert points[0].gain > points[2].gain
    assert all(point.shortfall == 0 for point in points)
    sellers = {f"seller{n}" for n in range(8)}
    (among_sellers,) = trade_off(crowd(8, 8).market(), protected, [2], per_firm=2, counted=sellers)
    assert among_sellers.protected > points[1].protected
    assert (among_sellers.unseen, among_sellers.gain) == (0, points[1].gain)


def test_a_floor_that_cannot_be_kept_is_kept_as_far_as_it_can() -> None:
    fair = Fair(buyer=(("need", "film", 0.9),), a=(("offer", "film", 0.9),), c=(("offer", "cars", 0.9),))
    found = fair.match(per_firm=1, spread=Spread(floors={"a": 3, "c": 1, "nobody": 1}))
    assert (names(found["buyer"]), found["c"]) == (["a"], [])


def test_a_spread_list_shows_the_same_matches_with_the_same_scores_and_reasons() -> None:
    fair = crowd(3, 3)
    all_pairs = {(m.firm, m.partner): m for matches in fair.match(per_firm=100).values() for m in matches}
    for matches in fair.match(per_firm=2, spread=Spread()).values():
        for match in matches:
            assert match == all_pairs[match.firm, match.partner]
            assert match.relation is (Relation.SUPPLIER if match.firm.startswith("buyer") else Relation.CUSTOMER)


def test_a_spread_list_is_in_the_order_of_the_scores_that_it_shows() -> None:
    lists = crowd(8, 8).match(per_firm=3, spread=Spread())
    shown = {firm: [match.shown for match in matches] for firm, matches in lists.items()}
    assert all(scores == sorted(scores, reverse=True) for scores in shown.values())
    assert all(match.shown == round(match.score, 1) for matches in lists.values() for match in matches)
