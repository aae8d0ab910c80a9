"""Where the terms are looked up: FTS5 of SQLite or tsvector of PostgreSQL, behind one function.

Both index `SearchEntry.terms` as they stand, so neither database's own idea of a word matters, and both keep up with
every write by triggers. Which entries match is the same in both; in what order they answer is decided elsewhere.
"""

from collections.abc import Collection, Sequence

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from serai.expo.offers.search.domain import meanings
from serai.match.search import Group

type Row = tuple[int, int, str, int, str, bytes | None]
"""Key, participation, kind, item, terms and codes of an entry."""

_FIRM = """
INSERT INTO expo_searchentry (edition_id, participation_id, kind, item, terms, vector, revision)
VALUES (NEW.edition_id, NEW.id, 'firm', 0, NEW.tokens, NULL,
    (SELECT coalesce(max(revision), 0) + 1 FROM expo_searchentry WHERE edition_id = NEW.edition_id))
ON CONFLICT (participation_id, kind, item)
DO UPDATE SET terms = excluded.terms, vector = NULL, revision = excluded.revision;
"""
_SQLITE = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS expo_searchterms USING fts5(
        terms, content='expo_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0', detail=none
    )
    """,
    """
    CREATE TRIGGER IF NOT EXISTS expo_searchterms_insert AFTER INSERT ON expo_searchentry BEGIN
        INSERT INTO expo_searchterms(rowid, terms) VALUES (NEW.id, NEW.terms);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS expo_searchterms_delete AFTER DELETE ON expo_searchentry BEGIN
        INSERT INTO expo_searchterms(expo_searchterms, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS expo_searchterms_update AFTER UPDATE OF terms ON expo_searchentry BEGIN
        INSERT INTO expo_searchterms(expo_searchterms, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
        INSERT INTO expo_searchterms(rowid, terms) VALUES (NEW.id, NEW.terms);
    END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS expo_searchentry_insert AFTER INSERT ON expo_participation
    WHEN NEW.tokens <> '' BEGIN {_FIRM} END
    """,
    f"""
    CREATE TRIGGER IF NOT EXISTS expo_searchentry_update AFTER UPDATE OF tokens ON expo_participation
    WHEN NEW.tokens <> OLD.tokens BEGIN {_FIRM} END
    """,
)

_POSTGRESQL = (
    """
    ALTER TABLE expo_searchentry ADD COLUMN IF NOT EXISTS found tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(btrim(terms), ' '))) STORED
    """,
    "CREATE INDEX IF NOT EXISTS expo_searchentry_found ON expo_searchentry USING gin (found)",
    f"""
    CREATE OR REPLACE FUNCTION expo_searchentry_follow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {_FIRM} RETURN NULL; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER expo_searchentry_insert AFTER INSERT ON expo_participation
    FOR EACH ROW WHEN (NEW.tokens <> '') EXECUTE FUNCTION expo_searchentry_follow()
    """,
    """
    CREATE OR REPLACE TRIGGER expo_searchentry_update AFTER UPDATE OF tokens ON expo_participation
    FOR EACH ROW WHEN (NEW.tokens <> OLD.tokens) EXECUTE FUNCTION expo_searchentry_follow()
    """,
)

_FOUND = {
    "sqlite": "SELECT e.id, e.participation_id, e.kind, e.item, e.terms, e.codes "
    "FROM expo_searchterms JOIN expo_searchentry e ON e.id = expo_searchterms.rowid "
    "WHERE expo_searchterms MATCH %s AND e.edition_id = %s AND e.kind IN ({kinds}) ORDER BY rank, e.id LIMIT %s",
    "postgresql": "SELECT e.id, e.participation_id, e.kind, e.item, e.terms, e.codes "
    "FROM expo_searchentry e, CAST(%s AS tsquery) q "
    "WHERE e.found @@ q AND e.edition_id = %s AND e.kind IN ({kinds}) "
    "ORDER BY ts_rank(e.found, q) DESC, e.id LIMIT %s",
}


def install(database: BaseDatabaseWrapper) -> None:
    """Make the index and the triggers, where they are not there, and index what there is."""
    with database.cursor() as cursor:
        for statement in _SQLITE if database.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)
        cursor.execute(
            "INSERT INTO expo_searchentry (edition_id, participation_id, kind, item, terms, vector, revision) "
            "SELECT edition_id, id, 'firm', 0, tokens, NULL, 1 FROM expo_participation WHERE tokens <> '' "
            "ON CONFLICT (participation_id, kind, item) DO NOTHING"
        )
    meanings.install(database)


def matching(
    edition: int, groups: Sequence[Group], kinds: Collection[str], most: int, *, every: bool = True
) -> list[Row]:
    """Entries that have a term of every group (or of any).

    Where more than `most` match, those that the database ranks highest.
    """
    if not (groups and kinds):
        return []
    ask, quote, both, either = (
        (_FOUND["sqlite"], '"{}"'.format, " AND ", " OR ")
        if connection.vendor == "sqlite"
        else (_FOUND["postgresql"], "'{}'".format, " & ", " | ")
    )
    any_of = (f"({either.join(quote(term) for term in group.terms)})" for group in groups)
    query = (both if every else either).join(any_of)
    with connection.cursor() as cursor:
        cursor.execute(ask.format(kinds=", ".join(["%s"] * len(kinds))), [query, edition, *kinds, most])
        return list(cursor.fetchall())
