"""Indicators on the real world tables equal an independent computation, to its printed digits."""

from pathlib import Path

import numpy as np
import pytest

from serai.world.measures import CountryValues
from serai.world.measures.digital import ict_content
from serai.world.measures.inclusive import backward_participation, gvc_participation
from serai.world.measures.mutual import dependence_asymmetry
from serai.world.measures.openness import domestic_value_added_in_exports, exports_to_gdp, foreign_share_of_final_demand
from serai.world.measures.secure import exposure, input_exposure, origin_concentration
from serai.world.measures.smooth import borders_crossed, trade_costs
from serai.world.measures.stable import network_volatility
from serai.world.readers.wiod2013 import read_wiod2013
from serai.world.table import Array, WorldTable

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def tables(real_data: Path) -> dict[int, WorldTable]:
    return {year: read_wiod2013(real_data / "wiod2013" / f"wiod{year % 100:02d}.npz") for year in (1995, 2008, 2011)}


def some(found: CountryValues, *countries: str) -> list[float]:
    return [float(found.values[found.countries.index(country)]) for country in countries]


def test_origins_are_as_concentrated_and_foreign_as_computed_elsewhere(tables: dict[int, WorldTable]) -> None:
    table = tables[2011]
    concentration = some(origin_concentration(table), "USA", "CHN", "DEU", "MEX", "CAN")
    assert concentration == pytest.approx([0.111, 0.123, 0.068, 0.221, 0.213], abs=5.1e-4)
    foreign = some(foreign_share_of_final_demand(table), "USA", "CHN", "DEU", "JPN", "MEX")
    assert foreign == pytest.approx([0.128, 0.180, 0.255, 0.120, 0.205], abs=5.1e-4)
    world = dependence_asymmetry(table).world
    assert world is not None
    assert 0.72 <= world <= 0.73


def test_the_world_of_three_years(tables: dict[int, WorldTable]) -> None:
    printed = {
        network_volatility: [0.1446, 0.1503, 0.1536],
        gvc_participation: [0.3492, 0.4682, 0.4441],
        backward_participation: [0.1935, 0.2706, 0.2539],
        exports_to_gdp: [0.1872, 0.2885, 0.2648],
        domestic_value_added_in_exports: [0.8065, 0.7294, 0.7461],
    }
    for measure, values in printed.items():
        assert [measure(table).world for table in tables.values()] == pytest.approx(values, abs=5.1e-5)
    assert borders_crossed(tables[2011]).world == pytest.approx(0.177, abs=5e-4)
    assert ict_content(tables[2011]).world == pytest.approx(0.046, abs=5e-4)


def test_what_trade_costs_between_pairs(tables: dict[int, WorldTable]) -> None:
    pairs = [("USA", "CHN"), ("USA", "MEX"), ("DEU", "FRA"), ("DEU", "CHN")]
    for year, printed in ((2011, [1.424, 1.007, 1.114, 1.421]), (1995, [1.866, 1.170, 1.240, 2.091])):
        costs, order = trade_costs(tables[year]), tables[year].countries
        found = [costs[order.index(left), order.index(right)] for left, right in pairs]
        assert found == pytest.approx(printed, abs=5.1e-4)


def us_manufactures(table: WorldTable) -> Array:
    basket = np.zeros((table.n, 1))
    cells = table.cells(["USA"], [f"c{number}" for number in range(3, 17)])
    basket[cells, 0] = table.x[cells]
    return basket


def test_american_manufacturing_depends_on_china_more_than_it_sees(tables: dict[int, WorldTable]) -> None:
    table = tables[2011]
    china, home = table.countries.index("CHN"), table.countries.index("USA")
    all_output, inputs = exposure(table, us_manufactures(table)), input_exposure(table, us_manufactures(table))
    found = [all_output.look_through[home, 0], all_output.look_through[china, 0]]
    assert found == pytest.approx([0.7996, 0.0342], abs=5.1e-5)
    found = [inputs.look_through[home, 0], inputs.look_through[china, 0], inputs.face_value[home, 0]]
    assert found == pytest.approx([0.6529, 0.0592, 0.7754], abs=5.1e-5)
    assert inputs.face_value[china, 0] == pytest.approx(0.0247, abs=5.1e-5)
    before = tables[1995]
    assert exposure(before, us_manufactures(before)).look_through[china, 0] == pytest.approx(0.0041, abs=5.1e-5)
