"""The cells of a row, read by the columns of a subject: values by field, notes on what was skipped, or a rejection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.base.workbooks.domain.grid import Row, letters, width
from serai.expo.firms.record.domain.cells import UnreadableError, is_error
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, split
from serai.expo.site.imports.domain.subject import OWN, Mapped, Sent

type Note = dict[str, Any]
"""A skipped cell and why: reason, column, header, cell, and details of the sentence."""

type Annotate = Callable[[int, str, str, Mapping[str, Any]], Note]
"""Makes a note on a cell: row number, name of the field, reason, and details of the sentence."""

LONGEST_SHOWN = 100  # characters of a cell in a note


@dataclass(frozen=True)
class Rejection:
    """A rejected row: a code of ``reasons`` and the details of its sentence."""

    number: int
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cells:
    """What the cells of a row say, by the name of the field, and notes on those that could not be read."""

    number: int
    values: Mapping[str, Any]
    notes: tuple[Note, ...] = ()


def read_cells(row: Row, header: Sequence[str], mapped: Mapped, columns: Mapping[str, Column]) -> Cells | Rejection:
    """Read a row by a mapping of its columns."""
    number, cells = row
    if width(cells) > len(header):
        return Rejection(number, "too_many_cells", {"cells": width(cells), "columns": len(header)})
    if all(fold(cell) == fold(title) for cell, title in zip(cells, header, strict=False)):
        return Rejection(number, "header_again")
    read: dict[str, Any] = {}
    notes: list[Note] = []
    undecided = False
    for column, name in mapped.items():
        if name == OWN or not (cell := cells[column] if column < len(cells) else ""):
            continue
        declared = columns[split(name)[0]]
        try:
            if is_error(cell):
                raise UnreadableError("cell_error")
            read[name] = declared.parse(cell)
        except UnreadableError as error:
            notes.append(note(column, header, cell, error.reason, error.details))
            undecided |= declared.decisive
            if error.kept:
                read[name] = error.kept
    if _is_example(read, columns):
        return Rejection(number, "example")
    if undecided:
        return Rejection(number, "unreadable_cell", {"notes": notes})
    return Cells(number, read, tuple(notes))


def _is_example(read: Mapping[str, Any], columns: Mapping[str, Column]) -> bool:
    """Whether the row is that of the template: its names are the examples."""
    names = {name: columns[split(name)[0]] for name in read}
    return any(column.names and read[name] in column.example.values() for name, column in names.items())


def note(column: int, header: Sequence[str], cell: str, reason: str, details: Mapping[str, Any]) -> Note:
    """A note on a cell."""
    shown = cell if len(cell) <= LONGEST_SHOWN else cell[: LONGEST_SHOWN - 1] + "…"
    return {"column": letters(column), "header": header[column], "cell": shown, "reason": reason, **details}


def details_of(notes: Sequence[Note]) -> dict[str, Any]:
    """The notes as details of a row; nothing where there are none."""
    return {"notes": [*notes]} if notes else {}


def notes_on(number: int, notes: Sequence[Note], draft: Draft, annotate: Annotate) -> list[Note]:
    """The notes on a row: those on its cells, and those on what the draft could not use of it."""
    remarks = draft.remarks.get(number, ())
    return [*notes, *(annotate(number, remark.name, remark.reason, remark.details) for remark in remarks)]


def annotator(sent: Sent) -> Annotate:
    """Makes notes on the cells of a list, by the name of the field; a column of the organiser's own is ``own:12``."""
    raw = dict(sent.rows)
    columns = {split(name)[0]: column for column, name in sent.mapped.items()}
    columns |= {name.lower(): column for column, name in sent.mapped.items()}
    columns |= {f"{OWN}:{column}": column for column, name in sent.mapped.items() if name == OWN}

    def annotate(number: int, name: str, reason: str, details: Mapping[str, Any]) -> Note:
        column = columns.get(name.lower(), columns.get(split(name.lower())[0]))
        cells = raw[number]
        if column is None:  # no column holds it: it follows from other columns
            return {"column": "", "header": name, "cell": "", "reason": reason, **details}
        return note(column, sent.header, cells[column] if column < len(cells) else "", reason, details)

    return annotate
