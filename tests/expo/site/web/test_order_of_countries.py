"""Wherever a form offers countries and regions, they stand as an index of the reader's language has them."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django_scopes import scope

from serai.expo.base.collation import index_key
from serai.expo.base.field_form import countries_by_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import Role
from serai.world.classifications.countries import countries
from tests.expo.site.web.declared import DECLARED, LEVELS, pages_of

pytestmark = pytest.mark.any_database

SELECT = re.compile(r"<select[^>]*>(?P<options>.*?)</select>", re.DOTALL)
OPTION = re.compile(r'<option[^>]*\bvalue="(?P<value>[^"]*)"[^>]*>(?P<label>[^<]*)')
AS_IN_AN_INDEX = {
    "fr": ["Allemagne", "Égypte", "Espagne", "Honduras", "Îles Féroé", "Inde", "Zimbabwe"],
    "zh-hans": ["阿根廷", "比利时", "德国", "法国", "意大利", "中国"],
    "ar": ["الأردن", "إسبانيا", "ألمانيا", "أورغواي", "البحرين", "فرنسا", "فيجي", "الكويت", "اليونان"],
}
PAGES = {
    *("country-groups", "segment-new", "participant-add", "size-rules", "firm-part", "edition-change", "market"),
    *("register-firm", "desk-new-firm", "desk-co-exhibitors", "desk-record-row", "delegation"),
}
"""Pages with a form that offers countries."""


@pytest.mark.parametrize("language", AS_IN_AN_INDEX)
def test_names_stand_as_in_an_index(language: str) -> None:
    with translation.override(language):
        names = [name for _code, name in countries_by_name(countries())]
    assert [name for name in names if name in AS_IN_AN_INDEX[language]] == AS_IN_AN_INDEX[language]


@pytest.mark.parametrize(("one", "other"), [("القاهرة", "قاهره"), ("ٱلقدس", "القدس"), ("إيران", "ايران")])
def test_the_article_and_the_forms_of_a_letter_count_for_nothing(one: str, other: str) -> None:
    assert index_key(one) == index_key(other)


def test_a_hamza_is_no_article() -> None:
    assert index_key("ألمانيا").startswith("ال")


def test_every_form_offers_countries_in_that_order(
    edition: Edition,
    organiser_client: Client,
    things: Mapping[str, Any],
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:
    for country in ("AR", "BE", "DE", "FO", "IN", "JO", "ES", "EG"):
        take_part(edition, a_firm(f"From {country}", country))
    Role.objects.filter(organisation__isnull=False).update(kind=Role.Kind.OWNER)  # who may correct groups
    clients = {"organiser": organiser_client, **{who: things[f"client of {who}"] for who in ("owner", "buyer")}}
    pages = [page for room in sorted(DECLARED) for page in pages_of(room, things) if page.name in PAGES]
    assert {page.name for page in pages} == PAGES
    for page in pages:
        who = next(one for one in clients if one in LEVELS[page.who])
        for language in AS_IN_AN_INDEX:
            with scope(edition=edition), translation.override(language):
                address = page.address(edition, things)
            offered = list(_countries(clients[who].get(address).text))
            assert offered, f"{page.name} offers no countries"
            for names in offered:
                assert names == sorted(names, key=index_key), f"{page.name} in {language}"


def _countries(page: str) -> Iterator[list[str]]:
    """The names in each choice of countries on a page."""
    for select in SELECT.finditer(page):
        options = [(one["value"], one["label"]) for one in OPTION.finditer(select["options"]) if one["value"]]
        if len(options) > 2 and {value for value, _label in options} <= set(countries()):
            yield [label for _value, label in options]
