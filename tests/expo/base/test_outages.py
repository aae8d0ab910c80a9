"""While the database is away or busy, pages and the interface answer 503, and what is wrong in a request stays 500."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from serai.expo.base.databases.domain.patience import is_outage


@contextmanager
def failing(error: Exception) -> Iterator[None]:
    """Every statement raises ``error``."""

    def fails(*_: Any) -> None:
        raise error

    with connection.execute_wrapper(fails):
        yield


def of_sqlite(statement: str, path: Path) -> OperationalError:
    """The error of a statement, while somebody else writes, as Django raises it."""
    with sqlite3.connect(path) as other, sqlite3.connect(path, timeout=0) as ours:
        other.execute("CREATE TABLE t (a)")
        other.commit()
        other.execute("BEGIN IMMEDIATE")
        error = OperationalError()
        try:
            ours.execute(statement)
        except sqlite3.Error as cause:
            error.__cause__ = cause
    other.close()
    ours.close()
    return error


def test_sqlite_tells_an_outage_from_a_mistake_by_its_code(tmp_path: Path) -> None:
    assert is_outage(of_sqlite("INSERT INTO t VALUES (1)", tmp_path / "busy"))
    assert not is_outage(of_sqlite("SELECT * FROM nowhere", tmp_path / "mistake"))


def test_a_connection_that_is_lost_is_an_outage_and_a_wrong_statement_is_none() -> None:
    assert is_outage(OperationalError("server closed the connection unexpectedly"))
    assert is_outage(InterfaceError("the connection is closed"))
    assert not is_outage(ProgrammingError("relation does not exist"))
    assert not is_outage(ValueError())
    assert not is_outage(None)


@pytest.mark.django_db
def test_a_page_says_in_every_language_that_it_may_be_asked_for_again(client: Client) -> None:
    client.raise_request_exception = False
    with failing(OperationalError("connection refused")):
        answer = client.get("/en/")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert answer.text.count("<p lang=") == 6
    assert "connection refused" not in answer.text
    assert client.get("/en/").status_code in {200, 302}


@pytest.mark.django_db
def test_the_interface_says_it_as_a_problem(client: Client) -> None:
    client.raise_request_exception = False
    with failing(OperationalError("connection refused")):
        answer = client.get("/api/v1/editions")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["detail"] == "The site cannot answer just now. Please try again in a moment."


@pytest.mark.django_db
def test_another_failure_is_still_ours(client: Client) -> None:
    client.raise_request_exception = False
    with failing(DatabaseError("a defect")):
        assert client.get("/en/").status_code == 500
