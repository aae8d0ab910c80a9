"""A row of a list: its cells are read by the columns of a subject into values of fields, with notes on what was
skipped, or a rejection.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.base.workbooks.domain.grid import Row, letters, width
from serai.expo.firms.record.domain.cells import UnreadableError, is_error
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Firm
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, fields, split
from serai.expo.site.imports.domain.subject import OWN, Mapped, RowPlan, Sent, rejected
from serai.match.text import guess_language

type Note = dict[str, Any]
"""A skipped cell and why: reason, column, header, cell, and details of the sentence."""

type Annotate = Callable[[int, str, str, Mapping[str, Any]], Note]
"""Makes a note on a cell: row number, name of the field, reason, and details of the sentence."""

LONGEST_SHOWN = 100  # characters of a cell in a note


@dataclass(frozen=True)
class Cells:
    """What the cells of a row say, by the name of the field, and notes on those that could not be read."""

    number: int
    values: Mapping[str, Any]
    notes: tuple[Note, ...] = ()


def read_cells(row: Row, header: Sequence[str], mapped: Mapped, columns: Mapping[str, Column]) -> Cells | RowPlan:
    """Read a row by a mapping of its columns."""
    number, cells = row
    if width(cells) > len(header):
        return rejected(number, "too_many_cells", {"cells": width(cells), "columns": len(header)})
    if all(fold(cell) == fold(title) for cell, title in zip(cells, header, strict=False)):
        return rejected(number, "header_again")
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
        return rejected(number, "example")
    if undecided:
        return rejected(number, "unreadable_cell", {"notes": notes})
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


type Texts = dict[str, str]

IDENTIFIERS = {
    "serai": "serai", "lei": "LEI", "uscc": "USCC", "vat": "VAT", "duns": "DUNS", "gln": "GLN", "ungm": "UNGM",
}  # fmt: skip
"""Scheme of ``FirmIdentifier`` by field; 'serai' is the firm's own."""

_COLUMNS = tuple(field for field in FIRM.values() if field.is_column and field.imported)
FIRM_TEXTS = tuple(field.name for field in _COLUMNS if field.kind == "texts" and field.name != "name")
"""Fields of the firm that are kept per language, besides its name."""

FIRM_VALUES = frozenset(field.name for field in _COLUMNS if field.kind not in {"texts", "country", "firm"})
"""Fields of the firm that are kept as they are read."""

_SIZES = {
    Firm.Employees.TO_9: Firm.Size.MICRO,
    Firm.Employees.TO_19: Firm.Size.SMALL,
    Firm.Employees.TO_49: Firm.Size.SMALL,
    Firm.Employees.TO_249: Firm.Size.MEDIUM,
}
"""The size of a firm by its employees; those of more are large."""

_WRITE_IN = {
    "zh": ("zh", "ja", "yue"),
    "ja": ("ja",),
    "ar": ("ar", "fa", "ur", "ps", "ug", "ku"),
    "ru": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "uz"),
    "ko": ("ko",),
}
"""The languages that are written in the script by which the key is guessed."""

_TRADITIONAL = frozenset({"TW", "HK", "MO"})


@dataclass(frozen=True)
class Parsed:
    """A row that can be read: values by field (by language where kept so), and notes on skipped cells."""

    number: int
    country: str
    name: Texts
    values: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[Texts, ...] = ()
    needs: tuple[Texts, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    named: bool = True  # False where ``name`` is made of the legal name

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the row gives."""
        legal = self.values.get("legal_name")
        return tuple(dict.fromkeys([*([legal] if legal else []), *self.name.values()]))


def parse(row: Row, header: Sequence[str], mapped: Mapped) -> Parsed | RowPlan:
    """Read a row by a mapping of its columns."""
    cells = read_cells(row, header, mapped, fields())
    return cells if isinstance(cells, RowPlan) else _parsed(cells.number, cells.values, cells.notes)


def language_of(text: str, stated: str, country: str) -> str:
    """The language of a text in a column without one: the stated language if the script allows it."""
    guessed = guess_language(text)
    if guessed is None:
        written = {language for languages in _WRITE_IN.values() for language in languages}
        return stated if stated and stated.split("-", maxsplit=1)[0] not in written else "en"
    if stated and stated.split("-", maxsplit=1)[0] in _WRITE_IN[guessed]:
        return stated
    if guessed == "zh":
        return "ja" if country == "JP" else "zh-hant" if country in _TRADITIONAL else "zh-hans"
    return guessed


def first_values(row: Parsed, keys: Collection[str], is_first: Callable[[str, Any], bool]) -> dict[str, Any]:
    """The values of the row for these fields that are the first of the file."""
    values = {
        key: list(value) if isinstance(value, tuple) else value for key, value in row.values.items() if key in keys
    }
    return {key: value for key, value in values.items() if is_first(key, value)}


def _parsed(number: int, read: Mapping[str, Any], notes: Iterable[Note]) -> Parsed | RowPlan:
    country = read.get("country", "")
    stated = read.get("language", "")
    name = texts_of(read, "name", stated, country)
    if not name and not read.get("legal_name"):
        return rejected(number, "no_name", {"notes": [*notes]})
    if not country:
        return rejected(number, "no_country", {"notes": [*notes]})
    named = bool(name)
    if not named:
        name = {language_of(read["legal_name"], stated, country): read["legal_name"]}
    values = {
        key: value
        for key, value in read.items()
        if key in fields() and not fields()[key].localized and key not in IDENTIFIERS and key != "country"
    }
    if (band := values.get("employees")) and "size" not in values:
        values["size"] = _SIZES.get(band, Firm.Size.LARGE).value
    for key in FIRM_TEXTS:
        if texts := texts_of(read, key, stated, country):
            values[key] = texts
    return Parsed(
        number,
        country,
        name,
        values,
        _items(read, "offers", stated, country),
        _items(read, "needs", stated, country),
        {scheme: read[key] for key, scheme in IDENTIFIERS.items() if key in read},
        tuple(notes),
        named,
    )


def texts_of(read: Mapping[str, Any], key: str, stated: str, country: str = "") -> Texts:
    """The texts of a field by language; a column with a language goes before one without."""
    texts = {language: text for name, text in read.items() for k, language in [split(name)] if k == key and language}
    if text := read.get(key):
        texts.setdefault(language_of(text, stated, country), text)
    return texts


def _items(read: Mapping[str, Any], key: str, stated: str, country: str) -> tuple[Texts, ...]:
    """The items of a field: columns with equally many say the same in several languages."""
    columns: list[list[Texts]] = []
    for name, items in read.items():
        field_key, language = split(name)
        if field_key == key:
            columns.append([{language or language_of(item, stated, country): item} for item in items])
    if len({len(column) for column in columns}) > 1:
        return tuple(item for column in columns for item in column)
    joined: list[Texts] = []
    for items in zip_longest(*columns, fillvalue={}):
        together: Texts = {}
        for item in items:
            together = {**item, **together}
        joined.append(together)
    return tuple(joined)
