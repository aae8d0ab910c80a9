"""The filter language: what a list can be narrowed by is declared once, and read alike from pages and calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base import filters
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.market.domain.visibility import ItemFilter
from serai.expo.offers.search.domain.index import refresh_tokens
from serai.expo.programme.sessions.domain.session_list import ProgrammeFilter
from serai.expo.site.api.pages.interface import interface
from serai.expo.site.directory.domain.directory import Filter


@dataclass(frozen=True)
class Fruit:
    words: str = filters.words("In its name")
    colour: str = filters.code("Of its skin", choices=["red", "green"])
    origin: str = filters.code("Where it grows", most=2)
    ripe: bool = filters.flag("Ready to eat")
    grams: int = filters.number("At most", most=500)


@pytest.mark.parametrize(
    ("said", "read"), [("80", 80), (" 500 ", 500), ("501", 0), ("-1", 0), ("1.5", 0), ("²", 0), ("٣", 0), ("", 0)]
)
def test_a_number_is_whole_and_within_its_bounds(said: str, read: int) -> None:
    assert filters.read(Fruit, {"grams": said}) == Fruit(grams=read)


def test_a_page_passes_over_what_a_filter_does_not_know() -> None:
    asked = {"q": " apple\0 ", "colour": "blue", "origin": "KENYA", "ripe": "1", "weight": "3"}
    assert filters.read(Fruit, asked) == Fruit(words="apple", origin="KE", ripe=True)
    assert filters.read(Fruit, {"ripe": "yes"}) == Fruit()


@pytest.mark.parametrize(
    ("operation", "filter_"),
    [("firms", Filter), ("offers", ItemFilter), ("needs", ItemFilter), ("programme", ProgrammeFilter)],
)
def test_the_interface_asks_by_the_names_that_the_pages_declare(operation: str, filter_: type[Any]) -> None:
    paths = interface.get_openapi_schema(path_prefix="")["paths"]
    said = {one["operationId"]: one for methods in paths.values() for one in methods.values()}[operation]
    declared = {one.name for one in filters.declared(filter_).values()}
    assert {one["name"] for one in said["parameters"] if one["in"] == "query"} == declared | {"cursor", "limit"}


def test_a_page_and_a_call_of_the_same_filter_find_the_same(
    edition: Edition, take_part: Callable[..., Participation], a_firm: Callable[..., Any], client: Client
) -> None:
    kenyan = take_part(edition, a_firm("Saffron Separators Ltd", "KE"))
    take_part(edition, a_firm("Cardamom Cathodes Ltd", "CN"))
    page = client.get(f"/en/{edition.slug}/firms/?country=KE")
    call = client.get(f"/api/v1/editions/{edition.slug}/firms?country=KE").json()
    assert [one.firm.identifier for one in page.context["page"]] == [kenyan.firm.identifier]
    assert [one["firm"]["identifier"] for one in call["items"]] == [kenyan.firm.identifier]
    # What the page passes over the interface refuses.
    assert client.get(f"/en/{edition.slug}/firms/?position=sideways").status_code == 200
    assert client.get(f"/api/v1/editions/{edition.slug}/firms?position=sideways").status_code == 422


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("minimum_order=1000", {"pieces", "small"}),
        ("minimum_order=999", {"small"}),
        ("minimum_order=1000&unit=KGM", {"kilograms"}),
        ("minimum_order=5&unit=TNE", set()),
        ("unit=KGM", {"kilograms"}),
        ("lead_time=30", {"pieces", "kilograms"}),
        ("lead_time=29", {"kilograms"}),
        ("lead_time=30&minimum_order=1000", {"pieces"}),
        ("minimum_order=x&lead_time=", {"pieces", "small", "kilograms", "silent"}),
    ],
)
def test_offers_are_narrowed_by_their_smallest_order_and_lead_time_alike_on_a_page_and_in_a_call(
    asked: str,
    found: set[str],
    edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    client: Client,
) -> None:
    """A smallest order is compared with those of the same unit; who says nothing is left out."""
    making = take_part(edition)
    offer(making, "pieces", minimum_order=1000, unit="H87", lead_time_days=30)
    offer(making, "small", minimum_order=5)
    offer(making, "kilograms", minimum_order=800, unit="KGM", lead_time_days=14)
    offer(making, "silent")
    need(making, "a need")
    page = client.get(f"/en/{edition.slug}/market/?kind=offer&{asked}")
    assert {item.title["en"] for item, *_rest in page.context["items"]} == found
    call = client.get(f"/api/v1/editions/{edition.slug}/offers?{asked}")
    if "=x" in asked:  # what a page passes over a call refuses
        assert call.status_code == 422
    else:
        assert {one["title"]["en"] for one in call.json()["items"]} == found
    if found < {"pieces", "small", "kilograms"}:
        assert client.get(f"/en/{edition.slug}/market/?{asked}").context["items"] == []  # of offers only


def test_what_was_asked_of_smallest_order_and_lead_time_stands_in_the_form(edition: Edition, client: Client) -> None:
    page = client.get(f"/en/{edition.slug}/market/?minimum_order=20&unit=KGM&lead_time=9").text
    for said in ('name="minimum_order" value="20"', 'value="KGM" selected', 'name="lead_time" value="9"'):
        assert said in page
    assert 'name="lead_time" value' not in client.get(f"/en/{edition.slug}/market/").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"family": "service"}, {"Advice on customs law"}),
        ({"hs": "3920"}, {"Separator film for batteries"}),
        ({"hs": "20"}, set()),  # a code begins so, it does not contain it
        ({"incoterm": "FOB"}, {"Separator film for batteries"}),
        ({"agreement": "licence"}, {"Advice on customs law"}),
        ({"country": "KE"}, {"Advice on customs law"}),
        ({"group": "LDC"}, set()),
        ({"launches": "1"}, {"Separator film for batteries"}),
        ({"q": "customs law"}, {"Advice on customs law"}),
        ({"review": "draft"}, set()),
    ],
)
def test_offers_are_narrowed(
    asked: dict[str, str],
    found: set[str],
    edition: Edition,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    client: Client,
) -> None:
    offer(take_part(edition), "Separator film for batteries", hs=["392020"], incoterms=["FOB"], launch=True)
    consulting = take_part(edition, a_firm(country="KE"))
    offer(consulting, "Advice on customs law", family="service", agreements=["licence"])
    offer(consulting, "a draft", review="draft")
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
    answer = client.get(f"/api/v1/editions/{edition.slug}/offers", asked)
    assert {one["title"]["en"] for one in answer.json()["items"]} == found


def _numbers(page: Any, call: Any) -> tuple[set[int], set[int]]:
    return {item.pk for item, *_rest in page.context["items"]}, {row["number"] for row in call.json()["items"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"film", "foil", "secret"}),
        ("q=separator", {"film", "secret"}),  # what goes without a name is found by its words too
        ("family=service", set()),
        ("hs=3920", {"film", "secret"}),
        ("hs=74", {"foil"}),
        ("country=KE", {"foil"}),
        ("country=CN", {"film"}),  # and not by what would name its firm
        ("group=SCO", {"film"}),
        ("unnamed=1", {"secret"}),
        ("incoterm=FOB", {"foil"}),
        ("agreement=supply&q=foil", {"foil"}),
        ("agreement=licence", set()),
        ("launches=1", set()),  # of offers only
        ("review=draft", set()),
        ("firm={kenyan}", {"foil"}),
        ("isic=22", {"film"}),
    ],
)
def test_the_market_is_narrowed_alike_on_its_page_and_in_a_call(
    query: str,
    found: set[str],
    edition: Edition,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    need: Callable[..., Any],
    client: Client,
) -> None:
    chinese, kenyan = take_part(edition, a_firm("Film Ltd", "CN")), take_part(edition, a_firm("Foil Ltd", "KE"))
    made = {
        "film": need(chinese, "Separator film", hs=["392020"], isic=["2220"]),
        "foil": need(kenyan, "Copper foil", hs=["741011"], incoterms=["FOB"], agreements=["supply"]),
        "secret": need(chinese, "Separator", hs=["392020"], anonymous=True),
    }
    asked = query.format(kenyan=kenyan.firm.identifier)
    page = client.get(f"/en/{edition.slug}/market/?kind=need&{asked}")
    call = client.get(f"/api/v1/editions/{edition.slug}/needs?{asked}")
    on_page, in_call = _numbers(page, call)
    assert on_page == in_call == {made[name].pk for name in found}


def test_the_form_of_the_market_is_made_of_its_filter_and_shows_what_was_asked(
    edition: Edition, take_part: Callable[..., Participation], need: Callable[..., Any], client: Client
) -> None:
    need(take_part(edition), "Separator film")
    page = client.get(f"/en/{edition.slug}/market/?q=film&incoterm=FOB&family=gifts&unnamed=1")
    form = page.context["form"]
    titled = {one.name for one in filters.declared(ItemFilter).values() if one.title}
    assert set(form.fields) == titled | {"kind"}
    assert "<details open><summary>More conditions" in page.text
    assert '<option value="FOB" selected>' in page.text
    assert 'value="film"' in page.text
    assert page.text.count("checked") == 1
    assert "<details><summary>More conditions" in client.get(f"/en/{edition.slug}/market/").text
