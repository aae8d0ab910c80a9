"""The directory is found by words and narrowed by facets, and shows exhibitors only."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import chains_of_edition, load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain.index import search_tokens
from serai.expo.site.directory.domain.directory import Filter, answer, facets, find, offers_answering

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def fair(edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer]) -> Edition:
    """Four exhibitors and a buyer."""
    load_builtin_chains()
    rows = (
        ("Shanhe Film", "山河隔膜", "CN", {"en": "Lithium battery separator film", "zh-hans": "锂电池隔膜"}),
        ("Nordwind Rotor GmbH", "北风叶片", "DE", {"en": "Wind turbine blade", "zh-hans": "风电叶片"}),
        ("Kilima Coffee", "基利马咖啡", "RW", {"en": "Green coffee beans", "zh-hans": "咖啡生豆"}),
        ("Pampa Litio", "潘帕锂业", "AR", {"en": "Battery-grade lithium carbonate", "zh-hans": "电池级碳酸锂"}),
    )
    for english, chinese, country, title in rows:
        firm = a_firm(english, country, name={"en": english, "zh-hans": chinese})
        made = offer(take_part(edition, firm), title)
        tokens = search_tokens(firm, [made])
        with scope(edition=edition):
            Participation.objects.filter(firm=firm).update(tokens=tokens)
    take_part(edition, a_firm("Quiet Buyer"), kind="buyer")
    place_edition(edition)
    return edition


def names(edition: Edition, **wanted: str | bool) -> list[str]:
    filter_ = Filter(**wanted)  # type: ignore[arg-type]
    with scope(edition=edition):
        answered = answer(edition, filter_)
        found = find(edition, filter_, answered.participations if answered else None)
        return [participation.firm.legal_name for participation in found]


def test_everyone_who_exhibits_is_there_in_the_order_of_names(fair: Edition) -> None:
    assert names(fair) == ["Kilima Coffee", "Nordwind Rotor GmbH", "Pampa Litio", "Shanhe Film"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("separator", ["Shanhe Film"]),
        ("隔膜", ["Shanhe Film"]),
        ("咖啡", ["Kilima Coffee"]),
        ("NORDWIND", ["Nordwind Rotor GmbH"]),
        ("lithium battery", ["Pampa Litio", "Shanhe Film"]),
        ("no such thing", []),
        ("Quiet Buyer", []),
    ],
)
def test_words_find_in_every_script(fair: Edition, words: str, found: list[str]) -> None:
    assert names(fair, words=words) == found


def test_facets_narrow_and_count_under_the_other_conditions(fair: Edition) -> None:
    assert names(fair, country="DE") == ["Nordwind Rotor GmbH"]
    assert names(fair, group="LDC") == ["Kilima Coffee"]
    assert "Shanhe Film" in names(fair, chain="clean-energy")
    assert "Kilima Coffee" not in names(fair, chain="clean-energy")
    with scope(edition=fair):
        counted = {facet.name: facet for facet in facets(fair, Filter(country="DE"), chains_of_edition(fair))}
    assert {choice.value: choice.count for choice in counted["country"].choices} == {"CN": 1, "DE": 1, "RW": 1, "AR": 1}
    assert {choice.value: choice.count for choice in counted["chain"].choices} == {"clean-energy": 1}
    assert [choice.value for choice in counted["country"].choices if choice.chosen] == ["DE"]


@pytest.mark.parametrize("query", ["chain=nowhere", "group=XX", "country=%00", "position=up", "node=x", "page=99999"])
def test_a_filter_that_makes_no_sense_is_answered_and_not_an_error(
    fair: Edition, anonymous_client: Client, query: str
) -> None:
    assert anonymous_client.get(f"/en/{fair.slug}/firms/?{query}").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_list(
    count: int,
    edition: Edition,
    take_part: Make[Participation],
    offer: Make[Offer],
    anonymous_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load_builtin_chains()
    for _ in range(count):
        offer(take_part(edition), "Wind turbine blade")
    place_edition(edition)
    with django_assert_num_queries(17):
        anonymous_client.get(f"/en/{edition.slug}/firms/")


def test_a_word_taken_for_mistyped_and_an_answer_by_meaning_are_told(fair: Edition, anonymous_client: Client) -> None:
    address = f"/en/{fair.slug}/firms/"
    mended = anonymous_client.get(f"{address}?q=seperator").text
    assert "Nobody says “seperator”; these say “separator”." in mended
    assert "Shanhe Film" in mended
    near = anonymous_client.get(f"{address}?q=windmills+wings").text
    assert "These come nearest in meaning." in near
    assert "Nordwind" in near
    plain = anonymous_client.get(f"{address}?q=separator").text
    assert "Nobody" not in plain
    script = anonymous_client.get(f"{address}?q=%3Cscript%3Eseperator").text
    assert "<script>seperator" not in script


def test_the_offers_that_answer_are_told_with_their_firm(
    fair: Edition, offer: Make[Offer], anonymous_client: Client
) -> None:
    with scope(edition=fair):
        maker = Participation.objects.get(firm__legal_name="Shanhe Film")
        offer(maker, "Spare parts for coating lines")
        maker.tokens = search_tokens(maker.firm, list(maker.offers.all()))
        maker.save()
        told = offers_answering(fair, "separator", [maker.pk])
        assert [one.title["en"] for one in told[maker.pk]] == ["Lithium battery separator film"]
    page = anonymous_client.get(f"/en/{fair.slug}/firms/?q=separator").text
    assert "Offers that answer:" in page
    assert "Spare parts" not in page
    assert "Offers that answer:" not in anonymous_client.get(f"/en/{fair.slug}/firms/").text


def test_an_identifier_leads_to_its_firm(fair: Edition, anonymous_client: Client) -> None:
    identifier = Firm.objects.get(legal_name="Kilima Coffee").identifier
    response = anonymous_client.get(f"/en/{fair.slug}/firms/?q={identifier.lower()}")
    assert response["Location"] == f"/en/{fair.slug}/firms/{identifier}/"


def test_a_buyers_page_and_needs_are_for_itself_and_the_organiser(
    fair: Edition,
    need: Make[Need],
    new_user: Make[object],
    organiser_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    firm = Firm.objects.get(legal_name="Quiet Buyer")
    with scope(edition=fair):
        need(Participation.objects.get(firm=firm), "Separators without noise")
    member = Client()
    member.force_login(new_user("buyer", firm=firm))  # type: ignore[arg-type]
    page = f"/en/{fair.slug}/firms/{firm.identifier}/"
    assert [client.get(page).status_code for client in (organiser_client, member)] == [200, 200]
    assert "Separators without noise" in member.get(page).text
    refused = (other_organiser_client, stranger_client, anonymous_client)
    assert [client.get(page).status_code for client in refused] == [404, 404, 404]
    assert [client.get(page + "partners/").status_code for client in refused] == [404, 404, 404]


def test_partners_are_told_with_reasons_and_without_buyers(
    fair: Edition, take_part: Make[Participation], offer: Make[Offer], need: Make[Need], anonymous_client: Client
) -> None:
    cells = take_part(fair, kind="exhibitor")
    offer(cells, "Lithium-ion battery cells")
    need(cells, "Battery separator film")
    with scope(edition=fair):
        need(Participation.objects.get(firm__legal_name="Quiet Buyer"), "Battery separator film")
    place_edition(fair)
    for language, word in (("en", "separator"), ("zh-hans", "隔膜"), ("ar", "تحتاج")):
        page = anonymous_client.get(f"/{language}/{fair.slug}/firms/{cells.firm.identifier}/partners/").text
        assert "Shanhe Film" in page or "山河隔膜" in page
        assert word in page
    maker = Firm.objects.get(legal_name="Shanhe Film")
    assert "Quiet Buyer" not in anonymous_client.get(f"/en/{fair.slug}/firms/{maker.identifier}/partners/").text
