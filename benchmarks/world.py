"""The world's tables at the size of the OECD's: 77 countries x 45 industries, 3,465 cells.

Bars are CPU-seconds of this machine or ratios to a physical limit: one LU factorisation, reading the factors once.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import scipy.linalg

from benchmarks import Finding, cpu_seconds, trial
from serai.world.classifications.industries import industries
from serai.world.measures import measure
from serai.world.readers import TableNotHere, read
from serai.world.shocks import Scenario, run
from serai.world.shocks.extraction import output_lost_by_cell, value_added_lost_by_cell
from serai.world.table import WorldTable

COUNTRIES = 77
ROUNDS, MANY_ROUNDS = 3, 30
DATA = Path(__file__).parents[2] / "shared" / "data"


@cache
def table() -> WorldTable:
    """An invented table of the size and classification of the OECD's, with home bias."""
    random = np.random.default_rng(0)
    codes = tuple(industries("oecd2023"))
    home = np.kron(np.eye(COUNTRIES), np.ones((len(codes), len(codes))))
    Z = random.random(home.shape) * (1 + 200 * home)
    F = random.random((len(home), COUNTRIES)) * (1 + 200 * home[:, :: len(codes)]) * 2 * len(codes)
    countries = tuple(f"C{number}" for number in range(COUNTRIES))
    return WorldTable(countries, codes, ("final",), Z, F, 2000, "$", classification="oecd2023")


def fresh() -> WorldTable:
    """The same flows with nothing derived yet."""
    return replace(table())


def factorise() -> object:
    matrix = np.asfortranarray(np.eye(table().n) - table().Z / table().x)
    return scipy.linalg.lu_factor(matrix, overwrite_a=True, check_finite=False)


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The fewest CPU-seconds of a few rounds."""
    return min(cpu_seconds(work) for _ in range(rounds))


@trial("world-measure")
def all_indicators() -> Iterator[Finding]:
    """How long do all indicators of all countries take that a table alone can give?"""
    factorisation, taken = least(factorise), least(lambda: measure(fresh()))
    yield Finding("one LU factorisation", factorisation, "CPU-s")
    yield Finding("all indicators", taken, "CPU-s")
    yield Finding("in factorisations", taken / factorisation, most=3)


@trial("world-scenario")
def one_static_scenario() -> Iterator[Finding]:
    """How long does a static scenario take after the factorisation, and with the inverse at hand?"""
    known = fresh()
    factors, _ = known._factors
    reading = least(factors.sum, MANY_ROUNDS)
    yield Finding("reading the factors once", 1000 * reading, "CPU-ms")
    cell, country = {"countries": ["C3"], "industries": ["C26"]}, {"countries": ["C3"]}
    one_solve = {
        "supply": Scenario("supply", {"share": 0.1, **cell}),
        "demand": Scenario("demand", {"share": 0.1, **country}),
        "extraction of a cell": Scenario("extraction", cell),
    }
    for name, scenario in one_solve.items():
        taken = least(lambda: run(known, scenario), MANY_ROUNDS)  # noqa: B023  run at once
        yield Finding(name, 1000 * taken, "CPU-ms", most=5)
        yield Finding(f"{name}, in readings of the factors", taken / reading, most=1.5)
    whole = Scenario("extraction", country)
    taken = least(lambda: run(known, whole), MANY_ROUNDS)
    yield Finding("extraction of a country, 45 columns of the inverse solved for", 1000 * taken, "CPU-ms")
    del factors
    known.L.sum()
    for name, scenario in {"extraction of a cell": one_solve["extraction of a cell"], "of a country": whole}.items():
        taken = least(lambda: run(known, scenario), MANY_ROUNDS)  # noqa: B023  run at once
        yield Finding(f"{name}, with the inverse at hand", 1000 * taken, "CPU-ms", most=5)


@trial("world-extractions")
def every_single_cell_extracted() -> Iterator[Finding]:
    """How long do all 3,465 single-cell extractions take: with the inverse at hand, and from the factors?"""
    known = fresh()
    known.L.sum()

    def all_of(extracted: WorldTable) -> None:
        value_added_lost_by_cell(extracted)
        output_lost_by_cell(extracted)

    def given() -> None:
        seen = known.on([0]).on(None)  # the factors and the inverse stay, the diagonal is read anew
        all_of(seen)

    yield Finding("with the inverse at hand", 1000 * least(given), "CPU-ms", most=20)
    factorisation = least(factorise)

    def alone() -> float:
        other = fresh()
        cpu_seconds(lambda: other._factors)
        return cpu_seconds(lambda: all_of(other))

    taken = min(alone() for _ in range(ROUNDS))
    yield Finding("from the factors, no inverse", 1000 * taken, "CPU-ms")
    yield Finding("in factorisations", taken / factorisation, most=2)


STRESSORS = 10
OURS = """
from dataclasses import replace
from serai.world.measures.green import accounts, emissions_per_output
from serai.world.table import Extension, WorldTable
names = [f"e{number}" for number in range(len(E))]
extensions = {name: Extension(row, "t") for name, row in zip(names, E)}
labels = tuple(f"C{number}" for number in range(F.shape[1])), tuple(map(str, range(len(Z) // F.shape[1])))
began = time.process_time()
table = WorldTable(*labels, ("final",), Z, F, 2000, "$", extensions=extensions)
multipliers = table.solve_leontief_transposed(np.stack([emissions_per_output(table, name) for name in names], axis=1))
found = [accounts(table, name) for name in names]
total = float(found[0].consumption.sum())
"""
PYMRIOS = """
import pandas as pd, pymrio
regions, sectors = [f"C{number}" for number in range(F.shape[1])], list(map(str, range(len(Z) // F.shape[1])))
rows = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
columns = pd.MultiIndex.from_product([regions, ["final"]], names=["region", "category"])
began = time.process_time()
extension = pymrio.Extension("e", F=pd.DataFrame(E, columns=rows))
system = pymrio.IOSystem(Z=pd.DataFrame(Z, rows, rows), Y=pd.DataFrame(F, rows, columns))
system.e = extension
system.calc_system()
system.calc_extensions()
total = float(system.e.D_cba_reg.iloc[0].sum())
"""
AROUND = """
import sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
Z, F, E = (np.load(f"{{sys.argv[1]}}/{{name}}.npy") for name in "ZFE")
{work}
taken = time.process_time() - began
with open("/proc/self/status") as status:  # ru_maxrss would count the parent's memory at the fork
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(taken, peak / 1024, total)
"""


@trial("world-accounts")
def against_pymrio() -> Iterator[Finding]:
    """How fast and how small are ten stressors' accounts beside pymrio's calc_system and calc_extensions?

    Each in a process of its own that loads the same arrays.
    """
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        emissions = np.random.default_rng(1).random((STRESSORS, table().n)) * table().x
        for name, values in (("Z", table().Z), ("F", table().F), ("E", emissions)):
            np.save(Path(folder) / f"{name}.npy", values)
        ours = _alone(OURS, folder)
        theirs = _alone(PYMRIOS, folder)
    if abs(ours[2] / theirs[2] - 1) > 1e-9:
        raise ArithmeticError(f"The accounts differ: {ours[2]} and {theirs[2]}.")
    for who, (seconds, peak, _) in (("Serai", ours), ("pymrio", theirs)):
        yield Finding(f"{who}'s time", seconds, "CPU-s")
        yield Finding(f"{who}'s peak memory", peak, "MiB")
    yield Finding("times as fast", theirs[0] / ours[0], least=3)
    yield Finding("of its peak memory", ours[1] / theirs[1], most=0.5)


def _alone(work: str, folder: str) -> tuple[float, float, float]:
    """CPU-seconds, peak memory in MiB and a check of the better of a few runs in processes of their own."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", AROUND.format(work=work), folder],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        ).stdout.split()
        for _ in range(ROUNDS)
    ]
    seconds, peak, check = (min(map(float, values)) for values in zip(*runs, strict=True))
    return seconds, peak, check


@trial("world-years")
def all_years() -> Iterator[Finding]:
    """How long does it take to read and measure all 17 years of WIOD 2013?"""
    os.environ.setdefault("SERAI_DATA", str(DATA))

    def every_year() -> None:
        for year in range(1995, 2012):
            measure(read(f"wiod2013/{year}"))

    try:
        yield Finding("17 years", cpu_seconds(every_year), "CPU-s", most=60)
    except TableNotHere as reason:
        print(f"    {reason}")
