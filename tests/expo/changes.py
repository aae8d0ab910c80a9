"""What a request changes in the database: it is made, looked at and undone. No change passes the revisions by.

Only the tables that a statement of it names are read: what is removed with a row, Django removes by statements too.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.template.backends.django import Template
from django.utils.safestring import SafeString

from serai.expo.base.revisions import UNSHOWN, Revisions, revisions

OF_EACH_REQUEST = {"django_session", "usersessions_usersession", "expo_apikey"}
"""Tables that are written whenever somebody signed in, or a program, asks for anything."""

WRITES = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"')

type Rows = set[tuple[Any, ...]]
type Changes = Mapping[str, tuple[Rows, Rows]]
"""By the label of the model: rows as they were and are no more, and rows as they are now; values by concrete fields."""


def tried(request: Callable[[], Any]) -> tuple[Any, Changes]:
    """The answer, and what it changed; undone again."""
    written: set[str] = set()

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if found := WRITES.match(sql):
            written.add(found[1])
        return execute(sql, *rest)

    before = revisions_before()
    with transaction.atomic():
        with connection.execute_wrapper(noted):
            answer = request()
            if answer.streaming:
                answer.getvalue()  # to the end, where its file is closed
        inside, after = _rows_of_all(written), revisions()
        transaction.set_rollback(True)
    outside = _rows_of_all(written)
    changes = {
        label: (outside[label] - rows, rows - outside[label])
        for label, rows in inside.items()
        if rows != outside[label]
    }
    changed = {apps.get_model(label)._meta.db_table for label in changes} & after.keys() - UNSHOWN.keys()
    assert not [table for table in changed if after[table] == before[table]], "Pages that are kept would not show it."
    return answer, changes


@contextmanager
def undrawn() -> Iterator[None]:
    """Pages are answered as they would be, but empty: for who looks at the code of an answer, or at what it changes."""
    with patch.object(Template, "render", lambda *_given: SafeString("")):
        yield


def revisions_before() -> Revisions:
    """The revisions before a write. PostgreSQL counts a table once a transaction, and a test is one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE expo_revision SET number = 0 WHERE slot = pg_backend_pid()")
    return revisions()


def values(label: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by the names of its columns."""
    return dict(zip((field.column for field in apps.get_model(label)._meta.concrete_fields), row, strict=True))


def _rows_of_all(tables: Iterable[str]) -> dict[str, Rows]:
    looked_at = set(tables) - OF_EACH_REQUEST
    return {
        model._meta.label: _rows_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table in looked_at
    }


def _rows_of(model: type[Model]) -> Rows:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{model._meta.db_table}"')
        return set(cursor.fetchall())
