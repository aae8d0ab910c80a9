"""The indicators of the OECD's Trade in Value Added database, by country, from any inter-country table.

OECD (2023), Guide to OECD's Trade in Value Added Indicators, 2023 edition. Names and signs are the OECD's; money is in
the table's unit, shares are between 0 and 1.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from serai.world.arrays import ratio
from serai.world.measures.borin_mancini import contents
from serai.world.measures.gvc import local_leontief, local_multiplier
from serai.world.table import Array, WorldTable

INDICATORS: Mapping[str, str] = MappingProxyType(
    {
        "PROD": "gross output",
        "VALU": "value added",
        "EXGR": "gross exports",
        "EXGR_FNL": "gross exports of final products",
        "EXGR_INT": "gross exports of intermediates",
        "IMGR": "gross imports",
        "IMGR_FNL": "gross imports of final products",
        "IMGR_INT": "gross imports of intermediates",
        "BALGR": "gross exports less gross imports",
        "EXGR_DVA": "domestic value added in gross exports",
        "EXGR_DDC": "of it, added by the exporting industry",
        "EXGR_IDC": "of it, added by other domestic industries",
        "EXGR_RIM": "of it, come home in imports",
        "EXGR_FVA": "foreign value added in gross exports",
        "EXGR_DVASH": "share of domestic value added in gross exports",
        "EXGR_FVASH": "share of foreign value added in gross exports",
        "DXD_DVA": "domestic value added in domestic final demand",
        "FFD_DVA": "domestic value added in foreign final demand",
        "DFD_FVA": "foreign value added in domestic final demand",
        "BALVAFD": "FFD_DVA less DFD_FVA",
        "DEXFVAPSH": "backward participation: foreign value added in exports over gross exports",
        "FEXDVAP": "domestic value added in other countries' exports",
        "FEXDVAPSH": "forward participation: FEXDVAP over gross exports",
    }
)
"""What each indicator is, in the OECD's order."""


def tiva(table: WorldTable) -> Mapping[str, Array]:
    """Every indicator for every country, each of shape (N,). Shares are NaN for a country without exports."""
    whole = table.on(None)
    own, foreign = contents(whole)
    local = np.diagonal(local_leontief(whole), axis1=1, axis2=2).ravel()  # (L_ss)_ii
    exports = whole.by_country(whole.exports)
    final = whole.by_country(whole.final)
    sent = final.sum(axis=1) - np.diag(final)
    received = final.sum(axis=0) - np.diag(final)
    imports = whole.bilateral.sum(axis=0) - np.diag(whole.bilateral)
    direct = whole.by_country(whole.vc * local * whole.exports)
    domestic = whole.by_country(local_multiplier(whole) * whole.exports)
    content = whole.by_country(own * whole.exports)
    in_exports = whole.by_country((whole.cell_origins * whole.exports).T)  # exporter, origin
    elsewhere = in_exports.sum(axis=0) - np.diag(in_exports)
    home = np.diag(whole.origins)
    abroad, from_abroad = whole.origins.sum(axis=1) - home, whole.origins.sum(axis=0) - home
    foreign_content = whole.by_country(foreign * whole.exports)
    indicators = {
        "PROD": whole.by_country(whole.x),
        "VALU": whole.gdp,
        "EXGR": exports,
        "EXGR_FNL": sent,
        "EXGR_INT": exports - sent,
        "IMGR": imports,
        "IMGR_FNL": received,
        "IMGR_INT": imports - received,
        "BALGR": exports - imports,
        "EXGR_DVA": content,
        "EXGR_DDC": direct,
        "EXGR_IDC": domestic - direct,
        "EXGR_RIM": content - domestic,
        "EXGR_FVA": foreign_content,
        "EXGR_DVASH": ratio(content, exports),
        "EXGR_FVASH": ratio(foreign_content, exports),
        "DXD_DVA": home,
        "FFD_DVA": abroad,
        "DFD_FVA": from_abroad,
        "BALVAFD": abroad - from_abroad,
        "DEXFVAPSH": ratio(foreign_content, exports),
        "FEXDVAP": elsewhere,
        "FEXDVAPSH": ratio(elsewhere, exports),
    }
    return {name: indicators[name] for name in INDICATORS}
