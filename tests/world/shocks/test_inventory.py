"""The inventory model: what BoARIO gives day by day, nothing that appears or vanishes, and no shock without effect."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.published import compare, printed_numbers
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Horizon, Scenario, Status, run
from serai.world.shocks.inventory import Behaviour, Event, Recovery, economy_of, inventories
from serai.world.shocks.inventory.dynamics import simulate
from serai.world.shocks.inventory.events import CURVES
from serai.world.table import WorldTable

LEATHER = read("leather")
tables = st.builds(
    synthetic_table,
    st.integers(2, 4),
    st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    idle=st.sampled_from([0.0, 0.2]),
)
behaviours = st.builds(
    Behaviour,
    ordering=st.sampled_from(["alt", "noalt"]),
    stock_days=st.sampled_from([3, 20, 90]),
    alarm=st.sampled_from([0.5, 0.95]),
    restock_days=st.sampled_from([2, 60]),
    overproduction_days=st.sampled_from([10, 365]),
)


def event(table: WorldTable, seed: int, *, rebuilt: bool = False) -> Event:
    random = np.random.default_rng(seed)
    lost = random.random(table.n) * (random.random(table.n) < 0.3)
    builders = {0: 1.0} if rebuilt else {}
    return Event(lost, begin=2, days=5, recovery="linear", recovery_days=20, rebuilt_by=builders)


def test_boario_gives_the_same_output_every_day_of_a_year() -> None:
    compared = list(compare(number for number in printed_numbers() if number.publication == "boario_2024"))
    assert len(compared) == 18
    if compared[0].found is None:
        pytest.skip(compared[0].reason)
    assert [each for each in compared if not each.agrees] == []


@given(tables, behaviours)
@settings(deadline=None, max_examples=10)
def test_no_shock_changes_nothing(table: WorldTable, behaviour: Behaviour) -> None:
    ran = simulate(economy_of(table, behaviour), [Event(np.zeros(table.n))], 30, record=np.arange(table.n))
    usual = np.broadcast_to(table.x / 365, (30, table.n))
    np.testing.assert_allclose(ran.recorded[:, :, 0], usual, rtol=1e-12, atol=1e-12 * table.x.max())


@given(tables, behaviours, st.integers(0, 1000))
@settings(deadline=None, max_examples=15)
def test_nothing_appears_or_vanishes_and_nothing_is_negative(
    table: WorldTable, behaviour: Behaviour, seed: int
) -> None:
    one, other = event(table, seed), event(table, seed + 1, rebuilt=True)
    homes = replace(other, begin=9, households=0.1 * table.final.sum(axis=0).clip(min=0))
    events = [(one,), (other,), (one, replace(one, begin=5, destroyed=False), homes)]
    ran = simulate(economy_of(table, behaviour), events, 60, record=np.arange(table.n))
    assert (ran.residual < 1e-12).all()
    assert (ran.recorded >= 0).all()
    most = behaviour.overproduction * table.x / 365
    assert (ran.recorded <= most[:, None] * (1 + 1e-9) + 1e-12).all()
    lost = 60 * table.x[:, None] / 365 - ran.recorded.sum(axis=0)
    np.testing.assert_allclose(ran.output_loss, lost, atol=1e-9 * table.x.max())
    value_added = table.by_country(table.vc[:, None] * ran.output_loss)
    np.testing.assert_allclose(ran.over_time.sum(axis=0), value_added, atol=1e-9 * table.x.max())


@given(tables, behaviours, st.integers(0, 1000))
@settings(deadline=None, max_examples=10)
def test_events_side_by_side_are_each_one_alone(table: WorldTable, behaviour: Behaviour, seed: int) -> None:
    economy = economy_of(table, behaviour)
    both = (event(table, seed + 3, rebuilt=True), event(table, seed + 4))
    events = [event(table, seed), both, event(table, seed + 1, rebuilt=True), event(table, seed + 2)]
    together = simulate(economy, events, 40)
    for column, each in enumerate(events):
        alone = simulate(economy, [each], 40)
        scale = table.x.max()
        np.testing.assert_allclose(together.output_loss[:, column], alone.output_loss[:, 0], atol=1e-10 * scale)


@pytest.mark.parametrize("ordering", ["alt", "noalt"])
def test_single_precision_gives_the_losses_of_double(ordering: str) -> None:
    table = synthetic_table(4, 3, seed=5)
    share = {"share": 0.4, "countries": ["C1"], "rebuilt_by": {"i2": 1.0}, "behaviour": {"ordering": ordering}}
    double, single = (run(table, Scenario("inventory", share | {"precision": word})) for word in ("double", "single"))
    assert np.abs(single.output_loss - double.output_loss).max() < 1e-5 * table.x.max()
    assert single.total == pytest.approx(double.total, rel=1e-4)
    assert 0 < single.residual < 1e-5
    assert single.status is Status.SOLVED


def test_capital_lost_adds_up_and_of_stoppages_the_largest_counts() -> None:
    economy = economy_of(LEATHER)
    lost = np.zeros(9)
    lost[3] = 0.4
    capital, stopped = (Event(lost, days=3, recovery="at once", destroyed=destroyed) for destroyed in (True, False))
    one, twice, most, half, all_gone = (
        simulate(economy, [each], 1, record=np.array([3])).recorded[0, 0, 0] / (LEATHER.x[3] / 365)
        for each in (
            (capital,),
            (capital, capital),
            (stopped, stopped, capital),
            (stopped, replace(stopped, lost=lost * 1.25)),
            (capital, capital, capital),
        )
    )
    assert [one, twice, most, half, all_gone] == pytest.approx([0.6, 0.2, 0.6, 0.5, 0])


def test_events_of_a_scenario_have_their_own_time_and_hit_its_countries_where_they_name_none() -> None:
    quake = {"share": 0.02, "days": 5, "rebuilt_by": {"transport-equipment": 1.0}, "households": 0.1}
    closure = {"share": 0.5, "industries": ["agriculture"], "begin": 10, "days": 20, "recovery": "at once"}
    result = run(LEATHER, Scenario("inventory", {"countries": ["TUR"], "events": [quake, closure], "horizon": 60}))
    assert result.over_time is not None
    turkey = LEATHER.countries.index("TUR")
    alone = run(LEATHER, Scenario("inventory", {**quake, "countries": ["TUR"], "horizon": 60})).over_time
    assert alone is not None
    np.testing.assert_allclose(result.over_time[:10], alone[:10], atol=1e-12)
    assert result.over_time[10, turkey] > alone[10, turkey] + 1e-3
    with pytest.raises(ValueError, match="needs 'share', or 'events'"):
        run(LEATHER, Scenario("inventory", {"countries": ["TUR"]}))
    with pytest.raises(ValueError, match="'share' is a number from 0 to 1, not 3"):
        run(LEATHER, Scenario("inventory", {"events": [quake, {"share": 3}]}))
    with pytest.raises(ValueError, match="name industries in 'rebuilt_by'"):
        run(LEATHER, Scenario("inventory", {"share": 0.1, "households": 0.1}))


def test_what_households_lose_is_work_for_those_who_rebuild() -> None:
    hit = {"share": 0.01, "countries": ["ARG"], "rebuilt_by": {"transport-equipment": 1.0}}
    without, more = (run(LEATHER, Scenario("inventory", {**hit, "households": part})) for part in (0.0, 0.05))
    makers = LEATHER.cells(None, ["transport-equipment"])
    assert more.output_loss[makers].sum() < without.output_loss[makers].sum()


def test_a_small_shock_is_not_dropped() -> None:
    losses = [
        run(LEATHER, Scenario("inventory", {"share": share, "countries": ["TUR"]})).total for share in (1e-9, 2e-9)
    ]
    assert losses[0] > 0
    assert losses[1] == pytest.approx(2 * losses[0], rel=1e-3)


def test_a_result_tells_the_days_what_held_back_and_when_a_country_is_back() -> None:
    scenario = Scenario(
        "inventory", {"share": 0.5, "countries": ["TUR"], "begin": 10, "days": 20, "recovery": "at once"}
    )
    result = run(LEATHER, scenario, horizon=100, behaviour={"stock_days": 10})
    assert result.over_time is not None
    assert result.over_time.shape == (100, 3)
    assert np.abs(result.over_time[:10]).max() < 1e-12 * LEATHER.x.max()
    turkey = LEATHER.countries.index("TUR")
    np.testing.assert_allclose(result.over_time[10, turkey], 0.5 * LEATHER.gdp[turkey] / 365)
    np.testing.assert_allclose(result.over_time.sum(axis=0), result.loss_by_country)
    assert result.bound is not None
    assert result.bound[LEATHER.cell("TUR", "agriculture")] == "capacity"
    assert isinstance(result.answer, Recovery)
    assert 30 <= result.answer.recovered_on[turkey] <= 100
    assert (result.answer.unmet >= -1e-9).all()
    assert result.horizon is Horizon.YEAR


def test_short_stocks_stop_those_who_wait_for_inputs_unless_they_stop_nobody() -> None:
    hit = {"share": 1.0, "industries": ["agriculture"], "days": 30}
    short = run(LEATHER, Scenario("inventory", hit), behaviour={"stock_days": {"agriculture": 2}})
    spared = run(LEATHER, Scenario("inventory", hit), behaviour={"never_short": ["agriculture"]})
    makers = LEATHER.cells(None, ["transport-equipment"])
    assert short.output_loss[makers].sum() > 5 * spared.output_loss[makers].sum()
    assert short.bound is not None
    assert short.bound[LEATHER.cell("DEU", "textile-leather")] == "agriculture"


def test_rebuilding_gives_work_to_those_who_rebuild() -> None:
    hit = {"share": 0.002, "countries": ["ARG"], "industries": ["agriculture"], "recovery_days": 100}
    recovered, rebuilt = (
        run(LEATHER, Scenario("inventory", hit), **more) for more in ({}, {"rebuilt_by": {"transport-equipment": 1.0}})
    )
    makers = LEATHER.cells(None, ["transport-equipment"])
    assert rebuilt.output_loss[makers].sum() < recovered.output_loss[makers].sum()


def test_a_maker_without_usual_rebuilders_has_those_of_its_countrys_demand() -> None:
    table = synthetic_table(3, 3, seed=2)
    flows = table.Z.copy()
    flows[table.cells(None, ["i2"])[:, None], table.cells(None, ["i1"])] = 0
    without = WorldTable(table.countries, table.industries, table.uses, flows, table.F, 2000, "$")
    shares = economy_of(without).rebuilders(1)
    np.testing.assert_allclose(shares.sum(axis=0), 1)
    makers = without.cells(None, ["i2"])
    expected = without.final[makers, 0] / without.final[makers, 0].sum()
    np.testing.assert_allclose(shares[:, 0], expected)


def test_scenarios_of_different_behaviour_are_answered_in_their_order() -> None:
    scenarios = [
        {"share": 0.2, "countries": ["DEU"], "behaviour": {"ordering": "noalt"}},
        {"share": 0.3, "countries": ["ARG"], "horizon": 50},
        {"share": 0.1, "countries": ["TUR"], "behaviour": {"ordering": "noalt"}},
    ]
    for found, scenario in zip(inventories(LEATHER, scenarios), scenarios, strict=True):
        alone = run(LEATHER, Scenario("inventory", scenario))
        np.testing.assert_allclose(found.output, alone.output_loss, atol=1e-9)


@pytest.mark.parametrize("name", CURVES)
def test_recovery_begins_with_all_lost_and_only_falls(name: str) -> None:
    left = Event(np.zeros(1), begin=3, days=4, recovery=name, recovery_days=30).remaining(100)
    assert left[:3].tolist() == [0, 0, 0]
    assert left[3:7].tolist() == [1, 1, 1, 1]
    assert (np.diff(left[3:]) <= 0).all()
    assert left[-1] < 0.1
    assert name == "at once" or left[7] > 0


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"share": 1.2}, "'share' is a number from 0 to 1, not 1.2"),
        ({"share": 0.5, "begin": -1}, "'begin' is a whole number from 0 to 36,525, not -1"),
        ({"share": 0.5, "horizon": 0}, "'horizon' is a whole number from 1 to 36,525, not 0"),
        ({"share": 0.5, "precision": "triple"}, "'single' or 'double', not 'triple'"),
        ({"share": 0.5, "recovery": "slowly"}, "'recovery' is 'at once', 'linear', .* not 'slowly'"),
        (
            {"share": 0.5, "recovery": "s-shaped", "recovery_days": 2},
            "a number above 2, not 2",
        ),
        ({"share": 0.5, "rebuilt_by": {"agriculture": 0.5}}, "which add up to 1, not { agriculture = 0.5 }"),
        (
            {"share": 0.5, "rebuilt": 0, "rebuilt_by": {"agriculture": 1.0}},
            "number above 0 to 10, not 0",
        ),
        ({"share": 0.5, "behaviour": {"mood": 1}}, "'behaviour' has no 'mood'; it has ordering"),
        ({"share": 0.5, "behaviour": {"ordering": "any"}}, "'alt' or 'noalt', not 'any'"),
        ({"share": 0.5, "behaviour": {"stock_days": 0}}, "'stock_days' is a number of at least 1, or a table .* not 0"),
        ({"share": 0.5, "behaviour": {"alarm": 0}}, "'alarm' is a number above 0 to 1, not 0"),
        ({"share": 0.5, "behaviour": {"restock_days": 0}}, "'restock_days' is a number of at least 1, not 0"),
        ({"share": 0.5, "behaviour": {"overproduction": 0.5}}, "'overproduction' is a number from 1 to 1,000, not 0.5"),
        ({"share": 0.5, "behaviour": {"capital": 0}}, "'capital' is a number above 0, not 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(parameters: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        run(LEATHER, Scenario("inventory", parameters))
