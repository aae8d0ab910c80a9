"""The inventory model beside BoARIO (Juhel 2024), where that is installed: every cell's output, every day of a year.

BoARIO is licensed under the GPL, so nothing of it is used but its answers. It leaves out what is small: changes of
stocks within 1e-5 of their use, and what is left to rebuild below ten units of money. So the flows are those of the
leather table times a million, and the shocks large.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from serai.world.published import quantity
from serai.world.readers import TableNotHere, read
from serai.world.shocks.inventory import Behaviour, Event, economy_of
from serai.world.table import Array, WorldTable

HIT = {1: 0.3, 5: 0.2}
"""The share of capacity that cells lose, by their place in the table."""

OCCURS, LASTS, RECOVERS = 3, 4, 60
REBUILDERS = {1: 0.6, 2: 0.4}
REBUILT = 0.9
LATER = 17
"""Days by which the second of two events strikes later, on the same cells. BoARIO fails on two stoppages."""
HOMES = (0.02, 0.0, 0.05)
"""What households lose, by country, relative to a year's final demand."""
CURVES = {"linear": "linear", "convex": "convexe", "slow convex": "convexe noscale", "s-shaped": "concave"}


def read_boario() -> WorldTable:
    """The table on which both run. Raises TableNotHere where BoARIO isn't installed."""
    try:
        import boario  # noqa: F401
        import pymrio  # noqa: F401
    except ModuleNotFoundError:
        raise TableNotHere("BoARIO is not installed; pip install boario pymrio progressbar2.") from None
    leather = read("leather")
    return replace(leather, Z=leather.Z * 1e6, F=leather.F * 1e6)


@quantity("output in a year of days, largest difference from BoARIO's")
def deviations(table: WorldTable) -> Mapping[str, float]:
    """The largest relative difference of any cell's output on any day, by ordering, kind of event and curve."""
    return {
        f"{ordering}, {kind}, {curve}": float(np.abs(ours / theirs - 1).max())
        for ordering, kind, curve, theirs, ours in both(table)
    }


def both(table: WorldTable, horizon: int = 365) -> Iterator[tuple[str, str, str, Array, Array]]:
    """Ordering, kind, curve, and every cell's output a day (horizon, n) after BoARIO and after Serai."""
    from serai.world.shocks.inventory.dynamics import simulate

    scenarios = scenarios_of(table)
    for ordering in ("noalt", "alt"):
        economy = economy_of(table, Behaviour(ordering=cast(Any, ordering), never_short=()))
        ran = simulate(economy, list(scenarios.values()), horizon, record=np.arange(table.n))
        for column, (kind, curve) in enumerate(scenarios):
            yield ordering, kind, curve, theirs(table, ordering, kind, curve, horizon), ran.recorded[:, :, column]


def scenarios_of(table: WorldTable) -> dict[tuple[str, str], tuple[Event, ...]]:
    """The events by kind and curve. BoARIO counts the first days of each kind differently."""
    lost = np.zeros(table.n)
    lost[list(HIT)] = list(HIT.values())
    recovered = {curve: Event(lost, OCCURS, LASTS + 2, curve, RECOVERS) for curve in CURVES}
    stopped = Event(lost, OCCURS + 1, LASTS + 2, "linear", RECOVERS, destroyed=False)
    rebuilt = Event(lost, OCCURS, LASTS, recovery_days=RECOVERS, rebuilt_by=REBUILDERS, rebuilt=REBUILT)
    later = replace(recovered["linear"], begin=OCCURS + LATER)
    return {("recovered", curve): (event,) for curve, event in recovered.items()} | {
        ("stopped", "linear"): (stopped,),
        ("rebuilt", "linear"): (rebuilt,),
        ("households", "linear"): (replace(rebuilt, households=np.array(HOMES) * table.final.sum(axis=0)),),
        ("several", "linear"): (rebuilt, later),
        ("rebuilt twice", "linear"): (rebuilt, replace(rebuilt, begin=OCCURS + LATER)),
    }


def theirs(table: WorldTable, ordering: str, kind: str, curve: str, horizon: int) -> Array:
    """Every cell's output a day after BoARIO, shape (horizon, n)."""
    kinds = {
        "several": (("rebuilt", 0), ("recovered", LATER)),
        "rebuilt twice": (("rebuilt", 0), ("rebuilt", LATER)),
    }
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        simulation, labels = simulation_of(table, ordering, horizon)
        model = simulation.model
        for letter, days in kinds.get(kind, ((kind, 0),)):
            simulation.add_event(_event(table, letter, curve, days, model.productive_capital, labels))
        output = np.empty((horizon, table.n))
        for day in range(horizon):
            simulation.next_step()
            output[day] = model.production
    return output


def simulation_of(table: WorldTable, ordering: str, horizon: int) -> tuple[Any, Any]:
    """BoARIO's simulation of a table, and pandas' index of its cells."""
    import pandas as pd
    import pymrio
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    # BoARIO sorts its labels, so they are numbers in the table's order.
    countries = [f"{number:05d}" for number in range(table.n_countries)]
    industries = [f"{number:05d}" for number in range(table.n_industries)]
    uses = [f"{number:05d}" for number in range(len(table.uses))]
    labels = pd.MultiIndex.from_product([countries, industries], names=["region", "sector"])
    columns = pd.MultiIndex.from_product([countries, uses], names=["region", "category"])
    system = pymrio.IOSystem(
        Z=pd.DataFrame(np.asarray(table.Z), labels, labels), Y=pd.DataFrame(np.asarray(table.F), labels, columns)
    )
    system.unit = pd.DataFrame({"unit": ["M"] * table.n}, labels)
    model = ARIOPsiModel(system.calc_all(), order_type=ordering)
    return Simulation(model, n_temporal_units_to_sim=horizon), labels


def _event(table: WorldTable, kind: str, curve: str, later: int, capital: Array, labels: Any) -> Any:
    import pandas as pd
    from boario import event

    cells = list(HIT)
    share = pd.Series(list(HIT.values()), index=labels[cells])
    damage = pd.Series(share.to_numpy() * capital[cells], index=labels[cells])
    when = {"occurrence": OCCURS + later, "duration": LASTS, "name": f"{kind} {later}"}
    if kind == "stopped":
        return event.from_series(
            share, event_type="arbitrary", recovery_tau=RECOVERS, recovery_function=CURVES[curve], **when
        )
    if kind in {"rebuilt", "households"}:
        return event.from_series(
            damage,
            event_type="rebuild",
            event_monetary_factor=10**6,
            rebuild_tau=RECOVERS,
            rebuilding_sectors={labels[place][1]: part for place, part in REBUILDERS.items()},
            rebuilding_factor=REBUILT,
            households_impact=_homes(table, labels) if kind == "households" else None,
            **when,
        )
    return event.from_series(
        damage,
        event_type="recovery",
        event_monetary_factor=10**6,
        recovery_tau=RECOVERS,
        recovery_function=CURVES[curve],
        **when,
    )


def _homes(table: WorldTable, labels: Any) -> Any:
    """What households lose, in pandas' words; the table has one final use."""
    import pandas as pd

    countries = [str(label) for label in labels.get_level_values("region").unique()]
    hit = [place for place, part in enumerate(HOMES) if part]
    index = pd.MultiIndex.from_tuples([(countries[place], "00000") for place in hit], names=["region", "category"])
    return pd.Series([HOMES[place] * table.final.sum(axis=0)[place] for place in hit], index=index)
