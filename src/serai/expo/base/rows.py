"""Rows: found by number or among many, kept to their fair, read as of one moment, written while others wait."""

import gc
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar, Self

from django.core.paginator import Page, Paginator
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django_scopes import get_scope
from django_scopes.manager import DisabledQuerySet


def row_of[Row: Model](rows: QuerySet[Row], number: int, missing: Promise | str) -> Row:
    """The row of this number among ``rows``. Raises Http404 with the sentence ``missing``."""
    row = rows.filter(pk=number).first()  # without a query for a number that is too large for a column
    return or_404(row, missing)


def or_404[Thing](thing: Thing | None, missing: Promise | str) -> Thing:
    """The thing that an address names, where there is one. Raises Http404 with the sentence ``missing``."""
    if thing is None:
        raise Http404(missing)
    return thing


def paged(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], a_page: int = 50) -> Page[Any]:
    """The page of the rows that the address asks for; the first or the last, where there is no such page."""
    return Paginator(rows, a_page).get_page(request.GET.get("page"))


class Among(Lookup[Any]):
    """Whether the number on the left is in the list on the right."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[int]:
        return list(map(int, self.rhs))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*parameters, self.rhs]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        sql, parameters = self.process_lhs(compiler, connection)
        return f"{sql} IN (SELECT value FROM json_each(%s))", [*parameters, json.dumps(self.rhs)]  # noqa: S608


def among(path: str, keys: Iterable[int]) -> Among:
    """The condition that the field at this path is one of these primary keys, however many they are."""
    return Among(F(path), keys)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside is as of one moment, and nobody who writes waits for it. Nothing may be written inside.

    In a transaction that has begun already it is that transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    wrapper: Any = connection
    mode = getattr(wrapper, "transaction_mode", None)
    wrapper.transaction_mode = "DEFERRED"  # of SQLite: without the lock of a writer
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        wrapper.transaction_mode = mode


class _Unscoped(DisabledQuerySet):  # type: ignore[misc]  # django_scopes says no types
    """Refuses what ``django_scopes`` lets through too: these would answer for every fair at once."""

    exists = contains = in_bulk = explain = DisabledQuerySet.error


class EditionManager[Row: models.Model](models.Manager[Row]):
    """Manager of rows that belong to an edition. Outside of ``scope(edition=edition)`` a query raises ScopeError."""

    def get_queryset(self) -> models.QuerySet[Row]:
        scope: dict[str, Any] = get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        if "edition" not in scope:
            disabled: models.QuerySet[Row] = _Unscoped(self.model, using=self._db, missing_scopes={"edition"})
            return disabled
        return super().get_queryset().filter(edition=scope["edition"])


class EditionModel(models.Model):
    """A row that belongs to an edition, and is reached in the scope of that edition only."""

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        abstract = True


def made_once[**Given, Made](function: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a function in a transaction; if somebody else made its row meanwhile, run it again: now it finds that row.

    The function looks for its row itself, and its first run leaves nothing behind. A row that still can't be written
    raises IntegrityError.
    """

    @wraps(function)
    def called(*given: Given.args, **named: Given.kwargs) -> Made:
        try:
            with transaction.atomic():
                return function(*given, **named)
        except IntegrityError:
            with transaction.atomic():
                return function(*given, **named)

    return called


SECONDS = 0.15
PAUSE = 0.12
"""Seconds. SQLite lets whoever waits try again every 0.1 s, so a pause of more gives everybody a turn."""

FEWEST, FIRST, MOST = 10, 100, 400
"""Rows of a part."""


def write_in_parts[Row](rows: Sequence[Row], write: Callable[[Sequence[Row]], object]) -> None:
    """Call ``write`` with one part of the rows after the other, each in a transaction of its own.

    What fails leaves the parts before it written: whoever calls takes them back, or goes on later.
    """
    begin, size = 0, FIRST
    gc.freeze()  # looking through all rows of a plan for garbage takes longer than writing a part of them
    try:
        while begin < len(rows):
            with transaction.atomic():
                began = time.monotonic()
                write(rows[begin : begin + size])
            begin += size
            fitting = round(size * SECONDS / max(time.monotonic() - began, 0.001))
            size = min(max(fitting, FEWEST), 2 * size, MOST)
            give_way()
    finally:
        gc.unfreeze()


def give_way() -> None:
    """Let others write, where there is one writer at a time and this one is between two transactions."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)
