"""A server of PostgreSQL that stops to answer is given up; one that only takes long is not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from serai.expo.base.databases.domain import patience
from serai.expo.base.databases.domain.patience import PAGES
from serai.expo.base.databases.domain.postgresql import base

pytestmark = pytest.mark.every_database

on_postgresql = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="run by the tests on PostgreSQL"
)


class Way:
    """The way to a server, for each connection in threads of its own. ``is_open`` cleared, nothing arrives any more."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.is_open = threading.Event()
        self.is_open.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                server = socket.create_connection(self.server)
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self.is_open.wait(20)
                target.sendall(data)
        for end in (source, target):
            end.close()


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    monkeypatch.setattr(base, "SILENT_SECONDS", 0.3)
    known = settings.DATABASES["default"]
    way = Way(known["HOST"], int(known["PORT"]))
    yield way
    way.is_open.set()
    way.listener.close()


def connected(way: Way) -> base.Connection:
    known: dict[str, Any] = settings.DATABASES["default"]
    return base.Connection.connect(
        host="127.0.0.1", port=way.port, user=known["USER"], password=known["PASSWORD"] or None, dbname="postgres"
    )


@on_postgresql
@pytest.mark.django_db
def test_a_frozen_server_is_given_up(way: Way) -> None:
    with closing(connected(way)) as silent:
        silent.execute("SELECT 1")
        way.is_open.clear()
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            silent.execute("SELECT 1")
        assert silent.closed


@on_postgresql
@pytest.mark.django_db
def test_a_server_that_takes_long_is_waited_for(way: Way) -> None:
    with closing(connected(way)) as busy:
        assert busy.execute("SELECT 1 FROM pg_sleep(1.2)").fetchone() == (1,)


@on_postgresql
@pytest.mark.django_db
def test_the_server_ends_what_takes_a_page_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_patience", PAGES)
    page = connection.copy()
    try:
        with page.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            assert cursor.fetchone() == ("10s", "30s")
    finally:
        page.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def server_of(listener: socket.socket) -> Any:
    host, port = listener.getsockname()
    return SimpleNamespace(host=host, hostaddr=host, port=port)


@pytest.mark.any_database
def test_a_server_lives_if_it_answers_who_asks_for_another_connection(listener: socket.socket) -> None:
    asked: list[bytes] = []

    def answer() -> None:
        client, _address = listener.accept()
        with client:
            asked.append(client.recv(8))
            client.sendall(b"N")

    thread = threading.Thread(target=answer)
    thread.start()
    assert base.lives(server_of(listener))
    thread.join(5)
    assert asked == [bytes.fromhex("0000000804d2162f")]  # SSLRequest


@pytest.mark.any_database
def test_one_that_takes_connections_and_says_nothing_is_dead(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "SILENT_SECONDS", 0.1)
    assert not base.lives(server_of(listener))
    gone = server_of(listener)
    listener.close()
    assert not base.lives(gone)
