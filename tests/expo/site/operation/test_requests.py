"""What the operator reads of each request, and asks for."""

import logging
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from serai.expo.fairs.edition.models import Edition


def fields(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (told,) = [record for record in caplog.records if record.name == "serai.requests"]
    caplog.clear()
    return vars(told)["fields"]


def test_each_request_is_a_line_of_the_log(
    client: Client, member_client: Client, edition: Edition, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "serai.requests")
    client.get(f"/en/{edition.slug}/firms/?q=somebody")
    told = fields(caplog)
    assert told["ms"] > 0
    assert {name: value for name, value in told.items() if name != "ms"} == {
        "method": "GET",
        "page": "directory",
        "edition": edition.slug,
        "actor": "visitor",
        "status": 200,
    }
    member_client.get(f"/en/{edition.slug}/firms/")
    assert fields(caplog)["actor"] == "person"
    client.get("/en/nothing/is/here/")
    told = fields(caplog)
    assert (told["page"], told["status"]) == (None, 404)


def test_a_request_has_an_identifier_even_if_no_page_is_reached(client: Client) -> None:
    assert len(client.get("/", headers={"host": "elsewhere.example"})["X-Request-Id"]) == 16


@pytest.mark.django_db
def test_ready_is_who_reaches_the_database_under_any_host_name(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/ready", headers={"host": "10.1.2.3"}).status_code == 200

    def away(*_: Any) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
