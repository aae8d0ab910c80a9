"""The tables in the package: the OECD's inter-country table of the G20, and a small worked example.

Both lie in data/tables in Serai's own layout, with citation and terms in their table.json.
"""

from pathlib import Path

from serai.world.readers import reader
from serai.world.readers.country_series import with_country_series
from serai.world.readers.edgar import with_emissions
from serai.world.readers.folder import read_folder
from serai.world.table import WorldTable


@reader(
    "oecd2023-g20",
    title="OECD Inter-Country Input-Output Tables, 2023 edition: G20 and the rest of the world x ISIC sections",
    citation="OECD (2023), OECD Inter-Country Input-Output Tables, http://oe.cd/icio",
    terms="OECD Terms and Conditions, section 3: any purpose, with credit to the OECD; see table.json",
    years=(2019,),
    files=lambda year: (f"oecd2023-g20-{year}",),
    packaged=True,
)
def read_g20(path: Path) -> WorldTable:
    """20 countries x 20 industries, 2019, US$ million, made by scripts/builtin_table.py; emissions are EDGAR's."""
    return with_emissions(with_country_series(read_folder(path)))


@reader(
    "leather",
    title="A worked example of 3 countries x 3 industries, used by the R package decompr",
    citation="Quast and Kummritz (2015), decompr: Global Value Chain Decomposition in R, CTEI Working Paper 2015-01",
    terms="invented numbers",
    years=(2015,),
    files=lambda year: (f"leather-{year}",),
    packaged=True,
)
def read_leather(path: Path) -> WorldTable:
    """Argentina, Turkey, Germany x agriculture, textile and leather, transport equipment; invented numbers."""
    return read_folder(path)
