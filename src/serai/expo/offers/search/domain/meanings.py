"""Where meanings are compared: by pgvector where PostgreSQL has it, else by an index that the process keeps.

With pgvector the vectors stand in a table beside the terms, written in the transaction that writes them. Vectors of
different encoders are of different sizes and are never compared: so each row says by which encoder it is, and each
encoder has an index of its own, where a column of one size would have to be made anew. In an edition of up to
`EXACT_UP_TO` entries all are looked at, above an HNSW index (Malkov and Yashunin 2018) is gone through, which goes on
until enough of the edition have been found (`hnsw.iterative_scan`). Either way the cosines that make the order are
those of the stored vectors, so that the order is the same wherever they were compared.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar, Protocol

import numpy as np
from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

from serai.expo.offers.search.models import SearchEntry
from serai.match.search import Index
from serai.match.vectors import DIMENSION, PACKAGED, Encoder, Vectors, encoder

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
        if kind in self._of_kind:
            self._of_kind[kind].add(keys, vectors)
        else:
            self._of_kind[kind] = Index(keys, vectors)

    def nearest(self, vector: Vectors, kinds: Collection[str], most: int) -> list[int]:
        neighbours = [
            near for kind in kinds if kind in self._of_kind for near in self._of_kind[kind].nearest(vector, most)
        ]
        return [key for key, _ in sorted(neighbours, key=lambda near: (-near[1], near[0]))[:most]]

    def cosines(self, keys: Sequence[int], vector: Vectors) -> dict[int, float]:
        return {key: cosine for index in self._of_kind.values() for key, cosine in index.cosines(keys, vector).items()}


class InDatabase:
    """The table of pgvector."""

    needs_vectors: ClassVar[bool] = False

    def __init__(self, edition: int, by: Encoder) -> None:
        self._edition = edition
        self._by = by
        self._entries: set[int] = set()

    def add(self, kind: str, keys: Sequence[int], vectors: Stored) -> None:  # noqa: ARG002
        self._entries.update(keys)

    def nearest(self, vector: Vectors, kinds: Collection[str], most: int) -> list[int]:
        if not vector.any():
            return []
        exact = len(self._entries) <= EXACT_UP_TO
        asked = nearest_sql(self._by, exact=exact)
        wanted = (self._by.name, self._edition, [str(kind) for kind in kinds], _written(vector), most)
        with connection.cursor() as cursor:
            if exact:
                cursor.execute(asked, wanted)
            else:
                with transaction.atomic():
                    cursor.execute(_GO_ON, [str(LOOKED_AT)])
                    cursor.execute(asked, wanted)
            return [key for (key,) in cursor.fetchall()]

    def cosines(self, keys: Sequence[int], vector: Vectors) -> dict[int, float]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT entry, -(CAST(meaning AS vector) <#> CAST(%s AS vector)) FROM expo_searchmeaning "
                "WHERE entry = ANY(%s) AND encoder = %s",
                [_written(vector), list(keys), self._by.name],
            )
            return dict(cursor.fetchall())


def meanings_of(edition: int, by: Encoder | None = None) -> Meanings:
    """Where the meanings of an edition are compared, by an encoder (the packaged one, if not given)."""
    return InDatabase(edition, by or encoder()) if has_pgvector(connection) else InProcess()


_GO_ON = "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', %s, true)"


def nearest_sql(by: Encoder, *, exact: bool) -> str:
    """The query for the nearest by an encoder; `exact` looks at all, for the index is not of a sum."""
    near = f"CAST(meaning AS halfvec({by.dimension})) <#> CAST(%s AS halfvec({by.dimension}))"
    return (
        "SELECT entry FROM expo_searchmeaning WHERE encoder = %s AND edition = %s AND kind = ANY(%s) "  # noqa: S608
        f"ORDER BY ({near}){' + 0' if exact else ''} LIMIT %s"
    )


def keep(entries: Iterable[SearchEntry]) -> None:
    """Write the vectors of these entries to where they are compared in the database, where that is so."""
    if has_pgvector(connection):
        rows = [
            (entry.pk, entry.edition_id, entry.kind, entry.encoder, bytes(entry.vector or b"")) for entry in entries
        ]
        _write(connection, rows)


def keep_only(edition: int, name: str) -> None:
    """Forget what other encoders than the one of this name made of an edition, and indexes in which nothing is left."""
    if not has_pgvector(connection):
        return
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM expo_searchmeaning WHERE edition = %s AND encoder <> %s", [edition, name])
        cursor.execute("SELECT DISTINCT encoder FROM expo_searchmeaning")
        used = {index_name(encoder) for (encoder,) in cursor.fetchall()} | {index_name(name)}
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE %s",
            [f"{_NEAREST_OF}%"],
        )
        for (unused,) in [encoder for encoder in cursor.fetchall() if encoder[0] not in used]:
            cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(unused)}")


def index_for(database: BaseDatabaseWrapper, name: str, dimension: int) -> None:
    """Make the index of an encoder, where it is not there."""
    if has_pgvector(database):
        with database.cursor() as cursor:
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index_name(name)} ON expo_searchmeaning "
                f"USING hnsw ((CAST(meaning AS halfvec({dimension}))) halfvec_ip_ops) WHERE encoder = %s",
                [name],
            )


_NEAREST_OF = "expo_searchmeaning_nearest_"


def index_name(name: str) -> str:
    """Of the index of the encoder of this name."""
    return _NEAREST_OF + hashlib.sha256(name.encode()).hexdigest()[:12]


def has_pgvector(database: BaseDatabaseWrapper) -> bool:
    """Whether the database compares meanings."""
    if database.vendor != "postgresql":
        return False
    with database.cursor() as cursor:
        cursor.execute("SELECT to_regclass('expo_searchmeaning') IS NOT NULL")
        return bool(cursor.fetchone()[0])


_TABLE = (
    """
    CREATE TABLE IF NOT EXISTS expo_searchmeaning (
        entry bigint NOT NULL, encoder text NOT NULL, edition bigint NOT NULL, kind text NOT NULL,
        meaning halfvec NOT NULL, PRIMARY KEY (entry, encoder)
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

_INDEX = "CREATE INDEX IF NOT EXISTS expo_searchmeaning_edition ON expo_searchmeaning (edition, kind)"


def install(database: BaseDatabaseWrapper) -> None:
    """Make the table with its indexes and triggers and fill it, where the database has pgvector or lets it be made."""
    if database.vendor != "postgresql" or not _extended(database):
        return
    with database.cursor() as cursor:
        if has_pgvector(database) and "encoder" not in _columns(database):
            cursor.execute("DROP TABLE expo_searchmeaning")  # of a version that knew one encoder: all is filled anew
        for statement in _TABLE:
            cursor.execute(statement)
        last = 0
        while rows := _unwritten(database, last):
            _write(database, rows)
            last = rows[-1][0]
        cursor.execute(_INDEX)
    index_for(database, PACKAGED, DIMENSION)


def _columns(database: BaseDatabaseWrapper) -> set[str]:
    with database.cursor() as cursor:
        return {column.name for column in database.introspection.get_table_description(cursor, "expo_searchmeaning")}


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
    installed = version(database)
    return installed is not None and installed >= LEAST_VERSION


def version(database: BaseDatabaseWrapper) -> tuple[int, ...] | None:
    """Of pgvector in this database; None where it is not."""
    with database.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        row = cursor.fetchone()
    return tuple(int(part) for part in row[0].split(".")) if row else None


type _Row = tuple[int, int, str, str, bytes]
"""Key, edition, kind, encoder and vector of an entry."""


def _unwritten(database: BaseDatabaseWrapper, last: int) -> list[_Row]:
    """Entries after `last` whose vectors are not in the table yet, such as of a time without pgvector."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.edition_id, e.kind, e.encoder, e.vector FROM expo_searchentry e WHERE e.id > %s "
            "AND e.vector IS NOT NULL AND NOT EXISTS "
            "(SELECT FROM expo_searchmeaning m WHERE m.entry = e.id AND m.encoder = e.encoder) ORDER BY e.id LIMIT %s",
            [last, WRITTEN_AT_ONCE],
        )
        return list(cursor.fetchall())


def _write(database: BaseDatabaseWrapper, rows: Sequence[_Row]) -> None:
    pks, editions, kinds, encoders, vectors = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    written = [_written(np.frombuffer(vector, dtype="<f2")) for vector in vectors]
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO expo_searchmeaning (entry, edition, kind, encoder, meaning) "
            "SELECT entry, edition, kind, encoder, CAST(meaning AS halfvec) FROM "
            "unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[]) "
            "AS given (entry, edition, kind, encoder, meaning) "
            "ON CONFLICT (entry, encoder) DO UPDATE SET meaning = excluded.meaning",
            [list(pks), list(editions), list(kinds), list(encoders), written],
        )


def _written(vector: NDArray[np.floating]) -> str:
    return json.dumps(vector.ravel().tolist())
