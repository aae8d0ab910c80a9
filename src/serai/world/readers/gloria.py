"""GLORIA: 164 regions x 120 sectors, 1990 on, as multi-regional supply and use tables in text files without labels.

Layout of a year, separated by commas and without header, in thousand US$: in
`20230315_120secMother_AllCountries_002_T-Results_2015_057_Markup001(full).csv` each region has a row for each of its
industries, then one for each of its products, and the columns likewise; rows of industries hold what they supply of
their region's products, rows of products what industries use of them. `..._Y-Results_...` has the same rows and a
column for each region's final uses. The labels stand in the workbook `GLORIA_ReadMe_057.xlsx`, sheets "Regions",
"Sectors" and "Value added and final demand". Markup001 is basic prices.

The industry-by-industry table follows from the fixed product sales structure (model D of Eurostat 2008, Manual of
Supply, Use and Input-Output Tables, chapter 11): each product is sold to the same users whichever industry made it, so
that no flow becomes negative.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import agree
from serai.world.readers.workbook import column_of
from serai.world.table import Array, WorldTable

NAME = re.compile(r"\d{8}_\w+_T-Results_(?P<year>\d{4})_(?P<version>\w+)_Markup001\(full\)\.csv")
NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
INVENTORIES = "Changes in inventories P.52"
CITATION = (
    "Lenzen, Geschke, West et al. (2022), Implementing the Material Footprint to Measure Progress towards Sustainable "
    "Development Goals 8 and 12, Nature Sustainability 5; GLORIA, Industrial Ecology Virtual Laboratory"
)
TERMS = "free for academic use with citation; commercial use by licence of FootprintLab"


@reader(
    "gloria",
    title="GLORIA, basic prices (Markup001(full).csv of T-Results and Y-Results beside GLORIA_ReadMe in a folder)",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(1990, 2029)),
    files=lambda year: (f"gloria/*_T-Results_{year}_*_Markup001(full).csv",),
    recognises=lambda path: NAME.fullmatch(path.name) is not None,
)
def read_gloria(path: Path) -> WorldTable:
    """One year of GLORIA, thousand US$, in single precision; `path` is the file of T-Results.

    It is read region by region, so that memory holds little more than the table. Raises UnreadableTable with row and
    column, counted from 1, and where an industry sells more or less than it supplies.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like a file of T-Results in basic prices, which tells the year.")
    labels = _one(path, f"GLORIA_ReadMe_*{name['version'].lstrip('0')}.xlsx")
    regions = tuple(column_of(labels, "Regions", "Region_acronyms"))
    sectors = tuple(column_of(labels, "Sectors", "Sector_names"))
    uses = tuple(column_of(labels, "Value added and final demand", "Final_demand_names"))
    finals = _one(path, f"*_Y-Results_{name['year']}_{name['version']}_Markup001(full).csv")
    N, S = len(regions), len(sectors)
    Z = np.empty((N * S, N * S), dtype=np.float32)
    F = np.empty((N * S, N * len(uses)), dtype=np.float32)
    supplied = np.empty(N * S)
    demands = _blocks(finals, N, S, N * len(uses))
    for region, (own, used) in enumerate(_blocks(path, N, S, 2 * N * S)):
        supply = own[:, (2 * region + 1) * S : (2 * region + 2) * S]
        _, demanded = next(demands)
        shares = _market_shares(supply)
        rows = slice(region * S, (region + 1) * S)
        with np.errstate(over="ignore"):  # a number that single precision cannot hold is refused by the table
            Z[rows] = shares @ used.reshape(S, N, 2, S)[:, :, 0].reshape(S, -1)
            F[rows] = shares @ demanded
        supplied[rows] = supply.sum(axis=1)
    table = WorldTable(
        regions,
        sectors,
        uses,
        Z,
        F,
        year=int(name["year"]),
        unit="current thousand US$",
        name="GLORIA",
        source=f"GLORIA, release {name['version']}, basic prices, {path.name}",
        citation=CITATION,
        terms=TERMS,
        classification="gloria",
        inventories=INVENTORIES if INVENTORIES in uses else None,
        log=("Made of supply and use tables, industry by industry, by fixed product sales structure.",),
    )
    agree(path, "industry", [" ".join(cell) for cell in table.labels], table.x, supplied, "it supplies", 1)
    return table


def _market_shares(supply: Array) -> Array:
    """Each industry's share (row) of the region's supply of each product; what none supplies is the industry's own."""
    made = supply.sum(axis=0)
    return np.divide(supply, made, out=np.eye(len(supply)), where=made != 0)


def _blocks(path: Path, regions: int, sectors: int, columns: int) -> Iterator[tuple[Array, Array]]:
    """The rows of industries and the rows of products of each region."""
    with path.open("rb") as file:
        for region in range(regions):
            first = 2 * region * sectors
            yield (
                _read_rows(path, file, first, sectors, columns),
                _read_rows(path, file, first + sectors, sectors, columns),
            )
        if file.readline().strip():
            raise UnreadableTable(f"{path} has more than the {2 * regions * sectors} rows that the labels tell of.")


def _read_rows(path: Path, file: BinaryIO, first: int, count: int, columns: int) -> Array:
    import polars as pl  # 20 MB, which other readers do not need

    lines = [file.readline().strip() for _ in range(count)]
    for row, line in enumerate(lines, start=first + 1):
        n_columns = line.count(b",") + 1 if line else 0
        if n_columns != columns:
            raise UnreadableTable(f"{path}, row {row} has {n_columns} columns; the labels tell of {columns}.")
    # One value a line: a reader of 40,000 columns would cost more than the numbers.
    values = pl.read_csv(
        b"\n".join(lines).replace(b",", b"\n"),
        has_header=False,
        schema={"value": pl.Float64},
        ignore_errors=True,
    )["value"]
    if values.null_count() or len(values) != count * columns or not values.is_finite().all():
        wrong = (
            (row, place, text)
            for row, line in enumerate(lines, start=first + 1)
            for place, text in enumerate(line.split(b","), start=1)
            if NUMBER.fullmatch(text) is None
        )
        row, place, text = next(wrong, (first + 1, 1, lines[0][:20]))
        raise UnreadableTable(f"{path}, row {row}, column {place}: {text.decode(errors='replace')!r} is not a number.")
    return values.to_numpy().reshape(count, columns)


def _one(path: Path, pattern: str) -> Path:
    """The file of this pattern beside the table or in the folder above."""
    paths = [*sorted(path.parent.glob(pattern)), *sorted(path.parent.parent.glob(pattern))]
    if not paths:
        raise UnreadableTable(f"{path} needs {pattern} in its folder, which is not there.")
    return paths[0]
