"""Other programs on the same 4,000 cells: OECD's table of 2022 as the wheel of sanction-simulator carries it.

The rival's scenario is a sanction between two countries in its own equations (an outside option, a network of trade
that is balanced anew), which Serai does not solve. So two things are measured apart: whether Serai's answer is that of
a dense solve of Serai's own equations, and how long each takes for one scenario after loading.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import scipy.linalg

from benchmarks import Finding, cpu_seconds, least_cpu_seconds, python, trial
from benchmarks.world import accounts_of_both, table_of
from serai.world.measures import measure
from serai.world.readers import read
from serai.world.shocks import Scenario, run
from serai.world.table import WorldTable

WHEEL = "sanction-simulator==0.1.4"
RIVAL = """
import sys, time
sys.path.insert(0, sys.argv[1])
import sanction_simulator as ss
sys.path.insert(0, ss._PKG_DIR)
import power_trade_estimation as pte
bench = pte.Benchmark(ss.data_dir(), cache=ss.bench_cache())
legs = [pte.bilateral_legs(bench.cidx["USA"], bench.cidx["CHN"])]
began = time.process_time()
batch = pte.ScenarioBatch(bench, legs, tau=0.30, delta=0.10)
batch.balance()
batch.solve(rho=-1.0)
print(time.process_time() - began)
"""


@trial("world-sanctions", tiny={"countries": 4, "rounds": 1, "rival": False})
def against_sanction_simulator(countries: int = 80, rounds: int = 3, rival: bool = True) -> Iterator[Finding]:
    """How long does one stop of a country take on 4,000 cells, beside a sanction scenario of sanction-simulator?

    Each after loading; the rival in a process of its own.
    """
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        if rival:
            python(
                f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'pip', '--quiet', 'download', "
                f"'--no-deps', '--dest', {folder!r}, {WHEEL!r}], check=True)"
            )
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                wheel.extractall(folder)
            table = four_thousand_cells(Path(folder) / "sanction_simulator/data/bench_cache.npz")
            stopped = "CHN"
        else:
            table, stopped = table_of(countries), "C1"
        cells = table.cells([stopped])
        yield Finding("cells", table.n)
        cpu_seconds(lambda: table._factors)
        answer = run(table, Scenario("extraction", {"countries": [stopped]})).output_loss
        rest = np.setdiff1d(np.arange(table.n), cells)
        demand = table.F.sum(axis=1)[rest]
        left = scipy.linalg.solve(np.eye(len(rest)) - table.A[np.ix_(rest, rest)], demand)
        off = np.abs(table.x[rest] - answer[rest] - left).max() / table.x.max()
        yield Finding("extraction, off from a dense solve of the same equations", off, "of the largest", most=1e-8)
        scenario = Scenario("shortage", {"share": 0.3, "countries": [stopped]})
        run(table, scenario)
        taken = least_cpu_seconds(lambda: run(table, scenario), rounds)
        extraction = Scenario("extraction", {"countries": [stopped]})
        yield Finding(
            "Serai's extraction of a country", least_cpu_seconds(lambda: run(table, extraction), rounds), "CPU-s"
        )
        yield Finding("Serai's shortage of a country", taken, "CPU-s")
        if rival:
            theirs = min(float(python(RIVAL, folder)) for _round in range(rounds))
            yield Finding("sanction-simulator's scenario", theirs, "CPU-s")
            yield Finding("shortage, times as fast", theirs / taken, least=20)


def four_thousand_cells(path: Path) -> WorldTable:
    """The wheel's table, country by country; what is not sold as input to the 80 stands as final demand at home."""
    with np.load(path, allow_pickle=False) as arrays:
        countries = tuple(str(code) for code in arrays["countries"])
        industries = tuple(str(code) for code in arrays["sectors"])
        N, S = len(countries), len(industries)
        order = np.arange(N * S).reshape(S, N).T.ravel()
        Z = (arrays["A"] * (arrays["omb"] * arrays["go"]))[np.ix_(order, order)]
        sales = arrays["z"][order]
    F = np.zeros((N * S, N))
    F[np.arange(N * S), np.repeat(np.arange(N), S)] = sales
    return WorldTable(countries, industries, ("final",), Z, F, 2022, "US$ million", classification="oecd2025")


@trial("world-built-in", tiny={"rounds": 1, "pymrio": False})
def the_finer_table(rounds: int = 3, pymrio: bool = True) -> Iterator[Finding]:
    """How long do the built-in table of 2022, all its indicators and one stop of a country take?"""
    load = python(
        "import time\nbegan = time.process_time()\nfrom serai.world.readers import read\ntable = read('icio/2022')\n"
        "print(time.process_time() - began)"
    )
    yield Finding("loading, imports included", float(load), "CPU-s", most=2)
    table = read("icio/2022")
    factorisation = cpu_seconds(lambda: scipy.linalg.lu_factor(np.eye(table.n) - table.A, check_finite=False))
    measured = cpu_seconds(lambda: measure(table))
    yield Finding("all static indicators", measured, "CPU-s")
    yield Finding("in factorisations", measured / factorisation, most=3)
    scenario = Scenario("shortage", {"share": 0.3, "countries": ["CHN"]})
    run(table, scenario)
    taken = least_cpu_seconds(lambda: run(table, scenario), rounds)
    yield Finding("shortage of a country, inputs prepared", 1000 * taken, "CPU-ms", most=100)
    peak = python(
        "from serai.world.readers import read\nfrom serai.world.measures import measure\nmeasure(read('icio/2022'))\n"
        "print(next(int(l.split()[1]) for l in open('/proc/self/status') if l.startswith('VmHWM')) / 1024)"
    )
    yield Finding("peak memory of loading and measuring", float(peak), "MiB", most=1000)
    if pymrio:
        ours, theirs = accounts_of_both(table, rounds)
        yield Finding("ten stressors' accounts, times as fast as pymrio", theirs[0] / ours[0], least=3)
