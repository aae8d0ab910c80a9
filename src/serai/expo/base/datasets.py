"""The numbers of pages as data: declared beside the function that reads them, given as CSV, JSON and data package.

    @dataset("chain", title=_("Nodes of a chain"), text=_("..."), tables={"nodes": NODES})
    def chain_numbers(edition: Edition | None, slug: str) -> Numbers | None: ...

The key is the name of the page, and the arguments are those of its address. The function returns None where the numbers
are still being computed, and raises LookupError where there is no such page.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from serai.expo.base.data_packages import PackageTable, as_json_document, data_package
from serai.expo.base.exporters import as_csv_file
from serai.expo.base.rooms import load_hooks
from serai.registry import Registry


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, its type in the words of Frictionless, what it holds, and its unit."""

    name: str
    type: str
    text: str
    unit: str = ""


@dataclass(frozen=True)
class Numbers:
    """The rows of each table of a dataset, when they were counted or computed, and from what."""

    rows: Mapping[str, Sequence[Sequence[object]]]
    as_of: datetime
    sources: Sequence[str] = ()


type Read = Callable[..., Numbers | None]


@dataclass(frozen=True)
class Dataset:
    """The numbers of a page: name of the page, title, what they are, and the columns of each table."""

    page: str
    title: str | Promise
    text: str | Promise
    tables: Mapping[str, tuple[Column, ...]]
    read: Read

    @property
    def names(self) -> tuple[str, ...]:
        """What the address of the page has beside the fair."""
        return tuple(inspect.signature(self.read).parameters)[1:]


_datasets: Registry[Dataset] = Registry("dataset")


def dataset(
    page: str, *, title: str | Promise, text: str | Promise, tables: Mapping[str, tuple[Column, ...]]
) -> Callable[[Read], Read]:
    """Declare the function below as the one that reads the numbers of a page."""

    def declare(read: Read) -> Read:
        _datasets.add(page, Dataset(page, title, text, tables, read))
        return read

    return declare


def datasets() -> Mapping[str, Dataset]:
    """Every dataset by the name of its page."""
    load_hooks()
    return _datasets


def as_csv(declared: Dataset, numbers: Numbers) -> bytes:
    """The first table."""
    name, columns = next(iter(declared.tables.items()))
    return as_csv_file([[column.name for column in columns], *numbers.rows[name]])


def as_json(declared: Dataset, numbers: Numbers) -> bytes:
    """All tables, a record a row, with what each column holds."""
    tables = {
        name: {
            "columns": [asdict(column) for column in columns],
            "rows": [dict(zip([column.name for column in columns], row, strict=True)) for row in numbers.rows[name]],
        }
        for name, columns in declared.tables.items()
    }
    return as_json_document(_described(declared, numbers) | {"tables": tables})


def as_package(declared: Dataset, numbers: Numbers) -> bytes:
    """A data package with all tables."""
    tables = [
        PackageTable(
            name,
            [
                {"name": column.name, "type": column.type, "description": column.text, "unit": column.unit}
                for column in columns
            ],
            numbers.rows[name],
        )
        for name, columns in declared.tables.items()
    ]
    return data_package({"name": declared.page, **_described(declared, numbers)}, tables)


FORMATS: Mapping[str, tuple[str, Callable[[Dataset, Numbers], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "zip": ("application/zip", as_package),
}
"""Media type and maker of each format."""


def _described(declared: Dataset, numbers: Numbers) -> dict[str, Any]:
    return {
        "title": str(declared.title),
        "description": str(declared.text),
        "created": numbers.as_of.isoformat(timespec="seconds"),
        "sources": [{"title": source} for source in numbers.sources],
    }
