"""Where meanings are compared: by pgvector where PostgreSQL has it, else by an index that the process keeps.

With pgvector the vectors stand in a table beside the terms, written in the transaction that writes them. In an edition
of up to `EXACT_UP_TO` entries all are looked at, above an HNSW index (Malkov and Yashunin 2018) is gone through, which
goes on until enough of the edition have been found (`hnsw.iterative_scan`). Either way the cosines that make the order
are those of the stored vectors, so that the order is the same wherever they were compared.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar, Protocol

import numpy as np
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from serai.expo.search.models import SearchEntry
from serai.match.search import Index
from serai.match.vectors import DIMENSION, Vectors

EXACT_UP_TO = 20_000
LOOKED_AT = 400
"""Candidates of the HNSW index (`hnsw.ef_search`)."""

WRITTEN_AT_ONCE = 5_000

LEAST_VERSION = (0, 8)
"""Of pgvector: the first whose index goes on where a filter leaves too few."""

type Stored = NDArray[np.float16]


class Meanings(Protocol):
    """The vectors of an edition's entries."""

    needs_vectors: ClassVar[bool]
    """Whether the process reads the vectors from the database, to give them to `add`."""

    def add(self, kind: str, keys: Sequence[int], vectors: Stored) -> None:
        """Entries of a kind have got these vectors; (0, d) where they are not needed."""
        ...

    def nearest(self, vector: Vectors, kinds: Collection[str], most: int) -> list[int]:
        """The keys of the `most` nearest entries of these kinds, the nearest first."""
        ...

    def cosines(self, keys: Sequence[int], vector: Vectors) -> dict[int, float]:
        """The cosines of the entries that have a vector."""
        ...


class InProcess:
    """An index a kind."""

    needs_vectors: ClassVar[bool] = True

    def __init__(self) -> None:
        self._of_kind: dict[str, Index] = {}

    def add(self, kind: str, keys: Sequence[int], vectors: Stored) -> None:
        self._of_kind.setdefault(kind, Index()).add(keys, vectors)

    def nearest(self, vector: Vectors, kinds: Collection[str], most: int) -> list[int]:
        found = [near for kind in kinds if kind in self._of_kind for near in self._of_kind[kind].nearest(vector, most)]
        return [key for key, _ in sorted(found, key=lambda near: (-near[1], near[0]))[:most]]

    def cosines(self, keys: Sequence[int], vector: Vectors) -> dict[int, float]:
        return {key: cosine for index in self._of_kind.values() for key, cosine in index.cosines(keys, vector).items()}


class InDatabase:
    """The table of pgvector."""

    needs_vectors: ClassVar[bool] = False

    def __init__(self, edition: int) -> None:
        self._edition = edition
        self._entries: set[int] = set()

    def add(self, kind: str, keys: Sequence[int], vectors: Stored) -> None:  # noqa: ARG002
        self._entries.update(keys)

    def nearest(self, vector: Vectors, kinds: Collection[str], most: int) -> list[int]:
        if not vector.any():
            return []
        wanted = (self._edition, [str(kind) for kind in kinds], _written(vector), most)
        with connection.cursor() as cursor:
            if len(self._entries) <= EXACT_UP_TO:
                cursor.execute(_ALL, wanted)
            else:
                with transaction.atomic():
                    cursor.execute(_GO_ON, [str(LOOKED_AT)])
                    cursor.execute(_NEAREST, wanted)
            return [key for (key,) in cursor.fetchall()]

    def cosines(self, keys: Sequence[int], vector: Vectors) -> dict[int, float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT entry, -(CAST(meaning AS vector) <#> CAST(%s AS vector)) FROM expo_searchmeaning "
                "WHERE entry = ANY(%s)",
                [_written(vector), list(keys)],
            )
            return dict(cursor.fetchall())


def meanings_of(edition: int) -> Meanings:
    """Where the meanings of an edition are compared."""
    return InDatabase(edition) if has_pgvector(connection) else InProcess()


_GO_ON = "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', %s, true)"
_NEAREST = (
    "SELECT entry FROM expo_searchmeaning WHERE edition = %s AND kind = ANY(%s) "
    "ORDER BY (meaning <#> CAST(%s AS halfvec)) LIMIT %s"
)
_ALL = _NEAREST.replace("halfvec))", "halfvec)) + 0")
"""The index is not of a sum, so that with it all are looked at."""


def keep(entries: Iterable[SearchEntry]) -> None:
    """Write the vectors of these entries to where they are compared in the database, where that is so."""
    if has_pgvector(connection):
        _write(connection, [(each.pk, each.edition_id, each.kind, bytes(each.vector or b"")) for each in entries])


def has_pgvector(database: BaseDatabaseWrapper) -> bool:
    """Whether the database compares meanings."""
    if database.vendor != "postgresql":
        return False
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regclass('expo_searchmeaning') IS NOT NULL")
        return bool(cursor.fetchone()[0])


_TABLE = (
    f"""
    CREATE TABLE IF NOT EXISTS expo_searchmeaning (
        entry bigint PRIMARY KEY, edition bigint NOT NULL, kind text NOT NULL, meaning halfvec({DIMENSION}) NOT NULL
    )
    """,
    "ALTER TABLE expo_searchmeaning ALTER COLUMN meaning SET STORAGE PLAIN",
    """
    CREATE OR REPLACE FUNCTION expo_searchmeaning_forget() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN DELETE FROM expo_searchmeaning WHERE entry = OLD.id; RETURN NULL; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER expo_searchmeaning_forget AFTER DELETE ON expo_searchentry
    FOR EACH ROW EXECUTE FUNCTION expo_searchmeaning_forget()
    """,
    """
    CREATE OR REPLACE FUNCTION expo_searchmeaning_forget_all() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN TRUNCATE expo_searchmeaning; RETURN NULL; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER expo_searchmeaning_forget_all AFTER TRUNCATE ON expo_searchentry
    FOR EACH STATEMENT EXECUTE FUNCTION expo_searchmeaning_forget_all()
    """,
)
"""A table of its own, narrow, so that looking at all reads little, and without a foreign key, which would keep the
entries from being truncated."""

_INDEXES = (
    "CREATE INDEX IF NOT EXISTS expo_searchmeaning_edition ON expo_searchmeaning (edition, kind)",
    """
    CREATE INDEX IF NOT EXISTS expo_searchmeaning_nearest ON expo_searchmeaning USING hnsw (meaning halfvec_ip_ops)
    """,
)


def install(database: BaseDatabaseWrapper) -> None:
    """Make the table with its index and triggers and fill it, where the database has pgvector or lets it be made."""
    if database.vendor != "postgresql" or not _extended(database):
        return
    with database.cursor() as cursor:
        for statement in _TABLE:
            cursor.execute(statement)
        last = 0
        while rows := _unwritten(database, last):
            _write(database, rows)
            last = rows[-1][0]
        for statement in _INDEXES:
            cursor.execute(statement)


def _extended(database: BaseDatabaseWrapper) -> bool:
    """Whether the extension is there, made now if need be; only a superuser may make it."""
    try:
        with transaction.atomic(using=database.alias), database.cursor() as cursor:
            cursor.execute("SELECT FROM pg_available_extensions WHERE name = 'vector'")
            if cursor.fetchone() is None:
                return False
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except DatabaseError:
        return False
    found = version(database)
    return found is not None and found >= LEAST_VERSION


def version(database: BaseDatabaseWrapper) -> tuple[int, ...] | None:
    """Of pgvector in this database; None where it is not."""
    with database.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        row = cursor.fetchone()
    return tuple(int(part) for part in row[0].split(".")) if row else None


def _unwritten(database: BaseDatabaseWrapper, last: int) -> list[tuple[int, int, str, bytes]]:
    """Entries after `last` whose vectors are not in the table yet, such as of a time without pgvector."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT id, edition_id, kind, vector FROM expo_searchentry WHERE id > %s AND vector IS NOT NULL "
            "AND NOT EXISTS (SELECT FROM expo_searchmeaning WHERE entry = id) ORDER BY id LIMIT %s",
            [last, WRITTEN_AT_ONCE],
        )
        return list(cursor.fetchall())


def _write(database: BaseDatabaseWrapper, rows: Sequence[tuple[int, int, str, bytes]]) -> None:
    pks, editions, kinds, vectors = zip(*rows, strict=True) if rows else ((), (), (), ())
    written = [_written(np.frombuffer(vector, dtype="<f2")) for vector in vectors]
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO expo_searchmeaning (entry, edition, kind, meaning) "
            "SELECT entry, edition, kind, CAST(meaning AS halfvec) FROM "
            "unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS given (entry, edition, kind, meaning) "
            "ON CONFLICT (entry) DO UPDATE SET meaning = excluded.meaning",
            [list(pks), list(editions), list(kinds), written],
        )


def _written(vector: NDArray[np.floating]) -> str:
    return json.dumps(vector.ravel().tolist())
