"""Readers of world tables, one module per publisher, declared with `@reader` and found by `read`.

A table is named by its reader and year ("wiod2013/2011") or by a path; a publisher's files are looked for in the
folder that SERAI_DATA names and in the cache folder that `serai world get` fills.
"""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serai.registry import Registry
from serai.world.cache import cache_folder
from serai.world.table import WorldTable

type Read = Callable[[Path], WorldTable]

FINAL_DEMAND, MAKERS = "final_demand", "makers"
"""The questions of data/tables/defaults.toml, each with the table in the package that answers it."""

TABLES = Path(__file__).parents[1] / "data" / "tables"
"""The tables in the package."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = tomllib.loads((TABLES / "defaults.toml").read_text(encoding="utf-8"))
"""Table, reason and kinds of shock by question."""

DEFAULT_TABLE = str(DEFAULTS[FINAL_DEMAND]["table"])
"""The table in the package for questions of final demand."""


def default_table(question: str = FINAL_DEMAND) -> str:
    """The table that answers a question where none is named: that of SERAI_TABLE, else the one in the package.

    Raises KeyError for a question that defaults.toml does not have.
    """
    return os.environ.get("SERAI_TABLE", str(DEFAULTS[question]["table"]))


def question_of_shock(kind: str) -> str:
    """The question that a kind of shock asks of a table."""
    return next((question for question, about in DEFAULTS.items() if kind in about.get("shocks", ())), FINAL_DEMAND)


class UnreadableTable(ValueError):
    """A file that is not what its reader reads; the message says which row and column are at fault."""


class TableNotHere(FileNotFoundError):
    """A known table whose file is not on this machine; the message says which file, and where it is looked for."""


@dataclass(frozen=True)
class Reader:
    """A reader and what it reads: `files(year)` are the patterns of a year's file below a data folder, best first."""

    key: str
    title: str
    citation: str
    terms: str
    years: tuple[int, ...]
    files: Callable[[int], tuple[str, ...]]
    recognises: Callable[[Path], bool] | None
    read: Read
    packaged: bool = False

    def find(self, year: int) -> Path | None:
        """The file of this year on this machine, the last by name of several editions, or None."""
        return latest_edition([TABLES] if self.packaged else data_folders(), self.files(year))

    def path(self, year: int) -> Path:
        """The file of this year on this machine. Raises TableNotHere."""
        path = self.find(year)
        if path is None:
            raise TableNotHere(
                f"{self.title} of {year} is not on this machine: {self.files(year)[0]} is in none of "
                f"{', '.join(str(place) for place in data_folders())}. Put it there, set SERAI_DATA, or see what "
                f"'serai world get {self.key}/{year}' says."
            )
        return path

    def of_year(self, year: int) -> WorldTable:
        """The table of this year. Raises TableNotHere, and UnreadableTable also for a file of another year."""
        path = self.path(year)
        table = self.table(path)
        if table.year != year:
            raise UnreadableTable(
                f"{path} was found as the file of {year}, but its table is of {table.year}; rename it."
            )
        return table

    def table(self, path: Path) -> WorldTable:
        """The table of a file. Raises UnreadableTable, also where the numbers in it cannot be a table."""
        try:
            return self.read(path)
        except UnreadableTable:
            raise
        except ValueError as error:
            raise UnreadableTable(f"{path}: {error}") from None


READERS: Registry[Reader] = Registry("reader")
"""The readers by key."""


def reader(
    key: str,
    *,
    title: str,
    citation: str,
    terms: str,
    years: tuple[int, ...] = (),
    files: Callable[[int], tuple[str, ...]] = lambda _year: (),
    recognises: Callable[[Path], bool] | None = None,
    packaged: bool = False,
) -> Callable[[Read], Read]:
    """Declare a reader of one publisher's layout beside the function that reads a path."""

    def declare(function: Read) -> Read:
        READERS.add(key, Reader(key, title, citation, terms, years, files, recognises, function, packaged))
        return function

    return declare


def read(table: str | os.PathLike[str] | None = None, *, question: str = FINAL_DEMAND) -> WorldTable:
    """Read a table by name ("wiod2013/2011", "leather") or path; without either, the one for this question.

    Raises TableNotHere where a named table is not on this machine, KeyError for an unknown name and
    UnreadableTable, with row and column, for a wrong file.
    """
    wanted = os.fspath(table or default_table(question))
    key, _, year = wanted.partition("/")
    if key in READERS:
        return _read_named(READERS[key], year)
    path = Path(wanted)
    if not path.exists():
        raise KeyError(f"There is neither a table nor a file '{wanted}'; known tables are: {', '.join(names())}.")
    if path.is_file() and path.stat().st_size == 0:
        raise UnreadableTable(f"{path} is empty: it has no byte.")
    for candidate in READERS.values():
        if candidate.recognises is not None and candidate.recognises(path):
            return candidate.table(path)
    layouts = "; ".join(f"{candidate.key}: {candidate.title}" for candidate in READERS.values())
    raise UnreadableTable(f"{path} has the layout of no reader. Readers are: {layouts}.")


def names() -> Iterator[str]:
    """The names that `read` knows, whether or not the files are on this machine."""
    for declared in READERS.values():
        yield from (f"{declared.key}/{year}" for year in declared.years)


def data_folders() -> list[Path]:
    """Where publishers' files are looked for, in order."""
    named = os.environ.get("SERAI_DATA")
    return [*([Path(named)] if named else []), cache_folder("tables")]


def data_file(name: str) -> Path | None:
    """The file of this name, a path below a data folder, in the first of them that has it; None where none has."""
    return next((path for place in data_folders() if (path := place / name).is_file()), None)


def needed_file(name: str) -> Path:
    """The file of this name in the data folders. Raises TableNotHere."""
    path = data_file(name)
    if path is None:
        places = ", ".join(str(place) for place in data_folders())
        raise TableNotHere(f"{name} is in none of {places}. Put it there or set SERAI_DATA.")
    return path


def latest_edition(places: Iterable[Path], patterns: Iterable[str]) -> Path | None:
    """The last file by name of the first pattern of which a place has files, the best place first, or None."""
    editions = (sorted(place.glob(pattern)) for place in places for pattern in patterns)
    return next((paths[-1] for paths in editions if paths), None)


def _read_named(declared: Reader, year: str) -> WorldTable:
    if not year and len(declared.years) == 1:
        year = str(declared.years[0])
    years = ", ".join(str(available) for available in declared.years)
    if not year and years:
        raise KeyError(f"'{declared.key}' needs a year, such as {declared.key}/{declared.years[-1]}; it has {years}.")
    if not year.isdigit() or int(year) not in declared.years:
        raise KeyError(f"'{declared.key}' has no year '{year}'; it has {years or 'no years, give a path'}.")
    return declared.of_year(int(year))


# The readers declare themselves when imported; they need `reader` above, hence the place of this line.
from serai.world.readers import built_in, icio2022, folder  # noqa: E402, F401, I001  # the package's own come first
from serai.world.readers import adb, eora, exiobase, figaro, gloria, oecd, wiod2013, wiod2016  # noqa: E402, F401
