"""How long a process waits for the database, and whether it is away. Pages wait less than tasks and commands."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from django.db import InterfaceError, OperationalError


@dataclass(frozen=True)
class Patience:
    """Seconds."""

    lock: float
    """For what somebody else is writing."""
    others: float
    """The same, where another thread of this process waits for it already."""
    statement: float | None
    """For one statement; ``None``: as long as the server shows that it lives."""


TASKS = Patience(lock=20, others=20, statement=None)
PAGES = Patience(lock=10, others=3, statement=30)

_patience = TASKS


def patience() -> Patience:
    """How long this process waits."""
    return _patience


def be_a_web_process() -> None:
    """From now on this process answers pages. Connections that are open already keep the limits they have."""
    global _patience  # noqa: PLW0603  (a process is of one kind, until it ends)
    _patience = PAGES


class Queue:
    """The threads of this process that wait for the lock of writing of SQLite.

    The first waits longest. While it waits in vain, others are refused soon, so that a lock which another program keeps
    takes one thread of a web process, and the rest answer those who only read.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._first_since: float | None = None
        self._held_until = 0.0

    def turns(self) -> Iterator[None]:
        """Yields each time the caller may try again, until it has waited long enough. To be closed when it succeeds."""
        began, limits = time.monotonic(), patience()
        with self._guard:
            is_first = self._first_since is None
            if is_first:
                self._first_since = began
        in_vain = False
        try:
            while not (in_vain := self._is_over(began, time.monotonic(), limits, is_first=is_first)):
                yield
        finally:
            with self._guard:
                if is_first:
                    self._first_since = None
                    self._held_until = time.monotonic() + limits.lock if in_vain else 0.0

    def _is_over(self, began: float, now: float, limits: Patience, *, is_first: bool) -> bool:
        if is_first:
            return now - began > limits.lock
        first_since = self._first_since
        is_held = now < self._held_until or (first_since is not None and now - first_since > limits.others)
        return is_held or now - began > limits.others


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database is away, full or busy, and nothing of the request itself.

    Of SQLite its code tells, since "no such table" has the same class. PostgreSQL raises these classes for a
    connection that is refused or lost, for a lack of space, memory or connections, and for locks.
    """
    cause = error if isinstance(error, sqlite3.Error) else error and error.__cause__
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF) in _PASSING
    return isinstance(error, OperationalError | InterfaceError)
