"""The revision of each table, by which a process knows whether what it keeps is still true.

Triggers of the database count it with every write, in the transaction that writes: no save, bulk write, cascade,
command or hand-written SQL passes them by. What was worked out is kept with the tables that were read for it
(``reading``), and counts as long as their revisions are the same. Some answers depend on the clock; what begins and
ends at the fair does so on whole minutes, and so nothing is kept longer than the minute in which it was made.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

type Revisions = dict[str, int]
"""The number of each table of the fair."""

TABLE = "expo_revision"
UNSHOWN = {"expo_user": {"last_login"}, "expo_auditentry": {"seal_id"}}
"""Columns that no page of the public shows: who signs in, or what is sealed, moves no revision."""

MOST = 1_000
"""Values that a process keeps at most; those that were asked for last."""

# SQLite has one writer at a time, and one row a table. In PostgreSQL a writer would wait for another that has counted
# the same row, so each connection has its own rows, which hold its last transaction. Their sum grows with each commit.
_SQLITE = """
CREATE TRIGGER {name}_{event} AFTER {when} ON "{table}" BEGIN
    UPDATE expo_revision SET number = number + 1 WHERE name = '{table}' AND slot = 0;
END
"""
_FIRST = "INSERT INTO expo_revision (name, slot, number) VALUES (%s, 0, 0) ON CONFLICT (name, slot) DO NOTHING"
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION expo_revision_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO expo_revision AS kept (name, slot, number)
    VALUES (TG_TABLE_NAME, pg_backend_pid(), CAST(CAST(pg_current_xact_id() AS text) AS bigint))
    ON CONFLICT (name, slot) DO UPDATE SET number = excluded.number WHERE kept.number <> excluded.number;
    RETURN NULL;
END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER expo_revision AFTER INSERT OR {when} OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION expo_revision_move()
"""
_GATHER = """
WITH ended AS (DELETE FROM expo_revision WHERE slot <> 0 RETURNING name, number)
INSERT INTO expo_revision AS kept (name, slot, number) SELECT name, 0, sum(number) FROM ended GROUP BY name
ON CONFLICT (name, slot) DO UPDATE SET number = kept.number + excluded.number
"""


def install(database: BaseDatabaseWrapper) -> None:
    """Make the triggers of all tables of the fair anew: a table that a migration changed has lost them."""
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        there = set(database.introspection.table_names(cursor))
        if TABLE not in there:
            return
        if database.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for model in apps.get_app_config("expo").get_models(include_auto_created=True):
            table = model._meta.db_table
            unshown = UNSHOWN.get(table, set())
            columns = {str(column.column) for column in model._meta.concrete_fields} - unshown
            shown = ", ".join(map(database.ops.quote_name, sorted(columns)))
            update = f"UPDATE OF {shown}" if unshown else "UPDATE"
            if table not in there:
                continue
            cursor.execute(_FIRST, [table])
            if database.vendor == "postgresql":
                cursor.execute(_POSTGRESQL.format(table=table, when=update))
                continue
            for event, when in (("insert", "INSERT"), ("update", update), ("delete", "DELETE")):
                name = f"{TABLE}_{table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")
                cursor.execute(_SQLITE.format(name=name, event=event, when=when, table=table))


def gather() -> None:
    """Join what connections of PostgreSQL have counted to one row a table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_GATHER)


def revisions() -> Revisions:
    """The revisions of all tables, as of now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sum(number) FROM expo_revision GROUP BY name")
        return {name: int(number) for name, number in cursor.fetchall()}


@dataclass
class Reading:
    """The tables of the fair that were read. It is not ``repeatable`` if something was written, or if a table was read
    whose revision is not counted."""

    tables: set[str] = field(default_factory=set)
    repeatable: bool = True


_open: ContextVar[tuple[Reading, ...]] = ContextVar("open readings", default=())


@contextmanager
def reading() -> Iterator[Reading]:
    """Note what is read from the database in this thread until the end of the block."""
    noted = Reading()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        counted, others = _tables_in(sql)
        noted.tables |= counted
        noted.repeatable &= not others and sql.lstrip()[:6].upper() == "SELECT"
        return execute(sql, params, many, context)

    token = _open.set((*_open.get(), noted))
    try:
        with connection.execute_wrapper(note):
            yield noted
    finally:
        _open.reset(token)


@cache
def _tables() -> tuple[frozenset[str], frozenset[str]]:
    """The tables whose revisions are counted, and those of other apps."""
    of = {model._meta.db_table: model._meta.app_label for model in apps.get_models(include_auto_created=True)}
    counted = frozenset(table for table, app in of.items() if app == "expo")
    return counted, frozenset(of) - counted


def _tables_in(sql: str) -> tuple[set[str], set[str]]:
    """The tables that a statement names, counted and others."""
    counted, others = _tables()
    words = set(re.findall(r"\w+", sql))
    return words & counted, words & others


@dataclass(frozen=True)
class Kept[Value]:
    """A value, and the revisions of the tables that were read for it."""

    value: Value
    revisions: tuple[tuple[str, int], ...]

    def is_true(self, now: Revisions) -> bool:
        return all(now.get(table, 0) == number for table, number in self.revisions)


class Store[Value]:
    """Values that are kept in this process as long as they are true, by key. ``most`` of them, or as many bytes."""

    def __init__(self, most: int, size: Callable[[Value], int] = lambda _value: 1) -> None:
        self._most, self._size, self._held = most, size, 0
        self._kept: OrderedDict[Hashable, Kept[Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, now: Revisions) -> Kept[Value] | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not kept.is_true(now):
                return None
            self._kept.move_to_end(key)
            return kept

    def keep(self, key: Hashable, value: Value, tables: set[str], before: Revisions) -> None:
        """``before`` are the revisions as of before anything was read: what was written meanwhile makes it untrue."""
        kept = Kept(value, tuple((table, before.get(table, 0)) for table in tables))
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self._held += self._size(value)
            while self._held > self._most:
                self._forget(next(iter(self._kept)))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._held = 0

    def _forget(self, key: Hashable) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._held -= self._size(gone.value)


_values: Store[Any] = Store(MOST)


def minute() -> int:
    """The minute that it is, counted from 1970."""
    return int(time.time() // 60)


def can_be_taken_back() -> bool:
    """Whether what was written last may not stay: a transaction is open."""
    return connection.in_atomic_block


def by_revision[Value](
    name: str, given: Sequence[Any], work: Callable[[], Value], now: Revisions | None = None
) -> Value:
    """What ``work`` makes of what it is ``given``, and nobody may change; kept until a table changes that it has read.

    A row that is given counts by the values of its columns, however long ago it was read. Who asks for many values
    reads the revisions once, before them (``now``). Inside a transaction everything is worked out each time: what that
    has written may be taken back, and its revisions with it.
    """
    if can_be_taken_back():
        return work()
    key = (name, *(_values_of(part) if isinstance(part, Model) else part for part in given), minute())
    before = revisions() if now is None else now
    kept = _values.get(key, before)
    if kept is None:
        with reading() as read:
            value = work()
        if read.repeatable:
            _values.keep(key, value, read.tables, before)
        return value
    for outer in _open.get():
        outer.tables.update(table for table, _number in kept.revisions)
    result: Value = kept.value
    return result


def _values_of(row: Model) -> str:
    columns = [getattr(row, column.attname) for column in row._meta.concrete_fields]
    return repr((row._meta.label, columns))
