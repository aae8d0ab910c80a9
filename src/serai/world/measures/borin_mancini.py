"""Bilateral gross exports after Borin and Mancini (2023), Economic Systems Research 35(4), seen from the exporter.

Value added is counted once where it first leaves its country (source-based) or where it last does (sink-based); what
crosses the exporter's border again is double counting. Both views agree on a country's exports as a whole and differ on
partners and industries. L_ss is the local inverse (I - A_ss)^-1, B the Leontief inverse, and
B^s = (I - A without the exports of s)^-1, whose blocks follow from B: B^s_ts = B_ts B_ss^-1 L_ss.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from serai.world.measures.exports import Decomposition, bilateral_exports, sold_for, sold_to, spread
from serai.world.measures.gvc import local_leontief, local_multiplier
from serai.world.table import Array, WorldTable

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "VAX": "domestic value added absorbed abroad",
        "REF": "domestic value added that comes home (reflection)",
        "DDC": "domestic value added counted twice",
        "FVA": "foreign value added",
        "FDC": "foreign value added counted twice",
    }
)
"""The terms, which add up to gross exports."""


type OneCountry = Callable[[Array, Array, Array], Array]


@dataclass(frozen=True, eq=False)
class BorinMancini(Decomposition):
    """The terms, with the domestic value added that the direct importer absorbs, shape (n, N)."""

    absorbed_directly: Array

    @cached_property
    def domestic(self) -> Array:
        """Domestic value added (DVA): what leaves its country in these exports, shape (n, N)."""
        return self.terms["VAX"] + self.terms["REF"]

    @property
    def backward(self) -> Array:
        """GVC trade, backward: all but domestic value added."""
        return self.exports - self.domestic

    @property
    def forward(self) -> Array:
        """GVC trade, forward: domestic value added that the direct importer passes on."""
        return self.domestic - self.absorbed_directly


def source_based(table: WorldTable) -> BorinMancini:
    """Each unit of value added is counted in the flow with which it first leaves its country. Asks for `table.L`."""
    exports, domestic = bilateral_exports(table), local_multiplier(table)[:, None]
    own, foreign = contents(table)
    comes_home = _abroad(table, domestic * sold_for(table, table.on(None).output_by_destination))
    first = foreign_first(table, foreign)[:, None]
    return BorinMancini(
        table,
        {
            "VAX": domestic * exports - comes_home,
            "REF": comes_home,
            "DDC": (own[:, None] - domestic) * exports,
            "FVA": first * exports,
            "FDC": (foreign[:, None] - first) * exports,
        },
        _absorbed_directly(table, domestic),
    )


def sink_based(table: WorldTable) -> BorinMancini:
    """Each unit of value added is counted in the flow with which it last leaves its country. Asks for `table.L`."""
    exports = bilateral_exports(table)
    own, foreign = (content[:, None] for content in contents(table))
    again = _abroad(table, sold_for(table, _made_abroad_of(table, exports.sum(axis=1))))
    for_home = _abroad(table, sold_for(table, table.on(None).output_by_destination))
    comes_home = own * (for_home - _abroad(table, sold_for(table, _made_abroad_of(table, for_home.sum(axis=1)))))
    return BorinMancini(
        table,
        {
            "VAX": own * (exports - again) - comes_home,
            "REF": comes_home,
            "DDC": own * again,
            "FVA": foreign * (exports - again),
            "FDC": foreign * again,
        },
        _absorbed_directly(table, local_multiplier(table)[:, None]),
    )


def contents(table: WorldTable) -> tuple[Array, Array]:
    """Own and foreign value added in a unit of what a cell sells, V_s B_ss and the sum of V_t B_ts, each (n,)."""
    own = table.cell_origins[table.country_of, np.arange(table.n)]
    return own, table.cell_origins.sum(axis=0) - own


def foreign_first(table: WorldTable, foreign: Array) -> Array:
    """Foreign value added that enters a unit of a cell's sales for the first time, V_t B^s_ts added over t, (n,)."""
    return _by_country(table, foreign, lambda content, inverse, local: content @ np.linalg.solve(inverse, local))


def _made_abroad_of(table: WorldTable, sold: Array) -> Array:
    """Output everywhere that the exports (n,) of each country end up in before it exports them again: B^s_rs e_s."""
    needed = _by_country(table, sold, lambda exports, inverse, local: np.linalg.solve(inverse, local @ exports))
    return table.solve_leontief(spread(table, needed))


def _by_country(table: WorldTable, values: Array, of_country: OneCountry) -> Array:
    """`of_country` applied to each country's values (S,), block B_ss and L_ss, in the order of the cells."""
    local = local_leontief(table)
    blocks = (table.block(country) for country in range(table.n_countries))
    return np.concatenate([of_country(values[own], table.L[own, own], local[c]) for c, own in enumerate(blocks)])


def _absorbed_directly(table: WorldTable, domestic: Array) -> Array:
    """V_s L_ss (Y_sr + A_sr L_rr Y_rr), shape (n, N)."""
    final = table.on(None).final
    home = final[np.arange(table.n), table.country_of].reshape(table.n_countries, -1, 1)
    output = (local_leontief(table) @ home).reshape(table.n)
    return _abroad(table, domestic * (final + sold_to(table, output)))


def _abroad(table: WorldTable, flows: Array) -> Array:
    """The flows (n, N) without those that stay at home."""
    flows[np.arange(table.n), table.country_of] = 0
    return flows
