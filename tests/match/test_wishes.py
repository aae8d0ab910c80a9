"""Wishes: what a side would like and can do without moves the score within its bound, and is told as it counts."""

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.firm_pairs import EVERYBODY
from serai.match.market import market
from serai.match.partners import Firm, Match, Spread, partners, partners_in
from serai.match.placing import Item, Placement, Side
from serai.match.ranking import JUDGED, MOST_WISHED, Signal, calibrated
from serai.match.reasons import Reason, ReasonKind, explain_wishes
from serai.match.requirements import (
    ASKED_BY,
    USUAL_MUSTS,
    Requirement,
    Requirements,
    State,
    Terms,
    Wish,
    cuts,
    wishes,
)
from serai.match.trade_links import links
from serai.world.chains import Chain, Node, Position, Stage

FILM = Chain(
    "cars", {"en": "Cars"}, {}, (Stage("all", Position.MIDSTREAM, {}),), (Node("film", "all", {}, (), (), {}),), ()
)
NO_MUSTS: frozenset[Requirement] = frozenset()


def some(things: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(things.split()), max_size=3)


def maybe(*values: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.sampled_from(values)


musts = st.frozensets(st.sampled_from(Requirement), max_size=4)
terms = st.builds(
    Terms,
    certificates=some("CE GMP Halal"),
    quantity=maybe(1.0, 5.0),
    unit=st.sampled_from(["", "KGM"]),
    country=st.sampled_from(["", "CN", "DE", "KE"]),
    excluded=some("CN KE"),
    languages=some("en zh fr"),
    wanted=some("CN DE KE"),
    price=maybe(2.0, 3.0),
    currency=st.sampled_from(["", "USD"]),
    days=maybe(10.0, 30.0),
    order=maybe(1.0, 9.0),
    size=st.sampled_from(["", "small", "large"]),
    sizes=some("small large"),
    development=maybe(0, 1, 3),
    incoterms=some("FOB CIF"),
    agreements=some("supply licence"),
    musts=musts,
)


def mean_of(told: tuple[Wish, ...]) -> float:
    """What `wishes` tells, by hand: certificates that are shown and those that are not are one requirement."""
    worth = {State.MET: 1.0, State.MISSED: -1.0, State.UNKNOWN: 0.0}
    values = {}
    for wish in told:
        of_this = [outcome for outcome in told if outcome.requirement is wish.requirement]
        named = [len(outcome.what.split(", ")) if len(of_this) > 1 else 1 for outcome in of_this]
        values[wish.requirement] = np.average([worth[outcome.state] for outcome in of_this], weights=named)
    return float(np.mean(list(values.values()))) if values else np.nan


@given(st.lists(terms, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_arrays_count_what_the_words_say_and_cut_what_the_reasons_cut(all_terms: list[Terms]) -> None:
    rows = np.arange(len(all_terms))
    requirements = Requirements(all_terms)
    met = requirements.met(rows[:, None], rows)
    assert met.tolist() == [[not cuts(need, offer) for offer in all_terms] for need in all_terms]
    for side in (Side.NEED, Side.OFFER):
        counted = requirements.wishes(rows[:, None], rows, side)
        expected = [[mean_of(wishes(asking, other, side)) for other in all_terms] for asking in all_terms]
        assert counted == pytest.approx(np.array(expected), nan_ok=True)


def giving(asking: Terms, other: Terms, requirement: Requirement) -> Terms:
    """The other side as it would have to be to meet this."""
    same: dict[Requirement, dict[str, Any]] = {
        Requirement.CERTIFICATES: {"certificates": other.certificates | asking.certificates},
        Requirement.QUANTITY: {"quantity": asking.quantity},
        Requirement.LANGUAGES: {"languages": asking.languages},
        Requirement.COUNTRIES: {"country": min(asking.wanted, default="")},
        Requirement.PRICE: {"price": asking.price},
        Requirement.DELIVERY: {"days": asking.days},
        Requirement.MINIMUM_ORDER: {"order": asking.order},
        Requirement.SIZE: {"size": min(asking.sizes, default="")},
        Requirement.DEVELOPMENT: {"development": asking.development},
        Requirement.INCOTERMS: {"incoterms": asking.incoterms},
        Requirement.AGREEMENTS: {"agreements": asking.agreements},
    }
    return replace(other, unit=asking.unit, currency=asking.currency, **same[requirement])


@given(terms, terms, st.sampled_from(Side), st.data())
@settings(max_examples=200, deadline=None)
def test_one_more_wish_that_is_met_never_counts_less(
    asking: Terms, other: Terms, side: Side, data: st.DataObject
) -> None:
    asking = replace(asking, musts=NO_MUSTS)
    other = replace(other, unit=asking.unit, currency=asking.currency)
    requirement = data.draw(st.sampled_from(ASKED_BY[side]))
    requirements = Requirements([asking, other, giving(asking, other, requirement)])
    before, after = requirements.wishes(np.array([0]), np.array([1, 2]), side)
    assert np.isnan(before) == np.isnan(after)
    assert np.isnan(before) or after >= before


# In a market


class Fair:
    """Firms that each need or offer film, with terms; the key of a firm's item is that of the firm and `-0`."""

    def __init__(self, of: dict[str, tuple[str, float, Terms]]) -> None:
        self.firms = [Firm(key, (f"{key}-0",)) for key in of]
        self.items = [Item(f"{key}-0", Side(side), "separator film") for key, (side, _, _) in of.items()]
        self.placements = [Placement(f"{key}-0", "cars", "film", sure, ()) for key, (_, sure, _) in of.items()]
        self.terms = {f"{key}-0": own for key, (_, _, own) in of.items()}

    def match(self, **options: Any) -> dict[str, list[Match]]:
        return partners(self.firms, self.items, self.placements, [FILM], terms=self.terms, **options)


lines = st.tuples(st.sampled_from(["need", "offer"]), st.sampled_from([0.5, 0.9]), terms)
fairs = st.dictionaries(st.sampled_from("abcdefgh"), lines, min_size=2)


def odds(score: float) -> float:
    return score / (1 - score)


@given(fairs)
@settings(max_examples=60, deadline=None)
def test_wishes_cut_nobody_and_move_the_odds_of_a_side_within_their_bound(of: dict[str, Any]) -> None:
    no_musts = {key: (side, sure, replace(own, musts=NO_MUSTS)) for key, (side, sure, own) in of.items()}
    plain = {
        key: (side, sure, Terms(country=own.country, excluded=own.excluded)) for key, (side, sure, own) in of.items()
    }
    wished, bare = Fair(no_musts).match(), Fair(plain).match()
    most = np.exp(JUDGED.weights[Signal.WISHES])
    for firm, matches in wished.items():
        plainly = {match.partner: match for match in bare[firm]}
        assert {match.partner for match in matches} == plainly.keys()
        for match in matches:
            ratio = odds(match.score_firm) / odds(plainly[match.partner].score_firm)
            assert 1 / most - 1e-9 <= ratio <= most + 1e-9
            value = match.signals_firm[Signal.WISHES]
            assert ratio == pytest.approx(np.exp(JUDGED.weights[Signal.WISHES] * (value or 0)))


@given(fairs, st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_rows_changes_nothing(of: dict[str, Any], seed: int) -> None:
    fair = Fair(of)
    for options in ({}, {"spread": Spread()}):
        expected = fair.match(per_firm=2, **options)
        for rows in (fair.firms, fair.items, fair.placements):
            Random(seed).shuffle(rows)
        assert list(fair.match(per_firm=2, **options).items()) == list(expected.items())


@given(fairs)
@settings(max_examples=30, deadline=None)
def test_what_is_told_of_wishes_is_what_the_score_is_made_of(of: dict[str, Any]) -> None:
    for matches in Fair(of).match().values():
        for match in matches:
            (reason,) = match.reasons
            for told, signals in ((reason.wishes, match.signals_firm), (reason.their_wishes, match.signals_partner)):
                value = signals[Signal.WISHES]
                assert (np.nan if value is None else value) == pytest.approx(mean_of(told), nan_ok=True)


@given(fairs)
@settings(max_examples=30, deadline=None)
def test_wishes_of_which_nothing_is_known_change_nothing(of: dict[str, Any]) -> None:
    mute = {
        key: (side, sure, own if side == "need" else Terms(musts=NO_MUSTS)) for key, (side, sure, own) in of.items()
    }
    asking = {
        key: (side, sure, replace(own, musts=NO_MUSTS, country="", size="", excluded=frozenset()))
        for key, (side, sure, own) in mute.items()
    }
    by_firm = Fair(asking).match()
    bare = Fair({key: (side, sure, Terms()) for key, (side, sure, _) in of.items()}).match()
    assert {firm: [(match.partner, match.score) for match in matches] for firm, matches in by_firm.items()} == {
        firm: [(match.partner, match.score) for match in matches] for firm, matches in bare.items()
    }


WANTS = Terms(certificates=frozenset({"ISO 9001"}), price=3.0, currency="USD", wanted=frozenset({"DE"}), musts=NO_MUSTS)
MEETS = Terms(certificates=frozenset({"ISO 9001"}), price=2.5, currency="USD", country="DE")


def test_of_equal_offers_the_one_that_meets_more_wishes_comes_first_and_a_missed_one_last() -> None:
    fair = Fair(
        {
            "buyer": ("need", 0.9, WANTS),
            "all": ("offer", 0.9, MEETS),
            "mute": ("offer", 0.9, Terms()),
            "most": ("offer", 0.9, replace(MEETS, country="")),
            "dear": ("offer", 0.9, Terms(price=9.0, currency="USD")),
        }
    )
    assert [match.partner for match in fair.match()["buyer"]] == ["all", "most", "mute", "dear"]


def test_an_offer_has_wishes_too() -> None:
    wants = Terms(order=100.0, unit="KGM", wanted=frozenset({"KE"}), musts=NO_MUSTS)
    fair = Fair(
        {
            "maker": ("offer", 0.9, wants),
            "large": ("need", 0.9, Terms(order=500.0, unit="KGM", country="KE")),
            "small": ("need", 0.9, Terms(order=5.0, unit="KGM", country="CN")),
        }
    )
    assert [match.partner for match in fair.match()["maker"]] == ["large", "small"]
    fair.terms["maker-0"] = replace(wants, musts=frozenset({Requirement.MINIMUM_ORDER}))
    assert [match.partner for match in fair.match()["maker"]] == ["large"]


def test_all_wishes_missed_do_not_bring_a_likely_match_below_an_unlikely_one() -> None:
    fair = Fair(
        {
            "buyer": ("need", 0.9, WANTS),
            "likely": ("offer", 0.9, Terms(price=9.0, currency="USD", country="CN")),
            "unlikely": ("offer", 0.2, MEETS),
        }
    )
    first, second = fair.match(limits=EVERYBODY)["buyer"]
    assert (first.partner, second.partner) == ("likely", "unlikely")
    bare = {match.partner: match for match in Fair({**_bare(fair)}).match(limits=EVERYBODY)["buyer"]}
    assert odds(bare["likely"].score_firm) > np.exp(2 * JUDGED.weights[Signal.WISHES]) * odds(
        bare["unlikely"].score_firm
    )


def _bare(fair: Fair) -> dict[str, Any]:
    sure = {one.item: one.confidence for one in fair.placements}
    return {item.key.removesuffix("-0"): (item.side.value, sure[item.key], Terms()) for item in fair.items}


def test_where_there_are_more_candidates_than_are_kept_those_that_meet_the_wishes_are_among_them() -> None:
    of = {f"offer{n:03}": ("offer", 0.9, Terms()) for n in range(100)} | {"zealous": ("offer", 0.9, MEETS)}
    fair = Fair({"buyer": ("need", 0.9, WANTS), **of})
    made = market(fair.firms, fair.items, fair.placements, links([FILM]), terms=fair.terms)
    assert [match.partner for match in partners_in(made, per_firm=2)["buyer"]] == ["zealous", "offer000"]


def test_what_is_learned_of_wishes_stays_within_the_bound_and_the_rest_is_most_likely_there() -> None:
    random = np.random.default_rng(3)
    seen = random.random((2_000, len(Signal)))
    place = tuple(Signal).index(Signal.WISHES)
    seen[:, place] = random.uniform(-1, 1, 2_000)
    for slope, bound in ((4.0, MOST_WISHED), (-4.0, 0.0)):
        accepted = random.random(2_000) < 1 / (1 + np.exp(-slope * seen[:, place]))
        weights = calibrated(seen, accepted)
        assert weights.weights[Signal.WISHES] == bound
        chance = weights.score(seen)
        for n, signal in enumerate(Signal):
            if signal is not Signal.WISHES:
                centred = seen[:, n] - JUDGED.usual[signal]
                pull = (weights.weights[signal] - JUDGED.weights[signal]) / 4
                assert (centred * (chance - accepted)).sum() + pull == pytest.approx(0, abs=1e-5)


def test_what_is_usually_a_must_cuts_and_what_is_not_is_a_wish() -> None:
    need = Terms(quantity=5.0, languages=frozenset({"fr"}), price=2.0, wanted=frozenset({"DE"}))
    offer = Terms(quantity=1.0, languages=frozenset({"zh"}), price=9.0, country="CN")
    assert {cut.kind.value for cut in cuts(need, offer)} == {"capacity", "language"}
    assert [(wish.requirement, wish.state) for wish in wishes(need, offer, Side.NEED)] == [
        (Requirement.COUNTRIES, State.MISSED),
        (Requirement.PRICE, State.MISSED),
    ]
    assert {Requirement.CERTIFICATES, Requirement.QUANTITY, Requirement.LANGUAGES} == USUAL_MUSTS


def test_wishes_are_told_in_words_with_the_figures_of_the_reader_alone() -> None:
    mine = wishes(replace(WANTS, languages=frozenset({"fr"})), replace(MEETS, country="CN"), Side.NEED)
    yours = wishes(Terms(order=100.0, unit="KGM"), Terms(order=5.0, unit="KGM"), Side.OFFER)
    kind = ReasonKind.OFFERS_WHAT_YOU_NEED
    reason = Reason(kind, "need", "offer", None, None, None, 0.5, wishes=mine, their_wishes=yours)
    firms = ("Voltara", "Filmwerk")
    names = {"need": "separators", "offer": "PE film"}
    assert explain_wishes(reason, "en", names, firms) == (
        (
            "Of what Voltara wishes for separators: met: certificates (ISO 9001), price (3 USD); "
            "not met: country (Germany); not known: languages (fr)."
        ),
        "Of what Filmwerk wishes for PE film: not met: minimum order.",
    )
    assert explain_wishes(reason, "zh-hans", names, firms)[0] == (
        "Voltara对separators的期望：已满足：证书（ISO 9001）、价格（3 USD）；"
        "未满足：国家或地区（德国）；尚不清楚：语言（fr）。"
    )
    for language in ("ar", "fr", "es", "ru"):
        assert len(explain_wishes(reason, language, names, firms)) == 2
