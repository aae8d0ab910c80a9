"""EXIOBASE 3, monetary, industry by industry or product by product: the folder of text files of one year.

Layout of `IOT_2011_ixi/Z.txt`, separated by tabs: a line of buying regions, one of buying sectors, one with the names
of the label columns (region, sector), then a row a cell. `Y.txt` is the same with categories of final demand. In the
folders `impacts` and `satellite`, `F.txt` has a row an account over the same columns as Z.txt, `F_Y.txt` over those of
Y.txt, each below three lines of header, and `unit.txt` the unit of each account.
"""

import re
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import expect, line, read_numbers
from serai.world.table import Array, Extension, WorldTable

NAME = re.compile(r"IOT_(\d{4})_[ip]x[ip]")
INVENTORIES = "Changes in inventories"
ACCOUNTS = {
    "emissions": (
        "impacts",
        "GHG emissions (GWP100) | Problem oriented approach: baseline (CML, 2001) | GWP100 (IPCC, 2007)",
    ),
    "employment": ("impacts", "Employment"),
    "energy": ("satellite", "Energy Carrier Net Total"),
}
"""The extensions that are read where their files are there: folder and account."""

HEADER = 3
"""Lines above the numbers."""
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

    Emissions, employment and energy (`ACCOUNTS`) become extensions where their files are in the folder, with what final
    users emit or use themselves. Raises UnreadableTable with the row or column at fault.
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
        classification="exiobase3" if "ixi" in path.name else "exiobase3-products",
        inventories=INVENTORIES if INVENTORIES in uses else None,
        extensions={
            extension: account_extension
            for extension, (folder, account) in ACCOUNTS.items()
            if (account_extension := _extension(path / folder, account, cells, finals)) is not None
        },
    )


def _matrix(path: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]], Array]:
    """Labels of the rows, labels of the columns, and the numbers of one file."""
    regions, sectors, names = (line(path, number).rstrip("\r\n").split("\t") for number in range(HEADER))
    expect(path, "column", names[:2], ["region", "sector"], 1)
    rows, values = read_numbers(path, separator="\t", header=HEADER, labels=2)
    return rows, list(zip(regions[2:], sectors[2:], strict=False)), np.ascontiguousarray(values)


def _extension(
    folder: Path, account: str, cells: list[tuple[str, ...]], finals: list[tuple[str, ...]]
) -> Extension | None:
    """An account by cell with what the final users of each region add, or None where the folder has no such account."""
    values = _account(folder / "F.txt", account, cells)
    if values is None:
        return None
    used = _account(folder / "F_Y.txt", account, finals)
    regions = list(dict.fromkeys(region for region, _ in finals))
    households = None if used is None else used.reshape(len(regions), -1).sum(axis=1)
    return Extension(values, _unit(folder / "unit.txt", account), f"EXIOBASE 3, {folder.name}: {account}", households)


def _account(path: Path, account: str, columns: list[tuple[str, ...]]) -> Array | None:
    """The one row of the file that is wanted; the others are passed over without a look at their numbers."""
    if not path.is_file():
        return None
    regions, labels = (line(path, number).rstrip("\r\n").split("\t")[1:] for number in range(2))
    expect(path, "column", list(zip(regions, labels, strict=False)), columns, 2)
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            if number > HEADER and text.startswith(f"{account}\t"):
                return _numbers(path, number, text.rstrip("\r\n").split("\t")[1:], len(columns))
    return None


def _numbers(path: Path, number: int, texts: list[str], count: int) -> Array:
    if len(texts) != count:
        raise UnreadableTable(f"{path}, row {number} has {len(texts)} numbers; its header tells of {count}.")
    values = np.empty(count)
    for place, text in enumerate(texts):
        try:
            values[place] = float(text)
        except ValueError:
            raise UnreadableTable(f"{path}, row {number}, column {place + 2}: {text!r} is not a number.") from None
    return values


def _unit(path: Path, account: str) -> str:
    if path.is_file():
        for text in path.read_text(encoding="utf-8").splitlines():
            name, _, unit = text.partition("\t")
            if name == account:
                return unit.strip()
    return ""
