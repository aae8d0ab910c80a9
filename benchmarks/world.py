"""The world's tables at the size of the OECD's: 77 countries x 45 industries, 3,465 cells.

Bars are CPU-seconds of this machine or ratios to a physical limit: one LU factorisation, reading the factors once.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import scipy.linalg

from benchmarks import DATA, Finding, cpu_seconds, least_cpu_seconds, python, trial
from serai.world.classifications.industries import industries
from serai.world.measures import measure
from serai.world.readers import read
from serai.world.shocks import Scenario, run
from serai.world.shocks.extraction import output_lost_by_cell, value_added_lost_by_cell
from serai.world.table import Array, WorldTable

COUNTRIES = 77
ROUNDS, MANY_ROUNDS = 3, 30


@cache
def table_of(countries: int = COUNTRIES) -> WorldTable:
    """An invented table in the classification of the OECD's, and by default of its size, with home bias."""
    random = np.random.default_rng(0)
    n = len(industries("oecd2023"))
    home = np.kron(np.eye(countries), np.ones((n, n)))
    Z = random.random(home.shape) * (1 + 200 * home)
    F = random.random((len(home), countries)) * (1 + 200 * home[:, ::n]) * 2 * n
    return table_with(Z, F)


def table_with(Z: Array, F: Array) -> WorldTable:
    """The table of these flows, with (n_cells, n_cells) and (n_cells, n_countries) numbers."""
    countries = tuple(f"C{number}" for number in range(F.shape[1]))
    codes = tuple(industries("oecd2023"))
    return WorldTable(countries, codes, ("final",), Z, F, 2000, "$", classification="oecd2023")


def fresh(countries: int) -> WorldTable:
    """The same flows with nothing derived yet."""
    return replace(table_of(countries))


def factorise(table: WorldTable) -> object:
    matrix = np.asfortranarray(np.eye(table.n) - table.Z / table.x)
    return scipy.linalg.lu_factor(matrix, overwrite_a=True, check_finite=False)


@trial("world-measure", tiny={"countries": 4, "rounds": 1})
def all_indicators(countries: int = COUNTRIES, rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long do all indicators of all countries take that a table alone can give?"""
    factorisation = least_cpu_seconds(lambda: factorise(table_of(countries)), rounds)
    taken = least_cpu_seconds(lambda: measure(fresh(countries)), rounds)
    yield Finding("one LU factorisation", factorisation, "CPU-s")
    yield Finding("all indicators", taken, "CPU-s")
    yield Finding("in factorisations", taken / factorisation, most=3)


@trial("world-scenario", tiny={"countries": 4, "rounds": 1})
def one_static_scenario(countries: int = COUNTRIES, rounds: int = MANY_ROUNDS) -> Iterator[Finding]:
    """How long does a static scenario take after the factorisation, and with the inverse at hand?"""
    table = fresh(countries)

    def seconds_of(scenario: Scenario) -> float:
        return least_cpu_seconds(lambda: run(table, scenario), rounds)

    factors, _ = table._factors
    reading = least_cpu_seconds(factors.sum, rounds)
    yield Finding("reading the factors once", 1000 * reading, "CPU-ms")
    cell, country = {"countries": ["C3"], "industries": ["C26"]}, {"countries": ["C3"]}
    one_solve = {
        "supply": Scenario("supply", {"share": 0.1, **cell}),
        "demand": Scenario("demand", {"share": 0.1, **country}),
        "extraction of a cell": Scenario("extraction", cell),
    }
    for name, scenario in one_solve.items():
        taken = seconds_of(scenario)
        yield Finding(name, 1000 * taken, "CPU-ms", most=5)
        yield Finding(f"{name}, in readings of the factors", taken / reading, most=1.5)
    whole = Scenario("extraction", country)
    taken = seconds_of(whole)
    yield Finding("extraction of a country, 45 columns of the inverse solved for", 1000 * taken, "CPU-ms")
    del factors
    table.L.sum()
    for name, scenario in {"extraction of a cell": one_solve["extraction of a cell"], "of a country": whole}.items():
        yield Finding(f"{name}, with the inverse at hand", 1000 * seconds_of(scenario), "CPU-ms", most=5)


@trial("world-extractions", tiny={"countries": 4, "rounds": 1})
def every_single_cell_extracted(countries: int = COUNTRIES, rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long do all 3,465 single-cell extractions take: with the inverse at hand, and from the factors?"""
    table = fresh(countries)
    table.L.sum()

    def all_of(extracted: WorldTable) -> None:
        value_added_lost_by_cell(extracted)
        output_lost_by_cell(extracted)

    def given() -> None:
        all_of(table.on([0]).on(None))  # the factors and the inverse stay, the diagonal is read anew

    yield Finding("with the inverse at hand", 1000 * least_cpu_seconds(given, rounds), "CPU-ms", most=20)
    factorisation = least_cpu_seconds(lambda: factorise(table), rounds)

    def alone() -> float:
        other = fresh(countries)
        cpu_seconds(lambda: other._factors)
        return cpu_seconds(lambda: all_of(other))

    taken = min(alone() for _ in range(rounds))
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


@trial("world-accounts", tiny={"countries": 4, "rounds": 1})
def against_pymrio(countries: int = COUNTRIES, rounds: int = ROUNDS) -> Iterator[Finding]:
    """How fast and how small are ten stressors' accounts beside pymrio's calc_system and calc_extensions?

    Each in a process of its own that loads the same arrays and, for its memory's sake, nothing else.
    """
    ours, theirs = accounts_of_both(table_of(countries), rounds)
    for who, (seconds, peak) in (("Serai", ours), ("pymrio", theirs)):
        yield Finding(f"{who}'s time", seconds, "CPU-s")
        yield Finding(f"{who}'s peak memory", peak, "MiB")
    yield Finding("times as fast", theirs[0] / ours[0], least=3)
    yield Finding("of its peak memory", ours[1] / theirs[1], most=0.5)


def accounts_of_both(table: WorldTable, rounds: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """CPU-seconds and peak memory in MiB of ten stressors' accounts, Serai's and pymrio's.

    Raises ArithmeticError where the accounts differ.
    """
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        emissions = np.random.default_rng(1).random((STRESSORS, table.n)) * table.x
        for name, values in (("Z", table.Z), ("F", table.final), ("E", emissions)):
            np.save(Path(folder) / f"{name}.npy", values)
        ours, theirs = (_alone(work, folder, rounds) for work in (OURS, PYMRIOS))
    if abs(ours[2] / theirs[2] - 1) > 1e-9:
        raise ArithmeticError(f"The accounts differ: {ours[2]} and {theirs[2]}.")
    return ours[:2], theirs[:2]


def _alone(work: str, folder: str, rounds: int) -> tuple[float, float, float]:
    """CPU-seconds, peak memory in MiB and a check sum: the least of several runs, each in a process of its own."""
    runs = [python(AROUND.format(work=work), folder).split() for _round in range(rounds)]
    seconds, peak, check = (min(map(float, values)) for values in zip(*runs, strict=True))
    return seconds, peak, check


@trial("world-years", tiny={"first": 2011}, data=["wiod2013"])
def all_years(first: int = 1995) -> Iterator[Finding]:
    """How long does it take to read and measure all 17 years of WIOD 2013?"""
    years = range(first, 2012)

    def every_year() -> None:
        for year in years:
            measure(read(DATA / "wiod2013" / f"wiod{year % 100:02}.npz"))

    yield Finding(f"{len(years)} years", cpu_seconds(every_year), "CPU-s", most=60)
