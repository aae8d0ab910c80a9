"""A table of booths as it is sent: .xlsx or .csv, under the titles that the export of booths has."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from serai.expo.venue.halls.domain.floor_plan import MOST_BOOTHS, BoothRow, FloorError, TablesRow

MOST_BYTES = 5_000_000
PLACE = ("x_m", "y_m", "width_m", "depth_m")
NUMBERS = (*PLACE, "power_kw", "height_m", "load_kg_m2")
HALL_NUMBERS = {"hall_width_m": "width_m", "hall_depth_m": "depth_m"}
WORDS = ("kind", "state", "pavilion")


@dataclass(frozen=True)
class Sent:
    """What a table says: its booths, and the sizes of halls that it names."""

    booths: tuple[BoothRow, ...]
    halls: Mapping[str, Mapping[str, object]]
    tables: tuple[TablesRow, ...] = ()


def read(file: BinaryIO, name: str) -> Sent:
    """Read a table of booths. Raises FloorError, which names the row and the column at fault."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FloorError(_("The file has more than %d MB.") % (MOST_BYTES // 1_000_000))
    rows = _of_workbook(content) if Path(name).suffix.lower() == ".xlsx" else _of_text(content)
    header = [str(title or "").strip().lower() for title in next(rows, [])]
    if "hall" not in header or not {"booth", "tables"} & set(header):
        raise FloorError(_("The first row needs the columns 'hall' and 'booth', as in the export of booths."))
    booths, tables, halls = [], list[TablesRow](), dict[str, dict[str, object]]()
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(header, row, strict=False))
        if not any(value not in (None, "") for value in cells.values()):
            continue
        hall, code = (_word(cells.get(name)) for name in ("hall", "booth"))
        if hall and not code and (numbers := _word(cells.get("tables"))):
            tables.append(_tables(hall, numbers, cells, number))
            halls.setdefault(hall, {})
            continue
        if not hall or not code:
            raise FloorError(_("Row %d needs a hall and a booth.") % number)
        if (hall, code) in seen:
            raise FloorError(
                _("Row %(row)d names booth %(code)s of hall %(hall)s for the second time.")
                % {"row": number, "code": code, "hall": hall}
            )
        seen.add((hall, code))
        if len(seen) > MOST_BOOTHS:
            raise FloorError(_("That would be more than %d booths.") % MOST_BOOTHS)
        given = {name: value for name, value in cells.items() if value not in (None, "")}
        booths.append(BoothRow(hall, code, _values(given, number), number))
        sizes = {field: _number(given[name], name, number) for name, field in HALL_NUMBERS.items() if name in given}
        halls.setdefault(hall, {}).update(sizes)
    return Sent(tuple(booths), halls, tuple(tables))


def _values(given: Mapping[str, object], row: int) -> dict[str, object]:
    """What a row says of its booth; a cell that is empty says nothing."""
    values: dict[str, object] = {name: _number(given[name], name, row) for name in NUMBERS if name in given}
    values |= {name: _word(given[name]) for name in WORDS if name in given}
    if "equipment" in given:
        words = (word.strip().lower() for word in re.split("[;,|]", str(given["equipment"])))
        values["equipment"] = list(dict.fromkeys(filter(None, words)))
    if "held_until" in given:
        values["held_until"] = _day(given["held_until"], row)
    return values


def _tables(hall: str, numbers: str, cells: Mapping[str, object], row: int) -> TablesRow:
    """A row that places meeting tables, such as 1-40."""
    found = re.fullmatch(r"T?(\d{1,4})(?:\s*[-–]\s*T?(\d{1,4}))?", numbers)
    if found is None:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no run of tables such as 1-40.")
            % {"row": row, "column": "tables", "value": numbers}
        )
    given = {name: cells[name] for name in PLACE if cells.get(name) not in (None, "")}
    values = {name: _number(value, name, row) for name, value in given.items()}
    return TablesRow(hall, int(found[1]), int(found[2] or found[1]), values, row)


def _of_workbook(content: bytes) -> Iterator[list[object]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError):
        raise FloorError(_("The file can't be read as a workbook (.xlsx).")) from None
    return (list(row) for row in sheet.iter_rows(values_only=True))


def _of_text(content: bytes) -> Iterator[list[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FloorError(_("The file can't be read as text in UTF-8.")) from None
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    return (list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter))


def _word(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet makes a number of a code such as 101
    return str(value or "").strip().removeprefix("'")


def _number(value: object, column: str, row: int) -> float:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        number = float("nan")
    if not 0 <= number < 100_000:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no number of metres, kilowatts or kilograms.")
            % {"row": row, "column": column, "value": value}
        )
    return number


def _day(value: object, row: int) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no day as in 2027-06-30.")
            % {"row": row, "column": "held_until", "value": value}
        ) from None
