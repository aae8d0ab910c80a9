"""World Input-Output Database, release 2013: 40 countries and the rest of the world x 35 industries, 1995 to 2011.

Read from the workbook of a year as published (`WIOT11_ROW_Sep12.xlsx`, sheet "WIOT_2011"), or from one npz a year with
the same numbers rounded to a million (`Z` 1435x1435, `F` 1435x205, `x` 1435, `countries`, `industries`).
"""

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.workbook import TAXES, read_sheet
from serai.world.table import Extension, WorldTable

NAME = re.compile(r"wio(?=d\d\d\.npz|t\d\d_row_\w+\.xlsx)[dt](?P<year>\d\d).*", re.IGNORECASE)
USES = ("households", "non-profit", "government", "fixed capital", "inventories")
CITATION = (
    "Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), An Illustrated User Guide to the World Input-Output "
    "Database: the Case of Global Automotive Production, Review of International Economics 23(3), 575-605"
)
TERMS = "free to use with citation"
ARRAYS = ("Z", "F", "x", "countries", "industries")
ROUNDING = 0.5
"""Half the unit to which each of the published cells is rounded."""


UNIT = "current US$ million"
DESCRIBED: dict[str, Any] = {
    "uses": USES,
    "unit": UNIT,
    "name": "WIOD 2013",
    "source": "World Input-Output Database, release 2013",
    "citation": CITATION,
    "terms": TERMS,
    "classification": "wiod2013",
    "inventories": "inventories",
}


@reader(
    "wiod2013",
    title="World Input-Output Database, release 2013 (WIOT11_ROW_Sep12.xlsx)",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(1995, 2012)),
    files=lambda year: (f"wiod2013/wiod{year % 100:02d}.npz", f"wiod2013/WIOT{year % 100:02d}_[Rr][Oo][Ww]_*.xlsx"),
    recognises=lambda path: NAME.fullmatch(path.name) is not None,
)
def read_wiod2013(path: Path) -> WorldTable:
    """One year of WIOD 2013. Output is the sum of each row; the published one differs by the rounding of its cells.

    The workbook also gives "net_taxes". Raises UnreadableTable where a label or number is not what it should be, or a
    row adds up to another output than published.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like WIOT11_ROW_Sep12.xlsx or wiod11.npz, which tells the year.")
    year = int(name["year"])
    return (_workbook if path.suffix == ".xlsx" else _npz)(path, year + (1900 if year >= 95 else 2000))


def _workbook(path: Path, year: int) -> WorldTable:
    sheet = read_sheet(path, named="WIOT", industries=35, uses=5)
    taxes = Extension(sheet.below[TAXES][: len(sheet.Z)], UNIT, "WIOD 2013: taxes less subsidies on products")
    return WorldTable(
        sheet.countries, sheet.industries, Z=sheet.Z, F=sheet.F, year=year, extensions={"net_taxes": taxes}, **DESCRIBED
    )


def _npz(path: Path, year: int) -> WorldTable:
    arrays = _arrays(path)
    table = WorldTable(
        tuple(str(label) for label in arrays["countries"]),
        tuple(str(label) for label in arrays["industries"]),
        Z=arrays["Z"].astype(np.float64),
        F=arrays["F"].astype(np.float64),
        year=year,
        **DESCRIBED,
    )
    published = arrays["x"]
    gap = np.abs(table.x - published)
    row = int(gap.argmax())
    if gap[row] > ROUNDING * (table.n + table.F.shape[1]):
        raise UnreadableTable(
            f"{path}, row {row} ({' '.join(table.labels[row])}) adds up to {table.x[row]:.6g}, but column x says "
            f"{published[row]:.6g}; rounding explains at most {ROUNDING * (table.n + table.F.shape[1]):.6g}."
        )
    return table


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in ARRAYS}
    except KeyError as error:
        raise UnreadableTable(f"{path} lacks an array: {error.args[0]}; it needs {', '.join(ARRAYS)}.") from None
    except (ValueError, zipfile.BadZipFile):
        raise UnreadableTable(f"{path} is not an npz file of plain arrays.") from None
