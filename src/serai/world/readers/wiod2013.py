"""World Input-Output Database, release 2013: 40 countries and the rest of the world x 35 industries, 1995 to 2011.

Read from one npz a year (`Z` 1435x1435, `F` 1435x205, `x` 1435, `countries`, `industries`), cells rounded to a million.
"""

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable, reader
from serai.world.table import WorldTable

USES = ("households", "non-profit", "government", "fixed capital", "inventories")
CITATION = (
    "Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), An Illustrated User Guide to the World Input-Output "
    "Database: the Case of Global Automotive Production, Review of International Economics 23(3), 575-605"
)
TERMS = "free to use with citation"
ARRAYS = ("Z", "F", "x", "countries", "industries")
ROUNDING = 0.5
"""Half the unit to which each of the published cells is rounded."""


@reader(
    "wiod2013",
    title="World Input-Output Database, release 2013",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(1995, 2012)),
    file=lambda year: f"wiod2013/wiod{year % 100:02d}.npz",
    recognises=lambda path: re.fullmatch(r"wiod\d\d\.npz", path.name) is not None,
)
def read_wiod2013(path: Path) -> WorldTable:
    """One year of WIOD 2013. Output is the sum of each row; the published one differs by the rounding of its cells.

    Raises UnreadableTable where the file lacks an array, or a row adds up to another output than published.
    """
    arrays = _arrays(path)
    year = int(path.stem[-2:])
    try:
        table = WorldTable(
            countries=tuple(str(label) for label in arrays["countries"]),
            industries=tuple(str(label) for label in arrays["industries"]),
            uses=USES,
            Z=arrays["Z"].astype(np.float64),
            F=arrays["F"].astype(np.float64),
            year=year + (1900 if year >= 95 else 2000),
            unit="current US$ million",
            name="WIOD 2013",
            source="World Input-Output Database, release 2013",
            citation=CITATION,
            terms=TERMS,
            classification="wiod2013",
            inventories="inventories",
        )
    except ValueError as error:
        raise UnreadableTable(f"{path}: {error}") from None
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
