#!/usr/bin/env python
"""Write the classifications wiod2016, oecd2025, oecd2025-45, eora26 and exiobase3 of data/tables/industries.csv anew.

Run it with .venv/bin/python after a change here; the file is committed. The other classifications in it are kept by
hand. What is known of an industry follows from its ISIC Rev.4 divisions as the rows of `figaro`, the finest of those
kept by hand, have them: a mark where half of its divisions or more have it, and the median of their trade elasticities.

EXIOBASE's links to ISIC Rev.4 are those of the wheel bonsai-classifications (its products and activities, then ISIC),
without the codes that it also gives for by-products; CORRECTIONS holds what the wheel leaves out or links to another
activity, after the NACE Rev.1.1 numbers in EXIOBASE's own names and the explanatory notes of ISIC Rev.4.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from zipfile import ZipFile

from classifications import Rows, links, open_wheel, read

from serai.world.classifications import isic
from serai.world.classifications.industries import divisions

TARGET = Path(__file__).parents[1] / "src/serai/world/data/tables/industries.csv"
BY_HAND = ("wiod2013", "oecd2023", "isic4-sections", "figaro")
FLAGS = ("manufacturing", "ict", "trade", "transport", "digital")

# WIOD's and OECD's codes say their divisions, but for these.
SECTIONS = {
    "B": "05-09",
    "F": "41-43",
    "I": "55-56",
    "N": "77-82",
    "Q": "86-88",
    "R_S": "90-96",
    "J61T63": "61-63",
    "M_N": "69-75 77-82",
    "P_Q": "85-88",
    "R_S_T": "90-98",
    "T": "97-98",
    "U": "99",
    "D": "35",
    "E": "36-39",
    "G": "45-47",
    "K": "64-66",
    "L": "68",
    "M": "69-75",
    "O": "84",
    "P": "85",
    "R": "90-93",
    "S": "94-96",
    "C24A": "24",
    "C24B": "24",
    "C301": "30",
    "C302T309": "30",
}
WIOD2016 = """
A01 A02 A03 B C10-C12 C13-C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31_C32 C33 D35 E36 E37-E39 F
G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59_J60 J61 J62_J63 K64 K65 K66 L68 M69_M70 M71 M72 M73 M74_M75 N O84 P85 Q R_S T
U
"""
OECD2025 = """
A01 A02 A03 B05 B06 B07 B08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24A C24B C25 C26 C27 C28 C29 C301 C302T309
C31T33 D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T
"""
OECD2025_45 = OECD2025.replace("J61 J62_63", "J61T63").replace("M N O P Q R S T", "M_N O P_Q R_S_T")
NAMES = {
    "C24A": "Basic iron and steel",
    "C24B": "Basic precious and other non-ferrous metals",
    "C301": "Building of ships and boats",
    "C302T309": "Other transport equipment, except ships and boats",
    "R_S": "Arts, entertainment and recreation; other service activities",
    "J61T63": "Telecommunications; computer programming and information services",
    "M_N": "Professional, scientific, technical, administrative and support services",
    "P_Q": "Education; human health and social work",
    "R_S_T": "Arts, entertainment, recreation; other services; activities of households as employers",
}

# Eora26's sectors in ISIC Rev.3 (Casella, Bolwijn, Moran and Kanemoto 2019), here as divisions of Rev.4.
EORA26 = {
    "Agriculture": "01-02",
    "Fishing": "03",
    "Mining and Quarrying": "05-09",
    "Food & Beverages": "10-12",
    "Textiles and Wearing Apparel": "13-15",
    "Wood and Paper": "16-18",
    "Petroleum, Chemical and Non-Metallic Mineral Products": "19-23",
    "Metal Products": "24-25",
    "Electrical and Machinery": "26-28",
    "Transport Equipment": "29-30",
    "Other Manufacturing": "31-33",
    "Recycling": "38",
    "Electricity, Gas and Water": "35-36",
    "Construction": "41-43",
    "Maintenance and Repair": "45",
    "Wholesale Trade": "46",
    "Retail Trade": "47",
    "Hotels and Restraurants": "55-56",
    "Transport": "49-52",
    "Post and Telecommunications": "53 61",
    "Finacial Intermediation and Business Activities": "62-66 68-74 77-82",
    "Public Administration": "84",
    "Education, Health and Other Services": "37 39 58-60 75 85-88 90-96",
    "Private Households": "97-98",
    "Others": "99",
    "Re-export & Re-import": "",
}

# EXIOBASE 3's names that differ from those of its hybrid version, which the wheel has.
RENAMED = {
    "A_LZTW": "Re-processing of secondary lead into new lead, zinc and tin",
    "A_MGWG": "Manufacture of gas; distribution of gaseous fuels through mains",
}
MERGED = ("A_GASD",)
CORRECTIONS = {
    "A_OCER": "0111",
    "A_FVEG": "0113 012",
    "A_OILS": "0111 0126",
    "A_SUGB": "0113 0114",
    "A_OTCR": "0115 0119 0127 0128 0130",
    "A_OMEA": "0142 0143 0144 0149",
    "A_WOOL": "0144 0149",
    "A_MANB": "3821",
    "A_FORE": "02",
    "A_FISH": "03",
    "A_COAL": "0510 0520 0892",
    "A_OGPL": "0910",
    "A_STON": "0810",
    "A_CHMF": "0891 0893 0899",
    "A_PPLT": "1010",
    "A_OFOD": "1030 1061 1062 1071 1073 1074 1075 1079 1080",
    "A_BEVR": "11",
    "A_TOBC": "12",
    "A_TEXT": "13",
    "A_GARM": "14",
    "A_LETH": "15",
    "A_PAPE": "1701 1702 1709",
    "A_MDIA": "18 581",
    "A_NUCF": "20",
    "A_PFER": "2012",
    "A_CHEM": "2011 202 203 21",
    "A_MACH": "28 33",
    "A_OFMA": "262",
    "A_RATV": "261 263 264",
    "A_MEIN": "265 266 267 268 325",
    "A_MOTO": "29",
    "A_FURN": "31 32",
    "A_BOTW": "3830",
    "A_HWAT": "3530",
    "A_CONS": "41-43",
    "A_TDRT": "47 95",
    "A_TAUX": "52 79",
    "A_PTEL": "53 61",
    "A_REAL": "68",
    "A_MARE": "77",
    "A_COMP": "582 62 63",
    "A_OBUS": "69-71 73-74 78 80-82",
    "A_PADF": "84",
    "A_EDUC": "85",
    "A_HEAL": "75 86-88",
    "A_BIOS": "3821",
    "A_COMF": "3821",
    "A_RECR": "59-60 90-93",
    "A_PRHH": "97-98",
    "A_EXTO": "99",
    **dict.fromkeys(
        (f"A_POW{fuel}" for fuel in "CGNHWPBSEOMZTD"),
        "3510",
    ),
}


def main() -> None:
    with TARGET.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["classification"] in BY_HAND]
    known = {division: row for row in rows if row["classification"] == "figaro" for division in divisions(row["isic4"])}
    for classification, codes in (
        ("wiod2016", WIOD2016),
        ("oecd2025", OECD2025),
        ("oecd2025-45", OECD2025_45),
    ):
        for code in codes.split():
            isic4 = SECTIONS.get(code) or span(code)
            titles = [isic.activity(division).title for division in divisions(isic4)]
            name = NAMES.get(code) or (isic.activity(code).title if isic.exists(code) else "; ".join(titles))
            rows.append(row_of(classification, code, name, isic4, known))
    rows += [row_of("eora26", name, name, isic4, known) for name, isic4 in EORA26.items()]
    rows += [row_of("exiobase3", name, name, isic4, known) for name, isic4 in exiobase(open_wheel())]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def span(code: str) -> str:
    """The divisions that a code such as C31_C32, C10T12 or E37-E39 names."""
    low, _, high = code.replace("T", "-").replace("_", "-").partition("-")
    low, high = low.lstrip("ABCDEFGHIJKLMNOPQRSTU"), high.lstrip("ABCDEFGHIJKLMNOPQRSTU")
    return f"{low}-{high}" if high else low


def row_of(
    classification: str, code: str, name: str, isic4: str, known: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    facts = [known[division] for division in divisions(isic4)]
    row = {"classification": classification, "code": code, "name": name, "isic4": isic4}
    for flag in FLAGS:
        marked = sum(fact[flag] == "1" for fact in facts)
        row[flag] = "1" if facts and 2 * marked >= len(facts) else "0"
    elasticity = median([float(fact["elasticity"]) for fact in facts]) if facts else 5
    return row | {"elasticity": f"{elasticity:g}"}


def exiobase(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Name and ISIC codes of each industry, in EXIOBASE's order."""
    found = isic_of_activity(archive)
    for row in read(archive, "activitytype/tree_hexio_v_3_3_18.csv"):
        code = row["code"]
        if code.startswith("A_") and code not in MERGED:
            yield RENAMED.get(code, row["name"]), CORRECTIONS.get(code) or " ".join(sorted(found[code]))


def isic_of_activity(archive: ZipFile) -> Mapping[str, set[str]]:
    """ISIC codes of EXIOBASE's activities by way of the wheel's own classifications, without those within another."""
    finer = links(read(archive, "activitytype/conc_bonsut_v2_0_bonsai_v2_0.csv"))
    named = reversed_links(read(archive, "activitytype/conc_isic_rev4_bonsai_v2_0.csv"))
    parent = {row["code"]: row["parent_code"] for row in read(archive, "activitytype/tree_bonsai_v2_0.csv")}

    def known(activity: str) -> list[str]:
        while activity and activity not in named:
            activity = parent.get(activity, "")
        return [code for code in named.get(activity, []) if code.isdigit()]

    found: dict[str, set[str]] = defaultdict(set)
    for row in read(archive, "activitytype/conc_bonsut_v2_0_hexio_v_3_3_18.csv"):
        for activity in finer.get(row["activitytype_from"], []):
            found[row["activitytype_to"]].update(known(activity))
    return {
        industry: {code for code in codes if not any(code != other and code.startswith(other) for other in codes)}
        for industry, codes in found.items()
    }


def reversed_links(rows: Rows) -> Mapping[str, list[str]]:
    back: dict[str, list[str]] = defaultdict(list)
    for source, targets in links(rows).items():
        for target in targets:
            back[target].append(source)
    return back


if __name__ == "__main__":
    main()
