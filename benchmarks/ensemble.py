"""Ensembles: what writing, resuming and counting cost beside the scenarios themselves."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import Finding, Work, benchmark, cpu_seconds, trial
from serai.world.readers import read
from serai.world.shocks import Scenario, run_together
from serai.world.shocks.ensemble import risk, run_ensemble
from serai.world.table import Array

SCENARIOS = 512


def scenarios() -> list[Scenario]:
    """Shortages in one country of the package's table, each with its own share."""
    shares = np.linspace(0.05, 0.95, SCENARIOS)
    countries = read().countries
    return [
        Scenario("shortage", {"share": float(share), "countries": [countries[number % len(countries)]]})
        for number, share in enumerate(shares)
    ]


@benchmark("ensemble-writing", against="the same scenarios without a folder")
def written() -> tuple[Work, Work]:
    """What do parts, manifest and Parquet cost?"""
    table, asked = read(), scenarios()

    def with_folder() -> None:
        with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
            run_ensemble(table, asked, Path(folder), jobs=1)

    def without() -> None:
        for first in range(0, SCENARIOS, 64):
            for result in run_together(table, asked[first : first + 64]):
                _ = result.loss_by_country

    return with_folder, without


ON_THREADS = """
import sys
import numpy as np
from benchmarks.world import table
from serai.world.shocks import Scenario, run_together
asked = [
    Scenario("inventory", {"share": 0.3, "countries": [f"C{number}"], "horizon": 20, "behaviour": {"stock_days": 5}})
    for number in range(4)
] + [Scenario("shortage", {"share": 0.3, "countries": ["C3"]})]
np.save(sys.argv[1], [result.loss for result in run_together(table(), asked)])
"""


def on_threads(threads: int, folder: Path) -> Array:
    """Losses by cell with this many BLAS threads, in a process of its own."""
    path = folder / f"{threads}.npy"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    subprocess.run([sys.executable, "-W", "ignore", "-c", ON_THREADS, str(path)], check=True, env=environment)
    losses: Array = np.load(path)
    return losses


@trial("ensemble")
def taken_up_and_counted() -> Iterator[Finding]:
    """What does taking up a finished ensemble cost, and the risk of 10,000 draws for 78 losses?"""
    table, asked = read(), scenarios()
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        first = cpu_seconds(lambda: run_ensemble(table, asked, Path(folder), jobs=1))
        again = cpu_seconds(lambda: run_ensemble(table, asked, Path(folder), jobs=1))
    yield Finding(f"{SCENARIOS} shortages on {table.n} cells", first, "CPU-s")
    yield Finding("the same, taken up when all is there", again / first, "of that", most=0.2)
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        one, two = (on_threads(threads, Path(folder)) for threads in (1, 2))
    yield Finding(
        "difference between 1 and 2 threads", float(np.abs(one - two).max() / np.abs(one).max()), "", most=1e-10
    )
    losses = np.random.default_rng(0).exponential(size=(10_000, 78))
    yield Finding("expected loss, VaR and CVaR with intervals", cpu_seconds(lambda: risk(losses)), "CPU-s", most=60)
