"""A table of booths as it is sent: .xlsx or .csv, under the titles that the export of booths has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _

from serai.expo.base.workbooks.domain.grid import FileRefusedError
from serai.expo.base.workbooks.domain.workbook import read_table
from serai.expo.venue.floor.domain.floor_plan import MOST_BOOTHS, BoothRow, FloorError, TablesRow

MOST_BYTES = 5_000_000
PLACE = ("x_m", "y_m", "width_m", "depth_m")
NUMBERS = (*PLACE, "power_kw", "height_m", "load_kg_m2")
HALL_NUMBERS = {"hall_width_m": "width_m", "hall_depth_m": "depth_m"}
WORDS = ("kind", "build", "state", "pavilion")


@dataclass(frozen=True)
class FloorTable:
    """A table as it was sent: its booths, the sizes of the halls that it names, and places of meeting tables."""

    booths: tuple[BoothRow, ...]
    halls: Mapping[str, Mapping[str, object]]
    tables: tuple[TablesRow, ...] = ()


def read(file: BinaryIO) -> FloorTable:
    """Read a table of booths. Raises FloorError, which names the row and the column at fault."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FloorError(_("The file has more than %d MB.") % (MOST_BYTES // 1_000_000))
    try:
        (_first, titles), *rows = read_table(content).rows or [(1, ())]
    except FileRefusedError as refusal:
        raise FloorError(str(refusal)) from None
    header = [title.lower() for title in titles]
    if "hall" not in header or not {"booth", "tables"} & set(header):
        raise FloorError(_("The first row needs the columns 'hall' and 'booth', as in the export of booths."))
    booths, tables, halls = dict[tuple[str, str], BoothRow](), list[TablesRow](), dict[str, dict[str, object]]()
    for number, row in rows:
        cells = {name: cell for name, cell in zip(header, row, strict=False) if cell}
        hall, code, numbers = (cells.get(name, "").removeprefix("'") for name in ("hall", "booth", "tables"))
        if hall and numbers and not code:
            tables.append(_tables(hall, numbers, cells, number))
            halls.setdefault(hall, {})
            continue
        if not hall or not code:
            raise FloorError(_("Row %d needs a hall and a booth.") % number)
        if (hall, code) in booths:
            raise FloorError(
                _("Row %(row)d names booth %(code)s of hall %(hall)s for the second time.")
                % {"row": number, "code": code, "hall": hall}
            )
        if len(booths) == MOST_BOOTHS:
            raise FloorError(_("That would be more than %d booths.") % MOST_BOOTHS)
        booths[hall, code] = BoothRow(hall, code, _values(cells, number), number)
        sizes = {field: _number(cells[name], name, number) for name, field in HALL_NUMBERS.items() if name in cells}
        halls.setdefault(hall, {}).update(sizes)
    return FloorTable(tuple(booths.values()), halls, tuple(tables))


def _values(cells: Mapping[str, str], row: int) -> dict[str, object]:
    """The fields of a booth, from the cells that are filled."""
    values: dict[str, object] = {name: _number(cells[name], name, row) for name in NUMBERS if name in cells}
    values |= {name: cells[name].removeprefix("'") for name in WORDS if name in cells}
    if "equipment" in cells:
        words = (word.strip().lower() for word in re.split("[;,|]", cells["equipment"]))
        values["equipment"] = list(dict.fromkeys(filter(None, words)))
    if "held_until" in cells:
        values["held_until"] = _day(cells["held_until"], row)
    return values


def _tables(hall: str, numbers: str, cells: Mapping[str, str], row: int) -> TablesRow:
    """A row that places meeting tables, such as 1-40."""
    span = re.fullmatch(r"T?(\d{1,4})(?:\s*[-–]\s*T?(\d{1,4}))?", numbers)
    if span is None:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no run of tables such as 1-40.")
            % {"row": row, "column": "tables", "value": numbers}
        )
    place = {name: _number(cells[name], name, row) for name in PLACE if name in cells}
    return TablesRow(hall, int(span[1]), int(span[2] or span[1]), place, row)


def _number(value: str, column: str, row: int) -> float:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not 0 <= number < 100_000:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no number of metres, kilowatts or kilograms.")
            % {"row": row, "column": column, "value": value}
        )
    return number


def _day(value: str, row: int) -> date:
    try:
        return date.fromisoformat(value.partition(" ")[0])
    except ValueError:
        raise FloorError(
            _("Row %(row)d, column '%(column)s': '%(value)s' is no day as in 2027-06-30.")
            % {"row": row, "column": "held_until", "value": value}
        ) from None
