"""The shortage model has one solution, worse shocks do worse, and its adjoint is the gradient."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.measures import INDICATORS
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Horizon, Scenario, Status, run
from serai.world.shocks.inputs import group_inputs, inputs_of
from serai.world.shocks.shortage import (
    CAPACITY,
    OTHERS,
    _held_back,
    essential_industries,
    shortage_solution,
    shortages,
)
from serai.world.table import Array, NotMeasured, WorldTable

LEATHER = read("leather")
tables = st.builds(
    synthetic_table,
    st.integers(2, 4),
    st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
)
factors = st.sampled_from([0.2, 0.5, 0.9])


def criticality(table: WorldTable, seed: int) -> Array:
    return np.random.default_rng(seed).random((table.n_industries, table.n)) < 0.5


def lost(table: WorldTable, seed: int, columns: int = 3) -> Array:
    random = np.random.default_rng(seed)
    return random.random((table.n, columns)) * (random.random((table.n, columns)) < 0.3)


def level_by_the_formula(table: WorldTable, h: Array, d: Array, k: float, essential: Array) -> Array:
    """The map of the module's documentation, cell by cell."""
    new = 1 - d
    for j in range(table.n):
        others = 0.0
        for p in range(table.n_industries):
            makers = table.cells(None, [table.industries[p]])
            bought = table.Z[makers, j].sum()
            if bought > 0:
                missing = k * (1 - table.Z[makers, j] @ h[makers] / bought)
                if essential[p, j]:
                    new[j] = min(new[j], 1 - missing)
                else:
                    others += bought / table.x[j] * missing
        new[j] = min(new[j], 1 - others)
    return new


@given(tables, factors, st.integers(0, 1000))
@settings(deadline=None, max_examples=25)
def test_the_solution_satisfies_the_equations(table: WorldTable, k: float, seed: int) -> None:
    essential, damage = criticality(table, seed), lost(table, seed)
    solved = shortage_solution(inputs_of(table), damage, irreplaceable=k, essential=essential)
    for column in range(damage.shape[1]):
        h = solved.h[:, column]
        np.testing.assert_allclose(level_by_the_formula(table, h, damage[:, column], k, essential), h, atol=1e-11)
    assert solved.residual <= 1e-13


@given(tables, factors, st.integers(0, 1000))
@settings(deadline=None, max_examples=25)
def test_the_solution_is_the_only_one(table: WorldTable, k: float, seed: int) -> None:
    damage, inputs = lost(table, seed), inputs_of(table)
    above = shortage_solution(inputs, damage, irreplaceable=k)
    anywhere = np.random.default_rng(seed).random(damage.shape)
    below = shortage_solution(inputs, damage, irreplaceable=k, start=anywhere)
    np.testing.assert_allclose(above.h, below.h, atol=1e-11)


@given(tables, factors, st.integers(0, 1000))
@settings(deadline=None, max_examples=25)
def test_a_worse_shock_leaves_nobody_better_off(table: WorldTable, k: float, seed: int) -> None:
    inputs, damage = inputs_of(table), lost(table, seed)
    worse = np.minimum(1, damage + lost(table, seed + 1))
    essential = criticality(table, seed)
    less, more = (shortage_solution(inputs, d, irreplaceable=k, essential=essential).h for d in (damage, worse))
    assert (more <= less + 1e-12).all()


@given(tables, factors)
@settings(deadline=None, max_examples=10)
def test_no_shock_changes_nothing(table: WorldTable, k: float) -> None:
    solved = shortage_solution(inputs_of(table), np.zeros(table.n), irreplaceable=k)
    assert (solved.h == 1).all()
    assert (solved.binding == CAPACITY).all()


@given(tables, factors, st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_a_step_brings_any_two_levels_together_by_what_is_irreplaceable(table: WorldTable, k: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    inputs, essential = inputs_of(table), criticality(table, seed)[:, inputs_of(table).order]
    alone = np.where(essential & (inputs.needs > 0), k, 0)
    together = np.where(essential, 0, k) * inputs.needs
    ceiling = random.random((table.n, 1))
    one, other = random.random((2, table.n, 1))
    stepped = [_held_back(inputs, levels, ceiling, alone, together)[0] for levels in (one, other)]
    assert np.abs(stepped[0] - stepped[1]).max() <= k * np.abs(one - other).max() + 1e-12


@given(tables, factors, st.integers(0, 1000))
@settings(deadline=None, max_examples=25)
def test_the_adjoint_is_the_gradient(table: WorldTable, k: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    inputs, essential = inputs_of(table), criticality(table, seed)
    damage = random.uniform(0.05, 0.4, table.n)  # no two constraints bind at once
    weights = random.random(table.n)
    solved = shortage_solution(inputs, damage, irreplaceable=k, essential=essential)
    found = solved.adjoint(weights)
    assert found.status is Status.SOLVED
    gradient = -found.values[:, 0] * (solved.binding[:, 0] == CAPACITY)
    direction = random.normal(size=table.n)
    step = 1e-7
    up, down = (
        shortage_solution(inputs, damage + sign * step * direction, irreplaceable=k, essential=essential)
        for sign in (1, -1)
    )
    if (up.binding == down.binding).all():
        difference = weights @ (up.h - down.h)[:, 0] / (2 * step)
        assert difference == pytest.approx(gradient @ direction, rel=1e-5, abs=1e-5)


def test_an_adjoint_that_was_cut_short_says_so() -> None:
    solved = shortage_solution(inputs_of(LEATHER), lost(LEATHER, 4), irreplaceable=0.9, essential=True)
    cut = solved.adjoint(LEATHER.v, most_steps=1)
    assert cut.status is Status.NOT_CONVERGED
    assert cut.residual > 1e-13
    assert solved.status is solved.adjoint(LEATHER.v).status is Status.SOLVED


def test_sensitivity_names_only_what_binds() -> None:
    solved = shortage_solution(inputs_of(LEATHER), lost(LEATHER, 4), essential=[[True], [False], [True]])
    for cell, column in np.ndindex(solved.h.shape):
        found = np.flatnonzero(solved.sensitivity[:, cell, column])
        binding = solved.binding[cell, column]
        assert found.tolist() == ([] if binding == CAPACITY else [1] if binding == OTHERS else [binding])


def test_what_arrives_is_the_suppliers_levels_by_their_shares() -> None:
    solved = shortage_solution(inputs_of(LEATHER), lost(LEATHER, 1))
    makers = LEATHER.cells(None, ["agriculture"])
    shares = LEATHER.Z[makers] / LEATHER.Z[makers].sum(axis=0)
    np.testing.assert_allclose(solved.q[0], shares.T @ solved.h[makers])


def test_products_may_be_any_groups_of_makers() -> None:
    random = np.random.default_rng(0)
    Z, product = random.random((6, 6)), [2, 0, 2, 1, 0, 2]
    inputs = group_inputs(Z, Z.sum(axis=0) * 2, product)
    h = random.random((6, 1))
    expected = [[Z[np.equal(product, p), j] @ h[np.equal(product, p), 0] for j in range(6)] for p in range(3)]
    bought = [[Z[np.equal(product, p), j].sum() for j in range(6)] for p in range(3)]
    got = inputs.arriving(h[inputs.order])[:, inputs.place, 0]
    np.testing.assert_allclose(got, np.divide(expected, bought))
    np.testing.assert_allclose(inputs.needs[:, inputs.place], bought / (Z.sum(axis=0) * 2))


def test_a_result_says_what_held_each_cell_back() -> None:
    result = run(read(), Scenario("shortage", {"share": 0.5, "countries": ["CHN"], "industries": ["C"]}))
    table = result.table
    assert isinstance(table, WorldTable)
    assert result.bound is not None
    assert result.bound[table.cell("CHN", "C")] == "capacity"
    assert result.bound[table.cell("KOR", "C")] == "C"
    assert result.horizon is Horizon.WEEKS
    assert result.status is Status.SOLVED
    assert result.output_loss[table.cell("CHN", "C")] == pytest.approx(0.5 * table.x[table.cell("CHN", "C")])
    assert (result.output_loss >= 0).all()


def test_essential_industries_are_goods_and_utilities() -> None:
    assert set(essential_industries(read())) == set("ABCDE")
    assert essential_industries(LEATHER) == LEATHER.industries  # nothing is known of them


def test_scenarios_solved_together_are_each_one_solved_alone() -> None:
    scenarios = [
        {"share": 0.3, "countries": ["ARG"]},
        {"share": 0.2, "industries": ["textile-leather"], "irreplaceable": 0.7},
        {"share": 0.1, "essential": ["transport-equipment"]},
    ]
    for together, scenario in zip(shortages(LEATHER, scenarios), scenarios, strict=True):
        alone = run(LEATHER, Scenario("shortage", scenario))
        np.testing.assert_allclose(together.output, alone.output_loss, atol=1e-9)


def test_wrong_shares_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'share' is a number from 0 to 1, not 1\.5"):
        run(LEATHER, Scenario("shortage", {"share": 1.5}))
    with pytest.raises(ValueError, match="a number from 0 to below 1, not 1"):
        run(LEATHER, Scenario("shortage", {"share": 0.5, "irreplaceable": 1.0}))
    with pytest.raises(ValueError, match=r"row 0, column 1 is -1\.0"):
        group_inputs(np.array([[1.0, -1.0], [1.0, 1.0]]), np.ones(2), [0, 1])


def test_r2_is_what_single_outages_do_and_keeps_its_bounds() -> None:
    table = read()
    found = {symbol: INDICATORS[symbol].function(table) for symbol in ("R2", "R2.worst", "R2.own")}
    losses = [run(table, Scenario("shortage", {"share": 0.3, "countries": [country]})) for country in table.countries]
    abroad = np.array([loss.share_of_gdp for loss in losses]).T
    np.fill_diagonal(abroad, np.nan)
    np.testing.assert_allclose(found["R2"].values, np.nanmean(abroad, axis=1))
    np.testing.assert_allclose(found["R2.worst"].values, np.nanmax(abroad, axis=1))
    goods = {"share": 0.3, "countries": ["DEU"], "industries": essential_industries(table)}
    germany = table.countries.index("DEU")
    own = run(table, Scenario("shortage", goods)).share_of_gdp[germany]
    assert found["R2.own"].values[germany] == pytest.approx(own)
    assert 0 < own < 0.3
    for values in found.values():
        assert values.low is not None
        assert values.high is not None
        assert (values.low <= values.values).all()
        assert (values.values <= values.high).all()
        assert values.world == pytest.approx(table.gdp @ values.values / table.gdp.sum())


def test_r2_needs_somebody_abroad_and_flows_above_zero() -> None:
    alone = WorldTable(("A",), ("i",), ("f",), np.ones((1, 1)), np.ones((1, 1)), 2000, "$")
    negative = WorldTable(("A", "B"), ("i",), ("f",), -np.ones((2, 2)), np.full((2, 2), 9.0), 2000, "$")
    for table, sentence in ((alone, "one country only"), (negative, "needs flows above 0")):
        with pytest.raises(NotMeasured, match=sentence):
            INDICATORS["R2"].function(table)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=15)
def test_one_scenario_alone_is_that_of_many_side_by_side(seed: int) -> None:
    """Alone it is solved by what binds, side by side by plain steps: the fixed point is the same."""
    table = synthetic_table(4, 3, seed=seed)
    scenarios = [{"share": 0.7, "countries": [country], "essential": ["i1"]} for country in table.countries[:2]]
    together = shortages(table, scenarios)
    for shortage, scenario in zip(together, scenarios, strict=True):
        alone = shortages(table, [scenario])[0]
        assert alone.output == pytest.approx(shortage.output, abs=1e-10 * table.x.max())
        assert alone.answer.residual <= 1e-13
