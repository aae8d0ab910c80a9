"""A list that is narrowed in place names parts of its page that are there, once each."""

import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from serai.expo.fairs.edition.models import Edition

PLACES = re.compile(r'hx-(?:target|select|select-oob|indicator)="([^"]+)"')
LISTS = (
    "directory",
    "market",
    "programme",
    "participant-list",
    "desk-invitations",
    "applications",
    "hosted-buyers",
    "proposals",
    "badges-to-print",
    "presence-list",
    "assistance",
    "audit-trail",
)


@pytest.mark.parametrize("page", LISTS)
def test_every_part_that_is_replaced_is_on_the_page_once(edition: Edition, organiser_client: Client, page: str) -> None:
    answer = organiser_client.get(reverse(page, args=[edition.slug]))
    assert answer.status_code == 200
    identifiers = Counter(re.findall(r'\bid="([^"]+)"', answer.text))
    lists, _dialog, _rest = answer.text.partition("<dialog")
    named = {place.removeprefix("#") for places in PLACES.findall(lists) for place in places.split(",")}
    named.discard("next [data-finder-list]")
    if page != "programme":  # without a session there is nothing to choose
        assert "list" in named
    assert {place: identifiers[place] for place in named} == dict.fromkeys(named, 1)
    assert [identifier for identifier, count in identifiers.items() if count > 1] == []


def test_the_list_is_whole_without_a_script(edition: Edition, organiser_client: Client) -> None:
    page = organiser_client.get(reverse("participant-list", args=[edition.slug])).text
    assert '<form method="get"' in page
    assert 'type="submit"' in page
