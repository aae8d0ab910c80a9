"""Offers and needs as a table that a firm takes out, changes in its spreadsheet and hands in again.

A column is a field of the form by its name, a text per language with the language behind it (``title_en``); several
choices stand in a cell with semicolons between. ``number`` says which offer or need a row changes; without it is new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from serai.expo.base.exporters import as_csv_file
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.base.workbooks.domain.grid import FileRefusedError, Grid, clean
from serai.expo.base.workbooks.domain.workbook import read_table

NUMBER = "number"
MOST_ROWS = 500
MOST_BYTES = 5_000_000
YES = ("yes", "true", "1", "x", "✓", "是", "نعم", "oui", "sí", "да")


class SheetRefusedError(ValueError):
    """Why a table cannot be read, in the reader's language."""


@dataclass(frozen=True)
class Line:
    """A row of the table: its number in the file, which item it changes (0: a new one), and what the form is given."""

    row: int
    number: int
    values: MultiValueDict[str, str]


def columns_of(form: forms.BaseForm) -> list[str]:
    """The columns of the table: the number, and each field of the form, in each of its languages."""
    columns = [NUMBER]
    for name, field in form.fields.items():
        if isinstance(field, LocalizedTextFormField):
            columns += [f"{name}_{language}" for language in field.languages]
        elif not isinstance(field, forms.ModelMultipleChoiceField):
            columns.append(name)
    return columns


def cells_of(form: forms.BaseForm, number: int) -> dict[str, str]:
    """What the form of an item shows, by column."""
    cells = {NUMBER: str(number)}
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field, LocalizedTextFormField):
            by_language = value if isinstance(value, Mapping) else {}
            cells |= {f"{name}_{language}": by_language.get(language, "") for language in field.languages}
        elif isinstance(field, forms.BooleanField):
            cells[name] = "yes" if value else ""
        elif isinstance(field, forms.MultipleChoiceField):
            cells[name] = "; ".join(value or [])
        elif not isinstance(field, forms.ModelMultipleChoiceField):
            shown = field.widget.format_value(value)
            cells[name] = "" if shown is None else str(shown[0] if isinstance(shown, list) else shown)
    return cells


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV file with a header."""
    return as_csv_file([columns, *([row.get(column, "") for column in columns] for row in rows)])


def lines_of(file: UploadedFile[Any], form: forms.BaseForm) -> list[Line]:
    """The rows of a table for a form of this kind. Raises SheetRefusedError where it is none."""
    header, *rows = _grid(file).rows or [(0, ())]
    names = [clean(name).lower() for name in header[1]]
    columns = set(columns_of(form))
    if not columns.intersection(names) - {NUMBER}:
        raise SheetRefusedError(_("The first row names no column that is known. Begin with the table from here."))
    if unknown := [name for name in names if name and name not in columns]:
        raise SheetRefusedError(_("There is no column '%s'. Begin with the table from here.") % unknown[0])
    if len(rows) > MOST_ROWS:
        raise SheetRefusedError(_("The table has more than %d rows. Hand it in in parts.") % MOST_ROWS)
    return [_line(row, dict(zip(names, cells, strict=False)), form) for row, cells in rows]


def _line(row: int, cells: Mapping[str, str], form: forms.BaseForm) -> Line:
    values: MultiValueDict[str, str] = MultiValueDict()
    for column, cell in cells.items():
        # A sign that keeps a spreadsheet from calculating is not part of the text.
        text = clean(cell).removeprefix("'")
        field = form.fields.get(column)
        if isinstance(field, forms.MultipleChoiceField):
            values.setlist(column, [part.strip() for part in text.replace("；", ";").split(";") if part.strip()])
        elif isinstance(field, forms.BooleanField):
            values.setlist(column, ["on"] if text.lower() in YES else [])
        else:
            values[column] = text
    number = values.pop(NUMBER, [""])[0].removesuffix(".0")
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise SheetRefusedError(_("Row %(row)d: '%(number)s' is no number.") % {"row": row, "number": number})
    return Line(row, int(number or 0), values)


def _grid(file: UploadedFile[Any]) -> Grid:
    if (file.size or 0) > MOST_BYTES:
        raise SheetRefusedError(_("The file has more than %d MB. Make it smaller.") % (MOST_BYTES // 1_000_000))
    try:
        return read_table(file.read())
    except FileRefusedError as refusal:
        raise SheetRefusedError(str(refusal)) from None
