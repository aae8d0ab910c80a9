"""OECD Inter-Country Input-Output Tables, editions 2023 and 2025: the CSV files of the OECD, one a year.

Layout of `2019_SML.csv`: a first column of labels ("ARG_A01_02", ..., then TLS, VA, OUT), a column for each buying
cell, one for each country's final uses ("ARG_HFCE", NPISH, GGFC, GFCF, INVNT, DPABR) and OUT. Countries, industries and
uses are taken from the labels, so that both editions read alike, and so does the extended version (`2019_EXT.csv`), in
which China and Mexico sell and buy inputs as CN1, CN2, MX1 and MX2 too and have their final uses as CHN and MEX.
"""

import re
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import agree, expect, line, read_numbers
from serai.world.table import Extension, WorldTable

USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
MARGINS = ("TLS", "VA", "OUT")
TERMS = "OECD Terms and Conditions, section 3: any purpose, with credit to the OECD"
UNIT = "current US$ million"


NAME = re.compile(r"(?P<year>\d{4})(?:_SML|_EXT)?\.csv")
NEW_IN_2025 = "_C24A"
"""An industry of the edition of 2025, by which the header tells it from the one of 2023."""


def _is(path: Path, edition: str) -> bool:
    """Whether this is a file of that edition, by its name and header."""
    if NAME.fullmatch(path.name) is None or not path.is_file():
        return False
    header = line(path, 0)
    return "_HFCE" in header and (NEW_IN_2025 in header) == (edition == "2025")


def _files(edition: str, year: int) -> tuple[str, ...]:
    return tuple(f"oecd{edition}/{name}.csv" for name in (f"{year}_SML", f"{year}_EXT", year))


@reader(
    "oecd2023",
    title="OECD Inter-Country Input-Output Tables, 2023 edition (YEAR_SML.csv, or the extended YEAR_EXT.csv)",
    citation="OECD (2023), OECD Inter-Country Input-Output Tables, http://oe.cd/icio",
    terms=TERMS,
    years=tuple(range(1995, 2021)),
    files=lambda year: _files("2023", year),
    recognises=lambda path: _is(path, "2023"),
)
def read_oecd2023(path: Path) -> WorldTable:
    """One year of the 2023 edition: 77 economies x 45 industries, basic prices, with "net_taxes" as an extension.

    Raises UnreadableTable with the row or column at fault.
    """
    return _read(path, "2023", "oecd2023")


@reader(
    "oecd2025",
    title="OECD Inter-Country Input-Output Tables, 2025 edition (YEAR_SML.csv, or the extended YEAR_EXT.csv)",
    citation="OECD (2025), OECD Inter-Country Input-Output Tables, http://oe.cd/icio",
    terms=TERMS,
    years=tuple(range(1995, 2023)),
    files=lambda year: _files("2025", year),
    recognises=lambda path: _is(path, "2025"),
)
def read_oecd2025(path: Path) -> WorldTable:
    """One year of the 2025 edition: 81 economies x 50 industries, in the same layout. Raises UnreadableTable."""
    return _read(path, "2025", "oecd2025")


def _read(path: Path, edition: str, classification: str) -> WorldTable:
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like 2019_SML.csv, which tells the year.")
    columns = [label.strip().strip('"') for label in line(path, 0).split(",")][1:]
    rows, values = read_numbers(path, separator=",", header=1, labels=1)
    labels = [label for (label,) in rows]
    cells = [label for label in labels if label not in MARGINS]
    n = len(cells)
    countries = tuple(dict.fromkeys(label.partition("_")[0] for label in cells))
    industries = tuple(dict.fromkeys(label.partition("_")[2] for label in cells))
    nodes = [f"{country}_{industry}" for country in countries for industry in industries]
    ending = set(columns)
    demanding = [place for place, country in enumerate(countries) if f"{country}_{USES[0]}" in ending]
    finals = [f"{countries[place]}_{use}" for place in demanding for use in USES]
    expect(path, "row", labels, [*nodes, *MARGINS])
    expect(path, "column", columns, [*nodes, *finals, "OUT"])
    taxes, value_added, out = values[n : n + 3, :n]
    F = np.zeros((n, len(countries), len(USES)))
    F[:, demanding] = values[:n, n:-1].reshape(n, len(demanding), len(USES))
    split = [country for place, country in enumerate(countries) if place not in demanding]
    table = WorldTable(
        countries=countries,
        industries=industries,
        uses=USES,
        Z=np.ascontiguousarray(values[:n, :n]),
        F=F.reshape(n, -1),
        year=int(name["year"]),
        unit=UNIT,
        name=f"OECD ICIO {edition}",
        source=f"OECD Inter-Country Input-Output Tables, {edition} edition, basic prices",
        citation=f"OECD ({edition}), OECD Inter-Country Input-Output Tables, http://oe.cd/icio",
        terms=TERMS,
        classification=classification,
        inventories="INVNT",
        extensions={"net_taxes": Extension(taxes.copy(), UNIT, "OECD ICIO: taxes less subsidies on products")},
        log=(f"{', '.join(split)} have no final uses of their own.",) if split else (),
    )
    agree(path, "row", nodes, table.x, values[:n, -1], "OUT says")
    agree(path, "column", nodes, table.Z.sum(axis=0) + taxes + value_added, out, "OUT says")
    return table
