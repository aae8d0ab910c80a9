"""The R package exvatools' invented table and what it prints for it (Feás 2023, The R Journal 15(4)): numbers only.

Six countries, Mexico and China in three parts each; 30 rows of cells, then columns of intermediate and of final use
(CONS and INVST by country). A country's parts stand here as further industries, idle where a country has none; so can
the members of a group of countries. Its own tests and its vignette print the numbers, to a hundredth.
"""

from pathlib import Path

import numpy as np

from serai.world.table import WorldTable

PARTS = ("ESP", "FRA", "MEX", "USA", "CHN", "ROW", "MEX", "MEX", "CHN", "CHN")
"""The country of each block of three rows: primary, manufacturing, services."""

MANUFACTURING, SERVICES = 1, 2
ATOL = 0.0151
"""Half a hundredth of printing for each of up to two countries, and a little for the table's five decimals."""


def exvatools_table(merged: dict[str, str] | None = None) -> WorldTable:
    """The table; `merged` gives countries the name of a group that then counts as one country."""
    values = np.loadtxt(Path(__file__).with_suffix(".csv"), delimiter=",")
    owners = [(merged or {}).get(part, part) for part in PARTS]
    countries = list(dict.fromkeys(owners))
    most = max(owners.count(country) for country in countries)
    cells: list[int] = []
    for block, owner in enumerate(owners):
        first = countries.index(owner) * 3 * most + 3 * owners[:block].count(owner)
        cells += [first, first + 1, first + 2]
    n = 3 * most * len(countries)
    Z, F = np.zeros((n, n)), np.zeros((n, 2 * len(countries)))
    Z[np.ix_(cells, cells)] = values[:, :30]
    for position, owner in enumerate(owners[:6]):
        column = 2 * countries.index(owner)
        F[cells, column : column + 2] += values[:, 30 + 2 * position : 32 + 2 * position]
    industries = tuple(
        f"{industry}{part}" for part in range(most) for industry in ("primary", "manufacturing", "services")
    )
    return WorldTable(tuple(countries), industries, ("CONS", "INVST"), Z, F, 2022, "US$ million")


BORIN_MANCINI = {
    "ESP": {
        "EXGR": 4666.96,
        "DVA": 1880.60,
        "VAX": 1624.18,
        "REF": 256.41,
        "DDC": 284.58,
        "FVA": 2176.21,
        "FDC": 325.58,
    },
    "CHN": {
        "EXGR": 8575.51,
        "DVA": 3469.40,
        "VAX": 3117.58,
        "REF": 351.82,
        "DDC": 940.27,
        "FVA": 3273.60,
        "FDC": 892.25,
    },
    "MEX and USA": {
        "EXGR": 13087.74,
        "DVA": 5070.13,
        "VAX": 4547.65,
        "REF": 522.48,
        "DDC": 1079.80,
        "FVA": 5732.88,
        "FDC": 1204.93,
    },
    "NAFTA": {
        "EXGR": 10485.40,
        "DVA": 4613.26,
        "VAX": 3639.16,
        "REF": 974.09,
        "DDC": 1514.58,
        "FVA": 3276.30,
        "FDC": 1081.26,
    },
}
"""The same from the source and from the sink; Miroudot and Ye's four terms too."""

PARTICIPATION = {
    "ESP": {"backward": 2786.36, "forward": 1247.89},
    "CHN": {"backward": 5106.11, "forward": 2154.01},
    "MEX and USA": {"backward": 8017.61, "forward": 3045.97},
    "NAFTA": {"backward": 5872.14, "forward": 2784.57},
}
SPANISH_SERVICES_TO_THE_USA = {
    "EXGR": 276.71,
    "DVA": 145.95,
    "VAX": 127.28,
    "REF": 18.67,
    "DDC": 13.68,
    "FVA": 101.53,
    "FDC": 15.55,
    "backward": 130.76,
    "forward": 90.86,
}
"""Source-based."""

WANG_WEI_ZHU = {
    "ESP": {"VAX": 1624.18, "REF": 256.41, "DDC": 284.58, "FVA": 854.62, "FDC": 1647.16},
    "CHN": {"VAX": 3117.58, "REF": 351.82, "DDC": 940.27, "FVA": 1563.79, "FDC": 2602.05},
    "MEX and USA": {"VAX": 4547.65, "REF": 522.48, "DDC": 1079.80, "FVA": 2743.65, "FDC": 4194.16},
    "NAFTA": {"VAX": 3639.16, "REF": 974.09, "DDC": 1514.58, "FVA": 1714.09, "FDC": 2643.47},
}
AMERICAN_MANUFACTURES_TO_CHINA = {
    "DVA_FIN": 12.79,
    "DVA_INT": 13.95,
    "DVA_INTrexI1": 8.81,
    "DVA_INTrexF": 36.55,
    "DVA_INTrexI2": 35.08,
    "RDV_FIN": 13.25,
    "RDV_FIN2": 8.62,
    "RDV_INT": 2.19,
    "DDC_FIN": 9.13,
    "DDC_INT": 23.82,
    "MVA_FIN": 6.11,
    "OVA_FIN": 12.33,
    "MVA_INT": 6.22,
    "OVA_INT": 12.56,
    "MDC": 66.07,
    "ODC": 133.42,
}
SPANISH_TIVA = {
    "EXGR": 4666.96,
    "EXGR_FNL": 1343.03,
    "EXGR_INT": 3323.92,
    "IMGR": 5292.12,
    "IMGR_FNL": 2386.14,
    "IMGR_INT": 2905.98,
    "BALGR": -625.17,
    "EXGR_DVA": 2165.17,
    "EXGR_DDC": 1757.25,
    "EXGR_IDC": 123.34,
    "EXGR_RIM": 284.58,
    "DXD_DVA": 361.05,
    "FFD_DVA": 1624.18,
    "DFD_FVA": 2249.35,
    "BALVAFD": -625.17,
    "EXGR_FVA": 2501.78,
    "FEXDVAP": 3047.87,
    "VALU": 1985.24,
    "PROD": 5406.87,
}
FORWARD_TIVA = {"ESP": 3047.87, "CHN": 4838.28, "MEX and USA": 7158.68, "NAFTA": 5671.20}
SPAIN_FROM_THE_WORLDS_VIEW = {"one border": 1015.98, "more": 1485.80}
EU_FROM_THE_WORLDS_VIEW = {"DVA": 3114.35, "DDC": 807.03, "one border": 1648.26, "more": 2007.45}
