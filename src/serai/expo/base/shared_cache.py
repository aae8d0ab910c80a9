"""The cache that all processes of an instance share: what limits count, in a small database of its own.

Django's own caches count each process apart (LocMemCache), lose counts between reading and writing (FileBasedCache and
DatabaseCache add one in two steps) or make a writer of the fair's database of every reader (DatabaseCache). Here each
step is one statement. What it keeps may be lost at any time; no backup has it. The package diskcache would do the same,
but its last release is of 2023 and it reads values with pickle: who can write the file would run code (CVE-2025-69872).
"""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

WAIT_SECONDS = 5
CULL_EVERY = 100
"""Writes of one thread between two looks at what has run out."""

_TABLE = """
CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value, expires REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_end ON entries (expires);
"""
_FOREVER = float("inf")
_SET = "INSERT INTO entries VALUES (:key, :value, :expires) ON CONFLICT (key) DO UPDATE SET "
_SET += "value = excluded.value, expires = excluded.expires"


class SharedCache(BaseCache):
    """Values that JSON can hold, by key; whole numbers are counted up in one step.

    Django makes one for each thread, so its connection is used by one at a time.
    """

    def __init__(self, path: str | Path, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._path = Path(path)
        self._opened: sqlite3.Connection | None = None
        self._writes = 0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = self._do("SELECT value FROM entries WHERE key = :key AND expires > :now", key, version).fetchone()
        if row is None:
            return default
        return row[0] if isinstance(row[0], int) else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(_SET, key, version, value=_kept(value), expires=self._end(timeout))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        unless_there = f"{_SET} WHERE entries.expires <= :now"
        return self._write(unless_there, key, version, value=_kept(value), expires=self._end(timeout)) > 0

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        later = "UPDATE entries SET expires = :expires WHERE key = :key AND expires > :now"
        return self._write(later, key, version, expires=self._end(timeout)) > 0

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._write("DELETE FROM entries WHERE key = :key", key, version) > 0

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The number after adding ``delta``. Raises ValueError where no number is kept by this key."""
        adding = "UPDATE entries SET value = value + :delta WHERE key = :key AND expires > :now "
        adding += "AND typeof(value) = 'integer' RETURNING value"
        row = self._do(adding, key, version, delta=delta).fetchone()
        if row is None:
            raise ValueError(f"Key '{key}' not found")
        return int(row[0])

    def clear(self) -> None:
        self._connection.execute("DELETE FROM entries")

    def shut(self) -> None:
        """Let go of the file; the next use opens it again."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._path.touch(0o600)
            self._opened = _prepared(sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None))
        return self._opened

    def _do(self, statement: str, key: str, version: int | None, **given: Any) -> sqlite3.Cursor:
        given |= {"key": self.make_and_validate_key(key, version=version), "now": time.time()}
        return self._connection.execute(statement, given)

    def _write(self, statement: str, key: str, version: int | None, **given: Any) -> int:
        """Do it, and say how many entries it changed."""
        changed = self._do(statement, key, version, **given).rowcount
        self._writes += 1
        if self._writes % CULL_EVERY == 0:
            self._cull()
        return changed

    def _cull(self) -> None:
        """Forget what has run out and, of more than may be kept, what runs out first."""
        self._connection.execute("DELETE FROM entries WHERE expires <= ?", [time.time()])
        ((kept,),) = self._connection.execute("SELECT count(*) FROM entries")
        if (beyond := kept - int(self._max_entries)) > 0:
            first = "SELECT key FROM entries ORDER BY expires LIMIT ?"
            self._connection.execute(f"DELETE FROM entries WHERE key IN ({first})", [beyond])  # noqa: S608  no input

    def _end(self, timeout: Any) -> float:
        end = self.get_backend_timeout(timeout)
        return _FOREVER if end is None else float(end)


def _kept(value: Any) -> int | str:
    """A whole number as such, anything else as JSON."""
    return value if type(value) is int else json.dumps(value)


def _prepared(opened: sqlite3.Connection) -> sqlite3.Connection:
    """With its table, and so that readers do not wait for writers and no write waits for the disk."""
    ends = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            opened.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLE}")
        except sqlite3.OperationalError:  # SQLite does not wait by itself where two turn a new file to WAL at once
            if time.monotonic() > ends:
                opened.close()
                raise
            time.sleep(0.01)
        else:
            return opened
