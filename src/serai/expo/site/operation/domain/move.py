"""Moving an instance from SQLite to PostgreSQL: every table, compared row by row before it counts."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.apps import apps
from django.core.files import File
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, Error, OperationalError, connection, connections, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

from serai.expo.base.text import without_controls
from serai.expo.site.operation.domain.instance import is_empty
from serai.world.progress import Progress, silent

TARGET = "target"
MOST_PARAMETERS = 60_000
"""Of a statement of PostgreSQL."""


class MoveError(Exception):
    """The database cannot be moved, and nothing counts as moved; the message says why."""


def move_database(url: str, *, progress: Progress = silent) -> Mapping[str, int]:
    """Copy all rows of the SQLite database into the empty PostgreSQL database at ``url``. Returns the rows by table.

    Nobody writes meanwhile: whoever tries waits, as for any writer of SQLite. The files of the instance stay where they
    are, and so does the old database. Raises MoveError.
    """
    _open(url)
    # Models and the search can be imported only after the settings are read.
    from serai.expo.offers.search.domain import stores
    from serai.expo.offers.search.models import SearchEntry

    progress("Making the tables", 0.0)
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    models = [model for model in models if not model._meta.proxy]
    # Entries of the search come last: a trigger makes some for the participants that are copied.
    models.sort(key=lambda model: model is SearchEntry)
    counts = {}
    with transaction.atomic(), transaction.atomic(using=TARGET):
        for number, model in enumerate(models):
            progress(str(model._meta.verbose_name_plural), number / len(models))
            counts[model._meta.db_table] = _copied(model)
        progress("Setting the numbers of new rows", 0.95)
        database = connections[TARGET]
        with database.cursor() as cursor:
            for statement in database.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            try:
                database.check_constraints()
            except Error as error:
                raise MoveError(f"A reference leads nowhere: {_first_line(error)}.") from None
    stores.install(connections[TARGET])
    progress("Done", 1.0)
    return counts


def _open(url: str) -> None:
    """Connect to the database at ``url``. Raises MoveError unless it is PostgreSQL and empty, and ours is SQLite."""
    from serai.expo.settings import database as settings_of

    if connection.vendor != "sqlite":
        raise MoveError("This instance is not on SQLite: DATABASE_URL names the database from which it would be moved.")
    try:
        if not url:
            raise ValueError("Give the address of a database, as in postgresql://user:password@host/name.")
        given = settings_of(url)
    except ValueError as error:
        raise MoveError(str(error)) from None
    connections.settings[TARGET] = connections.configure_settings({"default": given})["default"]
    try:
        if not is_empty(TARGET):
            raise MoveError("The database at this address is not empty; nothing is put over what is there.")
    except OperationalError as error:
        raise MoveError(f"The database at this address does not answer: {_first_line(error)}.") from None


def _copied(model: type[Model]) -> int:
    """Copy the rows of a table and compare them. Returns how many."""
    fields = model._meta.local_concrete_fields
    table = model._meta.db_table
    model._base_manager.using(TARGET)._raw_delete(TARGET)  # what making the tables has put there
    try:
        for rows in batched(_rows(model, "default"), max(1, min(1_000, MOST_PARAMETERS // len(fields)))):
            query = InsertQuery(model)
            query.insert_values(fields, list(rows), raw=True)  # as they are, with their times and primary keys
            query.get_compiler(using=TARGET).execute_sql()
    except DatabaseError as error:
        raise MoveError(f"PostgreSQL does not take a row of {table}: {_first_line(error)}.") from None
    before, after = (_fingerprint(model, alias) for alias in ("default", TARGET))
    if before != after:
        raise MoveError(f"The rows of {table} are not the same in both databases ({before[0]} and {after[0]} rows).")
    return before[0]


def _rows(model: type[Model], alias: str) -> Iterator[Model]:
    return model._base_manager.using(alias).order_by("pk").iterator(2_000)


def _fingerprint(model: type[Model], alias: str) -> tuple[int, int]:
    """How many rows a table has, and the sum of their hashes: databases differ in how they order texts."""
    count = total = 0
    fields = model._meta.local_concrete_fields
    for row in _rows(model, alias):
        values = [_plain(field.value_from_object(row)) for field in fields]
        written = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
        total += int.from_bytes(hashlib.sha256(written.encode()).digest()[:16])
        count += 1
    return count, total


def _plain(value: Any) -> Any:
    """A value as both databases give it back."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case File():
            return value.name
        case float() if value.is_integer():
            return int(value)  # in JSON, PostgreSQL writes large ones without a point
        case dict():
            return {name: _plain(inner) for name, inner in without_controls(value).items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return without_controls(value)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason"])[0]
