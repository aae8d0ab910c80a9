"""Ensembles: how much writing, resuming and counting cost beside the scenarios themselves."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import Finding, apart, compared, cpu_seconds, trial
from benchmarks.world import COUNTRIES, table_of
from serai.world.readers import read
from serai.world.shocks import Scenario, run_together
from serai.world.shocks.ensemble import risk, run_ensemble

SCENARIOS = 512


def shortages(count: int) -> list[Scenario]:
    """Shortages in one country of the package's table, each with its own share."""
    shares = np.linspace(0.05, 0.95, count)
    countries = read().countries
    return [
        Scenario("shortage", {"share": float(share), "countries": [countries[number % len(countries)]]})
        for number, share in enumerate(shares)
    ]


@trial("ensemble-writing", tiny={"scenarios": 4, "rounds": 1})
def written(scenarios: int = SCENARIOS, rounds: int = 6) -> Iterator[Finding]:
    """What do parts, manifest and Parquet cost?"""
    table, asked = read(), shortages(scenarios)

    def with_folder() -> None:
        with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
            run_ensemble(table, asked, Path(folder), jobs=1)

    def without() -> None:
        for first in range(0, scenarios, 64):
            for result in run_together(table, asked[first : first + 64]):
                _ = result.loss_by_country

    yield from compared(with_folder, without, against="the same scenarios without a folder", rounds=rounds)


def losses_of_cells(countries: int) -> list[list[float]]:
    """Losses by scenario and cell, of four runs of the inventory model and a shortage."""
    scenarios = [
        Scenario(
            "inventory", {"share": 0.3, "countries": [f"C{number}"], "horizon": 20, "behaviour": {"stock_days": 5}}
        )
        for number in range(4)
    ] + [Scenario("shortage", {"share": 0.3, "countries": ["C3"]})]
    return [result.loss.tolist() for result in run_together(table_of(countries), scenarios)]


@trial("ensemble", tiny={"scenarios": 4, "countries": 4, "draws": 50})
def resumed_and_counted(
    scenarios: int = SCENARIOS, countries: int = COUNTRIES, draws: int = 10_000
) -> Iterator[Finding]:
    """How much does resuming a finished ensemble cost, and the risk of 10,000 draws for 78 losses?"""
    table, asked = read(), shortages(scenarios)
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as folder:
        first = cpu_seconds(lambda: run_ensemble(table, asked, Path(folder), jobs=1))
        again = cpu_seconds(lambda: run_ensemble(table, asked, Path(folder), jobs=1))
    yield Finding(f"{scenarios} shortages on {table.n} cells", first, "CPU-s")
    yield Finding("the same, resumed when all is there", again / first, "of that", most=0.2)
    one, two = (np.array(apart(losses_of_cells, threads=threads, countries=countries)) for threads in (1, 2))
    yield Finding(
        "difference between 1 and 2 threads", float(np.abs(one - two).max() / np.abs(one).max()), "", most=1e-10
    )
    losses = np.random.default_rng(0).exponential(size=(draws, 78))
    yield Finding("expected loss, VaR and CVaR with intervals", cpu_seconds(lambda: risk(losses)), "CPU-s", most=60)
