"""What is text is sent compressed to those who can read it, and a page that has not changed is not sent again."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from serai.expo.fairs.edition.models import Edition
from serai.expo.site.web.pages.middleware import CompressedText


def test_a_page_is_compressed_for_those_who_can_read_it(client: Client, edition: Edition) -> None:
    page = f"/en/{edition.slug}/privacy/"
    plain, small = client.get(page), client.get(page, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert "Accept-Encoding" in small["Vary"]


@pytest.mark.parametrize(
    ("media_type", "is_compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("text/csv", True),
        ("application/json", True),
        ("application/geo+json", True),
        ("application/problem+json", True),
        ("application/ld+json", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("application/zip", False),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    ],
)
def test_what_is_compressed_already_is_left_as_it_is(media_type: str, is_compressed: bool) -> None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    answer = CompressedText(lambda _request: HttpResponse("x" * 1000, content_type=media_type))(request)
    assert ("Content-Encoding" in answer) is is_compressed


def test_a_page_that_has_not_changed_is_not_sent_again(client: Client, edition: Edition) -> None:
    page = f"/en/{edition.slug}/privacy/"
    tag = client.get(page)["ETag"]
    again = client.get(page, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    edition.name = {"en": "Another name"}
    edition.save()
    assert client.get(page, headers={"if-none-match": tag}).status_code == 200
