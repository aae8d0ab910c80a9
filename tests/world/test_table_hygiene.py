"""The balance sheet says in sentences what holds; the repairs are named, logged and can be undone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.hygiene import STEPS, balance_sheet, cap_inputs, without_negative_demand
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.table import WorldTable

LEATHER = read("leather")


@given(st.integers(2, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_a_balanced_table_passes_every_check(n_countries: int, n_industries: int, seed: int) -> None:
    assert balance_sheet(synthetic_table(n_countries, n_industries, seed=seed)).holds


def test_the_balance_sheet_is_a_page_to_read() -> None:
    lines = str(balance_sheet(LEATHER)).splitlines()
    assert lines[0] == "WorldTable leather 2015: 3 countries x 3 industries, units of money"
    assert "+ World final demand equals world value added." in lines
    assert "+ No cell with negative value added." in lines


def test_an_economy_that_needs_more_than_it_makes_is_not_productive() -> None:
    Z = np.array([[0.0, 9.0], [9.0, 0.0]])
    F = np.array([[-4.0, 0.0], [-4.0, 0.0]])
    sheet = balance_sheet(WorldTable(("A", "B"), ("i",), ("f",), Z, F, 2000, "$"))
    assert not sheet.holds
    assert "- The economy is not productive" in str(sheet)
    assert "2 of 2 cells with negative value added: A i, B i" in str(sheet)


def test_the_bound_on_the_spectral_radius_is_one() -> None:
    bound = next(check.off for check in balance_sheet(LEATHER).checks if check.name == "productive")
    assert np.abs(np.linalg.eigvals(LEATHER.A)).max() <= bound < 1


def run_down() -> WorldTable:
    F = LEATHER.F.copy()
    F[2, 1] = -0.7
    return replace(LEATHER, F=F)


def test_negative_final_demand_becomes_zero_and_the_table_balances() -> None:
    before = run_down()
    after = without_negative_demand(before)
    assert after.F[2, 1] == 0
    assert (after.F >= 0).all()
    np.testing.assert_allclose(after.A, before.A, atol=1e-15)
    assert balance_sheet(after).holds
    assert after.previous is before
    assert "1 negative final demands (0.7 units of money) set to 0" in after.log[-1]
    assert without_negative_demand(LEATHER) is LEATHER


def test_inputs_above_output_are_capped() -> None:
    Z = LEATHER.Z.copy()
    Z[:, 2] *= 3
    before = replace(LEATHER, Z=Z)
    assert before.v[2] < 0
    after = cap_inputs(before)
    assert after.A.sum(axis=0)[2] == pytest.approx(0.98)
    np.testing.assert_allclose(after.A[:, 2] / after.A[0, 2], before.A[:, 2] / before.A[0, 2])
    assert balance_sheet(after).holds
    assert "ARG transport-equipment" in after.log[-1]
    assert cap_inputs(LEATHER) is LEATHER


def test_the_steps_are_found_by_name() -> None:
    assert dict(STEPS) == {"inventories": without_negative_demand, "inputs": cap_inputs}
