"""Eora26: 189 countries x 26 sectors, one year in text files without labels, the labels in files beside them.

Layout, separated by tabs: `Eora26_2015_bp_T.txt` intermediate flows, `Eora26_2015_bp_FD.txt` final demand;
`labels_T.txt` and `labels_FD.txt` with country, its code, kind, and sector or category. The last row and
columns, "ROW", hold what Eora could not balance; they are no country.
"""

import re
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.delimited import expect, line, read_numbers
from serai.world.table import Array, WorldTable

NAME = re.compile(r"Eora26_(\d{4})_(bp|pp)_T\.txt")
PRICES = {"bp": "basic prices", "pp": "purchasers' prices"}
DISCREPANCY = "ROW"
INVENTORIES = "Changes in inventories"
CITATION = (
    "Lenzen, Kanemoto, Moran and Geschke (2012), Mapping the Structure of the World Economy, Environmental Science and "
    "Technology 46(15); Lenzen, Moran, Kanemoto and Geschke (2013), Economic Systems Research 25(1)"
)
TERMS = "licence of the Eora project: free for academic use by degree-granting institutions, else by agreement"


@reader(
    "eora26",
    title="Eora26 (Eora26_YEAR_bp_T.txt, Eora26_YEAR_bp_FD.txt, labels_T.txt, labels_FD.txt in a folder)",
    citation=CITATION,
    terms=TERMS,
    years=tuple(range(1990, 2018)),
    files=lambda year: (f"eora26/Eora26_{year}_bp_T.txt",),
    recognises=lambda path: NAME.fullmatch(path.name) is not None,
)
def read_eora26(path: Path) -> WorldTable:
    """One year of Eora26, thousand US$; `path` is the file of intermediate flows, the others lie beside it.

    The statistical discrepancies ("ROW") are left out, and the log says how much that is. Raises UnreadableTable with
    the row or column at fault.
    """
    name = NAME.fullmatch(path.name)
    if name is None:
        raise UnreadableTable(f"{path} is not named like Eora26_2015_bp_T.txt, which tells the year.")
    finals_path = path.with_name(path.name.replace("_T.txt", "_FD.txt"))
    cells, finals = _labels(path.with_name("labels_T.txt")), _labels(path.with_name("labels_FD.txt"))
    Z, F = _flows(path, len(cells), len(cells)), _flows(finals_path, len(cells), len(finals))
    kept, demanded = (np.array([code != DISCREPANCY for code, _ in labels]) for labels in (cells, finals))
    outside = Z[~kept].sum() + Z[kept][:, ~kept].sum() + F[~kept].sum() + F[kept][:, ~demanded].sum()
    cells = [label for label in cells if label[0] != DISCREPANCY]
    finals = [label for label in finals if label[0] != DISCREPANCY]
    countries = tuple(dict.fromkeys(country for country, _ in cells))
    industries = tuple(dict.fromkeys(industry for _, industry in cells))
    uses = tuple(dict.fromkeys(use for _, use in finals))
    labels_of = path.with_name("labels_T.txt"), path.with_name("labels_FD.txt")
    expect(labels_of[0], "row", cells, [(country, industry) for country in countries for industry in industries], 1)
    expect(labels_of[1], "row", finals, [(country, use) for country in countries for use in uses], 1)
    share = outside / (Z.sum() + F.sum())
    return WorldTable(
        countries=countries,
        industries=industries,
        uses=uses,
        Z=np.ascontiguousarray(Z[np.ix_(kept, kept)]),
        F=np.ascontiguousarray(F[np.ix_(kept, demanded)]),
        year=int(name[1]),
        unit="current thousand US$",
        name="Eora26",
        source=f"Eora26, {PRICES[name[2]]}, {path.name}",
        citation=CITATION,
        terms=TERMS,
        classification="eora26",
        inventories=INVENTORIES if INVENTORIES in uses else None,
        log=(f"Left out the statistical discrepancies ({DISCREPANCY}), {share:.3%} of all flows.",),
    )


def _labels(path: Path) -> list[tuple[str, str]]:
    """(code of the country, sector or category) of each line."""
    lines = [line(path, 0), *path.read_text(encoding="utf-8").splitlines()[1:]]
    labels = []
    for number, text in enumerate(lines):
        fields = [field.strip() for field in text.split("\t")]
        if len(fields) < 4:
            raise UnreadableTable(f"{path}, row {number + 1}: {text.strip()!r} has no country, code, kind and sector.")
        labels.append((fields[1], fields[3]))
    return labels


def _flows(path: Path, rows: int, columns: int) -> Array:
    _, values = read_numbers(path, separator="\t", header=0, labels=0)
    if values.shape != (rows, columns):
        raise UnreadableTable(
            f"{path} has {values.shape[0]} rows and {values.shape[1]} columns; the labels tell of {rows} and {columns}."
        )
    return values
