"""What the trade engine solves is what closed forms say: autarky, first order and second order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks.trade.closed_forms import (
    Network,
    closed_economies,
    income_change,
    income_change_from_shares,
    second_order,
)
from serai.world.shocks.trade.economy import economy
from serai.world.shocks.trade.elasticities import Elasticities
from serai.world.shocks.trade.equilibrium import Change, counterfactual
from serai.world.shocks.trade.preparation import without_imbalances
from serai.world.shocks.trade.sensitivity import welfare_sensitivity
from serai.world.table import Array, WorldTable

THETA = np.array([4.0, 1.5, 12.0])
LONG, SHORT = Elasticities(THETA), Elasticities(THETA / 4, 0.2, 0.9)
tables = st.builds(synthetic_table, st.integers(2, 4), st.just(3), seed=st.integers(0, 2**32 - 1))


@given(tables)
@settings(deadline=None, max_examples=12)
def test_without_foreign_sources_every_country_keeps_what_the_closed_form_says(table: WorldTable) -> None:
    base = economy(without_imbalances(table, LONG))
    wall = np.where(np.eye(table.n_countries, dtype=bool), 1.0, np.inf)
    found = counterfactual(base, Change(costs=np.broadcast_to(wall, base.tariffs.shape)), LONG)
    np.testing.assert_allclose(found.welfare, closed_economies(base.table, THETA).welfare, rtol=1e-8)


def test_in_autarky_a_shock_weighs_as_its_domar_weight_says() -> None:
    base = economy(without_imbalances(synthetic_table(3, 3, seed=2), LONG))
    wall = np.broadcast_to(np.where(np.eye(3, dtype=bool), 1.0, np.inf), (3, 3, 3))
    weak = np.ones((3, 3))
    weak[1, 2] = 0.7
    alone = counterfactual(base, Change(costs=wall), LONG).welfare
    struck = counterfactual(base, Change(costs=wall, productivity=weak), LONG).welfare
    expected = np.zeros(3)
    expected[1] = closed_economies(base.table, THETA).domar[1, 2] * np.log(0.7)
    np.testing.assert_allclose(np.log(struck / alone), expected, atol=1e-9)


def test_one_sector_without_inputs_gains_as_arkolakis_costinot_and_rodriguez_clare_say() -> None:
    table = synthetic_table(3, 1, seed=3)
    elasticity = Elasticities(np.array([5.0]))
    base = economy(without_imbalances(replace(table, Z=np.zeros_like(table.Z)), elasticity))
    costs = np.where(np.eye(3, dtype=bool), 1.0, 0.8)[None]
    found = counterfactual(base, Change(costs=costs), elasticity)
    before, after = (np.diag(each.F) / each.F.sum(axis=0) for each in (base.table, found.table))
    np.testing.assert_allclose(found.welfare, (after / before) ** (-1 / 5), rtol=1e-9)


@given(tables, st.sampled_from([LONG, SHORT]))
@settings(deadline=None, max_examples=12)
def test_what_a_link_is_worth_to_all_is_its_flow(table: WorldTable, elasticity: Elasticities) -> None:
    """Hulten (1978): sum_J E_J d ln W_J / d ln kappa = -flow, link by link."""
    sensitivity = welfare_sensitivity(table, elasticity)
    worth = sum(
        spent * sensitivity.links(country)
        for country, spent in zip(table.countries, table.final.sum(axis=0), strict=True)
    )
    flows = np.concatenate([table.Z, table.final], axis=1)
    np.testing.assert_allclose(worth, -flows, atol=1e-9 * flows.max())


@pytest.mark.parametrize("elasticity", [LONG, SHORT])
def test_what_a_link_is_worth_to_one_country_is_the_slope_of_the_solved_model(elasticity: Elasticities) -> None:
    table, step = synthetic_table(3, 3, seed=5), 1e-4
    base, sensitivity = economy(table), welfare_sensitivity(table, elasticity)
    links = np.array([sensitivity.links(country) for country in table.countries])
    for product, buyer, seller in ((0, 1, 2), (2, 0, 2), (1, 1, 1)):
        logs = []
        for sign in (1, -1):
            costs = np.ones((3, 3, 3))
            costs[product, buyer, seller] = np.exp(sign * step)
            logs.append(np.log(counterfactual(base, Change(costs=costs), elasticity).welfare))
        row, own = seller * 3 + product, table.block(buyer)
        expected = links[:, row, own].sum(axis=1) + links[:, row, table.n + buyer]
        np.testing.assert_allclose((logs[0] - logs[1]) / (2 * step), expected, atol=1e-6)


def test_what_a_cells_productivity_is_worth_is_the_slope_of_the_solved_model() -> None:
    table, step = synthetic_table(3, 3, seed=6), 1e-4
    base, sensitivity = economy(table), welfare_sensitivity(table, SHORT)
    better = np.ones((3, 3))
    better[1, 0] = np.exp(step)
    up = counterfactual(base, Change(productivity=better), SHORT).welfare
    down = counterfactual(base, Change(productivity=1 / better), SHORT).welfare
    expected = [sensitivity.cells(country)[3] for country in table.countries]
    np.testing.assert_allclose((np.log(up) - np.log(down)) / (2 * step), expected, atol=1e-6)


def network(seed: int, n: int = 4) -> Network:
    random = np.random.default_rng(seed)
    inputs = random.random((n, n)) * random.uniform(0.2, 0.8, n)
    inputs /= np.maximum(inputs.sum(axis=0) / random.uniform(0.2, 0.8, n), 1e-9)
    final = random.random(n)
    return Network(inputs, final / final.sum(), random.uniform(0.05, 3, n), float(random.uniform(0.2, 2)))


def income(economy: Network, productivity: Array) -> float:
    """The logarithm of real income, wages fixed: less that of the price of the final bundle, by fixed point."""
    s, price = economy.substitution, np.zeros(len(productivity))
    labour = 1 - economy.inputs.sum(axis=0)
    for _ in range(150):
        spent = (economy.inputs * np.exp((1 - s) * price[:, None])).sum(axis=0)
        price = np.log(labour + spent) / (1 - s) - productivity
    t = economy.final_substitution
    return float(-np.log(economy.final @ np.exp((1 - t) * price)) / (1 - t))


@pytest.mark.parametrize("seed", range(3))
def test_the_second_order_is_the_curvature_of_the_solved_economy(seed: int) -> None:
    economy, step = network(seed), 1e-3
    unit = step * np.eye(4)
    hessian = [
        [
            (
                income(economy, unit[i] + unit[j])
                - income(economy, unit[i] - unit[j])
                - income(economy, unit[j] - unit[i])
                + income(economy, -unit[i] - unit[j])
            )
            / (4 * step**2)
            for j in range(4)
        ]
        for i in range(4)
    ]
    slope = [(income(economy, unit[i]) - income(economy, -unit[i])) / (2 * step) for i in range(4)]
    np.testing.assert_allclose(slope, economy.domar, rtol=1e-5)
    np.testing.assert_allclose(second_order(economy), hessian, atol=2e-5)


def test_the_second_order_explains_most_of_what_the_first_leaves_open() -> None:
    economy, shock = network(1), np.array([0.1, -0.2, 0.05, 0.0])
    first, second = income_change(economy, shock)
    assert second == pytest.approx(shock @ second_order(economy) @ shock / 2)
    left = income(economy, shock) - first
    assert abs(left - second) < abs(left) / 3


def test_the_world_of_a_table_has_its_domar_weights() -> None:
    table = synthetic_table(3, 3, seed=4)
    world = Network.of(table, 0.5, 0.9)
    np.testing.assert_allclose(world.domar, table.x / table.final.sum(), rtol=1e-10)
    even = income_change(world, np.full(9, 0.1))
    assert even[0] == pytest.approx(0.1 * table.x.sum() / table.final.sum())
    with pytest.raises(ValueError, match="Negative final demand"):
        Network.of(replace(table, F=-table.F), 0.5, 0.9)


def test_oil_in_the_seventies_cost_more_than_its_share_says() -> None:
    """Baqaee and Farhi (2019): a share of 1.8 % that rises to 7.6 % as supply falls by 13 %: .23 % and .61 %."""
    assert income_change_from_shares(0.018, 0.018, -0.13) == pytest.approx(-0.0023, abs=5e-5)
    assert income_change_from_shares(0.018, 0.076, -0.13) == pytest.approx(-0.0061, abs=5e-5)
