"""Bilateral gross exports in the sixteen terms of Wang, Wei and Zhu (2013), NBER WP 19677, equation 37.

Notation of the paper: country s exports to r, t and u are third countries; B is the Leontief inverse, L_ss the local
one (I - A_ss)^-1, V value added coefficients, Y_sr final sales, E_r* exports of r. Koopman, Wang and Wei (2014) is the
same added together over partners and industries. Both count foreign value added again at every border that it crosses
as an intermediate; `serai.world.measures.borin_mancini` doesn't.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from serai.world.measures.exports import Decomposition, sold_for, sold_to, spread
from serai.world.measures.gvc import local_leontief, local_multiplier
from serai.world.table import Array, Indices, WorldTable

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "DVA_FIN": "domestic value added in final exports",
        "DVA_INT": "domestic value added in intermediates that the importer uses for its own final demand",
        "DVA_INTrexI1": "re-exported by the importer as intermediates for a third country's own final demand",
        "DVA_INTrexF": "re-exported by the importer in final products to third countries",
        "DVA_INTrexI2": "re-exported by the importer as intermediates for a third country's final exports",
        "RDV_FIN": "comes home in the importer's final products",
        "RDV_FIN2": "comes home in a third country's final products",
        "RDV_INT": "comes home as intermediates for own final demand",
        "DDC_FIN": "domestic value added counted twice, in own final exports",
        "DDC_INT": "domestic value added counted twice, in own intermediate exports",
        "MVA_FIN": "the importer's value added in final exports",
        "MVA_INT": "the importer's value added in intermediates for its own final demand",
        "MDC": "the importer's value added counted twice",
        "OVA_FIN": "third countries' value added in final exports",
        "OVA_INT": "third countries' value added in intermediates for the importer's final demand",
        "ODC": "third countries' value added counted twice",
    }
)
"""The sixteen terms in the order of the paper."""

NINE_TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "DVA in final exports": ("DVA_FIN",),
        "DVA in intermediates absorbed by the importer": ("DVA_INT",),
        "DVA in intermediates re-exported to third countries": ("DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2"),
        "DVA that returns in final imports": ("RDV_FIN", "RDV_FIN2"),
        "DVA that returns in intermediate imports": ("RDV_INT",),
        "pure double counting of DVA": ("DDC_FIN", "DDC_INT"),
        "FVA in final exports": ("MVA_FIN", "OVA_FIN"),
        "FVA in intermediate exports": ("MVA_INT", "OVA_INT"),
        "pure double counting of FVA": ("MDC", "ODC"),
    }
)
"""The nine terms of Koopman, Wang and Wei (2014), AER 104(2), and the sixteen they gather."""


def koopman_wang_wei(table: WorldTable) -> Mapping[str, Array]:
    """Gross exports of each country in the nine terms of Koopman, Wang and Wei (2014), each of shape (N,)."""
    terms = wang_wei_zhu(table).by_country()
    return {name: np.sum([terms[part] for part in parts], axis=0) for name, parts in NINE_TERMS.items()}


def wang_wei_zhu(table: WorldTable) -> Decomposition:
    """Decompose bilateral gross exports by cell. Asks for the inverse `table.L`; memory is 16 arrays of (n, N)."""
    N, n = table.n_countries, table.n
    here: tuple[Indices, Indices] = (np.arange(n), table.country_of)
    final = table.on(None).final  # Y, (n, N)
    home = spread(table, final[here])  # Y_ss in column s
    abroad = spread(table, final.sum(axis=1) - final[here])  # sum over t of Y_st in column s
    own_blocks = np.stack([table.L[table.block(r), table.block(r)] for r in range(N)])  # B_rr
    # What the importer r (row's country) makes of a unit from s (column), by use: arrays (n, N), rows in r, columns s.
    local = (own_blocks @ final.reshape(N, -1, N)).reshape(n, N)  # B_rr Y_rs
    through_home, through_abroad, total = table.L @ home, table.L @ abroad, table.L @ final
    made: dict[str, Array] = {
        "DVA_INT": _like(local[here]),  # B_rr Y_rr
        "DVA_INTrexI1": _others(through_home, here),  # sum over t of B_rt Y_tt
        "DVA_INTrexF": _like(through_abroad[here]) - local,  # B_rr sum over t of Y_rt
        "RDV_FIN": local,  # B_rr Y_rs
        "RDV_FIN2": total - through_home - local,  # sum over t of B_rt Y_ts
        "RDV_INT": through_home,  # B_rs Y_ss
        "DDC_FIN": through_abroad,  # B_rs sum over t of Y_st
    }
    made["DVA_INTrexI2"] = _others(through_abroad, here) - made["RDV_FIN2"]  # sum over t of B_rt sum over u of Y_tu
    local_B = local_leontief(table)
    absorbed = (local_B @ final[here].reshape(N, -1, 1)).reshape(n)  # L_rr Y_rr
    exported = (local_B @ table.on(None).exports.reshape(N, -1, 1)).reshape(n)  # L_rr E_r*
    V_local = local_multiplier(table)[:, None]
    V_own = table.cell_origins[table.country_of, np.arange(n)][:, None]  # V_s B_ss
    V_partner = table.cell_origins.T  # V_r B_rs
    V_others = table.cell_origins.sum(axis=0)[:, None] - V_own - V_partner
    sold = sold_to(table, table.x)
    serves_home, serves_exports = sold_to(table, absorbed), sold_to(table, exported)
    terms = {name: V_local * sold_for(table, output) for name, output in made.items()}
    terms |= {
        "DVA_FIN": V_own * final,
        "DDC_INT": (V_own - V_local) * sold,
        "MVA_FIN": V_partner * final,
        "MVA_INT": V_partner * serves_home,
        "MDC": V_partner * serves_exports,
        "OVA_FIN": V_others * final,
        "OVA_INT": V_others * serves_home,
        "ODC": V_others * serves_exports,
    }
    for term in terms.values():
        term[here] = 0
    return Decomposition(table, {name: terms[name] for name in TERMS})


def _like(values: Array) -> Array:
    """(n,) as a column that stands for every exporter."""
    return values[:, None]


def _others(values: Array, here: tuple[Indices, Indices]) -> Array:
    """Sum over the columns t that are neither the row's own country r nor the column s: (n, N)."""
    return values.sum(axis=1, keepdims=True) - values - values[here][:, None]
