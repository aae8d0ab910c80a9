"""OECD's inter-country table of 2022 in the package: 80 economies x 45 industries, final demand estimated.

    table.json   name, year, unit, countries, industries, source, citation, terms, log
    flows.npz    Z of the 80 economies and F with one more destination, packed (serai.world.readers.packed)

scripts/icio2022.py makes both.
"""

import json
from pathlib import Path

import numpy as np

from serai.world.readers import UnreadableTable, reader
from serai.world.readers.country_series import REST, with_country_series
from serai.world.readers.edgar import with_emissions
from serai.world.readers.packed import unpack
from serai.world.table import WorldTable

TEXTS = ("name", "source", "citation", "terms", "classification", "year", "unit")
CAUTIONS = {
    "final_demand": (
        "Final demand by destination is estimated: proportional to inputs and balanced to known totals. Where the "
        "truth is known (2019; WIOD 2011), countries are off on average by .009; .011 (S1), .007; .016 (S2), "
        ".015; .057 (O2), .008; .023 (I2)."
    ),
    "value_added": (
        "Value added is a residual: it holds taxes on products and what is bought from countries outside the table."
    ),
}


@reader(
    "icio",
    title="OECD Inter-Country Input-Output Tables, 2025 edition: 80 economies x 45 industries, final demand estimated",
    citation="OECD (2025), OECD Inter-Country Input-Output Tables, 2025 edition, http://oe.cd/icio",
    terms="OECD Terms and Conditions, section 3: any purpose, with credit to the OECD; see table.json",
    years=(2022,),
    files=lambda year: (f"icio-{year}",),
    packaged=True,
)
def read_icio2022(path: Path) -> WorldTable:
    """80 economies and the rest of the world as a destination without cells' output, 45 industries, 2022."""
    try:
        about = json.loads((path / "table.json").read_text(encoding="utf-8"))
        with np.load(path / "flows.npz", allow_pickle=False) as planes:
            countries, industries = about["countries"], about["industries"]
            n, N, S = len(countries) * len(industries), len(countries), len(industries)
            Z = np.zeros((n + S, n + S))
            Z[:n, :n] = unpack(planes, "Z", (n, n))
            F = np.zeros((n + S, N + 1))
            F[:n] = unpack(planes, "F", (n, N + 1))
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableTable(f"{path} is damaged: {error}.") from None
    table = WorldTable(
        countries=(*countries, REST),
        industries=tuple(industries),
        uses=("final",),
        Z=Z,
        F=F,
        cautions=CAUTIONS,
        log=tuple(about["log"]),
        **{text: about[text] for text in TEXTS},
    )
    return with_emissions(with_country_series(table))
