"""Extraction and accounting give what solving the changed table anew gives."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import SHOCKS, Horizon, Scenario, Status, run
from serai.world.shocks.extraction import (
    output_lost_by_cell,
    value_added_lost_by_cell,
    value_added_lost_by_country,
)
from serai.world.table import Array, WorldTable

LEATHER = read("leather")
tables = st.builds(
    synthetic_table,
    st.integers(2, 5),
    st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
).filter(lambda table: (table.gdp > 0).all())


def output_without(table: WorldTable, cells: Array) -> Array:
    """Output of the table without these cells, from a smaller table solved anew."""
    rest = np.setdiff1d(np.arange(table.n), cells)
    left = np.zeros(table.n)
    small = np.eye(len(rest)) - table.A[np.ix_(rest, rest)]
    left[rest] = np.linalg.solve(small, table.F[rest].sum(axis=1))
    return left


@given(tables, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_extraction_leaves_what_a_table_without_the_cells_would_make(table: WorldTable, random: st.DataObject) -> None:
    industries = random.sample(table.industries, random.randint(1, len(table.industries)))  # type: ignore[attr-defined]
    countries = random.sample(table.countries, random.randint(1, len(table.countries)))  # type: ignore[attr-defined]
    result = run(table, Scenario("extraction", {"countries": countries, "industries": industries}))
    left = output_without(table, table.cells(countries, industries))
    np.testing.assert_allclose(table.x - result.output_loss, left, atol=1e-10 * table.x.max())
    np.testing.assert_allclose(result.loss, table.vc * (table.x - left), atol=1e-10 * table.x.max())
    assert result.status is Status.SOLVED
    assert result.residual < 1e-12


@given(tables)
@settings(deadline=None)
def test_every_country_extracted_at_once_is_each_one_extracted_alone(table: WorldTable) -> None:
    alone = [table.v.sum() - table.vc @ output_without(table, table.cells([country])) for country in table.countries]
    np.testing.assert_allclose(value_added_lost_by_country(table), alone, rtol=1e-9)


@given(tables)
@settings(deadline=None)
def test_every_cell_extracted_at_once_is_each_one_extracted_alone(table: WorldTable) -> None:
    left = [output_without(table, np.array([cell])) for cell in range(table.n)]
    scale = table.x.sum()
    np.testing.assert_allclose(output_lost_by_cell(table), [(table.x - x).sum() for x in left], atol=1e-10 * scale)
    np.testing.assert_allclose(
        value_added_lost_by_cell(table), [table.vc @ (table.x - x) for x in left], atol=1e-10 * scale
    )


def test_extracting_nothing_loses_nothing_and_everything_loses_all() -> None:
    nothing = run(LEATHER, Scenario("extraction", {"countries": []}))
    assert nothing.total == 0
    everything = run(LEATHER, Scenario("extraction"))
    np.testing.assert_allclose(everything.loss, LEATHER.v)
    np.testing.assert_allclose(everything.share_of_gdp, 1)


def test_demand_that_falls_takes_its_chain_along() -> None:
    result = run(LEATHER, Scenario("demand", {"share": 0.5, "destinations": ["DEU"], "industries": ["agriculture"]}))
    fall = np.zeros(9)
    fall[[0, 3, 6]] = 0.5 * LEATHER.F[[0, 3, 6], 2]
    np.testing.assert_allclose(result.output_loss, LEATHER.L @ fall)
    assert result.total == pytest.approx(fall.sum())  # vc'L = 1'
    assert result.residual < 1e-14


def test_supply_that_falls_is_passed_on() -> None:
    result = run(LEATHER, Scenario("supply", {"share": 0.2, "countries": ["TUR"], "industries": ["agriculture"]}))
    lost = np.zeros(9)
    lost[3] = 0.2 * LEATHER.v[3]
    np.testing.assert_allclose(result.output_loss, lost @ LEATHER.G)
    np.testing.assert_allclose(result.loss, lost)
    assert result.residual < 1e-14


@given(tables)
@settings(deadline=None)
def test_all_supply_gone_is_all_output_gone(table: WorldTable) -> None:
    result = run(table, Scenario("supply", {"share": 1.0}))
    np.testing.assert_allclose(result.output_loss, table.x, atol=1e-10 * table.x.max())


def test_a_result_says_over_which_horizon_it_holds_and_whom_to_cite() -> None:
    result = run(read(), Scenario("extraction", {"countries": ["CHN"], "industries": ["C"]}))
    assert result.horizon is Horizon.ACCOUNTING
    assert "Nothing is replaced" in result.limits[0]
    assert "Dietzenbacher and Lahr (2013)" in result.cite()
    assert "http://oe.cd/icio" in result.cite()
    china = result.table.countries.index("CHN")
    assert result.loss_by_country[china] == result.loss_by_country.max()


def test_a_wrong_scenario_is_answered_in_a_sentence() -> None:
    with pytest.raises(KeyError, match="no shock called 'comet'"):
        run(LEATHER, Scenario("comet"))
    with pytest.raises(ValueError, match="'extraction' has no parameter 'share'; it has countries, industries"):
        run(LEATHER, Scenario("extraction", {"share": 1}))
    with pytest.raises(ValueError, match="'share' is a number from 0 to 1, not 2"):
        run(LEATHER, Scenario("demand", {"share": 2}))
    with pytest.raises(KeyError, match="no country 'FRA'"):
        run(LEATHER, Scenario("demand", {"share": 1, "destinations": ["FRA"]}))


def test_every_shock_says_what_it_answers() -> None:
    for declared in SHOCKS.values():
        assert declared.question.endswith("?")
        assert declared.limits
        assert declared.sources


@pytest.mark.parametrize("kind", ["demand", "supply", "extraction"])
def test_a_static_scenario_costs_one_solve_and_its_residual_is_computed_when_asked(kind: str) -> None:
    table = synthetic_table(4, 3, seed=1)
    parameters = {"countries": ["C1"]} | ({} if kind == "extraction" else {"share": 0.1})
    result = run(table, Scenario(kind, parameters))
    assert {"A", "B", "L", "G"}.isdisjoint(vars(table))
    assert result.residual < 1e-14
    bent = replace(result, check=0.5)
    assert bent.residual == 0.5
