"""Sources as a workbook that a firm takes out, fills and hands in again: a row for each source of an input."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from serai.expo.base.exporters import harmless_rows
from serai.expo.base.workbooks.domain.grid import FileRefusedError, clean, letters
from serai.expo.base.workbooks.domain.workbook import read_table
from serai.expo.fairs.edition.models import Participation
from serai.expo.insight.exposure.domain.sources import (
    Said,
    Source,
    SourcesRefusedError,
    Subject,
    inputs_of,
    key_of,
    subjects_of,
    title_of,
    with_shares,
)
from serai.expo.offers.market.domain.specification import UNITS
from serai.world.classifications.countries import find, name

COLUMNS = ("input", "title", "country", "firm", "share", "stock_weeks", "volume_a_year", "unit")
"""The titles of the columns, the same in every language, so that a table can be read wherever it was made."""

MOST_BYTES = 2_000_000
MOST_ROWS = 2_000
EMPTY_ROWS = 5
"""Links that the template offers to a firm that has declared nothing and states no need."""


@dataclass(frozen=True)
class Read:
    """What a workbook says: by key of the input what is to be kept, and why some rows are not taken."""

    taken: Mapping[str, tuple[Subject, str, Said]]
    refused: tuple[tuple[int, str], ...]


def template(participation: Participation) -> bytes:
    """A workbook with what is declared, then the firm's needs to be filled, and a sheet of all links."""
    language = get_language() or "en"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Sources")[:31]
    rows: list[list[object]] = []
    declared = {
        (row.node and key_of(row.node)) or (row.need and key_of(row.need)): row for row in inputs_of(participation)
    }
    for key, row in declared.items():
        for source in row.sources.all():
            shown = name(source.country, language)
            rows.append([key, title_of(row), shown, source.firm, source.share, row.stock_weeks, row.volume, row.unit])
    subjects = subjects_of(participation)
    needs = [(key, title) for key, (_row, _group, title) in subjects.items() if key.startswith("need-")]
    offered = needs or [(key, title) for key, (_row, _group, title) in list(subjects.items())[:EMPTY_ROWS]]
    rows += [[key, title, *[""] * 6] for key, title in offered if key not in declared]
    for line in harmless_rows([list(COLUMNS), *rows]):
        sheet.append(line)
    links = book.create_sheet(_("Inputs")[:31])
    for line in harmless_rows([["input", "group", "title"], *([k, g, t] for k, (_s, g, t) in subjects.items())]):
        links.append(line)
    for page in (sheet, links):
        page.sheet_view.rightToLeft = language == "ar"
        page.freeze_panes = "A2"
        for column, cell in enumerate(page[1]):
            cell.font = Font(bold=True)
            page.column_dimensions[letters(column)].width = 36 if cell.value in ("title", "group", "firm") else 16
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@dataclass
class _Input:
    subject: Subject
    title: str
    sources: list[Source] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    stock_weeks: Decimal | None = None
    volume: Decimal | None = None
    unit: str = ""


def read(participation: Participation, file: BinaryIO) -> Read:
    """What a workbook or a .csv says. Raises SourcesRefusedError where it is none, with what to do."""
    subjects = subjects_of(participation)
    by_title = {title.casefold(): key for key, (_subject, _group, title) in reversed(subjects.items())}
    inputs: dict[str, _Input] = {}
    refused: list[tuple[int, str]] = []
    for number, cells in _rows(file):
        named = cells.get("input", "") or cells.get("title", "")
        key = named if named in subjects else by_title.get(named.casefold(), "")
        try:
            if not key:
                raise SourcesRefusedError(_("There is no such input. Take its name from the sheet of inputs."))
            subject, _group, title = subjects[key]
            source = _source(cells)
            entry = inputs.setdefault(key, _Input(subject, title))
            entry.stock_weeks = _number(cells, "stock_weeks", 9_999) or entry.stock_weeks
            entry.volume = _number(cells, "volume_a_year", 10**13) or entry.volume
            entry.unit = _unit(cells.get("unit", "")) or entry.unit
            entry.sources.append(source)
            entry.rows.append(number)
        except SourcesRefusedError as refusal:
            refused.append((number, str(refusal)))
    taken = {}
    for key, entry in inputs.items():
        try:
            said = Said(with_shares(entry.sources), entry.stock_weeks, entry.volume, entry.unit)
            taken[key] = entry.subject, entry.title, said
        except SourcesRefusedError as refusal:
            refused += [(number, str(refusal)) for number in entry.rows]
    return Read(taken, tuple(sorted(refused)))


def _rows(file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that name a source, by column; those of the template that are left empty are passed over."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SourcesRefusedError(_("The file has more than %d MB.") % (MOST_BYTES // 1_000_000))
    try:
        (_first, titles), *rows = read_table(content).rows or [(1, ())]
    except FileRefusedError as refusal:
        raise SourcesRefusedError(str(refusal)) from None
    header = [clean(title).lower() for title in titles]
    if not {"input", "country"} <= set(header):
        raise SourcesRefusedError(
            _("The first row needs the columns 'input' and 'country'. Begin with the table here.")
        )
    if len(rows) > MOST_ROWS:
        raise SourcesRefusedError(_("The table has more than %d rows. Hand it in in parts.") % MOST_ROWS)
    for number, row in rows:
        cells = {column: clean(cell).removeprefix("'") for column, cell in zip(header, row, strict=False)}
        if any(cells.get(column) for column in ("country", "firm", "share")):
            yield number, cells


def _source(cells: Mapping[str, str]) -> Source:
    country = find(cells.get("country", ""))
    if country is None:
        raise SourcesRefusedError(_("No country or region has this name. Write its name or its ISO code."))
    return Source(country.alpha2, cells.get("firm", "")[:200], _number(cells, "share", 100))


def _number(cells: Mapping[str, str], column: str, most: int) -> Decimal | None:
    text = cells.get(column, "").removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 < value <= most:
        raise SourcesRefusedError(
            _("Column '%(column)s': '%(text)s' is no number above 0 and at most %(most)d.")
            % {"column": column, "text": text, "most": most}
        )
    return value.quantize(Decimal("0.1" if column == "stock_weeks" else "0.01"))


def _unit(text: str) -> str:
    known = {code.casefold(): code for code, _label in UNITS} | {str(label).casefold(): code for code, label in UNITS}
    if text and text.casefold() not in known:
        raise SourcesRefusedError(_("No unit is known by the word '%s'. Write a usual one, such as kg or t.") % text)
    return known.get(text.casefold(), "")
