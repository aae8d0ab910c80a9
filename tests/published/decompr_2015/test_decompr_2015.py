"""The leather example gives the numbers that decompr's documentation prints."""

import csv
from pathlib import Path

import numpy as np
import pytest

from serai.world.measures.decomposition import wang_wei_zhu
from serai.world.measures.gvc import export_content
from serai.world.measures.inclusive import backward_participation, forward_participation
from serai.world.measures.position import downstreamness, upstreamness
from serai.world.measures.secure import origin_concentration, pass_through, propagation_length
from serai.world.measures.smooth import border_crossings
from serai.world.measures.stable import network_volatility
from serai.world.readers import read

LEATHER = read("leather")


def test_value_added_in_exports_by_origin() -> None:
    printed = np.loadtxt(Path(__file__).parent / "leontief.csv", delimiter=",")
    np.testing.assert_allclose(LEATHER.vc[:, None] * LEATHER.L * LEATHER.exports, printed, atol=5e-7)


def test_origins_of_final_demand() -> None:
    printed = [[44.8679, 18.4931, 28.2390], [24.6613, 68.3586, 52.6802], [38.9708, 57.7483, 127.4809]]
    np.testing.assert_allclose(LEATHER.origins, printed, atol=5e-5)


def test_upstreamness_and_downstreamness() -> None:
    up = [2.0984, 2.1769, 1.6311, 2.1071, 2.1802, 1.8393, 1.9896, 2.1018, 1.7588]
    down = [1.5654, 1.7770, 2.4332, 1.7269, 1.9427, 2.5048, 1.7359, 2.0622, 2.3941]
    np.testing.assert_allclose(upstreamness(LEATHER), up, atol=5e-5)
    np.testing.assert_allclose(downstreamness(LEATHER), down, atol=5e-5)
    assert LEATHER.x @ upstreamness(LEATHER) == pytest.approx(LEATHER.x @ downstreamness(LEATHER))


def test_borders_crossed() -> None:
    printed = [0.1463, 0.3075, 0.4539, 0.2344, 0.2668, 0.4591, 0.2014, 0.2388, 0.4634]
    np.testing.assert_allclose(border_crossings(LEATHER), printed, atol=5e-5)


def test_domestic_value_added_in_exports_and_what_the_importer_absorbs() -> None:
    content = export_content(LEATHER)
    np.testing.assert_allclose(LEATHER.by_country(content.domestic), [52.8176, 89.8248, 106.8424], atol=5e-5)
    np.testing.assert_allclose(LEATHER.by_country(content.absorbed_directly), [34.7988, 65.5036, 89.3169], atol=5e-5)
    double_counted = LEATHER.by_country(LEATHER.vc * (LEATHER.L @ _exports_by_country())[range(9), LEATHER.country_of])
    np.testing.assert_allclose(
        double_counted - LEATHER.by_country(content.domestic), [0.8724, 2.6369, 4.4482], atol=5e-5
    )


def _exports_by_country() -> np.ndarray:
    exports = np.zeros((9, 3))
    exports[range(9), LEATHER.country_of] = LEATHER.exports
    return exports


def test_participation_concentration_and_volatility() -> None:
    np.testing.assert_allclose(backward_participation(LEATHER).values, [0.1786, 0.2093, 0.2761], atol=5e-5)
    np.testing.assert_allclose(forward_participation(LEATHER).values, [0.2802, 0.2141, 0.1187], atol=5e-5)
    np.testing.assert_allclose(origin_concentration(LEATHER).values, [0.5253, 0.6326, 0.5456], atol=5e-5)
    assert network_volatility(LEATHER).world == pytest.approx(0.77445, abs=5e-6)


def test_visits_and_propagation_length() -> None:
    assert pass_through(LEATHER, 3, 1)[8] == pytest.approx(0.118398, abs=5e-7)
    assert propagation_length(LEATHER, 3, 1) == pytest.approx(2.124623, abs=5e-7)


def test_the_terms_of_wang_wei_and_zhu() -> None:
    terms = wang_wei_zhu(LEATHER).terms
    with (Path(__file__).parent / "wang_wei_zhu.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cell = LEATHER.cell(row.pop("country"), row.pop("industry"))
            importer = LEATHER.countries.index(row.pop("importer"))
            found = {name: terms[name][cell, importer] for name in row}
            assert found == pytest.approx({name: float(value) for name, value in row.items()}, abs=1e-7)
