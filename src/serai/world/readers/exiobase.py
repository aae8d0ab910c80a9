"""EXIOBASE 3, monetary, industry by industry or product by product: the folder of text files of one year.

Layout of `IOT_2011_ixi/Z.txt`, separated by tabs: a line of buying regions, one of buying sectors, one with the names
of the label columns (region, sector), then a row a cell. `Y.txt` is the same with categories of final demand.
"""

import re
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import expect, line, read_numbers
from serai.world.table import Array, WorldTable

NAME = re.compile(r"IOT_(\d{4})_[ip]x[ip]")
INVENTORIES = "Changes in inventories"
CITATION = (
    "Stadler et al. (2018), EXIOBASE 3: Developing a Time Series of Detailed Environmentally Extended Multi-Regional "
    "Input-Output Tables, Journal of Industrial Ecology 22(3)"
)
TERMS = "CC BY-SA 4.0, versions 3.8 and later"


@reader(
    "exiobase3",
    title="EXIOBASE 3, monetary (folder IOT_YEAR_ixi with Z.txt and Y.txt)",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(1995, 2023)),
    files=lambda year: (f"exiobase3/IOT_{year}_ixi",),
    recognises=lambda path: (path / "Z.txt").is_file() and (path / "Y.txt").is_file(),
)
def read_exiobase3(path: Path) -> WorldTable:
    """One year of EXIOBASE 3: 49 regions x 163 industries (or 200 products), million euro, basic prices.

    The satellite accounts beside the flows are not read. Raises UnreadableTable with the row or column at fault.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like IOT_2011_ixi, which tells the year.")
    cells, buyers, Z = _matrix(path / "Z.txt")
    countries = tuple(dict.fromkeys(country for country, _ in cells))
    industries = tuple(dict.fromkeys(industry for _, industry in cells))
    expect(path / "Z.txt", "row", cells, [(country, industry) for country in countries for industry in industries], 4)
    expect(path / "Z.txt", "column", buyers, cells, 3)
    sellers, finals, F = _matrix(path / "Y.txt")
    uses = tuple(dict.fromkeys(use for _, use in finals))
    expect(path / "Y.txt", "row", sellers, cells, 4)
    expect(path / "Y.txt", "column", finals, [(country, use) for country in countries for use in uses], 3)
    return WorldTable(
        countries=countries,
        industries=industries,
        uses=uses,
        Z=Z,
        F=F,
        year=int(name[1]),
        unit="current million euro",
        name="EXIOBASE 3",
        source=f"EXIOBASE 3, monetary, {path.name}",
        citation=CITATION,
        terms=TERMS,
        classification="exiobase3",
        inventories=INVENTORIES if INVENTORIES in uses else None,
    )


def _matrix(path: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]], Array]:
    """Labels of the rows, labels of the columns, and the numbers of one file."""
    regions, sectors, names = (line(path, number).rstrip("\r\n").split("\t") for number in range(3))
    expect(path, "column", names[:2], ["region", "sector"], 1)
    rows, values = read_numbers(path, separator="\t", header=3, labels=2)
    return rows, list(zip(regions[2:], sectors[2:], strict=False)), np.ascontiguousarray(values)
