"""The lists of an edition: spread, with floors for the protected, hard requirements kept, two firms explained."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.matching import (
    explain_pair,
    partners_of,
    partners_of_edition,
    protected,
    reasons_with,
    trade_off_of_edition,
)
from serai.expo.meetings.matchmaking.models import SourceValue
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.search.domain.index import keep_up
from serai.match.ranking import Signal

type Make[Thing] = Callable[..., Thing]

SEPARATORS = "Lithium battery separator film"


@pytest.fixture
def crowd(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], offer: Make[Any], need: Make[Any]
) -> tuple[list[Participation], list[Participation]]:
    """Six makers of separators, the last of a least developed country, and six buyers who need some."""
    load_builtin_chains()
    countries = ["CN"] * 5 + ["ET"]
    makers = [take_part(edition, a_firm(country=country, size="large")) for country in countries]
    buyers = [take_part(edition, kind="buyer") for _ in range(6)]
    for maker in makers:
        offer(maker, SEPARATORS if maker != makers[-1] else "Battery separator")
    for buyer in buyers:
        need(buyer, SEPARATORS)
    place_edition(edition)
    return makers, buyers


def test_the_lists_of_an_edition_leave_no_maker_unseen(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    makers, buyers = crowd
    found = partners_of_edition(edition, most=1)
    assert {found[buyer.pk][0].participation for buyer in buyers} == set(makers)
    assert {found[maker.pk][0].participation for maker in makers} == set(buyers)


def test_a_protected_exhibitor_stands_in_as_many_lists_as_the_floor_says(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    makers, _buyers = crowd
    with scope(edition=edition):
        assert protected(edition) == {makers[-1].pk}
    for floor in (1, 4):
        found = partners_of_edition(edition, most=1, floor=floor)
        seen = [partner.participation for partners in found.values() for partner in partners]
        assert seen.count(makers[-1]) >= floor
    none, four = trade_off_of_edition(edition, [0, 4], most=1)
    assert none.protected < four.protected
    assert (none.shortfall, four.shortfall) == (0, 0)
    assert none.gain >= four.gain


def test_the_least_meetings_that_a_participant_asks_for_are_a_floor_too(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    makers, _buyers = crowd
    makers[0].meetings_minimum = 5
    with scope(edition=edition):
        makers[0].save()
    found = partners_of_edition(edition, most=1)
    seen = [partner.participation for partners in found.values() for partner in partners]
    assert seen.count(makers[0]) >= 5


def test_an_offer_without_the_certificate_or_from_an_excluded_country_is_cut_and_the_reason_told(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], offer: Make[Any], need: Make[Any]
) -> None:
    load_builtin_chains()
    buyer = take_part(edition, kind="buyer")
    need(buyer, SEPARATORS, certificates=["ISO 9001"], countries_excluded=["KE"])
    sound, plain, kenyan = (take_part(edition, a_firm(country=country)) for country in ("CN", "CN", "KE"))
    offer(sound, SEPARATORS, certificates=["ISO 9001"])
    offer(plain, SEPARATORS)
    offer(kenyan, SEPARATORS, certificates=["iso 9001"])
    place_edition(edition)
    with scope(edition=edition):
        assert [partner.participation for partner in partners_of(buyer, public=False)] == [sound]
    assert [partner.participation for partner in partners_of_edition(edition)[buyer.pk]] == [sound]
    assert explain_pair(buyer, plain).match is None
    (lacking,) = explain_pair(buyer, plain).cut
    assert "the certificate ISO 9001 is demanded and not shown" in lacking
    (barred,) = explain_pair(kenyan, buyer).cut
    assert "the need excludes the country Kenya" in barred
    assert explain_pair(buyer, sound).cut == ()


def test_two_firms_are_explained_with_signals_and_reasons(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]], take_part: Make[Participation]
) -> None:
    makers, buyers = crowd
    found = explain_pair(buyers[0], makers[0])
    assert found.match is not None
    assert found.match.signals_firm[Signal.WORDS] == pytest.approx(1)
    assert f"{buyers[0].firm.legal_name} needs Lithium battery separator film" in found.sentences[0]
    assert found.link is None  # both are in China
    nothing = explain_pair(buyers[0], buyers[1])
    assert (nothing.match, nothing.sentences, nothing.cut) == (None, (), ())
    assert explain_pair(buyers[0], take_part(edition)).match is None


def test_a_source_is_told_with_its_size_where_something_can_be_told_and_counts_for_the_rank(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], offer: Make[Any], need: Make[Any]
) -> None:
    load_builtin_chains()
    buyer, maker = take_part(edition, a_firm(country="DE"), kind="buyer"), take_part(edition, a_firm(country="IN"))
    need(buyer, SEPARATORS)
    offer(maker, SEPARATORS)
    place_edition(edition)
    assert explain_pair(buyer, maker).link is None  # nothing is stored, so nothing is told
    with scope(edition=edition):
        node = Placement.objects.filter(participation=buyer).order_by("-confidence", "pk")[0].node
        SourceValue.objects.create(
            edition=edition,
            node=node,
            buyer="DE",
            source="IN",
            figures={"secure": [0.78, -0.26, -0.3, -0.2], "stable": [0.31, -0.13, -0.2, -0.1]},
            part=0.33,
            grade="D",
            worst="JP",
            largest="CN",
            computed_at=timezone.now(),
        )
        (partner,) = partners_of(buyer, public=False)
        (seen_by_maker,) = partners_of(maker, public=False)
        (told,) = reasons_with(maker, [buyer]).values()
    assert partner.value is not None
    assert partner.value.sentences == (
        "Largest share of one country (today China): 78 % → 52 %",
        "Loss of this input if the worst country stops (today Japan): 31 % → 18 %",
    )
    assert partner.value.lead.endswith("in India, for an average buyer in Germany")
    assert [interval for _sentence, interval, _is_better in partner.value.lines] == [
        "change between \u221230.0 and \u221220.0 percentage points",
        "change between \u221220.0 and \u221210.0 percentage points",
    ]
    assert told[-1:] == partner.supply == seen_by_maker.supply
    assert explain_pair(buyer, maker).link == {"secure": 0.26, "stable": 0.13}


def test_a_need_for_more_than_can_be_delivered_or_in_other_languages_is_cut_and_so_is_a_buyer_who_is_excluded(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], offer: Make[Any], need: Make[Any]
) -> None:
    load_builtin_chains()
    buyer = take_part(edition, a_firm(country="KE"), kind="buyer")
    need(buyer, SEPARATORS, quantity=100, unit="TNE", frequency="month", languages=["en", "fr"])
    makers = {name: take_part(edition, a_firm()) for name in ("able", "small", "unsaid", "mute", "choosy")}
    offer(makers["able"], SEPARATORS, capacity=1_200, unit="TNE", capacity_period="year", languages=["fr"])
    offer(makers["small"], SEPARATORS, capacity=20, unit="TNE", capacity_period="week", languages=["en"])
    offer(makers["unsaid"], SEPARATORS, capacity=5, unit="TNE")  # in what time is not said
    offer(makers["mute"], SEPARATORS, languages=["zh-hans"])
    offer(makers["choosy"], SEPARATORS, countries_excluded=["KE"])
    place_edition(edition)
    with scope(edition=edition):
        found = {partner.participation for partner in partners_of(buyer, public=False)}
    assert found == {makers["able"], makers["unsaid"]}
    said = {name: " ".join(explain_pair(buyer, maker).cut) for name, maker in makers.items()}
    assert (said["able"], said["unsaid"]) == ("", "")
    assert "more is wanted than can be delivered (1,200 > 1,040 TNE)" in said["small"]
    assert "the firms share no language; en, fr is asked for" in said["mute"]
    assert "the offer excludes the country Kenya" in said["choosy"]


def test_a_text_that_is_changed_counts_as_it_is_now(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    makers, buyers = crowd

    def likeness() -> float:
        found = explain_pair(buyers[0], makers[0]).match
        assert found is not None
        assert found.reasons[0].likeness is not None
        return found.reasons[0].likeness

    before = likeness()
    with scope(edition=edition):
        makers[0].offers.update(title={"en": "Separator"}, text={"en": "Made of ceramic coated polyethylene"})
    assert likeness() < before


def test_the_page_of_partners_asks_no_more_of_the_database_for_more_partners(
    edition: Edition,
    crowd: tuple[list[Participation], list[Participation]],
    organiser_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    makers, buyers = crowd
    page = f"/en/{edition.slug}/firms/{makers[0].firm.identifier}/partners/"
    keep_up(edition)
    organiser_client.get(page)  # what the process keeps of a fair is read once
    with django_assert_max_num_queries(47) as asked:  # PostgreSQL is asked for the nearest meanings too
        assert organiser_client.get(page).text.count("of 100") == 6
    with scope(edition=edition):
        Participation.objects.filter(pk__in=[buyer.pk for buyer in buyers[1:]]).update(state="cancelled")
    with django_assert_num_queries(len(asked)):
        assert organiser_client.get(page).text.count("of 100") == 1


def test_of_a_description_the_sentence_is_told_that_is_nearest_to_the_need(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], need: Make[Any]
) -> None:
    load_builtin_chains()
    described = {"en": "We were founded in 1998 by two sisters. We weave garden hammocks. Our people love music."}
    weaver = take_part(edition, a_firm(description=described, country="DE"))
    wordless = take_part(edition, a_firm(description={"en": "***"}, country="DE"))
    buyer = take_part(edition, kind="buyer")
    need(buyer, "Hammocks for garden centres")
    place_edition(edition)
    lists = partners_of_edition(edition)
    (partner,) = [partner for partner in lists[buyer.pk] if partner.participation == weaver]
    assert "says of itself: 'We weave garden hammocks'" in partner.sentences[0]
    assert all("***" in partner.sentences[0] for partner in lists[buyer.pk] if partner.participation == wordless)
