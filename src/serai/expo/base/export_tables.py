"""The registry of tables that are exported from an edition as a workbook, CSV or JSON.

A room declares its own in its ``hooks.py``:

    @table("halls", title=_("Halls"), columns=("code", "title"))
    def halls(edition: Edition, wanted: Wanted) -> Rows:
        for hall in Hall.objects.filter(edition=edition).iterator():
            yield hall.code, english(hall.title)

Rows are made a few hundred at a time. Column titles do not depend on the reader's language, so that a program can read
the same file next year.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django_scopes import scope

from serai.expo.base.exporters import harmless
from serai.expo.base.rooms import load_hooks
from serai.expo.base.text import Text, in_language
from serai.registry import Registry

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition

type Wanted = Mapping[str, str]
type Row = Sequence[object]
type Rows = Iterator[Row]
type MakeRows = Callable[[Edition, Wanted], Rows]
type MoreColumns = Callable[[Edition], tuple[str, ...]]

ROWS_AT_A_TIME = 500


@dataclass(frozen=True)
class Filter:
    """A choice that narrows a table. The function of the rows reads it from ``wanted`` by its name."""

    name: str
    label: Text
    choices: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Table:
    """A table of an edition: its columns, its filters, and the function that makes its rows."""

    key: str
    title: Text
    columns: tuple[str, ...]
    filters: tuple[Filter, ...]
    personal: bool
    rows: MakeRows
    more: MoreColumns | None = None  # further columns, which differ from fair to fair
    record: bool = False  # whether it has all fields of one model

    @property
    def offered(self) -> Mapping[str, Collection[str]]:
        """The choices of each filter, by its name."""
        return {choice.name: {str(value) for value, _label in choice.choices} for choice in self.filters}


_tables: Registry[Table] = Registry("table")


def table(
    key: str,
    *,
    title: Text,
    columns: Sequence[str],
    filters: Sequence[Filter] = (),
    personal: bool = False,
    more: MoreColumns | None = None,
) -> Callable[[MakeRows], MakeRows]:
    """Declare the function below as the one that makes the rows of a table. ``personal`` marks data of persons."""

    def declare(rows: MakeRows) -> MakeRows:
        _tables.add(key, Table(key, title, tuple(columns), tuple(filters), personal, rows, more))
        return rows

    return declare


def tables() -> Mapping[str, Table]:
    """Every table, by its key."""
    load_hooks()
    return _tables


def add(table: Table) -> None:
    """Declare a table without a function of its own."""
    _tables.add(table.key, table)


def rows_of(table: Table, edition: "Edition", wanted: Wanted) -> Iterator[list[object]]:
    """The rows with harmless cells, a few hundred at a time.

    Each part is made in the scope of the edition: a response is streamed after its view has ended.
    """
    with scope(edition=edition):
        rows = table.rows(edition, wanted)
    while True:
        with scope(edition=edition):
            part = [[harmless(cell(value)) for value in row] for row in islice(rows, ROWS_AT_A_TIME)]
        if not part:
            return
        yield from part


def cell(value: object) -> object:
    """A value as a cell: text in English, times in ISO 8601 of UTC, lists between semicolons, yes and no as 1 and 0."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return in_language(value, "en").text
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(str(item) for item in value)
    if value is None or isinstance(value, int | float | str):
        return "" if value is None else value
    return str(value)


def languages(texts: Mapping[str, str], *wanted: str) -> Iterable[str]:
    """The texts in some languages, each empty where there is none: a column a language."""
    return (texts.get(language, "") for language in wanted)
