"""The headline numbers are those published for the first China International Supply Chain Expo."""

from collections import Counter

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.models import Wish
from serai.expo.site.demonstration.domain.content import trades
from serai.world.classifications.countries import country
from serai.world.classifications.country_groups import members


def test_515_firms_exhibit_with_those_who_share_the_stand_of_a_leader(fair):
    kinds = Counter(entrant.participation.kind for entrant in fair.exhibitors)
    assert kinds.total() == 515
    assert set(kinds) == {Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR}


def test_26_per_cent_come_from_54_countries_and_regions_besides_the_host(fair):
    assert len(fair.foreign) == 134
    assert round(100 * len(fair.foreign) / len(fair.exhibitors)) == 26
    assert len({entrant.firm.country for entrant in fair.foreign}) == 54


def test_36_per_cent_of_those_are_of_the_united_states_or_of_europe_as_m49_has_it(fair):
    codes = [entrant.firm.country for entrant in fair.foreign]
    western = sum(code == "US" or country(code).region == "Europe" for code in codes)
    assert round(100 * western / len(codes)) == 36


def test_nearly_half_of_those_are_of_belt_and_road_partners_on_the_opening_day(fair):
    partners = members("BRI", fair.edition.starts_on)
    share = sum(entrant.firm.country in partners for entrant in fair.foreign) / len(fair.foreign)
    assert 0.47 < share < 0.5


def test_every_firm_of_a_least_developed_country_is_assisted(fair):
    least = members("LDC", fair.edition.starts_on)
    theirs = [entrant for entrant in fair.foreign if entrant.firm.country in least]
    assert len(theirs) >= 12
    assert all({"stand", "freight"} <= set(entrant.participation.support) for entrant in theirs)


def test_4000_buyers_of_some_70_countries_most_of_them_of_the_host_look_for_something(fair):
    countries = Counter(buyer.firm.country for buyer in fair.buyers)
    assert countries.total() == 4_000
    assert 65 <= len(countries) <= 75
    assert countries["CN"] > 2_000
    assert all(1 <= len(buyer.needs) <= 3 for buyer in fair.buyers)


def test_five_links_are_missing_and_every_other_has_an_exhibitor(fair):
    offered = {trade.key for entrant in fair.exhibitors for trade in entrant.stands_at}
    missing = {key for key in trades() if key not in offered}
    assert missing == {
        "clean-energy/membranes-and-catalysts",
        "digital-technology/lithography",
        "green-agriculture/animal-health",
        "healthy-life/culture-media",
        "smart-vehicle/dismantling",
    }
    assert missing <= {trade.key for buyer in fair.buyers for trade in buyer.looks_for}


def test_twenty_leaders_stand_with_their_suppliers(fair):
    leaders = [entrant for entrant in fair.exhibitors if entrant.leads]
    led = Counter(id(entrant.participation.lead) for entrant in fair.exhibitors if entrant.participation.lead)
    assert len(leaders) == 20
    assert led == Counter({id(leader.participation): leader.leads for leader in leaders})


def test_a_supplier_on_the_stand_of_a_leader_comes_before_it_in_the_chain(fair):
    by_participation = {id(entrant.participation): entrant for entrant in fair.exhibitors}
    for entrant in fair.exhibitors:
        if lead := entrant.participation.lead:
            leader = by_participation[id(lead)].trade
            assert entrant.trade.chain == leader.chain
            assert entrant.trade.layer < leader.layer


def test_wishes_are_one_a_pair_and_none_meets_a_veto(fair):
    pairs = Counter((id(wish.wisher), id(wish.wished)) for wish in fair.wishes)
    assert set(pairs.values()) == {1}
    strengths = Counter(wish.strength for wish in fair.wishes)
    assert strengths[Wish.Strength.NO_THANKS] == 300
    assert strengths.total() == 15_300
    refused = {
        frozenset((id(wish.wisher), id(wish.wished)))
        for wish in fair.wishes
        if wish.strength == Wish.Strength.NO_THANKS
    }
    asked = {
        frozenset((id(wish.wisher), id(wish.wished)))
        for wish in fair.wishes
        if wish.strength != Wish.Strength.NO_THANKS
    }
    assert not refused & asked


def test_a_tenth_of_the_exhibitors_have_a_quarter_of_the_wishes(fair):
    wished = Counter(id(wish.wished) for wish in fair.wishes if wish.wisher.kind == Participation.Kind.BUYER)
    most = sorted((wished[id(entrant.participation)] for entrant in fair.exhibitors), reverse=True)
    assert sum(most[:51]) > sum(most) / 4


def test_an_exhibitor_is_wished_for_by_those_who_look_for_what_it_offers(fair):
    entrant_of = {id(entrant.participation): entrant for entrant in fair.everyone}
    for wish in fair.wishes:
        sides = [entrant_of[id(wish.wisher)], entrant_of[id(wish.wished)]]
        buyer, exhibitor = sorted(sides, key=lambda one: one.participation.kind != Participation.Kind.BUYER)
        assert {trade.key for trade in buyer.looks_for} & {trade.key for trade in exhibitor.stands_at}
