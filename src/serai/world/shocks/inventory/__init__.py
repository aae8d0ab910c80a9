"""Inventory: how a shock spreads and fades over days when makers hold stocks, ration, order and overproduce (ARIO).

`economy` says what makers do, `events` what strikes, `dynamics` runs the days for many scenarios side by side.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from serai.world.shocks import Horizon, Losses, Status, shock
from serai.world.shocks.inventory.economy import (
    CAPACITY,
    DAYS_A_YEAR,
    NOTHING,
    ORDERS,
    Behaviour,
    Economy,
    Precision,
    economy_of,
)
from serai.world.shocks.inventory.events import CURVES, FOR_EVER, S_SHAPED, Demand, Event
from serai.world.shocks.values import (
    CENTURY,
    SHARE,
    TEXTS,
    YES_OR_NO,
    Allowed,
    Parameter,
    WrongParameterError,
    by_industry,
    either,
    list_of,
    number,
    one_of,
    table_of,
    whole,
)
from serai.world.table import Array, WorldTable

if TYPE_CHECKING:
    from serai.world.shocks.inventory.dynamics import Run

__all__ = [
    "Behaviour",
    "Demand",
    "Economy",
    "Event",
    "Recovery",
    "demand_of",
    "economy_of",
    "event_of",
    "events_of",
    "inventories",
    "inventory",
]

SIDE_BY_SIDE = 64
"""Scenarios in a batch: enough for matrix products to run at full speed, few enough for vectors to stay in cache."""

RECOVERED = 1e-3
"""Part of a country's value added whose lack still counts as not recovered."""

CONSERVED: Mapping[str, float] = {"double": 1e-10, "single": 1e-4}
"""What may appear or vanish of a product, relative to all output, for the accounts to count as solved."""


BEHAVIOUR: Mapping[str, Allowed] = {
    "ordering": one_of(("alt", "noalt")),
    "stock_days": either(
        "a number of at least 1, or a table of industries with such numbers", number(1), by_industry(number(1))
    ),
    "alarm": number(0, 1, above=True),
    "restock_days": number(1),
    "stock_days_of": by_industry(
        either("a number of at least 1, or a table of its inputs with such numbers", number(1), by_industry(number(1)))
    ),
    "never_short": TEXTS,
    "critical": by_industry(TEXTS),
    "overproduction": number(1, 1e3),
    "overproduction_days": number(1),
    "capital": number(0, above=True),
}
"""What each number of a `Behaviour` may be."""


EVENT: Mapping[str, Parameter] = {
    "share": Parameter("share of capacity that is lost, 0 to 1", SHARE),
    "shares": Parameter("shares by industry in the place of one share for all", by_industry(SHARE)),
    "countries": Parameter("countries of the cells that are hit, all when left out", TEXTS),
    "industries": Parameter("industries of the cells that are hit, all when left out", TEXTS),
    "begin": Parameter("day on which it strikes, 0 when left out", whole(0)),
    "days": Parameter("days for which all of it is lost, before recovery begins; 30 when left out", whole(1)),
    "recovery": Parameter(f"how it comes back: {', '.join(CURVES)}; linear when left out", one_of(CURVES)),
    "recovery_days": Parameter("days that recovery or rebuilding takes, 60 when left out", number(1, CENTURY)),
    "rebuilt_by": Parameter(
        "industries with their shares in rebuilding the capital that is lost; nobody when left out",
        by_industry(SHARE, lambda shares: not shares or isclose(sum(shares), 1), ", which add up to 1"),
    ),
    "rebuilt": Parameter(
        "part of the lost capital that is ordered anew where it is rebuilt, 1 when left out", number(0, 10, above=True)
    ),
    "destroyed": Parameter(
        "whether it is capital that is lost, which adds up over events, or a stoppage, of which the largest counts; "
        "capital where it is rebuilt when left out",
        YES_OR_NO,
    ),
    "households": Parameter(
        "what households lose and have rebuilt too, relative to a year's final demand; 0 when left out", number(0, 100)
    ),
}
"""What an event is made of."""

DEMAND: Mapping[str, Parameter] = {
    "path": Parameter(
        "final demand relative to the usual one, one number or a number a day; the last one stays",
        either(
            "a number from 0 to 100, or a list of such numbers",
            number(0, 100),
            list_of(number(0, 100), "a list of numbers from 0 to 100"),
        ),
    ),
    "countries": Parameter("countries of the final users, all when left out", TEXTS),
    "industries": Parameter("industries whose products they buy, all when left out", TEXTS),
    "begin": Parameter("day on which it changes, 0 when left out", whole(0)),
    "days": Parameter("days after which it is usual again; never when left out", whole(1)),
}
"""What a change of final demand is made of."""

EVERYTHING_STOPS = (
    "Every input stops everybody who lacks it: small losses grow beyond what was ever observed. Name the inputs that "
    "are critical, or those that are never short."
)


@dataclass(frozen=True, eq=False)
class Recovery:
    """Final demand not met, (n,), in the table's unit, and by country the day from which output is back, (N,).

    A country that isn't back within the horizon has the horizon's length.
    """

    unmet: Array
    recovered_on: Array


def events_of(table: WorldTable, scenario: Mapping[str, Any]) -> tuple[Event, ...]:
    """The events of a scenario's parameters: its own, where it has a `share` or `shares`, and each of its `events`.

    One of these that names no countries or industries hits the scenario's. Raises KeyError, ValueError.
    """
    own = {name: value for name, value in scenario.items() if name in EVENT and value is not None}
    several = scenario.get("events") or ()
    stated = "share" in own or "shares" in own
    if not stated and not several and scenario.get("demand"):
        return (event_of(table, share=0.0),)
    if not stated and not several:
        raise WrongParameterError((), "The shock 'inventory' needs 'share', or 'events' that each have one.")
    place = {name: own[name] for name in ("countries", "industries") if name in own}
    events = [event_of(table, **own)] if stated else []
    for position, event in enumerate(several):
        if "share" not in event and "shares" not in event:
            raise WrongParameterError(("events", position), "An event needs 'share'.")
        events.append(event_of(table, **{**place, **event}))
    return tuple(events)


def event_of(
    table: WorldTable,
    *,
    share: float = 0.0,
    shares: Mapping[str, float] | None = None,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    begin: int = 0,
    days: int = 30,
    recovery: str = "linear",
    recovery_days: float = 60,
    rebuilt_by: Mapping[str, float] | None = None,
    rebuilt: float = 1.0,
    destroyed: bool | None = None,
    households: float = 0.0,
) -> Event:
    """The event of these parameters. Raises KeyError for an unknown label, ValueError for wrong numbers."""
    if recovery == S_SHAPED and recovery_days <= 2:
        raise WrongParameterError(
            ("recovery_days",), f"On the s-shaped curve 'recovery_days' is a number above 2, not {recovery_days:g}."
        )
    chosen = None if countries is None else list(countries)
    lost = np.zeros(table.n)
    hit = table.cells(chosen, industries)
    lost[hit] = share
    for industry, part in (shares or {}).items():
        lost[np.intersect1d(hit, table.cells(chosen, [industry]))] = part
    products = {
        int(table.cells([table.countries[0]], [industry])[0]): part for industry, part in (rebuilt_by or {}).items()
    }
    homes = None
    if households:
        homes = np.zeros(table.n_countries)
        places = table.cells(chosen, table.industries[:1]) // table.n_industries
        homes[places] = households * np.maximum(table.final.sum(axis=0), 0)[places]
    adds = bool(products) if destroyed is None else destroyed
    return Event(lost, begin, days, recovery, recovery_days, products, rebuilt, adds, homes)


def demand_of(
    table: WorldTable,
    *,
    path: float | Sequence[float],
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    begin: int = 0,
    days: int = FOR_EVER,
) -> Demand:
    """The change of final demand of these parameters. Raises KeyError for an unknown label, ValueError."""
    chosen = table.cells(None if countries is None else list(countries), table.industries[:1]) // table.n_industries
    final = np.maximum(table.final, 0)
    whole_demand = final.sum(axis=1)
    part = np.divide(final[:, chosen].sum(axis=1), whole_demand, out=np.zeros(table.n), where=whole_demand > 0)
    part[~np.isin(np.arange(table.n), table.cells(None, industries))] = 0
    numbers = tuple(path) if isinstance(path, Sequence) else (path,)
    return Demand(part, numbers, begin, days)


def inventories(table: WorldTable, scenarios: Sequence[Mapping[str, Any]]) -> list[Losses]:
    """The answers of many scenarios; those with the same behaviour, horizon and precision run side by side.

    Memory, beside the table's flows once more in that precision: 2 P n numbers a scenario in a batch of `SIDE_BY_SIDE`.
    """
    from serai.world.shocks.inventory.dynamics import simulate  # Numba takes its time, and the registry is read often

    alike: dict[Any, list[int]] = {}
    for position, scenario in enumerate(scenarios):
        behaviour = _behaviour(scenario.get("behaviour") or {})
        key = (repr(behaviour), scenario.get("horizon", DAYS_A_YEAR), scenario.get("precision", "double"))
        alike.setdefault(key, []).append(position)
    losses_of: dict[int, Losses] = {}
    for (_, horizon, precision), positions in alike.items():
        if horizon < 1:
            raise ValueError(f"The horizon is at least 1 day, not {horizon}.")
        economy = economy_of(table, _behaviour(scenarios[positions[0]].get("behaviour") or {}), precision)
        for start in range(0, len(positions), SIDE_BY_SIDE):
            batch = positions[start : start + SIDE_BY_SIDE]
            events = [events_of(table, scenarios[position]) for position in batch]
            demand = [
                [demand_of(table, **change) for change in scenarios[position].get("demand") or ()] for position in batch
            ]
            ran = simulate(economy, events, horizon, demand=demand, explain=len(scenarios) == 1)
            losses_of |= {position: _losses(economy, ran, column) for column, position in enumerate(batch)}
    return [losses_of[position] for position in range(len(scenarios))]


def _behaviour(given: Mapping[str, Any]) -> Behaviour:
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if "critical" in plain:
        plain["critical"] = {buyer: tuple(inputs) for buyer, inputs in plain["critical"].items()}
    return Behaviour(**plain)


def _losses(economy: Economy, ran: "Run", column: int) -> Losses:
    table = economy.table
    output, over_time = ran.output_loss[:, column], ran.over_time[:, :, column]
    daily = np.maximum(table.gdp, 0) / DAYS_A_YEAR
    late = over_time > RECOVERED * daily
    recovered = np.where(late.any(axis=0), len(late) - late[::-1].argmax(axis=0), 0)
    bound = None
    if ran.binding is not None:
        words = {CAPACITY: "capacity", ORDERS: "orders", NOTHING: ""} | dict(enumerate(table.industries))
        bound = tuple(words[int(which)] for which in ran.binding[:, column])
    residual = float(ran.residual[column])
    status = Status.SOLVED if residual <= CONSERVED[economy.precision_name] else Status.NOT_CONVERGED
    answer = Recovery(ran.unmet[:, column], recovered)
    cautions = (EVERYTHING_STOPS,) if economy.every_input_stops else ()
    return Losses(table.vc * output, output, residual, status, over_time, bound, answer, cautions=cautions)


def _tables_of(parameters: Mapping[str, Parameter]) -> Allowed:
    tables = table_of({name: parameter.allowed for name, parameter in parameters.items() if parameter.allowed})
    return list_of(tables, "a list of tables")


@shock(
    "inventory",
    question="How does a shock spread and fade over days when makers hold stocks, ration, order and overproduce?",
    parameters={
        **EVENT,
        "events": Parameter(
            "several that strike, each a table of the parameters above; where one names no countries or industries it "
            "hits those of the scenario",
            _tables_of(EVENT),
        ),
        "demand": Parameter(
            f"changes of final demand, each a table of {', '.join(DEMAND)}; none when left out",
            _tables_of(DEMAND),
        ),
        "horizon": Parameter(f"days to follow, {DAYS_A_YEAR} when left out", whole(1)),
        "behaviour": Parameter(f"how makers stock, order and stretch: {', '.join(BEHAVIOUR)}", table_of(BEHAVIOUR)),
        "precision": Parameter("single or double, double when left out", one_of(("single", "double"))),
    },
    horizon=Horizon.YEAR,
    limits=(
        "Prices don't move, nobody finds a supplier that it didn't have, and final demand waits for nobody.",
        "Stocks and critical inputs are assumed, and the same for all makers of an industry; results hang on both.",
        "Within an industry everything replaces everything: real shortages are narrower and harder.",
    ),
    sources=(
        "Hallegatte (2008), Risk Analysis 28(3); Hallegatte (2014), Risk Analysis 34(1)",
        "Guan et al. (2020), Nature Human Behaviour 4 (orders that shift)",
        "Juhel (2024), BoARIO, Journal of Open Source Software 9(99): the same rules and defaults",
    ),
    together=inventories,
)
def inventory(
    table: WorldTable,
    share: float | None = None,
    shares: Mapping[str, float] | None = None,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    begin: int = 0,
    days: int = 30,
    recovery: str = "linear",
    recovery_days: float = 60,
    rebuilt_by: Mapping[str, float] | None = None,
    rebuilt: float = 1.0,
    destroyed: bool | None = None,
    households: float = 0.0,
    events: Sequence[Mapping[str, Any]] | None = None,
    demand: Sequence[Mapping[str, Any]] | None = None,
    horizon: int = DAYS_A_YEAR,
    behaviour: Mapping[str, Any] | None = None,
    precision: Precision = "double",
) -> Losses:
    """Value added and output lost within the horizon, by country and day; `answer` is a `Recovery`."""
    given = dict(locals())
    return inventories(cast(WorldTable, given.pop("table")), [given])[0]
