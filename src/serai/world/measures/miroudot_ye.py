"""Gross exports after Miroudot and Ye (2021), Economic Systems Research 33(1): four terms, by what counts as a border.

From the exporter's view value added is counted twice when it leaves the exporter again, from the flow's view when it
passes the same flow to the same partner again, from the world's view when it crosses any border again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from serai.world.measures.borin_mancini import contents, foreign_first
from serai.world.measures.exports import Decomposition, bilateral_exports
from serai.world.measures.gvc import local_leontief, local_multiplier
from serai.world.table import Array, WorldTable

type View = Literal["exporter", "flow", "world"]

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "DVA": "domestic value added",
        "DDC": "domestic value added counted twice",
        "FVA": "foreign value added",
        "FDC": "foreign value added counted twice",
    }
)
"""The terms, which add up to gross exports."""


def miroudot_ye(table: WorldTable, view: View = "exporter") -> Decomposition:
    """Decompose bilateral gross exports by cell. Asks for `table.L`."""
    exports = bilateral_exports(table)
    own, foreign = (content[:, None] for content in contents(table))
    domestic, abroad = _without_return(table, own, foreign, view)
    return Decomposition(
        table,
        {
            "DVA": domestic * exports,
            "DDC": (own - domestic) * exports,
            "FVA": abroad * exports,
            "FDC": (foreign - abroad) * exports,
        },
    )


def one_border(table: WorldTable) -> Array:
    """Foreign value added in exports that comes straight from the country that made it, by exporting cell, (n,).

    From the world's view it is the part of foreign double counting with a single border behind it:
    sum over t of V_t L_tt A_ts L_ss E_s.
    """
    V = local_multiplier(table)
    imported = V @ table.A - V + table.vc  # at home V A_ss = V - vc
    per_unit = imported.reshape(table.n_countries, 1, -1) @ local_leontief(table)
    return per_unit.ravel() * table.on(None).exports


def _without_return(table: WorldTable, own: Array, foreign: Array, view: View) -> tuple[Array, Array]:
    """Domestic and foreign value added that cross the view's border for the first time, per unit sold."""
    if view == "flow":
        return _of_flow(table, own, foreign)
    domestic = local_multiplier(table)[:, None]
    return domestic, np.zeros_like(foreign) if view == "world" else foreign_first(table, foreign[:, 0])[:, None]


def _of_flow(table: WorldTable, own: Array, foreign: Array) -> tuple[Array, Array]:
    """Contents once the flow from s to r is taken out: with B_ss (I + A_sr B_rs)^-1 instead of B_ss, each (n, N)."""
    N, S = table.n_countries, table.n_industries
    terms = np.zeros((2, table.n, N))
    for exporter in range(N):
        cells = table.block(exporter)
        both = np.stack([own[cells, 0], foreign[cells, 0]])
        sales, back = table.A[cells].reshape(S, N, S), table.L[:, cells].reshape(N, S, S)
        for importer in range(N):
            feedback = np.eye(S) + sales[:, importer] @ back[importer]
            terms[:, cells, importer] = np.linalg.solve(feedback.T, both.T).T
    return terms[0], terms[1]
