"""Partners on a chain made for the purpose: film feeds cells, cells feed cars, and tyres feed cars."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.evidence import Evidence, EvidenceKind
from serai.match.firm_pairs import EVERYBODY, Limit
from serai.match.market import Sorts
from serai.match.market import market as read_market
from serai.match.partners import WORTH, Firm, Match, Relation, matches_with, partners, partners_in, partners_of
from serai.match.placing import Item, Placement, Side, place
from serai.match.ranking import JUDGED, Signal
from serai.match.reasons import ReasonKind
from serai.match.trade_links import Trade, links
from serai.match.word_vectors import word_hashes, word_hashes_of_offer
from serai.world.chains import Chain, Node, Position, Stage, builtin_chains


def chain(slug: str = "cars") -> Chain:
    nodes = ("film", "cells", "tyres", "cars")
    return Chain(
        slug=slug,
        title={"en": slug},
        summary={"en": slug},
        stages=(Stage("all", Position.MIDSTREAM, {"en": "All"}),),
        nodes=tuple(Node(code, "all", {"en": code.title()}, (), (), {}) for code in nodes),
        edges=(("film", "cells"), ("cells", "cars"), ("tyres", "cars")),
    )


class Market:
    """Firms with one line per item: side, node, confidence, text."""

    def __init__(self, **firms: tuple[tuple[str, str, float, str], ...]) -> None:
        self.firms: list[Firm] = []
        self.items: list[Item] = []
        self.placements: list[Placement] = []
        for firm, lines in firms.items():
            keys = [f"{firm}-{number}" for number in range(len(lines))]
            self.firms.append(Firm(firm, tuple(keys)))
            for key, (side, node, confidence, text) in zip(keys, lines, strict=True):
                self.items.append(Item(key, Side(side), text))
                if confidence:
                    self.placements.append(
                        Placement(key, "cars", node, confidence, (Evidence(EvidenceKind.WORDS, text),))
                    )

    def match(self, *, per_firm: int = 1_000, **options: Any) -> dict[str, list[Match]]:
        return partners(self.firms, self.items, self.placements, [chain()], per_firm=per_firm, **options)


def names(matches: list[Match]) -> list[str]:
    return [match.partner for match in matches]


def test_a_need_finds_who_makes_it_and_not_who_makes_the_same_as_the_firm() -> None:
    market = Market(
        maker=(("offer", "cells", 0.9, "battery cells"), ("need", "film", 0.9, "separator film")),
        rival=(("offer", "cells", 0.9, "battery cells"),),
        filmer=(("offer", "film", 0.9, "separator film"),),
    )
    (match,) = market.match()["maker"]
    assert (match.partner, match.relation) == ("filmer", Relation.SUPPLIER)
    assert [reason.kind for reason in match.reasons] == [
        ReasonKind.OFFERS_WHAT_YOU_NEED,
        ReasonKind.FEEDS_YOUR_NODE,
    ]
    assert "rival" not in names(market.match()["maker"])


BATTERIES = {
    "cells": ("offer", "Lithium-ion battery cells", "8507"),
    "wants": ("need", "Separators for lithium-ion battery cells", ""),
    "film": ("offer", "Polyethylene film as battery separator, coated with ceramic", ""),
    "rival": ("offer", "Lithium-ion battery cells for electric buses", "8507"),
    "speaks": ("offer", "Lithium-ion battery cells with ceramic coated separators. We use battery separators.", "8507"),
    "buys": ("offer", "Lithium battery cells. We buy separators for lithium-ion battery cells from Japan.", "8507"),
    "pack": ("offer", "Battery packs for electric buses", "8507"),
}
RIVALS = {"rival", "speaks", "buys"}
OTHERS = ("film", "rival", "speaks", "buys", "pack")


def batteries(*own: str, needs: str = BATTERIES["wants"][1]) -> list[Match]:
    """The partners of a firm with these items, among a maker of film, cell makers and a maker of packs."""
    firms = [Firm("maker", own), *(Firm(key, (key,)) for key in OTHERS)]
    items = [
        Item(key, Side(side), needs if key == "wants" else text, (hs,) if hs else ())
        for key, (side, text, hs) in BATTERIES.items()
    ]
    chains = builtin_chains()
    return partners(firms, items, place(items, chains), chains)["maker"]


def test_a_need_of_a_cell_maker_for_separators_finds_film_makers_before_cell_makers_that_speak_of_them() -> None:
    found = batteries("cells", "wants")
    assert (found[0].partner, found[0].relation) == ("film", Relation.SUPPLIER)


def test_a_buyer_without_offers_finds_the_film_maker_before_cell_makers() -> None:
    assert names(batteries("wants"))[0] == "film"


def test_what_a_firm_can_make_meets_a_need_below_an_offer_that_names_it() -> None:
    firms = [Firm(key, (f"{key}-0",)) for key in ("able", "buyer", "names")]
    items = [
        Item("able-0", Side.OFFER, "separator film", named=False),
        Item("buyer-0", Side.NEED, "separator film"),
        Item("names-0", Side.OFFER, "separator film"),
    ]
    placed = [Placement(item.key, "cars", "film", 0.9, ()) for item in items]
    matches = partners(firms, items, placed, [chain()])
    assert names(matches["buyer"]) == ["names", "able"]
    (named,), (able,) = (match.reasons for match in matches["buyer"])
    assert (named.kind, able.kind) == (ReasonKind.OFFERS_WHAT_YOU_NEED, ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED)
    assert matches["buyer"][1].relation is Relation.SUPPLIER
    (seen,) = matches["able"]
    assert (seen.relation, seen.reasons[0].kind) == (Relation.CUSTOMER, ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY)
    for less, more in (
        ("CAN_SUPPLY_WHAT_YOU_NEED", "OFFERS_WHAT_YOU_NEED"),
        ("NEEDS_WHAT_YOU_CAN_SUPPLY", "NEEDS_WHAT_YOU_OFFER"),
    ):
        assert WORTH[ReasonKind[less]] == pytest.approx(0.6 * WORTH[ReasonKind[more]])


def test_who_needs_what_it_makes_itself_and_nothing_else_finds_others_who_make_it() -> None:
    found = batteries("cells", "wants", needs="Lithium-ion battery cells")
    assert found[0].partner in RIVALS
    assert found[0].relation is Relation.SUPPLIER


def test_the_supplier_finds_the_same_match_from_its_side() -> None:
    market = Market(
        buyer=(("need", "film", 0.8, "film"),),
        seller=(("offer", "film", 0.5, "film"),),
    )
    matches = market.match()
    (bought,), (sold,) = matches["buyer"], matches["seller"]
    assert (sold.relation, sold.reasons[0].kind) == (Relation.CUSTOMER, ReasonKind.NEEDS_WHAT_YOU_OFFER)
    assert sold.reasons[0] == bought.reasons[0].mirrored
    assert (sold.score, sold.score_firm, sold.score_partner) == (bought.score, bought.score_partner, bought.score_firm)
    strength = 0.8 * 0.5
    assert bought.reasons[0].strength == pytest.approx(strength)
    for signals, score, kind in (
        (bought.signals_firm, bought.score_firm, ReasonKind.OFFERS_WHAT_YOU_NEED),
        (bought.signals_partner, bought.score_partner, ReasonKind.NEEDS_WHAT_YOU_OFFER),
    ):
        assert signals[Signal.CHAIN] == pytest.approx(strength * WORTH[kind])
        assert (signals[Signal.WORDS], signals[Signal.MEANING], signals[Signal.NEAR]) == (pytest.approx(1), None, None)
        known = np.array([strength * WORTH[kind], np.nan, 1, *3 * [np.nan]])
        assert score == pytest.approx(float(JUDGED.score(known)), abs=1e-6)
    assert bought.score == pytest.approx((bought.score_firm * bought.score_partner) ** 0.5)


def test_neighbours_along_the_chain_are_suggested_below_a_stated_need() -> None:
    market = Market(
        cells=(("offer", "cells", 0.9, "cells"),),
        film=(("offer", "film", 0.9, "film"),),
        cars=(("offer", "cars", 0.9, "vehicles"),),
        tyres=(("offer", "tyres", 0.9, "wheels"),),
        buyer=(("need", "cells", 0.9, "batteries"),),
    )
    matches = market.match()
    assert {(m.partner, m.relation) for m in matches["cells"]} == {
        ("film", Relation.SUPPLIER),
        ("cars", Relation.CUSTOMER),
        ("buyer", Relation.CUSTOMER),
    }
    assert matches["cells"][0].partner == "buyer"
    assert names(matches["film"]) == ["cells"]
    assert names(matches["buyer"]) == ["cells"]


def test_two_needs_or_two_offers_on_one_node_join_nobody() -> None:
    market = Market(
        a=(("offer", "film", 0.9, "film"),),
        b=(("offer", "film", 0.9, "film"),),
        c=(("need", "cars", 0.9, "cars"),),
        d=(("need", "cars", 0.9, "cars"),),
    )
    assert market.match() == {"a": [], "b": [], "c": [], "d": []}


def test_within_a_node_the_better_fitting_offer_comes_first() -> None:
    market = Market(
        buyer=(("need", "film", 0.9, "ceramic coated separator film"),),
        a=(("offer", "film", 0.9, "uncoated film for food"),),
        b=(("offer", "film", 0.9, "separator film, ceramic coated"),),
    )
    assert names(market.match()["buyer"]) == ["b", "a"]


def test_no_offer_loses_by_the_language_it_is_written_in() -> None:
    market = Market(
        buyer=(("need", "film", 0.9, "separator film"),),
        a=(("offer", "film", 0.9, "separator film"),),
        b=(("offer", "film", 0.9, "セパレーター"),),
        c=(("offer", "film", 0.9, "carrier bags"),),
    )
    matches = market.match(limits=EVERYBODY)["buyer"]
    assert names(matches) == ["a", "b", "c"]
    assert [match.reasons[0].likeness is None for match in matches] == [False, True, False]


def test_a_firm_is_never_its_own_partner() -> None:
    market = Market(both=(("offer", "film", 0.9, "film"), ("need", "film", 0.9, "film"), ("offer", "cells", 0.9, "x")))
    assert market.match() == {"both": []}


@pytest.mark.parametrize("pair", [("buyer", "seller"), ("seller", "buyer")])
def test_an_excluded_pair_never_meets_whichever_way_it_is_named(pair: tuple[str, str]) -> None:
    market = Market(
        buyer=(("need", "film", 0.9, "film"),),
        other=(("offer", "film", 0.1, "bags"),),
        seller=(("offer", "film", 0.9, "film"),),
    )
    matches = market.match(excluded=frozenset({pair, ("nobody", "buyer")}))
    assert names(matches["buyer"]) == ["other"]
    assert matches["seller"] == []


def test_an_excluded_pair_takes_no_place_among_the_candidates() -> None:
    sellers = {f"seller{number}": (("offer", "film", 0.9, "film"),) for number in range(30)}
    market = Market(buyer=(("need", "film", 0.9, "film"),), **sellers)
    excluded = frozenset(("buyer", f"seller{number}") for number in range(29))
    assert names(market.match(per_firm=1, excluded=excluded)["buyer"]) == ["seller29"]


def test_sorts_that_are_kept_apart_have_no_pair_and_take_no_place_among_the_candidates() -> None:
    sellers = {f"seller{number}": (("offer", "film", 0.9, "film"),) for number in range(30)}
    given = Market(buyer=(("need", "film", 0.9, "film"),), **sellers)
    made = read_market(given.firms, given.items, given.placements, links([chain()]))
    of = np.array([("seller29", "buyer").index(key) + 1 if key in ("seller29", "buyer") else 0 for key in made.firms])
    kept = replace(made, sorts=Sorts(of, np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], np.bool_)))
    assert names(partners_in(kept, per_firm=1)["buyer"]) == ["seller29"]
    assert names(partners_of(kept, "buyer", most=9)) == ["seller29"]
    assert len(partners_of(made, "buyer", most=9)) == 9


def test_a_firm_with_nothing_placed_has_no_partners() -> None:
    market = Market(mute=(), lost=(("need", "film", 0.0, "?"),), seller=(("offer", "film", 0.9, "film"),))
    assert market.match() == {"lost": [], "mute": [], "seller": []}
    assert partners([], [], [], [chain()]) == {}
    assert partners([Firm("a", ())], [], [], []) == {"a": []}


def test_ties_go_to_the_smaller_key_and_lists_are_cut() -> None:
    sellers = {f"seller{number:02}": (("offer", "film", 0.9, "film"),) for number in range(20)}
    market = Market(buyer=(("need", "film", 0.9, "film"),), **dict(reversed(sellers.items())))
    assert names(market.match(per_firm=3)["buyer"]) == ["seller00", "seller01", "seller02"]


def test_ties_go_to_the_smaller_key_where_both_sides_are_crowded_too() -> None:
    buyers = {f"buyer{number:02}": (("need", "film", 0.9, "film"),) for number in range(20)}
    sellers = {f"seller{number:02}": (("offer", "film", 0.9, "film"),) for number in range(20)}
    matches = Market(**buyers, **sellers).match(per_firm=2)
    assert names(matches["buyer19"]) == ["seller00", "seller01"]
    assert names(matches["seller19"]) == ["buyer00", "buyer01"]


def test_a_crowded_node_still_leaves_nobody_out() -> None:
    """The need keeps its strongest offers only, but the weakest offer keeps the need."""
    sellers = {f"seller{number:02}": (("offer", "film", 0.9, "film"),) for number in range(50)}
    market = Market(buyer=(("need", "film", 0.9, "film"),), weak=(("offer", "film", 0.1, "bags"),), **sellers)
    assert names(market.match(per_firm=2)["weak"]) == ["buyer"]


def test_a_need_counts_with_the_one_offer_that_is_closest_to_it_however_many_there_are() -> None:
    offers = (("offer", "film", 0.5, "bags"), ("offer", "film", 0.5, "separator film"), ("offer", "film", 0.5, "foil"))
    (closest,), (all_three,) = (
        Market(buyer=(("need", "film", 0.5, "separator film"),), seller=some).match()["buyer"]
        for some in (offers[1:2], offers)
    )
    assert [reason.theirs for reason in all_three.reasons] == ["seller-1"]
    assert all_three.signals_firm[Signal.CHAIN] == closest.signals_firm[Signal.CHAIN]


def test_reasons_of_two_needs_do_not_cross() -> None:
    market = Market(
        buyer=(("need", "film", 0.9, "rare earth magnets"), ("need", "film", 0.9, "electrical steel")),
        seller=(("offer", "film", 0.9, "electrical steel"), ("offer", "film", 0.9, "rare earth magnets")),
        steelworks=(("offer", "film", 0.9, "electrical steel"),),
    )
    by_partner = {match.partner: match for match in market.match()["buyer"]}
    assert {(reason.own, reason.theirs) for reason in by_partner["seller"].reasons} == {
        ("buyer-0", "seller-1"),
        ("buyer-1", "seller-0"),
    }
    assert [(reason.own, reason.theirs) for reason in by_partner["steelworks"].reasons] == [("buyer-1", "steelworks-0")]


def test_a_need_and_an_offer_that_no_chain_knows_meet_by_their_words_and_are_on_no_node() -> None:
    market = Market(
        buyer=(("need", "film", 0.0, "ceramic tiles for bathrooms"),),
        seller=(("offer", "film", 0.0, "glazed tiles"),),
        other=(("offer", "film", 0.0, "garments"),),
    )
    (match,) = market.match()["buyer"]
    assert (match.partner, match.signals_firm[Signal.CHAIN]) == ("seller", 0)
    (reason,) = match.reasons
    assert (reason.own_place, reason.their_place, reason.common) == (None, None, ("tile",))


@pytest.mark.parametrize(
    ("firms", "items", "placements", "sentence"),
    [
        ([Firm("a", ()), Firm("a", ())], [], [], "Two firms have the key 'a'"),
        ([], [Item("x", Side.OFFER, "")] * 2, [], "Two items have the same key"),
        ([Firm("a", ("x",))], [], [], "Firm 'a' names the item 'x'"),
        ([Firm("a", ("x",)), Firm("b", ("x",))], [Item("x", Side.OFFER, "")], [], "with the firms 'a' and 'b'"),
        ([], [], [Placement("x", "cars", "film", 0.5, ())], "Item 'x' is placed on 'cars/film'"),
        ([], [Item("x", Side.OFFER, "")], [Placement("x", "cars", "moon", 0.5, ())], "placed on 'cars/moon'"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_a_sentence(
    firms: list[Firm], items: list[Item], placements: list[Placement], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        partners(firms, items, placements, [chain()])


# By chance: any market


lines = st.tuples(
    st.sampled_from(["offer", "need"]),
    st.sampled_from(["film", "cells", "tyres", "cars"]),
    st.sampled_from([0.0, 0.25, 0.5, 0.9]),
    st.sampled_from(["film", "separator film", "battery cell", "隔膜", "", "rubber tyre"]),
)
markets = st.dictionaries(st.sampled_from("abcdef"), st.lists(lines, max_size=4).map(tuple), min_size=1).map(
    lambda firms: Market(**firms)
)


def joins(market: Market, first: str, second: str) -> Iterator[bool]:
    """By brute force: for each pair of items of both that could trade, in either direction, whether by the chain."""
    where = {p.item: p for p in market.placements}
    items = {item.key: item for item in market.items}
    keys = {firm.key: firm.items for firm in market.firms}
    for buyer, seller in ((first, second), (second, first)):
        for bought in keys[buyer]:
            for sold in keys[seller]:
                if items[sold].side is not Side.OFFER:
                    continue
                placed = where.get(bought), where.get(sold)
                nodes = tuple(place.node for place in placed if place)
                if items[bought].side is Side.NEED:
                    if len(nodes) == 2 and nodes[0] == nodes[1]:
                        yield True
                    elif (
                        word_hashes(items[bought].text)[0].tolist()
                        and np.intersect1d(
                            word_hashes(items[bought].text)[0], word_hashes_of_offer(items[sold].text)[0]
                        ).size
                    ):
                        yield False
                elif nodes[::-1] in chain().edges and all(place and place.confidence >= 0.5 for place in placed):
                    yield True


@pytest.mark.parametrize("need", ["روبوتات تنظيف للفنادق", "酒店清洁机器人", "Роботы для уборки гостиниц"])
def test_a_need_shares_words_with_an_offer_in_english_by_its_gloss(need: str) -> None:
    words, _scripts = word_hashes("Cleaning robots for hotels")
    in_common = np.intersect1d(word_hashes(need)[0], words)
    assert {"robot", "hotel"} <= {word for word in ("robot", "hotel") if word_hashes(word)[0][0] in in_common}
    assert word_hashes(need)[1] & word_hashes("robot")[1]


@given(markets)
@settings(max_examples=40, deadline=None)
def test_two_firms_match_exactly_where_two_of_their_items_could_trade(market: Market) -> None:
    made = read_market(market.firms, market.items, market.placements, links([chain()]))
    for first, second in combinations(sorted(firm.key for firm in market.firms), 2):
        (match,) = matches_with(made, first, [second]) or [None]
        assert (match is not None) == any(True for _by_chain in joins(market, first, second))
        for reason in match.reasons if match else ():
            assert 0 <= reason.strength <= max(reason.confidence, 0) + 1e-6


@given(markets)
@settings(max_examples=40, deadline=None)
def test_every_match_is_seen_mirrored_by_the_partner(market: Market) -> None:
    by_firm = market.match()
    seen = {(match.firm, match.partner): match for matches in by_firm.values() for match in matches}
    for (firm, partner), match in seen.items():
        other = seen[partner, firm]
        assert other.relation is match.relation.mirrored
        assert (other.score, other.score_firm, other.score_partner) == (
            match.score,
            match.score_partner,
            match.score_firm,
        )
        assert other.reasons == tuple(reason.mirrored for reason in match.reasons)
        assert 0 < match.score <= 1


@given(markets, st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_rows_changes_nothing(market: Market, seed: int) -> None:
    expected = market.match(per_firm=2)
    for rows in (market.firms, market.items, market.placements):
        Random(seed).shuffle(rows)
    assert list(market.match(per_firm=2).items()) == list(expected.items())


@given(markets)
@settings(max_examples=25, deadline=None)
def test_a_short_list_is_the_head_of_the_long_one(market: Market) -> None:
    short = market.match(per_firm=20)
    assert short == {firm: matches[:20] for firm, matches in market.match().items()}


@pytest.mark.slow
def test_each_firm_of_a_large_fair_has_its_list() -> None:
    """5,000 firms with 15,000 items on four nodes."""
    random = Random(1)
    nodes = ["film", "cells", "tyres", "cars"]
    words = ["separator", "film", "cell", "pouch", "tyre", "rubber", "car", "electric", "隔膜", "电芯", "轮胎", "整车"]
    market = Market(
        **{
            f"firm{number:04}": tuple(
                (
                    random.choice(["offer", "need"]),
                    random.choice(nodes),
                    random.random(),
                    " ".join(random.sample(words, 4)),
                )
                for _ in range(3)
            )
            for number in range(5_000)
        }
    )
    by_firm = market.match(per_firm=10)
    assert all(len(matches) == 10 for matches in by_firm.values())


def test_a_partner_far_behind_the_best_for_the_same_need_is_not_listed() -> None:
    market = Market(
        buyer=(("need", "film", 0.9, "separator film for battery cells"),),
        maker=(("offer", "film", 0.9, "separator film for battery cells"),),
        other=(("offer", "film", 0.3, "carrier bags"),),
    )
    lists = market.match()
    assert names(lists["buyer"]) == ["maker"]
    assert names(lists["other"]) == ["buyer"], "a firm that has nothing better lists its best"
    assert names(market.match(limits=EVERYBODY)["buyer"]) == ["maker", "other"]
    ahead = odds(market.match(limits=EVERYBODY)["buyer"][0]) - odds(market.match(limits=EVERYBODY)["buyer"][1])
    for behind, listed in ((ahead - 0.01, ["maker"]), (ahead + 0.01, ["maker", "other"])):
        assert names(market.match(limits={Trade.STATED: Limit(behind=behind)})["buyer"]) == listed


def odds(match: Match) -> float:
    return float(np.log(match.score / (1 - match.score)))


def test_a_node_tells_less_of_each_offer_and_a_link_less_of_each_pair_the_more_stand_there() -> None:
    def strengths(makers: int) -> tuple[float, float]:
        maker = {f"maker{n:03}": (("offer", "film", 0.9, f"word{n}"),) for n in range(makers)}
        fair = Market(**maker, user=(("offer", "cells", 0.9, "cells"),), buyer=(("need", "film", 0.9, "film"),))
        matches = fair.match(per_firm=1, limits=EVERYBODY)
        return matches["user"][0].reasons[0].strength, matches["buyer"][0].reasons[0].strength

    few, (link, node) = strengths(15), strengths(60)
    assert strengths(1) == pytest.approx(few)
    assert (link / few[0], node / few[1]) == pytest.approx((0.5, 0.5))
