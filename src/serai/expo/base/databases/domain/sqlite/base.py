"""Django's SQLite, with a bounded queue for the lock of writing (``patience.Queue``)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from django.db.backends.sqlite3 import base

from serai.expo.base.databases.domain.patience import Queue

TRY_MILLISECONDS = 500
"""For which SQLite itself waits for the lock before it asks whether it may go on waiting."""

_queue = Queue()


class _Cursor(base.SQLiteCursorWrapper):
    def execute(self, query: Any, params: Any = None) -> Any:
        try:
            return super().execute(query, params)
        except sqlite3.OperationalError as error:
            return _again(error, lambda: super(_Cursor, self).execute(query, params))


def _again(error: sqlite3.OperationalError, execute: Callable[[], Any]) -> Any:
    """Execute a statement that found the lock taken, until it is free. Raises the error after too long a wait.

    Nothing has been done then: a transaction takes the lock with its first statement.
    """
    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
        raise error
    turns: Iterator[None] = _queue.turns()
    with closing(turns):  # type: ignore[type-var]  # a generator
        for _ in turns:
            try:
                return execute()
            except sqlite3.OperationalError as again:
                if again.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                error = again
    raise error


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.execute(f"PRAGMA busy_timeout = {TRY_MILLISECONDS}")
        return connection

    def create_cursor(self, name: str | None = None) -> _Cursor:  # noqa: ARG002  (as Django has it)
        return self.connection.cursor(factory=_Cursor)  # type: ignore[no-any-return]
