"""World Input-Output Database, release 2016: 43 countries and the rest of the world x 56 industries, 2000 to 2014.

Read from the Stata file of a year as published in WIOTS_in_STATA.zip (the workbooks of this release are xlsb, the
others RData). Layout of `WIOT2014_October16_ROW.dta`: columns IndustryCode, IndustryDescription, Country, RNr, Year;
"vAUS1" to "vROW56" for the buying cells; "vAUS57" to "vROW61" for each country's final uses; TOT. Below the cells stand
II_fob, TXSP (net taxes), EXP_adj, PURR, PURNR, VA, IntTTM and GO (output).
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import agree, expect
from serai.world.readers.stata import MISSING, read_stata
from serai.world.readers.wiod2013 import CITATION, USES
from serai.world.table import Array, Extension, WorldTable

NAME = re.compile(r"WIOT(\d{4})_\w+\.dta")
LABELS = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
TERMS = "CC BY 4.0"
UNIT = "current US$ million"


@reader(
    "wiod2016",
    title="World Input-Output Database, release 2016 (WIOT2014_October16_ROW.dta)",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(2000, 2015)),
    files=lambda year: (f"wiod2016/WIOT{year}_October16_ROW.dta",),
    recognises=lambda path: NAME.fullmatch(path.name) is not None,
)
def read_wiod2016(path: Path) -> WorldTable:
    """One year of WIOD 2016, basic prices, with "net_taxes" as an extension.

    Raises UnreadableTable with the row or column at fault, counted from 1 as Stata does.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like WIOT2014_October16_ROW.dta, which tells the year.")
    columns = read_stata(path)
    expect(path, "column", list(columns)[:5], LABELS, 1)
    country, code = _texts(columns["Country"]), _texts(columns["IndustryCode"])
    n = next((row for row, label in enumerate(country) if label == "TOT"), len(country))
    countries = tuple(dict.fromkeys(country[:n]))
    industries = tuple(dict.fromkeys(code[:n]))
    count = len(industries)
    sellers = [(place, industry) for place in countries for industry in industries]
    expect(path, "row", list(zip(country[:n], code[:n], strict=True)), sellers, 1)
    buyers = [f"v{place}{number}" for place in countries for number in range(1, count + 1)]
    finals = [f"v{place}{number}" for place in countries for number in range(count + 1, count + 1 + len(USES))]
    expect(path, "column", list(columns), [*LABELS, *buyers, *finals, "TOT"], 1)
    flows = _matrix(path, columns, [*buyers, *finals, "TOT"])
    below = dict(zip(code[n:], flows[n:], strict=True))
    for row in ("TXSP", "GO"):
        if row not in below:
            raise UnreadableTable(f"{path} has no row {row} below the industries.")
    table = WorldTable(
        countries,
        industries,
        USES,
        np.ascontiguousarray(flows[:n, :n]),
        np.ascontiguousarray(flows[:n, n:-1]),
        year=int(name[1]),
        unit=UNIT,
        name="WIOD 2016",
        source="World Input-Output Database, release 2016, November 2016",
        citation=CITATION,
        terms=TERMS,
        classification="wiod2016",
        inventories="inventories",
        extensions={
            "net_taxes": Extension(below["TXSP"][:n], UNIT, "WIOD 2016: TXSP, taxes less subsidies on products")
        },
    )
    names = [" ".join(seller) for seller in sellers]
    agree(path, "row", names, table.x, flows[:n, -1], "TOT says", 1)
    agree(path, "column", names, table.x, below["GO"][:n], "GO says", len(LABELS) + 1)
    return table


def _texts(column: NDArray[Any]) -> list[str]:
    return [value.decode(errors="replace") for value in column.tolist()]


def _matrix(path: Path, columns: dict[str, NDArray[Any]], names: list[str]) -> Array:
    values = np.empty((len(columns[names[0]]), len(names)))
    for place, name in enumerate(names):
        column = columns[name]
        if column.dtype.kind not in "fi":
            raise UnreadableTable(f"{path}, column {len(LABELS) + place + 1} ({name}) holds texts.")
        values[:, place] = column
    wrong = ~(values < MISSING)
    if wrong.any():
        row, place = (int(index) for index in np.argwhere(wrong)[0])
        raise UnreadableTable(
            f"{path}, row {row + 1}, column {len(LABELS) + place + 1} ({names[place]}): no number is there."
        )
    return values
