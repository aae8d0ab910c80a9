"""The balance sheet says in sentences what holds; the repairs are named, logged and can be undone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.hygiene import (
    HOME_SHARE_AT_LEAST,
    STEPS,
    balance_sheet,
    cap_inputs,
    repair,
    with_home_shares,
    without_idle_inputs,
    without_negative_demand,
    without_net_inventories,
)
from serai.world.measures.position import downstreamness, upstreamness
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
    assert {name: STEPS[name] for name in ("inventories", "net-inventories", "idle", "inputs", "home-shares")} == {
        "inventories": without_negative_demand,
        "net-inventories": without_net_inventories,
        "idle": without_idle_inputs,
        "inputs": cap_inputs,
        "home-shares": with_home_shares,
    }


def stocked() -> WorldTable:
    """The leather example with a use for inventories: some stocks grow, one is run down."""
    stocks = np.zeros_like(LEATHER.F)
    stocks[[0, 4, 8], [0, 1, 2]] = (3.0, -2.0, 5.0)
    F = np.stack([LEATHER.F, stocks], axis=2).reshape(9, 6)
    return replace(LEATHER, uses=("final", "stocks"), inventories="stocks", F=F)


def test_inventories_are_sold_to_the_same_buyers_and_output_stays() -> None:
    before = stocked()
    after = without_net_inventories(before)
    np.testing.assert_allclose(after.x, before.x)
    assert not after.net_inventories.any()
    shares = before.Z[0] / (before.x[0] - 3)
    np.testing.assert_allclose(after.Z[0] / after.x[0], shares)
    assert after.log[-1] == "net-inventories: 10 units of money spread over the other sales of 3 cells."
    assert after.previous is before
    assert without_net_inventories(after) is after
    assert without_net_inventories(LEATHER) is LEATHER


def test_position_in_the_chain_is_that_of_the_table_without_net_inventories() -> None:
    before = stocked()
    after = without_net_inventories(before)
    np.testing.assert_allclose(upstreamness(after), upstreamness(before))
    np.testing.assert_allclose(downstreamness(after), downstreamness(before))


def test_a_cell_that_only_fills_its_store_stays_as_it_is() -> None:
    F = np.array([[0.0, 5.0], [3.0, 0.0]])
    table = WorldTable(("A",), ("i", "j"), ("final", "stocks"), np.zeros((2, 2)), F, 2000, "$", inventories="stocks")
    assert without_net_inventories(table) is table


def test_cells_without_output_buy_nothing() -> None:
    F, Z = LEATHER.F.copy(), LEATHER.Z.copy()
    Z[2], F[2] = 0, 0
    before = replace(LEATHER, Z=Z, F=F)
    after = without_idle_inputs(before)
    assert before.x[2] == after.x[2] == 0
    assert before.v[2] < 0
    assert not after.Z[:, 2].any()
    assert after.vc[2] == 1
    assert balance_sheet(after).holds
    np.testing.assert_allclose(after.A, before.A)
    assert "idle: inputs of cells without output removed in ARG transport-equipment" in after.log[-1]
    assert without_idle_inputs(LEATHER) is LEATHER
    assert without_idle_inputs(after) is after


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=30)
def test_something_of_each_product_is_bought_at_home(seed: int) -> None:
    before = synthetic_table(3, 2, seed=seed)
    Z, F = before.Z.copy(), before.F.copy()
    Z[0, before.block(0)] = 0
    F[0, 0] = 0
    before = replace(before, Z=Z, F=F)
    after = with_home_shares(before)
    own = after.block(0)
    bought = np.column_stack([after.Z[:, own], after.F[:, :1]])
    product = bought[0::2].sum()
    assert bought[0].sum() == pytest.approx(HOME_SHARE_AT_LEAST * product)
    np.testing.assert_allclose(after.F.sum(axis=0), before.F.sum(axis=0))
    np.testing.assert_allclose(after.A[0::2].sum(axis=0), before.A[0::2].sum(axis=0))
    np.testing.assert_allclose(after.A[1::2], before.A[1::2])
    assert balance_sheet(after).holds
    assert "home-shares: raised to 0.1% in C1 i1;" in after.log[-1]
    assert with_home_shares(LEATHER) is LEATHER


def test_repairs_follow_one_another_and_lead_back() -> None:
    Z = LEATHER.Z.copy()
    Z[:, 5] *= 4
    before = replace(run_down(), Z=Z)
    after = repair(before)
    assert [sentence.partition(":")[0] for sentence in after.log] == ["inventories", "inputs"]
    assert after.previous is not None
    assert after.previous.previous is before
    assert repair(LEATHER) is LEATHER
    with pytest.raises(KeyError, match="no hygiene step called 'polish'"):
        repair(LEATHER, ["polish"])
