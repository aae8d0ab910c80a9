"""Multi-Regional Input-Output Tables of the Asian Development Bank: 62 to 74 economies and the rest x 35 sectors.

Layout of the workbook of a year (sheet "ADB MRIO 2023"): that of WIOD, a row further down. Economies carry
ADB's own codes there (PRC, GER, INO); here they are the alpha-3 codes of ISO 3166-1, as in other tables.
"""

import re
from pathlib import Path

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.workbook import TAXES, read_sheet
from serai.world.table import Extension, WorldTable

USES = ("households", "non-profit", "government", "fixed capital", "inventories")
UNIT = "current US$ million"
CITATION = "Asian Development Bank, Multi-Regional Input-Output Tables, https://kidb.adb.org/globalization/current"
TERMS = "ADB Data Library: free with citation, not for resale"
YEAR = re.compile(r"MRIO\D*(\d{4})")
ISO = {
    "BAN": "BGD",
    "BHU": "BTN",
    "BRU": "BRN",
    "CAM": "KHM",
    "DEN": "DNK",
    "FIJ": "FJI",
    "GER": "DEU",
    "INO": "IDN",
    "IRE": "IRL",
    "KUW": "KWT",
    "MAL": "MYS",
    "MLD": "MDV",
    "MON": "MNG",
    "NEP": "NPL",
    "NET": "NLD",
    "PHI": "PHL",
    "POR": "PRT",
    "PRC": "CHN",
    "ROM": "ROU",
    "SIN": "SGP",
    "SPA": "ESP",
    "SRI": "LKA",
    "SWI": "CHE",
    "TAP": "TWN",
    "UAE": "ARE",
    "UKG": "GBR",
    "VIE": "VNM",
}
"""The codes of ADB that differ from those of ISO 3166-1."""


@reader(
    "adb",
    title="ADB Multi-Regional Input-Output Tables (ADB-MRIO-YEAR.xlsx)",
    citation=CITATION,
    terms=TERMS,
    years=(2000, *range(2007, 2025)),
    files=lambda year: (f"adb/ADB-MRIO*-{year}[._ -]*xlsx", f"adb/ADB MRIO* {year}*.xlsx"),
    recognises=lambda path: path.suffix == ".xlsx" and "MRIO" in path.name.upper(),
)
def read_adb(path: Path) -> WorldTable:
    """One year of ADB's tables, with "net_taxes" as an extension. Raises UnreadableTable with row and column."""
    sheet = read_sheet(path, named="ADB MRIO", industries=35, uses=5)
    year = YEAR.search(sheet.title)
    if year is None:
        raise UnreadableTable(
            f"{path}: the sheet '{sheet.title}' is not named like 'ADB MRIO 2023', which tells the year."
        )
    countries = tuple(ISO.get(code, code) for code in sheet.countries)
    renamed = sum(new != old for new, old in zip(countries, sheet.countries, strict=True))
    return WorldTable(
        countries,
        sheet.industries,
        USES,
        sheet.Z,
        sheet.F,
        year=int(year[1]),
        unit=UNIT,
        name="ADB MRIO",
        source=f"ADB Multi-Regional Input-Output Tables, {path.name}",
        citation=CITATION,
        terms=TERMS,
        classification="wiod2013",
        inventories="inventories",
        extensions={"net_taxes": Extension(sheet.below[TAXES][: len(sheet.Z)], UNIT, "ADB MRIO: r99, net taxes")},
        log=(f"{renamed} of ADB's codes of economies replaced by those of ISO 3166-1.",) if renamed else (),
    )
