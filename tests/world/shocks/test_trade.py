"""Tariffs, trade costs, blocs and new sources: the table after each balances, and who loses is as theory says."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.hygiene import STEPS, balance_sheet
from serai.world.industries import LEAST_ELASTICITY, MOST_ELASTICITY
from serai.world.measures import INDICATORS, ask, measure
from serai.world.measures.stable import buffer
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import SHOCKS, Horizon, Result, Scenario, Status, run
from serai.world.shocks.trade.closed_forms import closed_economies
from serai.world.shocks.trade.economy import economy, tariffs_of
from serai.world.shocks.trade.elasticities import Elasticities, elasticities
from serai.world.shocks.trade.equilibrium import Change, Counterfactual, counterfactual
from serai.world.shocks.trade.preparation import without_imbalances
from serai.world.shocks.trade.walls import links
from serai.world.table import Extension, WorldTable

KINDS = ("productivity", "tariff", "agreement", "trade_cost", "decoupling", "opening", "export_stop", "new_source")
G20 = read()
tables = st.builds(synthetic_table, st.integers(3, 4), st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
trade = st.one_of(
    st.floats(1.5, 8), st.sampled_from(["one year", "ten years"]), st.just({"trade": 3.0, "inputs": 0.3, "final": 0.5})
)
few = settings(deadline=None, max_examples=10)


def after(table: WorldTable, kind: str, **parameters: Any) -> Counterfactual:
    found = answered(table, kind, **parameters).answer
    assert isinstance(found, Counterfactual)
    return found


def answered(table: WorldTable, kind: str, **parameters: Any) -> Result:
    result = run(table, Scenario(kind, {"elasticities": 4.0} | parameters))
    assert result.status is Status.SOLVED
    assert result.residual < 1e-9
    return result


@given(tables, trade)
@few
def test_without_a_change_the_table_is_identical(table: WorldTable, theta: Any) -> None:
    found = after(table, "trade_cost", factor=1.0, elasticities=theta, imbalances="kept")
    assert found.evaluations == 1
    np.testing.assert_allclose(found.table.Z, table.Z, rtol=1e-10)
    np.testing.assert_allclose(found.table.F, table.F, rtol=1e-10)
    np.testing.assert_allclose(found.welfare, 1, rtol=1e-12)


@given(tables, trade, st.sampled_from(["removed", "kept"]), st.floats(0.0, 0.4))
@few
def test_the_new_table_balances(table: WorldTable, theta: Any, imbalances: str, added: float) -> None:
    if imbalances == "kept":  # a third of them, as all of an invented table's may be more than some incomes can bear
        milder = Change(deficit=economy(table).deficit / 3)
        table = counterfactual(economy(table), milder, elasticities(table, 4.0)).table
    found = after(table, "tariff", added=added, importers=["C1"], elasticities=theta, imbalances=imbalances)
    new = found.table
    assert balance_sheet(new).holds
    np.testing.assert_allclose(new.x, found.output.ravel(), rtol=1e-8)
    revenue = found.income - found.deficit - found.wage * found.base.wages
    assert (revenue >= -1e-9 * found.income).all()
    np.testing.assert_allclose(revenue[1:], 0, atol=1e-9 * found.income.max())
    if imbalances == "removed":
        gdp = found.base.table.gdp
        np.testing.assert_allclose(gdp, found.base.table.final.sum(axis=0), atol=1e-8 * gdp.max())


@given(tables, trade, st.floats(1.05, 3))
@few
def test_the_world_never_gains_from_a_dearer_border(table: WorldTable, theta: Any, factor: float) -> None:
    found = after(table, "trade_cost", factor=factor, elasticities=theta)
    assert found.world_welfare < 1
    cheaper = after(table, "trade_cost", factor=1 / factor, elasticities=theta)
    assert cheaper.world_welfare > 1


@given(tables, st.floats(1.1, 2), st.floats(1.1, 2))
@few
def test_the_dearer_the_borders_the_lower_the_worlds_income(table: WorldTable, one: float, other: float) -> None:
    low, high = sorted((one, one * other))
    assert after(table, "trade_cost", factor=low).world_welfare > after(table, "trade_cost", factor=high).world_welfare


@given(tables, st.floats(0.05, 0.5))
@few
def test_a_tariff_of_all_on_all_costs_the_world_less_than_as_much_melting_away(table: WorldTable, rate: float) -> None:
    levied = after(table, "tariff", added=rate).world_welfare
    melted = after(table, "trade_cost", factor=1 + rate).world_welfare
    assert melted < levied < 1


@given(tables, st.floats(0.01, 0.3))
@few
def test_a_new_source_is_never_a_loss_to_the_world(table: WorldTable, share: float) -> None:
    found = after(table, "new_source", exporters=["C2"], industries=["i1"], share=share)
    assert found.world_welfare > 1


def test_a_new_source_reaches_its_share_at_the_costs_of_now() -> None:
    table = synthetic_table(3, 2, seed=4)
    Z = table.Z.copy()
    Z[0, 2:] = 0  # C1 sells its first product to no other industry
    base = economy(without_imbalances(replace(table, Z=Z), Elasticities(np.array([4.0, 4.0]))))
    entry = np.zeros((2, 3, 3, 3))
    entry[0, 1, 0, 0] = 0.05
    found = counterfactual(base, Change(entry=entry), Elasticities(np.array([4.0, 4.0])))
    bought = found.table.Z[[0, 2, 4], 2]
    assert base.table.Z[0, 2] == 0
    assert bought[0] / bought.sum() == pytest.approx(0.05, rel=0.1)
    spent, income = base.table.Z[[0, 2, 4], 2].sum(), base.income.sum()
    gain = spent / income / 4 * np.log(1 / 0.95)  # docs/method/links.md
    assert found.world_welfare - 1 == pytest.approx(gain, rel=0.05)


@given(tables, st.floats(1.2, 3))
@few
def test_losses_by_country_are_the_fall_of_real_income(table: WorldTable, factor: float) -> None:
    result = answered(table, "decoupling", blocs=[["C1"], ["C2", "C3"]], factor=factor)
    np.testing.assert_allclose(result.share_of_gdp, 1 - result.answer.welfare, atol=1e-9)
    real = result.answer.output.ravel() / result.answer.cost.ravel()
    lost = 1 - real / result.answer.base.table.x
    np.testing.assert_allclose(result.output_loss, table.x * lost, atol=1e-9 * table.x.max())


def test_two_reversed_walls_are_none() -> None:
    table = synthetic_table(3, 2, seed=9)
    base = after(table, "decoupling", blocs=[["C1"], ["C2"]], factor=2.0)
    back = after(base.table, "opening", blocs=[["C1"], ["C2"]], factor=0.5)
    np.testing.assert_allclose(base.welfare * back.welfare, 1, rtol=1e-8)
    np.testing.assert_allclose(back.table.Z, base.base.table.Z, rtol=1e-6)


def taxed() -> WorldTable:
    """A table whose first country levies a fifth on the inputs that it buys abroad."""
    table = synthetic_table(3, 2, seed=12)
    rates = np.zeros((6, 6))
    rates[2:, :2] = 0.2
    return replace(table, extensions={"tariff": Extension(rates, "1", additive=False)})


def test_an_agreement_lifts_the_tariffs_that_a_table_holds_and_its_reverse_brings_them_back() -> None:
    table = taxed()
    assert tariffs_of(table)[:, 0, 1:] == pytest.approx(0.2)
    assert not tariffs_of(table)[:, 1:].any()
    found = after(table, "agreement")
    assert found.world_welfare > 1
    assert balance_sheet(found.table).holds
    assert not found.table.extensions["tariff"].values.any()
    back = after(found.table, "tariff", added=0.2, importers=["C1"])
    np.testing.assert_allclose(found.welfare * back.welfare, 1, rtol=1e-8)
    outsiders = after(table, "agreement", members=["C1", "C2"])
    assert outsiders.tariffs[:, 0, 2] == pytest.approx(0.2)
    assert not outsiders.tariffs[:, 0, 1].any()


def test_what_is_counted_beside_the_money_follows_what_is_made() -> None:
    table = synthetic_table(3, 2, seed=13)
    tonnes = Extension(np.arange(1.0, 7), "t", households=np.ones(3))
    taxes = Extension(np.ones(6), table.unit)
    counted = replace(table, extensions={"emissions": tonnes, "taxes": taxes, "people": Extension(np.ones(3), "1")})
    found = after(counted, "trade_cost", factor=0.8, imbalances="kept")
    new = found.table.extensions
    np.testing.assert_allclose(new["emissions"].values, tonnes.values * found.real_output.ravel())
    np.testing.assert_allclose(np.array(new["emissions"].households), found.welfare)
    np.testing.assert_allclose(new["taxes"].values, found.table.x / counted.x, rtol=1e-9)
    assert new["people"] is counted.extensions["people"]


def test_imbalances_are_removed_as_a_named_step_that_the_log_tells() -> None:
    balanced = STEPS["imbalances"](G20)
    np.testing.assert_allclose(balanced.gdp, balanced.final.sum(axis=0), rtol=1e-9)
    assert balance_sheet(balanced).holds
    assert balanced.log[-1].startswith("imbalances: deficits of")
    assert balanced.previous is not None
    assert STEPS["imbalances"](balanced) is balanced
    with pytest.raises(ValueError, match="Give one trade elasticity for all of them instead"):
        STEPS["imbalances"](synthetic_table(2, 2, seed=1))


def test_every_indicator_can_be_measured_again() -> None:
    result = run(G20, Scenario("decoupling", {"blocs": [["CHN", "RUS"], ["USA", "DEU", "JPN"]]}))
    for symbol in ("S1", "R1", "M2", "E1.4", "O2", "I2", "B2", "D1"):
        before, new = (ask(table, INDICATORS[symbol]) for table in (result.answer.base.table, result.answer.table))
        assert len(new) == len(before)
        assert [record.value for record in new] != [record.value for record in before]


def test_one_year_is_another_horizon_and_every_answer_says_what_it_cannot() -> None:
    year = run(G20, Scenario("tariff", {"added": 0.1, "elasticities": "one year"}))
    decade = run(G20, Scenario("tariff", {"added": 0.1}))
    assert (year.horizon, decade.horizon) == (Horizon.YEAR, Horizon.DECADE)
    assert 0 < year.total < decade.total
    assert any("lower bounds" in limit for limit in year.limits)
    assert "Antràs and Chor (2018)" in year.cite()
    assert "http://oe.cd/icio" in year.cite()


def test_elasticities_by_industry_are_bounded_and_may_be_given() -> None:
    found = elasticities(G20)
    assert LEAST_ELASTICITY <= found.trade.min() < found.trade.max() <= MOST_ELASTICITY
    assert (elasticities(G20, "one year").inputs, elasticities(G20, "one year", inputs=0.4).inputs) == (0.2, 0.4)
    assert (elasticities(G20, list(range(1, 21))).trade == np.arange(1, 21)).all()


def test_a_bad_harvest_hits_home_first_and_trade_takes_part_of_it_away() -> None:
    table = synthetic_table(3, 2, seed=7)
    result = answered(table, "productivity", factor=0.7, countries=["C1"], industries=["i1"])
    assert result.loss_by_country[0] > 0
    assert result.output_loss[0] > 0
    kept = buffer(table, "C1", ["i1"], np.array([4.0, 4.0]))
    alone = closed_economies(result.answer.base.table, np.array([4.0, 4.0])).domar[0, 0] * np.log(0.7)
    assert kept == pytest.approx(1 - np.log(result.answer.welfare[0]) / alone, rel=1e-6)
    walled = after(table, "trade_cost", factor=50.0).table
    assert buffer(walled, "C1", ["i1"], np.array([4.0, 4.0])) == pytest.approx(0, abs=1e-3)


def test_costly_indicators_answer_only_when_asked_by_their_symbol() -> None:
    costly = {"E2.tariffs", "E2.costs", "B1.winners", "B1.worst", "R4"}
    assert all(INDICATORS[symbol].costly for symbol in costly)
    assert not costly & {record.symbol for record in measure(G20, properties=["stable", "efficient", "mutual"])}
    found = {(record.symbol, record.country): record.value for record in measure(G20, symbols=costly)}
    cheaper = run(G20, Scenario("trade_cost", {"factor": 0.9})).answer
    for country, welfare in zip(G20.countries, cheaper.welfare, strict=True):
        assert found["E2.costs", country] == pytest.approx(np.log(welfare), rel=1e-9)
        assert found["B1.winners", country] == (welfare >= 1 - 1e-9)
        kept = found["R4", country]
        assert kept is not None
        assert -0.5 < kept < 1
    assert found["B1.worst", "world"] == pytest.approx(np.log(cheaper.welfare.min()))
    assert found["B1.winners", "world"] == cheaper.winners
    assert found["E2.tariffs", "world"] is None


def test_the_distance_to_free_trade_is_what_lifting_all_tariffs_brings() -> None:
    rates = np.zeros((G20.n, G20.n))
    rates[G20.cells(["CHN"])] = 0.1
    rates[np.ix_(G20.cells(["CHN"]), G20.cells(["CHN"]))] = 0
    levied = replace(G20, extensions={"tariff": Extension(rates, "1", additive=False)})
    found = {record.country: record.value for record in measure(levied, symbols=["E2.tariffs"])}
    free = run(levied, Scenario("agreement")).answer
    assert found["CHN"] == pytest.approx(np.log(free.welfare[G20.countries.index("CHN")]))
    assert found["world"] is not None
    assert found["world"] > 0
    none = replace(levied, extensions={"tariff": Extension(0 * rates, "1", additive=False)})
    assert {record.value for record in measure(none, symbols=["E2.tariffs"])} == {0}


def test_the_gains_of_every_cell_are_what_the_engine_loses_without_trade() -> None:
    table = synthetic_table(3, 2, seed=21)
    known = replace(table, industries=("A01_02", "C26"), classification="oecd2023")
    base = STEPS["imbalances"](known)
    wall = np.where(np.eye(3, dtype=bool), 1.0, np.inf)
    found = counterfactual(economy(base), Change(costs=np.broadcast_to(wall, (2, 3, 3))), elasticities(base))
    gains = [record.value for record in measure(base, symbols=["E1.5"])]
    np.testing.assert_allclose(np.array(gains, dtype=float), 1 - found.welfare, rtol=1e-8)


@pytest.mark.parametrize("elasticity", [8.0, "caliendo-parro", "one year"])
def test_walls_that_all_but_end_trade_are_solved_too(elasticity: float | str) -> None:
    found = after(G20, "trade_cost", factor=10.0, elasticities=elasticity)
    assert found.evaluations < 200
    assert found.world_welfare < after(G20, "trade_cost", factor=3.0, elasticities=elasticity).world_welfare


def test_links_are_never_domestic() -> None:
    on = links(G20, ["C"], ["USA"], None)
    assert on.sum() == G20.n_countries - 1
    assert not np.einsum("rjj->rj", links(G20)).any()


@pytest.mark.parametrize(
    ("kind", "parameters", "sentence"),
    [
        ("tariff", {"added": 50}, "'added' is a number from -1 to 10, not 50"),
        ("tariff", {"added": 0.1, "importers": ["Atlantis"]}, "no country 'Atlantis'"),
        ("tariff", {"added": 0.1, "industries": ["gold"]}, "no industry 'gold'"),
        (
            "tariff",
            {"added": 0.1, "elasticities": "fast"},
            "'elasticities' is 'caliendo-parro', .* not 'fast'",
        ),
        ("tariff", {"added": 0.1, "elasticities": -1}, "a number above 0, .* not -1"),
        ("tariff", {"added": 0.1, "elasticities": [1.0, 2.0]}, "2 trade elasticities for 20 industries"),
        (
            "tariff",
            {"added": 0.1, "elasticities": {"theta": 2}},
            "'elasticities' has no 'theta'; it has trade",
        ),
        ("tariff", {"added": 0.1, "elasticities": {"inputs": -1}}, "'inputs' is a number from 0 to 15, not -1"),
        ("tariff", {"added": 0.1, "imbalances": "gone"}, "'removed' or 'kept', not 'gone'"),
        ("agreement", {}, "holds no tariffs"),
        ("trade_cost", {"factor": 0}, "'factor' is a number from 0.001 to 1,000, not"),
        ("decoupling", {"blocs": [["USA"]]}, r"two lists of countries, neither empty, not \[\['USA'\]\]"),
        ("decoupling", {"blocs": [["USA"], ["USA", "CHN"]]}, "USA stands in both blocs"),
        ("decoupling", {"blocs": [["USA"], []]}, "two lists of countries, neither empty"),
        ("decoupling", {"blocs": [["USA"], ["CHN"]], "factor": 0.9}, "its reverse is 'opening'"),
        ("decoupling", {}, "needs 'blocs'"),
        ("opening", {"blocs": [["USA"], ["CHN"]], "factor": 2}, "its reverse is 'decoupling'"),
        ("export_stop", {"exporters": ["CHN"], "factor": 0.5}, "a number from 1 to 1,000, not 0.5"),
        ("productivity", {"factor": -1}, "'factor' is a number from 0.001 to 1,000, not"),
        ("new_source", {"exporters": ["CHN"], "industries": ["C"], "share": 1}, "a number above 0 and below 1, not 1"),
        ("new_source", {"exporters": ["CHN", "IND"], "industries": ["C"], "share": 0.5}, "cannot all reach"),
    ],
)
def test_a_damaged_scenario_is_answered_in_a_sentence(kind: str, parameters: Mapping[str, Any], sentence: str) -> None:
    with pytest.raises((ValueError, KeyError), match=sentence):
        run(G20, Scenario(kind, parameters))


def test_what_cannot_be_solved_is_said_in_a_sentence() -> None:
    base, elasticity = economy(G20), elasticities(G20)
    wall = np.broadcast_to(np.where(np.eye(20, dtype=bool), 1.0, np.inf), base.tariffs.shape)
    with pytest.raises(ValueError, match=r"would have no source of A left.*use a large but finite cost factor"):
        counterfactual(base, Change(costs=wall), elasticity)
    leontief = Elasticities(elasticity.trade, 0.0, 0.0)
    with pytest.raises(ValueError, match=r"Costs in .* rise without end.*Use a milder factor or more substitution"):
        counterfactual(base, Change(productivity=np.full(base.output.shape, 0.1)), leontief)
    deficit = base.deficit - 2 * base.income
    with pytest.raises(ValueError, match=r"nothing left to spend.*Remove the imbalances first"):
        counterfactual(base, Change(deficit=deficit), elasticity)
    run_down = G20.F.copy()
    run_down[0, 0] = -1e9
    with pytest.raises(ValueError, match="sells final demand below zero"):
        economy(replace(G20, F=run_down))
    idle = synthetic_table(3, 2, seed=0, idle=0.5)
    country, industry = idle.labels[int(np.flatnonzero(idle.x == 0)[0])]
    with pytest.raises(ValueError, match=f"{country} {industry} makes nothing"):
        run(idle, Scenario("new_source", {"exporters": [country], "industries": [industry], "share": 0.1}))


def test_every_wall_is_declared_with_words() -> None:
    for kind in KINDS:
        assert SHOCKS[kind].horizon is Horizon.DECADE
        assert {"elasticities", "imbalances"} <= set(SHOCKS[kind].parameters)


WEST = (
    *("AUS", "AUT", "BEL", "CAN", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC"),
    *("IRL", "ITA", "JPN", "KOR", "LUX", "MLT", "NLD", "PRT", "SVK", "SVN", "SWE", "TWN", "USA"),
)


@pytest.mark.data
@pytest.mark.slow
def test_a_decoupling_of_china_and_russia_from_the_advanced_economies(
    real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signs, order and size as in docs/method/indicators.md, on the whole table of 2011."""
    monkeypatch.setenv("SERAI_DATA", str(real_data))
    table = read("wiod2013/2011")
    result = run(table, Scenario("decoupling", {"blocs": [["CHN", "RUS"], WEST]}))
    assert result.status is Status.SOLVED
    gain = dict(zip(table.countries, 100 * (result.answer.welfare - 1), strict=True))
    expected = {"CHN": -3.8, "RUS": -6.3, "TWN": -3.0, "KOR": -2.3, "DEU": -0.9, "JPN": -0.7, "USA": -0.5}
    for country, published in expected.items():
        assert gain[country] == pytest.approx(published, rel=0.15, abs=0.1)
    assert sorted(expected, key=lambda country: gain[country]) == ["RUS", "CHN", "TWN", "KOR", "DEU", "JPN", "USA"]
    assert all(0 < gain[country] < 0.2 for country in ("MEX", "IND", "RoW"))
    assert 100 * (result.answer.world_welfare - 1) == pytest.approx(-1.0, abs=0.1)
    measured = {
        symbol: [
            next(each.value for each in ask(seen, INDICATORS[symbol]) if each.country == "world")
            for seen in (result.answer.base.table, result.answer.table)
        ]
        for symbol in ("M2", "O1")
    }
    assert all(new is not None and old is not None and new < old for old, new in measured.values())
