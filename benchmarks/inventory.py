"""The inventory model at the size of the OECD's table, 3,465 cells, beside BoARIO and beside the machine's limits."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numba import njit

from benchmarks import Finding, cpu_seconds, trial
from benchmarks.world import COUNTRIES, table
from serai.world.published.boario import simulation_of
from serai.world.shocks.inventory import SIDE_BY_SIDE, Behaviour, Event, economy_of
from serai.world.shocks.inventory.dynamics import simulate
from serai.world.table import Array

YEAR = 365
SCENARIOS = 128
DAYS, LATER = 2, 10
THEIR_DAYS = 4
HIT, SHARE = 3, 0.3


def events(count: int) -> list[Event]:
    """A month without three tenths of a country's capacity, each country in turn."""
    lost = np.zeros((COUNTRIES, table().n))
    for country in range(COUNTRIES):
        lost[country, table().block(country)] = SHARE
    return [Event(lost[number % COUNTRIES], begin=1, days=30) for number in range(count)]


def ours(ordering: str, precision: str) -> float:
    """CPU-seconds a scenario and year in an ensemble, the preparation of the economy shared out."""
    economies = []
    prepared = cpu_seconds(lambda: economies.append(economy_of(table(), Behaviour(ordering=ordering), precision)))
    economy = economies[0]
    simulate(economy, events(2), 2)

    def days(count: int) -> float:
        batches = [events(SIDE_BY_SIDE) for _ in range(SCENARIOS // SIDE_BY_SIDE)]
        return cpu_seconds(lambda: [simulate(economy, batch, count) for batch in batches])

    few, more = days(DAYS), days(LATER)
    daily = (more - few) / (LATER - DAYS)
    return (prepared + few - DAYS * daily + YEAR * daily) / SCENARIOS


def boario(ordering: str) -> float:
    """CPU-seconds of a year of BoARIO, from a few days of it, its preparation left out."""
    from boario import event

    simulation, labels = simulation_of(table(), ordering, YEAR)
    cells = labels[table().block(HIT)]
    import pandas as pd

    share = pd.Series(SHARE, index=cells)
    simulation.add_event(event.from_series(share, event_type="arbitrary", occurrence=1, duration=30, recovery_tau=60))
    for _ in range(THEIR_DAYS):
        simulation.next_step()
    return cpu_seconds(lambda: [simulation.next_step() for _ in range(THEIR_DAYS)]) / THEIR_DAYS * YEAR


@njit(cache=True)
def stream(state: Array, other: Array) -> None:
    """Read two arrays and write one, as the triad of STREAM does."""
    for place in range(len(state)):
        state[place] = other[place] + 0.5 * state[place]


def floor(dtype: type) -> float:
    """CPU-seconds a scenario and year for 4 n^2 operations of a large matrix product and six arrays of state a day."""
    n, products = table().n, table().n_industries
    left, right = (np.ones(shape, dtype) for shape in ((n, n), (n, SIDE_BY_SIDE * 8)))
    np.matmul(left, right)
    multiply = min(cpu_seconds(lambda: np.matmul(left, right)) for _ in range(3)) / (SIDE_BY_SIDE * 8)
    state, other = np.ones(products * n * 16, dtype), np.ones(products * n * 16, dtype)
    stream(state, other)
    move = min(cpu_seconds(lambda: stream(state, other)) for _ in range(3)) / 16 / 3
    return YEAR * (2 * multiply + 6 * move)


PEAK = """
import sys
import numpy as np
from serai.world.published.boario import simulation_of
from serai.world.shocks.inventory import Behaviour, Event, economy_of
from serai.world.shocks.inventory.dynamics import simulate
from serai.world.table import WorldTable
kept = np.load(sys.argv[1])
labels = [tuple(f"{kind}{number}" for number in range(count)) for kind, count in (("C", 77), ("i", 45))]
table = WorldTable(*labels, ("final",), kept["Z"], kept["F"], 2000, "$")
def memory(what):
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1])
before = memory("VmRSS")
"""
OUR_WORK = """
lost = np.where(table.country_of == 3, 0.3, 0.0)
simulate(economy_of(table, Behaviour("alt")), [Event(lost)] * 64, 2)
"""
THEIR_WORK = """
simulation, _ = simulation_of(table, "alt", 365)
simulation.next_step()
"""
SAY = "print((memory('VmHWM') - before) / 1024)"


def peak(work: str, flows: Path) -> float:
    """MiB that this work needs beside the table, in a process of its own."""
    code = PEAK + work + SAY
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(flows)], capture_output=True, check=True)
    return float(done.stdout.split()[-1])


@trial("inventory")
def against_boario_and_the_floor() -> Iterator[Finding]:
    """How much faster than BoARIO is a scenario of an ensemble, and how near to the machine's limits?"""
    least = {np.float64: floor(np.float64), np.float32: floor(np.float32)}
    yield Finding("floor in double precision", least[np.float64], "CPU-s a scenario and year")
    yield Finding("floor in single precision", least[np.float32], "CPU-s a scenario and year")
    for ordering in ("noalt", "alt"):
        theirs = boario(ordering)
        yield Finding(f"BoARIO, {ordering}", theirs, "CPU-s a scenario and year")
        for precision, dtype in (("double", np.float64), ("single", np.float32)):
            mine = ours(ordering, precision)
            yield Finding(f"Serai, {ordering}, {precision}", mine, "CPU-s a scenario and year")
            yield Finding(f"times BoARIO, {ordering}, {precision}", theirs / mine, "", least=150)
            yield Finding(f"times the floor, {ordering}, {precision}", mine / least[dtype], "", most=2)
    single, double = (
        simulate(economy_of(table(), Behaviour(), word), events(4), 30).output_loss for word in ("single", "double")
    )
    error = np.abs(single - double).max() / (30 / YEAR * table().x.max())
    yield Finding("largest error of single precision", float(error), "of the largest output", most=1e-5)
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        flows = Path(folder) / "flows.npz"
        np.savez(flows, Z=table().Z, F=table().F)
        mine, theirs = peak(OUR_WORK, flows), peak(THEIR_WORK, flows)
    yield Finding("memory of 64 scenarios beside the table, alt, double", mine, "MiB")
    yield Finding("memory of one scenario of BoARIO's beside the table, alt", theirs, "MiB", least=mine)
