"""World tables in workbooks of WIOD's layout, which the Asian Development Bank's tables share: one sheet, all labels.

Above the numbers stand a row of countries and a row of codes (c1 to c35, then each country's final uses c37, c38, c39,
c41, c42 or F1 to F5, then the total); in the third and fourth column the same of the sellers. Below the sellers, by
code: r60 (inputs in all), r99 (net taxes on products), r61 (cif/fob), r62, r63 (purchases abroad and by non-residents),
r64 (value added), r65 (international transport margins), r69 (output).
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import numpy as np

from serai.world.readers import UnreadableTable
from serai.world.readers.delimited import agree, expect
from serai.world.table import Array

type Rows = Iterator[Sequence[Any]]

COUNTRY, CODE, FIRST = 2, 3, 4
"""Columns, counted from 0, of the seller's country, of its code, and of the first number."""
FIRST_CODE, HEADER_AT_MOST = "c1", 12
TAXES, OUTPUT = "r99", "r69"


@dataclass(frozen=True, eq=False)
class Sheet:
    """The labels and flows of one sheet, and the rows below them by code."""

    title: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    uses: tuple[str, ...]
    Z: Array
    F: Array
    below: dict[str, Array]


def read_sheet(path: Path, *, named: str, industries: int, uses: int) -> Sheet:
    """The first sheet whose title begins with `named`; the row whose first code is c1 is the one of the codes.

    Every country has the same `industries`, then, behind all of them, the same `uses`. Raises UnreadableTable, with row
    and column as the workbook counts them, where labels, numbers or sums are not what they should be.
    """
    with _opened(path, named) as (title, rows):
        return _read(path, title, rows, industries, uses)


def _labels(path: Path, title: str, rows: Rows) -> tuple[int, list[tuple[str, str]]]:
    """The number of the row of codes, and (country, code) of each column that has a code."""
    above: list[str] = []
    for number, row in enumerate(islice(rows, HEADER_AT_MOST), start=1):
        codes = [_text(value) for value in row[FIRST:]]
        if codes[:1] == [FIRST_CODE]:
            return number, [pair for pair in zip(above, codes, strict=False) if pair[1]]
        above = codes
    raise UnreadableTable(
        f"{path}, sheet '{title}': none of the first {HEADER_AT_MOST} rows has the code {FIRST_CODE} "
        f"in column {FIRST + 1}."
    )


def _read(path: Path, title: str, rows: Rows, industries: int, uses: int) -> Sheet:
    top, labels = _labels(path, title, rows)
    countries = tuple(dict.fromkeys(country for country, _ in labels))[: max(len(labels) // (industries + uses), 1)]
    own = [code for country, code in labels if countries and country == countries[0]]
    if len(own) != industries + uses:
        raise UnreadableTable(
            f"{path}, sheet '{title}', row {top}: {countries[0] if countries else 'nothing'} has {len(own)} columns, "
            f"but {industries} industries and {uses} final uses are expected."
        )
    cells = [(country, code) for country in countries for code in own[:industries]]
    finals = [(country, code) for country in countries for code in own[industries:]]
    n, width = len(cells), len(cells) + len(finals)
    expect(path, f"rows {top - 1} and {top}, column", labels[:width], [*cells, *finals], FIRST + 1)
    values = np.empty((n, width + 1))
    below: dict[str, Array] = {}
    sellers: list[tuple[str, str]] = []
    for number, row in enumerate(rows, start=top + 1):
        label = (_text(row[COUNTRY]), _text(row[CODE])) if len(row) > CODE else ("", "")
        if len(sellers) < n:
            values[len(sellers)] = _numbers(path, number, row, width + 1)
            sellers.append(label)
        elif label[1]:
            below[label[1]] = _numbers(path, number, row, width)
    expect(path, "row", sellers, cells, top + 1)
    for code in (TAXES, OUTPUT):
        if code not in below:
            raise UnreadableTable(f"{path}, sheet '{title}' has no row {code} below the industries.")
    names = [" ".join(cell) for cell in cells]
    agree(path, "row", names, values[:, :width].sum(axis=1), values[:, width], "the last column says", top + 1)
    agree(path, "column", names, values[:, width], below[OUTPUT][:n], f"row {OUTPUT} says", FIRST + 1)
    Z, F = np.ascontiguousarray(values[:, :n]), np.ascontiguousarray(values[:, n:width])
    return Sheet(title, countries, tuple(own[:industries]), tuple(own[industries:]), Z, F, below)


def column_of(path: Path, sheet: str, header: str) -> list[str]:
    """The texts below a header in the first row of a sheet. Raises UnreadableTable where one of them is not there."""
    with _opened(path, sheet) as (_, rows):
        names = [_text(value) for value in next(rows, ())]
        if header not in names:
            raise UnreadableTable(
                f"{path}, sheet '{sheet}', row 1 has no column '{header}'; it has {', '.join(names)}."
            )
        place = names.index(header)
        return [text for row in rows if len(row) > place and (text := _text(row[place]))]


@contextmanager
def _opened(path: Path, named: str) -> Iterator[tuple[str, Rows]]:
    """The title and the rows of the first sheet whose title begins so."""
    try:
        from openpyxl import load_workbook  # only these readers need it
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise UnreadableTable(f"{path} is a workbook; install openpyxl to read it: pip install openpyxl.") from None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, ParseError, BadZipFile, zlib.error, InvalidFileException) as error:
        raise UnreadableTable(f"{path} is no workbook that can be read: {error}.") from None
    try:
        title = next((title for title in book.sheetnames if title.startswith(named)), None)
        if title is None:
            raise UnreadableTable(f"{path} has no sheet '{named} ...'; it has {', '.join(book.sheetnames)}.")
        yield title, book[title].iter_rows(values_only=True)
    except UnreadableTable:
        raise
    except (ParseError, BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise UnreadableTable(f"{path} is damaged: {error}.") from None
    finally:
        book.close()


def _numbers(path: Path, number: int, row: Sequence[Any], width: int) -> Array:
    """`width` numbers of a row; an empty cell is 0."""
    cells = [0.0 if value is None else value for value in row[FIRST : FIRST + width]]
    cells += [0.0] * (width - len(cells))
    try:
        values = np.array(cells, dtype=np.float64)
        wrong = ~np.isfinite(values)
    except (TypeError, ValueError):
        wrong = np.array([not isinstance(value, int | float) for value in cells])
    if wrong.any():
        place = int(wrong.argmax())
        raise UnreadableTable(f"{path}, row {number}, column {FIRST + place + 1}: {cells[place]!r} is not a number.")
    return values


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
