"""Which inputs stop whom, stocks by buyer, several shares in one event, and paths of final demand."""

from dataclasses import replace

import numpy as np
import pytest

from serai.world.readers import read
from serai.world.shocks import Scenario, run
from serai.world.shocks.inventory import Behaviour, demand_of, economy_of, event_of
from serai.world.shocks.inventory.dynamics import simulate
from serai.world.shocks.shortage import essential_industries
from serai.world.table import WorldTable

G20 = read("oecd2023-g20/2019")
LEATHER = read("leather")


def daily(table: WorldTable, behaviour: Behaviour, demand: list[dict[str, object]], days: int) -> np.ndarray:
    nothing = event_of(table, share=0.0)
    changes = [demand_of(table, **change) for change in demand]  # type: ignore[arg-type]
    ran = simulate(economy_of(table, behaviour), [nothing], days, demand=[changes], record=np.arange(table.n))
    return ran.recorded[:, :, 0]


def test_goods_and_utilities_stop_makers_by_default_as_in_the_shortage_model() -> None:
    days = economy_of(G20).stock_days
    stops = [G20.industries[product] for product in range(G20.n_industries) if np.isfinite(days[product]).all()]
    assert tuple(stops) == essential_industries(G20)
    assert np.isinf(days[[place for place, label in enumerate(G20.industries) if label not in stops]]).all()


def test_whoever_lets_every_input_stop_everybody_is_warned() -> None:
    hit = {"share": 0.1, "countries": ["CHN"], "horizon": 20}
    assert run(G20, Scenario("inventory", hit)).cautions == ()
    (caution,) = run(G20, Scenario("inventory", {**hit, "behaviour": {"never_short": []}})).cautions
    assert "Every input stops everybody" in caution


def test_critical_inputs_by_buyer_stop_that_buyer_alone() -> None:
    hit = {"share": 1.0, "industries": ["agriculture"], "days": 60, "horizon": 60}
    usual = {"stock_days": 2.0, "never_short": list(LEATHER.industries)}
    free = run(LEATHER, Scenario("inventory", {**hit, "behaviour": usual}))
    behaviour = {**usual, "critical": {"textile-leather": ["agriculture"]}}
    bound = run(LEATHER, Scenario("inventory", {**hit, "behaviour": behaviour}))
    textile, vehicles = (LEATHER.cells(None, [label]) for label in ("textile-leather", "transport-equipment"))
    assert (bound.output_loss[textile] > free.output_loss[textile] + 0.05 * LEATHER.x[textile]).all()
    assert bound.bound is not None
    assert {bound.bound[cell] for cell in textile} == {"agriculture"}
    assert "agriculture" not in {bound.bound[cell] for cell in vehicles}
    assert bound.residual < 1e-12


def test_stocks_by_buyer_keep_that_buyer_going() -> None:
    hit = {"share": 1.0, "industries": ["agriculture"], "days": 30, "horizon": 30}
    usual = {"stock_days": 2, "never_short": ["textile-leather", "transport-equipment"]}
    losses = [
        run(LEATHER, Scenario("inventory", {**hit, "behaviour": {**usual, "stock_days_of": of}})).output_loss
        for of in ({}, {"transport-equipment": {"agriculture": 200}}, {"transport-equipment": 200})
    ]
    vehicles = LEATHER.cells(None, ["transport-equipment"])
    assert losses[1][vehicles].sum() < 0.7 * losses[0][vehicles].sum()
    assert losses[2][vehicles].sum() < losses[1][vehicles].sum() + 1e-9


def test_one_event_takes_several_shares() -> None:
    shares = {"agriculture": 0.4, "textile-leather": 0.1}
    event = event_of(LEATHER, shares=shares, countries=["TUR"])
    expected = np.zeros(9)
    expected[LEATHER.cell("TUR", "agriculture")], expected[LEATHER.cell("TUR", "textile-leather")] = 0.4, 0.1
    assert event.lost.tolist() == expected.tolist()
    at_once = {"shares": {"isic C": 0.3, "isic B": 0.1}, "countries": ["China"], "horizon": 2}
    result = run(G20, Scenario("inventory", at_once))
    hit = G20.cell("CHN", "C")
    assert result.output_loss[hit] == pytest.approx(0.3 * G20.x[hit] * 2 / 365, rel=0.01)
    with pytest.raises(ValueError, match="'shares' is a table of industries, each with a number from 0 to 1"):
        run(G20, Scenario("inventory", {"shares": {"C": 1.3}}))


@pytest.mark.parametrize("ordering", ["alt", "noalt"])
def test_a_usual_path_of_demand_changes_nothing(ordering: str) -> None:
    behaviour = Behaviour(ordering=ordering)  # type: ignore[arg-type]
    made = daily(LEATHER, behaviour, [{"path": [1.0, 1.0]}], 20)
    np.testing.assert_allclose(made, np.broadcast_to(LEATHER.x / 365, made.shape), rtol=1e-12)


def test_makers_follow_a_path_of_final_demand_and_come_back() -> None:
    table = replace(LEATHER, Z=np.zeros((9, 9)))  # nobody buys inputs: output is final demand
    path = [0.9, 0.7, 0.8]
    made = daily(table, Behaviour(), [{"path": path, "begin": 2, "days": 5, "industries": ["agriculture"]}], 9)
    agriculture, others = table.cells(None, ["agriculture"]), table.cells(None, table.industries[1:])
    relative = made[:, agriculture] / (table.x[agriculture] / 365)
    np.testing.assert_allclose(relative[:, 0], [1, 1, 0.9, 0.7, 0.8, 0.8, 0.8, 1, 1])
    np.testing.assert_allclose(made[:, others], np.broadcast_to(table.x[others] / 365, made[:, others].shape))


def test_demand_of_some_countries_changes_their_part_alone() -> None:
    change = demand_of(LEATHER, path=0.5, countries=["DEU"])
    assert change.part == pytest.approx(LEATHER.final[:, 2] / LEATHER.final.sum(axis=1))
    with pytest.raises(ValueError, match="none of them below 0"):
        demand_of(LEATHER, path=[-1.0])


def test_a_fall_of_demand_alone_is_a_scenario() -> None:
    fall = [{"path": 0.8, "industries": ["isic C"], "countries": ["group G20"]}]
    result = run(G20, Scenario("inventory", {"demand": fall, "horizon": 30}))
    assert result.total > 0
    assert result.residual < 1e-10
    cell = G20.cell("CHN", "C")
    assert 0 < result.output_loss[cell] < 0.3 * G20.x[cell] * 30 / 365
