"""pymrio's system and accounts on its own test table are Serai's (an oracle: GPL, never at run time)."""

import warnings
from typing import Any

import numpy as np
import pytest

from serai.world.measures import measure
from serai.world.measures.green import accounts
from serai.world.table import Extension, WorldTable

PRINTED_PRODUCTION = [153248596.59, 86976090.05, 381006799.6, 422040004.5, 458292282.3, 854409105.0]
PRINTED_CONSUMPTION = [207752104.4316, 115468289.2811, 345798792.6654, 446060180.2397, 416485670.7562, 824407840.6661]
"""Of pymrio 0.7.0's test table, emission_type1 (docs/method/indicators.md, green)."""


@pytest.fixture(scope="module")
def oracle() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pymrio = pytest.importorskip("pymrio", reason="pymrio is an oracle; install the group 'oracle' to ask it")
        system = pymrio.load_test()
        system.calc_all()
    return system


@pytest.fixture(scope="module")
def table(oracle: Any) -> WorldTable:
    regions, sectors = (tuple(dict.fromkeys(oracle.Z.index.get_level_values(level))) for level in (0, 1))
    direct = oracle.emissions.F_Y.T.groupby(level="region", sort=False).sum().loc[list(regions)].T
    return WorldTable(
        countries=regions,
        industries=sectors,
        uses=tuple(dict.fromkeys(oracle.Y.columns.get_level_values(1))),
        Z=oracle.Z.to_numpy(dtype=float),
        F=oracle.Y.to_numpy(dtype=float),
        year=2000,
        unit="money",
        inventories="Changes in inventories",
        extensions={
            "emissions": Extension(
                oracle.emissions.F.to_numpy(dtype=float)[0], "kg", households=direct.to_numpy(dtype=float)[0]
            )
        },
    )


def test_the_system_is_pymrios(oracle: Any, table: WorldTable) -> None:
    np.testing.assert_allclose(table.x, oracle.x.to_numpy()[:, 0])
    np.testing.assert_allclose(table.A, oracle.A.to_numpy(), atol=1e-15)
    np.testing.assert_allclose(table.L, oracle.L.to_numpy(), atol=1e-12)
    np.testing.assert_allclose(table.solve_leontief(table.final), oracle.L.to_numpy() @ table.final)


def test_the_accounts_of_production_and_consumption_are_pymrios(oracle: Any, table: WorldTable) -> None:
    records = measure(table, properties=["green"])
    for symbol, account, printed in (
        ("G1.production", oracle.emissions.D_pba_reg, PRINTED_PRODUCTION),
        ("G1.consumption", oracle.emissions.D_cba_reg, PRINTED_CONSUMPTION),
    ):
        found = [record.value for record in records if record.symbol == symbol and record.country in table.countries]
        assert found == pytest.approx(account.to_numpy()[0].tolist(), rel=1e-12)
        assert found == pytest.approx(printed, rel=1e-9)


def test_emissions_in_trade_and_per_unit_are_pymrios(oracle: Any, table: WorldTable) -> None:
    found = accounts(table)
    exported, imported = oracle.emissions.D_exp_reg.to_numpy()[0], oracle.emissions.D_imp_reg.to_numpy()[0]
    np.testing.assert_allclose(found.exports, exported)
    np.testing.assert_allclose(found.imports, imported)
    intensity = table.extensions["emissions"].values / table.x
    np.testing.assert_allclose(table.solve_leontief_transposed(intensity), oracle.emissions.M.to_numpy()[0])
