"""A table as a file: CSV and JSON piece by piece, a workbook through a file on disk."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import IO, Any

from openpyxl import Workbook

from serai.expo.base.text import without_controls

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_CHARACTERS = 32_767
"""The most characters in a cell of a workbook."""
PIECE = 64 * 1024


@dataclass(frozen=True)
class Format:
    """A format of files: its ending, its type, and the function that makes the pieces of a file."""

    ending: str
    media_type: str
    pieces: Callable[[Sequence[str], Iterable[Sequence[object]]], Iterator[bytes]]


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark: without it Excel misreads Chinese."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    yield "﻿".encode()
    for row in rows:
        writer.writerow(row)
        if text.tell() >= PIECE:
            yield _taken(text)
    yield _taken(text)


def as_json(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """An array of objects, one a line."""
    text = StringIO()
    text.write("[")
    before = "\n"
    for row in rows:
        text.write(before + json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
        before = ",\n"
        if text.tell() >= PIECE:
            yield _taken(text)
    text.write("\n]\n")
    yield _taken(text)


def as_workbook(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A workbook of one sheet, written row by row to a file that is gone when it has been read."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Serai")
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        sheet.append([value[:MOST_CHARACTERS] if isinstance(value, str) else value for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by `pieces_of` when the last piece has been sent
    book.save(file)
    return pieces_of(file)


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The content of a file from its beginning, piece by piece; the file is closed then."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


FORMATS: Mapping[str, Format] = {
    "xlsx": Format("xlsx", XLSX, as_workbook),
    "csv": Format("csv", "text/csv; charset=utf-8", as_csv),
    "json": Format("json", "application/json", as_json),
}


def _taken(text: StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def line(values: Mapping[str, Any]) -> bytes:
    """One line of JSON lines."""
    return (json.dumps(without_controls(values), ensure_ascii=False, default=str) + "\n").encode()
