"""An object of pymrio becomes the same table, with the same accounts as pymrio calculates from it."""

from types import SimpleNamespace

import numpy as np
import pytest

from serai.world.readers import UnreadableTable
from serai.world.readers.pymrio_system import from_pymrio

pymrio = pytest.importorskip("pymrio")
pandas = pytest.importorskip("pandas")


def test_the_test_system_of_pymrio_has_the_same_accounts_here() -> None:
    system = pymrio.load_test().calc_all()
    table = from_pymrio(system, year=2010)
    assert (table.n_countries, table.n_industries, table.unit) == (6, 8, "Mill USD")
    np.testing.assert_allclose(table.x, system.x.to_numpy().ravel())
    np.testing.assert_allclose(table.A, system.A.to_numpy())
    np.testing.assert_allclose(table.L, system.L.to_numpy())
    air = table.extensions["Emissions: emission_type1 air"]
    produced = table.by_country(air.values)
    assert air.unit == "kg"
    assert air.households is not None
    np.testing.assert_allclose(
        produced + air.households, system.emissions.D_pba_reg.to_numpy()[0], rtol=1e-9
    )  # production account with what final users emit themselves
    consumed = table.by_country(np.diag(air.values / table.x) @ table.output_by_destination).sum(axis=0)
    np.testing.assert_allclose(consumed + air.households, system.emissions.D_cba_reg.to_numpy()[0], rtol=1e-9)


def frames(order: tuple[str, ...] = ("A", "B")) -> SimpleNamespace:
    cells = pandas.MultiIndex.from_product([order, ["i", "j"]], names=["region", "sector"])
    finals = pandas.MultiIndex.from_product([order, ["hh"]], names=["region", "category"])
    unit = pandas.DataFrame({"unit": ["M.EUR"] * 4}, index=cells)
    return SimpleNamespace(
        Z=pandas.DataFrame(np.arange(16.0).reshape(4, 4), index=cells, columns=cells),
        Y=pandas.DataFrame(np.ones((4, 2)), index=cells, columns=finals),
        unit=unit,
    )


def test_only_the_frames_are_looked_at() -> None:
    table = from_pymrio(frames(), year=2000)
    assert table.countries == ("A", "B")
    assert table.unit == "M.EUR"
    assert table.Z[1, 2] == 6
    assert table.extensions == {}


def test_a_system_that_is_no_table_is_refused_with_the_place() -> None:
    system = frames()
    with pytest.raises(UnreadableTable, match="has no flows Z and final demand Y"):
        from_pymrio(SimpleNamespace(), year=2000)
    system.Y.index = frames(("B", "A")).Y.index
    with pytest.raises(UnreadableTable, match="rows of Y, number 1: found 'B i', expected 'A i'"):
        from_pymrio(system, year=2000)
    system = frames()
    system.unit.iloc[0, 0] = "kg"
    with pytest.raises(UnreadableTable, match=r"has 2 units \(M.EUR, kg\); say which one by `unit`"):
        from_pymrio(system, year=2000)
    assert from_pymrio(system, year=2000, unit="EUR").unit == "EUR"
    system.Z.index = pandas.Index(range(4))
    with pytest.raises(UnreadableTable, match="are not two levels, region and sector"):
        from_pymrio(system, year=2000)
