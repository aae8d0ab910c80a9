"""While another program holds the lock of writing of SQLite, a web process goes on reading and refuses writers soon."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from serai.expo.base.databases.domain import patience
from serai.expo.base.databases.domain.patience import TASKS, Patience, Queue, is_outage
from serai.expo.base.databases.domain.sqlite import base

pytestmark = pytest.mark.any_database

LONG, SHORT = 1.0, 0.2
PAGES = Patience(lock=LONG, others=SHORT, statement=None)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[ConnectionHandler]:
    """A database of its own, for a process that answers pages. Each thread has its connection."""
    monkeypatch.setattr(patience, "_patience", PAGES)
    monkeypatch.setattr(base, "TRY_MILLISECONDS", 20)
    monkeypatch.setattr(base, "_queue", Queue())
    settings = {
        "ENGINE": "serai.expo.base.databases.domain.sqlite",
        "NAME": tmp_path / "fair.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }
    with django_db_blocker.unblock():
        databases = ConnectionHandler({"default": settings})
        with databases["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE t (a)")
        yield databases
        databases.close_all()


@pytest.fixture
def other(database: ConnectionHandler, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program, which has just begun to write."""
    with closing(sqlite3.connect(tmp_path / "fair.sqlite3", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def write(database: ConnectionHandler) -> float:
    """Write a row. Returns for how many seconds the lock was waited for in vain, 0 if it was had."""
    began = time.monotonic()
    with database["default"].cursor() as cursor:
        try:
            cursor.execute("INSERT INTO t VALUES (%s)", [1])
        except OperationalError as error:
            return time.monotonic() - began if is_outage(error) else float("nan")
    return 0.0


def in_threads(database: ConnectionHandler, number: int) -> tuple[list[threading.Thread], list[float]]:
    """So many writers at once, and what they come back with."""
    waited: list[float] = []

    def run() -> None:
        waited.append(write(database))
        database.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads, waited


def test_one_waits_and_the_others_are_refused_soon(database: ConnectionHandler, other: sqlite3.Connection) -> None:
    threads, waited = in_threads(database, 4)
    with database["default"].cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM t").fetchone() == (0,)  # who reads does not wait
    for thread in threads:
        thread.join(10)
    assert len(waited) == 4
    assert min(waited) > SHORT
    assert [seconds > LONG for seconds in sorted(waited)] == [False, False, False, True]


def test_who_comes_later_is_refused_at_once_until_somebody_has_written(
    database: ConnectionHandler, other: sqlite3.Connection
) -> None:
    assert write(database) > LONG
    (first, *_), _waited = in_threads(database, 1)
    while base._queue._first_since is None:
        time.sleep(0.01)
    assert 0 < write(database) < SHORT
    other.execute("ROLLBACK")
    first.join(10)
    other.execute("BEGIN IMMEDIATE")
    threads, waited = in_threads(database, 2)
    threads[0].join(10)
    threads[1].join(10)
    assert min(waited) > SHORT  # the lock is taken anew


def test_a_writer_gets_the_lock_as_soon_as_it_is_free(database: ConnectionHandler, other: sqlite3.Connection) -> None:
    threads, waited = in_threads(database, 1)
    while base._queue._first_since is None:
        time.sleep(0.01)
    other.execute("ROLLBACK")
    threads[0].join(10)
    assert waited == [0.0]
    assert base._queue._first_since is None


def test_a_transaction_that_finds_the_lock_taken_does_not_begin(
    database: ConnectionHandler, other: sqlite3.Connection
) -> None:
    with database["default"].cursor() as cursor, pytest.raises(OperationalError, match="locked"):
        cursor.execute("BEGIN IMMEDIATE")
    assert not database["default"].connection.in_transaction


def test_a_mistake_is_told_at_once(database: ConnectionHandler) -> None:
    with pytest.raises(OperationalError, match="no such table"), database["default"].cursor() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")


def test_a_task_waits_for_its_turn_like_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, now = Queue(), [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(patience, "_patience", TASKS)
    turns: list[Callable[[], Any]] = [iter(queue.turns()).__next__ for _ in range(3)]
    for turn in turns:
        turn()
    now[0] = TASKS.lock - 1
    for turn in turns:
        turn()
    now[0] = TASKS.lock + 1
    for turn in turns:
        with pytest.raises(StopIteration):
            turn()
