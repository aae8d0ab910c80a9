"""The gains from trade are those of Costinot and Rodríguez-Clare's table 4.1, within the revision of the data."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from serai.world.measures import CountryValues
from serai.world.measures.efficient import (
    gains_from_trade_many_sectors,
    gains_from_trade_monopolistic_competition,
    gains_from_trade_one_sector,
    gains_from_trade_with_intermediates,
)
from serai.world.readers.wiod2013 import read_wiod2013
from serai.world.table import WorldTable

REST = ("BGR", "CYP", "EST", "LTU", "LUX", "LVA", "MLT")


@pytest.fixture(scope="module")
def table(real_data: Path) -> WorldTable:
    return read_wiod2013(real_data / "wiod2013" / "wiod08.npz").aggregate(dict.fromkeys(REST, "RoW"))


@pytest.mark.data
@pytest.mark.parametrize(
    ("column", "indicator", "tolerance"),
    [
        ("one_sector", gains_from_trade_one_sector, 0.11),
        ("many_sectors", gains_from_trade_many_sectors, 1.0),
        ("monopolistic_competition", gains_from_trade_monopolistic_competition, 3.1),
        ("intermediates", gains_from_trade_with_intermediates, 3.0),
    ],
)
def test_the_gains_from_trade_of_table_4_1(
    table: WorldTable, column: str, indicator: Callable[[WorldTable], CountryValues], tolerance: float
) -> None:
    found = indicator(table)
    gains = dict(zip(found.countries, 100 * found.values, strict=True))
    with (Path(__file__).parent / "table41.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert gains[row["country"]] == pytest.approx(float(row[column]), abs=tolerance), row["country"]


def test_the_united_states_of_the_introduction() -> None:
    """Arkolakis, Costinot and Rodríguez-Clare (2012): a domestic share of .93 is worth 1.4 % (.7 to 1.4 %)."""
    flows = np.array([[93.0, 7.0], [7.0, 93.0]])
    table = WorldTable(("USA", "RoW"), ("all",), ("final",), np.zeros((2, 2)), flows, 2000, "$")
    found = gains_from_trade_one_sector(table)
    assert found.values[0] == pytest.approx(0.0144, abs=5e-5)
