"""The cells of a file as text, the limits of a file, and its refusal."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import CONTROLS

MOST_BYTES = 50_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # of a cell; Excel's own limit

_UNWANTED = re.compile(f"[{CONTROLS}\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
"""What no text keeps, and marks that reverse the writing."""


class FileRefusedError(Exception):
    """A file that cannot be imported. The sentence says what is wrong and what to do."""

    def __init__(self, sentence: str | Promise, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return str(self.sentence) % self.details


type Row = tuple[int, tuple[str, ...]]
"""The number of a row in the file, counted from 1, and its cells as text."""


@dataclass(frozen=True)
class Merge:
    """A block of merged cells: first and last row (from 1) and first and last column (from 0)."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class Grid:
    """The filled rows of one sheet."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    encoding: str = ""
    hidden: frozenset[int] = frozenset()
    """Columns, counted from 0, that a workbook does not show."""


def clean(text: str) -> str:
    """The text without characters that cannot be stored or seen. A no-break space becomes a space."""
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    return _UNWANTED.sub("", text).strip()


def width(cells: Sequence[str]) -> int:
    """The number of cells up to the last that is not empty."""
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1]), 0)


def filled(rows: Iterable[Row], most_rows: int = MOST_ROWS) -> Iterator[Row]:
    """The rows that are not empty. Raises FileRefusedError beyond the limits."""
    count = 0
    for number, cells in rows:
        columns = width(cells)
        if not columns:
            continue
        count += 1
        if count > most_rows:
            raise too_many_rows()
        if columns > MOST_COLUMNS:
            raise FileRefusedError(
                _("Row %(row)d has more than %(most)d columns. Delete the columns that are not needed."),
                row=number,
                most=MOST_COLUMNS,
            )
        for column, cell in enumerate(cells[:columns]):
            if len(cell) > MOST_CHARACTERS:
                raise FileRefusedError(
                    _("Cell %(cell)s has more than %(most)d characters. Shorten it, or add a missing quotation mark."),
                    cell=address(number, column),
                    most=MOST_CHARACTERS,
                )
        yield number, cells


def too_many_rows() -> FileRefusedError:
    return FileRefusedError(
        _("The list has more than %(most)d rows. Split it into several files of at most %(most)d rows each."),
        most=MOST_ROWS,
    )


def letters(column: int) -> str:
    """The letters of a column counted from 0: A, B, ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, column: int) -> str:
    """The address of a cell, as in B2."""
    return f"{letters(column)}{row}"


def column_number(name: str) -> int:
    """The number, counted from 0, of the column with these letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
