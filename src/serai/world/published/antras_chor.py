"""Positions in the chain, by country and industry, beside the data set of Antràs and Chor (2018).

The data set is read from SERAI_DATA. WIOD's published cells are rounded to a million dollars; the data set was made
before that rounding. In a column of n cells the rounding leaves a deviation of sqrt(n / 12), 11 million, in what a cell
buys: for a cell of small output nothing can be said, and it is left out.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from serai.world.measures.position import downstreamness, upstreamness
from serai.world.published import quantity
from serai.world.readers import data_file
from serai.world.table import Array, NotMeasured, WorldTable

FILE = "wiod2013/antras_chor_gvc.parquet"
LARGE = 12
"""How many economies of a year are large, by output."""
MEASURES = {"upstreamness": ("GVC_Ui", upstreamness), "downstreamness": ("GVC_Di", downstreamness)}
ROUNDING_AT_MOST = 0.1
"""Deviation that rounding may leave in a cell's inputs, relative to its output, for the cell to be compared."""


@quantity("agreement with the data set")
def agreement_with_the_data_set(table: WorldTable) -> Mapping[str, float]:
    """Correlation with the published measures over cells, and the largest mean gap of a large economy."""
    path = data_file(FILE)
    if path is None:
        raise NotMeasured(f"The data set {FILE} is in no data folder; set SERAI_DATA.")
    rows = pl.read_parquet(path).filter(pl.col("year") == table.year)
    labels = list(
        zip(rows["cty_name"].replace("ROU", "ROM"), (f"c{number}" for number in rows["ind_num"]), strict=True)
    )
    large_enough = table.x * ROUNDING_AT_MOST >= np.sqrt(table.n / 12)
    agreement: dict[str, float] = {}
    for name, (column, measured) in MEASURES.items():
        there = dict(zip(labels, rows[column], strict=True))
        published = np.array([there.get(label, np.nan) for label in table.labels], dtype=float)
        agreement |= _agreement(table, name, measured(table), published, large_enough & np.isfinite(published))
    return agreement


def _agreement(table: WorldTable, name: str, ours: Array, published: Array, compared: Array) -> dict[str, float]:
    gap = np.where(compared, np.abs(ours - published), 0) * table.x
    size = table.by_country(np.where(compared, table.x, 0))
    large = np.argsort(-size)[:LARGE]
    means = table.by_country(gap)[large] / size[large]
    return {
        f"{name}, correlation": np.corrcoef(ours[compared], published[compared])[0, 1],
        f"{name}, largest mean gap of a large economy": means.max(),
    }
