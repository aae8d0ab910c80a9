"""Upstreamness and downstreamness are those that Antràs and Chor publish."""

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from serai.world.measures.position import downstreamness, upstreamness
from serai.world.readers.wiod2013 import read_wiod2013

pytestmark = pytest.mark.data
LARGE = ("CHN", "USA", "JPN", "DEU", "FRA", "GBR", "IND", "BRA", "ITA", "RUS", "CAN", "KOR")


@pytest.mark.parametrize("year", [1995, 2011])
def test_countries_stand_where_table_1_says(real_data: Path, year: int) -> None:
    table = read_wiod2013(real_data / "wiod2013" / f"wiod{year % 100:02d}.npz")
    countries = table.aggregate(industries=dict.fromkeys(table.industries, "all"))
    up = dict(zip(countries.countries, upstreamness(countries), strict=True))
    down = dict(zip(countries.countries, downstreamness(countries), strict=True))
    with (Path(__file__).parent / "table1.csv").open(encoding="utf-8") as file:
        printed = [row for row in csv.DictReader(file) if row["year"] == str(year)]
    for row in printed:
        assert up[row["country"]] == pytest.approx(float(row["upstreamness"]), abs=0.007)
        if row["downstreamness"]:
            assert down[row["country"]] == pytest.approx(float(row["downstreamness"]), abs=0.007)


def correlations(real_data: Path, year: int) -> tuple[float, float]:
    """Correlation with the published upstreamness over all cells, and the largest mean gap of a large economy."""
    table = read_wiod2013(real_data / "wiod2013" / f"wiod{year % 100:02d}.npz")
    published = (
        pl.read_parquet(real_data / "wiod2013" / "antras_chor_gvc.parquet")
        .filter(pl.col("year") == year)
        .with_columns(pl.col("cty_name").replace("ROU", "ROM"))
    )
    there = {(row["cty_name"], f"c{row['ind_num']}"): row["GVC_Ui"] for row in published.iter_rows(named=True)}
    ours = upstreamness(table)
    joined = [(cell, there[label]) for cell, label in enumerate(table.labels) if there.get(label) is not None]
    joined = [(cell, value) for cell, value in joined if np.isfinite(value) and table.x[cell] > 0]
    cells, values = np.array([cell for cell, _ in joined]), np.array([value for _, value in joined])
    large = np.isin(cells, table.cells(LARGE))
    gap = ours[cells[large]] - values[large]
    output = table.x[cells[large]]
    of = table.country_of[cells[large]]
    means = [np.average(np.abs(gap[of == country]), weights=output[of == country]) for country in np.unique(of)]
    assert len(cells) > 1400
    return float(np.corrcoef(ours[cells], values)[0, 1]), float(max(means))


@pytest.mark.parametrize("year", range(1995, 2012))
def test_industries_stand_where_the_data_set_says(real_data: Path, year: int) -> None:
    correlation, gap = correlations(real_data, year)
    assert correlation >= 0.99
    assert gap <= 0.01
