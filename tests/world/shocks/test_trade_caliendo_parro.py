"""Model A: an equilibrium stays one, agrees with model B where both can answer, and gives the paper's numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers import TableNotHere, UnreadableTable
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Status
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, TradeEquilibrium, cp_linear_decomposition, equilibrium
from serai.world.shocks.trade.economy import economy as economy_of
from serai.world.shocks.trade.elasticities import Elasticities
from serai.world.shocks.trade.equilibrium import Change, counterfactual
from serai.world.shocks.trade.fixed_point import fixed_point
from serai.world.shocks.trade.nafta import FILE, MEMBERS, Nafta, read_nafta
from serai.world.table import Array, WorldTable

THETA = np.array([4.0, 1.5, 12.0])
economies = st.builds(
    lambda countries, seed: TradeEconomy.of(synthetic_table(countries, 3, seed=seed), THETA),
    st.integers(2, 4),
    st.integers(0, 2**32 - 1),
)


def abroad(economy: TradeEconomy, value: float, home: float) -> Array:
    N, J = len(economy.countries), len(economy.sectors)
    return np.broadcast_to(np.where(np.eye(N, dtype=bool), home, value), (J, N, N))


@given(economies)
@settings(deadline=None, max_examples=12)
def test_without_a_change_nothing_changes(economy: TradeEconomy) -> None:
    found = equilibrium(economy)
    assert found.evaluations == 1
    np.testing.assert_allclose(found.welfare, 1, rtol=1e-12)
    np.testing.assert_allclose(found.after.flows, economy.flows, atol=1e-12 * economy.spending.max())
    assert found.residual < 1e-12


@given(economies, st.floats(0, 0.5), st.floats(0.7, 3))
@settings(deadline=None, max_examples=12)
def test_every_market_clears(economy: TradeEconomy, tariff: float, factor: float) -> None:
    balanced = equilibrium(economy, deficit=np.zeros(len(economy.countries))).after
    found = equilibrium(balanced, tariffs=abroad(economy, tariff, 0.0), costs=abroad(economy, factor, 1.0))
    assert found.status is Status.SOLVED
    assert found.residual < 1e-10
    after = found.after
    exports, imports = after.flows.sum(axis=(0, 1)), after.flows.sum(axis=(0, 2))
    np.testing.assert_allclose(exports, imports, rtol=1e-8)
    np.testing.assert_allclose(after.spending.sum(), (after.flows * (1 + after.tariffs)).sum())
    assert after.value_added.sum() == pytest.approx(economy.value_added.sum())


@given(economies, st.floats(0.3, 0.95), st.floats(0.3, 0.95))
@settings(deadline=None, max_examples=12)
def test_two_changes_in_turn_are_both_at_once(economy: TradeEconomy, one: float, other: float) -> None:
    economy = equilibrium(economy, deficit=np.zeros(len(economy.countries))).after
    first = equilibrium(economy, costs=abroad(economy, one, 1.0))
    second = equilibrium(first.after, costs=abroad(economy, other, 1.0))
    at_once = equilibrium(economy, costs=abroad(economy, one * other, 1.0))
    np.testing.assert_allclose(first.welfare * second.welfare, at_once.welfare, rtol=1e-8)


def pooled(table: WorldTable) -> WorldTable:
    """The table in which all buyers of a country buy from the same mix; outputs stay what they are."""
    N, S = table.n_countries, table.n_industries
    mix = TradeEconomy.of(table, THETA).shares.transpose(2, 0, 1)  # seller, product, buyer
    inputs = table.Z.reshape(N, S, N, S).sum(axis=0)
    final = table.final.reshape(N, S, N).sum(axis=0)
    return replace(table, Z=(mix[..., None] * inputs).reshape(table.n, table.n), F=(mix * final).reshape(table.n, N))


@pytest.mark.parametrize("deficits", ["kept", "removed"])
def test_both_models_agree_where_all_buyers_of_a_country_buy_alike(deficits: str) -> None:
    table = pooled(synthetic_table(3, 3, seed=11))
    of_a, of_b = TradeEconomy.of(table, THETA), economy_of(table)
    zero = None if deficits == "kept" else np.zeros(3)
    costs, tariffs = abroad(of_a, 1.4, 1.0), abroad(of_a, 0.15, 0.0)
    a = equilibrium(of_a, costs=costs, tariffs=tariffs, deficit=zero)
    b = counterfactual(of_b, Change(costs=costs, tariffs=tariffs, deficit=zero), Elasticities(THETA))
    np.testing.assert_allclose(a.welfare, b.welfare, rtol=1e-9)
    np.testing.assert_allclose(a.after.flows.sum(axis=1), b.output.T, rtol=1e-8)


def test_one_sector_without_inputs_gains_as_arkolakis_costinot_and_rodriguez_clare_say() -> None:
    table = synthetic_table(3, 1, seed=3)
    alone = replace(table, Z=np.zeros_like(table.Z))
    economy = TradeEconomy.of(alone, np.array([5.0]))
    balanced = equilibrium(economy, deficit=np.zeros(3)).after
    found = equilibrium(balanced, costs=abroad(economy, 1.3, 1.0))
    before, after = (np.einsum("jnn->n", each.shares) for each in (found.before, found.after))
    np.testing.assert_allclose(found.welfare, (after / before) ** (-1 / 5), rtol=1e-9)


def test_a_surplus_that_eats_all_income_is_refused_in_a_sentence() -> None:
    economy = TradeEconomy.of(synthetic_table(3, 3, seed=1), THETA)
    deficit = np.array([-2.0, 1.0, 1.0]) * economy.value_added[0]
    with pytest.raises(ValueError, match=r"C1 would have nothing left to spend.*Remove the imbalances first"):
        equilibrium(economy, deficit=deficit)


def test_shares_below_zero_are_refused_in_a_sentence() -> None:
    table = synthetic_table(2, 2, seed=1)
    F = table.F.copy()
    F[0, 0] = -1
    with pytest.raises(ValueError, match="apply the hygiene steps"):
        TradeEconomy.of(replace(table, F=F), np.full(2, 4.0))


def test_a_fixed_point_is_found_or_said_to_be_missing() -> None:
    matrix = np.array([[0.0, 0.9], [-0.9, 0.0]])
    found = fixed_point(lambda point: matrix @ point + 1, np.zeros(2), tolerance=1e-12, most=20)
    assert found.found
    np.testing.assert_allclose(found.point, np.linalg.solve(np.eye(2) - matrix, np.ones(2)), rtol=1e-12)
    assert found.evaluations < 8
    endless = fixed_point(lambda point: point + 1, np.zeros(2), tolerance=1e-12, most=20)
    assert not endless.found
    assert not fixed_point(lambda point: point * np.nan, np.ones(2), tolerance=1e-12, most=20).found


@pytest.fixture(scope="module")
def nafta(real_data: Path) -> Nafta:
    return read_nafta(real_data / FILE)


def test_the_linear_decomposition_summed_along_the_way_is_the_exact_change() -> None:
    economy = TradeEconomy.of(synthetic_table(3, 3, seed=8), THETA)
    taxed = equilibrium(economy, tariffs=abroad(economy, 0.2, 0.0), deficit=np.zeros(3)).after

    def along(steps: int) -> tuple[Array, Array]:
        at, linear, exact = taxed, np.zeros(3), np.zeros(3)
        for step in range(steps):
            found = equilibrium(at, tariffs=taxed.tariffs * (1 - (step + 1) / steps))
            linear += cp_linear_decomposition(found).welfare
            exact += np.log(found.welfare)
            at = found.after
        return linear, exact

    (coarse, exact), (fine, same) = along(4), along(16)
    np.testing.assert_allclose(exact, same, atol=1e-8)
    assert np.abs(fine - exact).max() < np.abs(coarse - exact).max() / 3


@pytest.mark.data
def test_mexico_gains_less_than_is_printed(nafta: Nafta) -> None:
    """Printed are +1.31 %, what a formula of first order says of tariffs of 1993; real income rises by 0.007 %."""
    found = nafta.from_balanced_trade
    mexico = nafta.economy.countries.index("Mexico")
    assert 100 * cp_linear_decomposition(found).welfare[mexico] == pytest.approx(1.31, abs=0.005)
    assert 100 * (found.welfare[mexico] - 1) == pytest.approx(0.0073, abs=5e-5)
    assert MEMBERS[0] == "Mexico"


@pytest.mark.data
def test_nafta_is_solved_to_the_last_digits(nafta: Nafta) -> None:
    solved: list[TradeEquilibrium] = [nafta.from_balanced_trade, nafta.with_deficits]
    for found in solved:
        assert found.status is Status.SOLVED
        assert found.residual < 1e-12
    outside = [i for i in range(31) if i not in nafta.members]
    assert (nafta.tariffs[:, outside] == nafta.economy.tariffs[:, outside]).all()


@pytest.mark.data
def test_a_damaged_file_of_nafta_is_refused(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with np.load(real_data / FILE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file}
    path = tmp_path / "nafta.npz"
    np.savez(path, **{**arrays, "theta": arrays["theta"][:-1]})
    with pytest.raises(UnreadableTable, match="'xbilat1993_net' is not an array of numbers of shape"):
        read_nafta(path)
    np.savez(path, **{name: values for name, values in arrays.items() if name != "IO"})
    with pytest.raises(UnreadableTable, match="IO"):
        read_nafta(path)
    path.write_bytes(b"words")
    with pytest.raises(UnreadableTable, match="not an npz file"):
        read_nafta(path)
    monkeypatch.setenv("SERAI_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(TableNotHere, match="set SERAI_DATA"):
        read_nafta()
