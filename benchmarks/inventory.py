"""The inventory model at the size of the OECD's table, 3,465 cells, beside BoARIO and beside the machine's limits."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numba import njit

from benchmarks import Finding, apart, cpu_seconds, least_cpu_seconds, trial
from benchmarks.world import COUNTRIES, table_of, table_with
from serai.world.published.boario import simulation_of
from serai.world.shocks.inventory import SIDE_BY_SIDE, Behaviour, Event, economy_of
from serai.world.shocks.inventory.dynamics import simulate
from serai.world.table import Array, WorldTable

YEAR = 365
DAYS, LATER = 2, 10
ROUNDS = 3
HIT, SHARE = 3, 0.3


def events(table: WorldTable, count: int) -> list[Event]:
    """A month without three tenths of a country's capacity, each country in turn."""
    lost = np.where(table.country_of == np.arange(table.n_countries)[:, None], SHARE, 0.0)
    return [Event(lost[number % table.n_countries], begin=1, days=30) for number in range(count)]


def ours(table: WorldTable, ordering: str, precision: str, scenarios: int) -> float:
    """CPU-seconds a scenario and year in an ensemble, the preparation of the economy shared out."""
    economies = []
    prepared = cpu_seconds(lambda: economies.append(economy_of(table, Behaviour(ordering=ordering), precision)))
    economy = economies[0]
    simulate(economy, events(table, 2), 2)
    batches = [events(table, min(SIDE_BY_SIDE, scenarios)) for _first in range(0, scenarios, SIDE_BY_SIDE)]

    def days(count: int) -> float:
        return cpu_seconds(lambda: [simulate(economy, batch, count) for batch in batches])

    few, more = days(DAYS), days(LATER)
    daily = (more - few) / (LATER - DAYS)
    return (prepared + few - DAYS * daily + YEAR * daily) / scenarios


def boario(table: WorldTable, ordering: str, days: int) -> float:
    """CPU-seconds of a year of BoARIO, from a few days of it, its preparation left out."""
    import pandas as pd
    from boario import event

    simulation, labels = simulation_of(table, ordering, YEAR)
    share = pd.Series(SHARE, index=labels[table.block(HIT)])
    simulation.add_event(event.from_series(share, event_type="arbitrary", occurrence=1, duration=30, recovery_tau=60))
    for _day in range(days):
        simulation.next_step()
    return cpu_seconds(lambda: [simulation.next_step() for _day in range(days)]) / days * YEAR


@njit(cache=True)
def stream(state: Array, other: Array) -> None:
    """Read two arrays and write one, as the triad of STREAM does."""
    for place in range(len(state)):
        state[place] = other[place] + 0.5 * state[place]


def floor(table: WorldTable, dtype: type) -> float:
    """CPU-seconds a scenario and year for 4 n^2 operations of a large matrix product and six arrays of state a day."""
    n, products = table.n, table.n_industries
    left, right = (np.ones(shape, dtype) for shape in ((n, n), (n, SIDE_BY_SIDE * 8)))
    np.matmul(left, right)
    multiply = least_cpu_seconds(lambda: np.matmul(left, right), ROUNDS) / (SIDE_BY_SIDE * 8)
    state, other = np.ones(products * n * 16, dtype), np.ones(products * n * 16, dtype)
    stream(state, other)
    move = least_cpu_seconds(lambda: stream(state, other), ROUNDS) / 16 / 3
    return YEAR * (2 * multiply + 6 * move)


def memory(what: str) -> float:
    """MiB of this process: VmRSS now, VmHWM at the most until now."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def _read(flows: str) -> WorldTable:
    """The table of a file, read without the memory that inventing the table takes."""
    with np.load(flows) as kept:
        return table_with(kept["Z"], kept["F"])


def our_memory(flows: str) -> float:
    """MiB that 64 scenarios need beside the table."""
    table = _read(flows)
    before = memory("VmRSS")
    simulate(economy_of(table, Behaviour("alt")), events(table, SIDE_BY_SIDE), 2)
    return memory("VmHWM") - before


def boarios_memory(flows: str) -> float:
    """MiB that one scenario of BoARIO's needs beside the table."""
    table = _read(flows)
    before = memory("VmRSS")
    simulation, _labels = simulation_of(table, "alt", YEAR)
    simulation.next_step()
    return memory("VmHWM") - before


@trial("inventory", tiny={"countries": 4, "scenarios": 2, "days": 1})
def against_boario_and_the_floor(countries: int = COUNTRIES, scenarios: int = 128, days: int = 4) -> Iterator[Finding]:
    """How much faster than BoARIO is a scenario of an ensemble, and how near to the machine's limits?"""
    table = table_of(countries)
    least = {np.float64: floor(table, np.float64), np.float32: floor(table, np.float32)}
    yield Finding("floor in double precision", least[np.float64], "CPU-s a scenario and year")
    yield Finding("floor in single precision", least[np.float32], "CPU-s a scenario and year")
    for ordering in ("noalt", "alt"):
        theirs = boario(table, ordering, days)
        yield Finding(f"BoARIO, {ordering}", theirs, "CPU-s a scenario and year")
        for precision, dtype in (("double", np.float64), ("single", np.float32)):
            mine = ours(table, ordering, precision, scenarios)
            yield Finding(f"Serai, {ordering}, {precision}", mine, "CPU-s a scenario and year")
            yield Finding(f"times BoARIO, {ordering}, {precision}", theirs / mine, "", least=150)
            yield Finding(f"times the floor, {ordering}, {precision}", mine / least[dtype], "", most=2)
    single, double = (
        simulate(economy_of(table, Behaviour(), word), events(table, 4), 30).output_loss
        for word in ("single", "double")
    )
    error = np.abs(single - double).max() / (30 / YEAR * table.x.max())
    yield Finding("largest error of single precision", float(error), "of the largest output", most=1e-5)
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        flows = Path(folder) / "flows.npz"
        np.savez(flows, Z=table.Z, F=table.F)
        mine, theirs = (apart(work, flows=str(flows)) for work in (our_memory, boarios_memory))
    yield Finding("memory of 64 scenarios beside the table, alt, double", mine, "MiB")
    yield Finding("memory of one scenario of BoARIO's beside the table, alt", theirs, "MiB", least=mine)
