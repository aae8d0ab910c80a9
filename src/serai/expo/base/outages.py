"""Whether the database is away or busy: the same request may succeed in a moment."""

import sqlite3

from django.db import InterfaceError, OperationalError

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
