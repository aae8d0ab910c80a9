"""What a country's exports are made of: domestic and foreign value added (Borin and Mancini 2023, exporter's view).

For exporter s: V_s = vc_s (I - A_ss)^-1 is the domestic value added of a unit of its output without what comes home
through others; DVA_s = V_s E_s is its GDP in exports, DAVAX_s what its direct importers absorb. The rest of the
gross exports crosses at least two borders: that is taking part in global value chains.
"""

from dataclasses import dataclass

import numpy as np

from serai.world.table import Array, WorldTable


@dataclass(frozen=True, eq=False)
class ExportContent:
    """By exporting cell, shape (n,): gross exports, domestic value added in them, and that absorbed next door."""

    exports: Array
    domestic: Array
    absorbed_directly: Array

    @property
    def backward(self) -> Array:
        """Exports that are not domestic value added: foreign value added and double counting."""
        return self.exports - self.domestic

    @property
    def forward(self) -> Array:
        """Domestic value added that the direct importer passes on."""
        return self.domestic - self.absorbed_directly


def export_content(table: WorldTable) -> ExportContent:
    """Decompose the exports of every cell. Sum with `table.by_country`; one small solve a country."""
    V = local_multiplier(table)
    focus = 1.0 if table.focus is None else table.focus
    directly = _absorbed_by_importers(table) * focus
    return ExportContent(table.exports, V * table.exports, V * directly)


def local_multiplier(table: WorldTable) -> Array:
    """V_s = vc_s (I - A_ss)^-1 for each country, shape (n,): a country's value added per unit of what a cell sells."""
    value_added = table.vc.reshape(table.n_countries, -1, 1)
    return np.linalg.solve(_domestic_leontief(table).transpose(0, 2, 1), value_added).ravel()


def local_leontief(table: WorldTable) -> Array:
    """L_ss = (I - A_ss)^-1 of each country, shape (N, S, S)."""
    return np.linalg.inv(_domestic_leontief(table))


def _domestic_leontief(table: WorldTable) -> Array:
    """I - A_ss of each country, shape (N, S, S)."""
    blocks = np.stack([table.A[table.block(c), table.block(c)] for c in range(table.n_countries)])
    return np.eye(table.n_industries) - blocks.astype(np.float64)


def _absorbed_by_importers(table: WorldTable) -> Array:
    """Exports of each cell that end in the direct importer's final demand: sum_r F_sr + A_sr (I - A_rr)^-1 F_rr."""
    n_uses = len(table.uses)
    domestic_final = np.empty(table.n)
    exported_final = np.empty(table.n)
    for country in range(table.n_countries):
        own, uses = table.block(country), slice(country * n_uses, (country + 1) * n_uses)
        domestic_final[own] = table.F[own, uses].sum(axis=1)
        exported_final[own] = table.F[own].sum(axis=1) - domestic_final[own]
    blocks = domestic_final.reshape(table.n_countries, -1, 1)
    output = np.linalg.solve(_domestic_leontief(table), blocks).ravel()
    inputs = table.A @ output
    for country in range(table.n_countries):
        own = table.block(country)
        inputs[own] -= table.A[own, own] @ output[own]
    return exported_final + inputs
