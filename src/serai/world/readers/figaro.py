"""FIGARO: Eurostat's inter-country tables of EU countries and partners, industry by industry, as CSV in matrix form.

Layout of `matrix_eu-ic-io_ind-by-ind_25ed_2021.csv`: a first column of labels ("AR_A01", ..., then W2_D21X31,
W2_OP_RES, W2_OP_NRES, W2_D1, W2_D29X39, W2_B2A3G), a column for each buying cell, then one for each
country's final uses ("AR_P3_S13", P3_S14, P3_S15, P51G, P5M).
"""

import re
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import agree, expect, line, read_numbers
from serai.world.table import Extension, WorldTable

USES = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M")
TAXES = "W2_D21X31"
BELOW = (TAXES, "W2_OP_RES", "W2_OP_NRES", "W2_D1", "W2_D29X39", "W2_B2A3G")
"""Rows under the flows: net taxes on products, purchases abroad and by non-residents, components of value added."""

NAME = re.compile(r"matrix_eu-ic-io_ind-by-ind_(?:\d\ded_)?(\d{4})(?:_v\d+)?\.csv")
UNIT = "current million euro"


@reader(
    "figaro",
    title="FIGARO inter-country input-output tables, industry by industry (matrix_eu-ic-io_ind-by-ind_26ed_YEAR.csv)",
    citation="Eurostat, FIGARO tables: EU inter-country supply, use and input-output tables",
    terms="Eurostat: reuse with credit (Commission Decision 2011/833/EU)",
    years=tuple(range(2010, 2025)),
    files=lambda year: (
        f"figaro/matrix_eu-ic-io_ind-by-ind_*{year}.csv",
        f"figaro/matrix_eu-ic-io_ind-by-ind_*{year}_v*.csv",
    ),
    recognises=lambda path: NAME.fullmatch(path.name) is not None,
)
def read_figaro(path: Path) -> WorldTable:
    """One year of FIGARO: 46 economies (50 since 2026) x 64 industries, basic prices, with "net_taxes" as an extension.

    P5M, changes in inventories and valuables together, is the use for inventories. Raises UnreadableTable with the row
    or column at fault, also where a cell sells more or less than it pays for inputs, taxes and value added.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(
            f"{path} is not named like matrix_eu-ic-io_ind-by-ind_25ed_2021.csv, which tells the year."
        )
    header = [label.strip().strip('"') for label in line(path, 0).split(",")][1:]
    rows, values = read_numbers(path, separator=",", header=1, labels=1)
    labels = [label for (label,) in rows]
    nodes = [label for label in labels if label not in BELOW]
    countries = tuple(dict.fromkeys(label.partition("_")[0] for label in nodes))
    industries = tuple(dict.fromkeys(label.partition("_")[2] for label in nodes))
    cells = [f"{country}_{industry}" for country in countries for industry in industries]
    expect(path, "row", labels, [*cells, *BELOW])
    expect(path, "column", header, [*cells, *(f"{country}_{use}" for country in countries for use in USES)])
    n = len(cells)
    table = WorldTable(
        countries=countries,
        industries=industries,
        uses=USES,
        Z=np.ascontiguousarray(values[:n, :n]),
        F=np.ascontiguousarray(values[:n, n:]),
        year=int(name[1]),
        unit=UNIT,
        name="FIGARO",
        source=f"Eurostat, FIGARO inter-country input-output table, {path.name}",
        citation="Eurostat, FIGARO tables: EU inter-country supply, use and input-output tables",
        terms="Eurostat: reuse with credit (Commission Decision 2011/833/EU)",
        classification="figaro",
        inventories="P5M",
        extensions={
            "net_taxes": Extension(values[n, :n].copy(), UNIT, "FIGARO D21X31: taxes less subsidies on products")
        },
    )
    paid = values[:, :n].sum(axis=0)
    agree(path, "row", cells, table.x, paid, "its column pays for inputs, taxes and value added")
    return table
