"""What the operator reads of each request, and asks for."""

import logging
import os
import subprocess
import sys
from pathlib import Path
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


@pytest.mark.django_db
def test_metrics_are_for_who_has_the_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS = "a long token"
    assert client.get("/metrics", headers={"authorization": "Bearer another"}).status_code == 404
    client.get("/nothing/")
    text = client.get("/metrics", headers={"authorization": "Bearer a long token"}).text
    assert 'serai_requests_total{actor="visitor",page="",status="302"}' in text
    assert "serai_database_up 1.0" in text
    assert 'serai_mails{state="waiting"} 0.0' in text
    assert "serai_task_wait_seconds 0.0" in text


@pytest.mark.django_db
def test_while_the_database_is_away_metrics_say_so(client: Client, settings: Any) -> None:
    settings.METRICS = "a long token"

    def away(*_: Any) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        text = client.get("/metrics", headers={"authorization": "Bearer a long token"}).text
    assert "serai_database_up 0.0" in text
    assert "serai_mails" not in text


COUNTED = """
import os, sys
from serai.expo.site.operation.domain.processes import begin_counting
begin_counting()
import django
django.setup()
from serai.expo.site.operation.domain.metrics import count_request, exposition
for _ in range(3):
    if not os.fork():
        count_request(page="edition", actor="visitor", status=200, seconds=0.2)
        os._exit(0)
    os.wait()
sys.stdout.buffer.write(exposition())
"""


def test_the_processes_count_together(tmp_path: Path) -> None:
    environment = os.environ | {"SERAI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "serai.expo.settings"}
    environment.pop("DATABASE_URL", None)
    said = subprocess.run(
        [sys.executable, "-c", COUNTED], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert 'serai_requests_total{actor="visitor",page="edition",status="200"} 3.0' in said
    assert 'serai_request_seconds_bucket{le="0.25"} 3.0' in said
    assert "serai_database_up 0.0" in said  # it has no tables
