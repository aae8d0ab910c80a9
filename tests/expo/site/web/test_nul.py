"""No NUL that is asked for in an address reaches a page."""

import pytest
from django.http import QueryDict
from django.test import Client

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.web.pages.middleware import without_nul


def test_what_has_none_is_left_as_it_is() -> None:
    sent = QueryDict("q=wind&q=sun")
    assert without_nul(sent) is sent


def test_it_is_taken_out_of_every_value_and_the_rest_stays() -> None:
    kept = without_nul(QueryDict("q=wi%00nd&q=sun&page=%00"))
    assert list(kept.lists()) == [("q", ["wind", "sun"]), ("page", [""])]
    with pytest.raises(AttributeError):
        kept["q"] = "changed"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["timetable/participants/", "live/", "act-for/", "door/"])
def test_a_page_of_the_organiser_answers(edition: Edition, organiser_client: Client, address: str) -> None:
    asked = {"q": "a\0b", "code": "a\0b", "exhibitor": "\0"}
    answer = organiser_client.get(f"/en/{edition.slug}/organiser/{address}", asked)
    assert answer.status_code == 200
    assert "ab" in answer.text
