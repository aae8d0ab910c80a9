"""The trade engines: exact hat algebra at the sizes of the paper, of WIOD 2013 and of the OECD's table."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import Finding, cpu_seconds, trial
from benchmarks.world import table as of_the_oecds_size
from serai.world.industries import bounded_elasticities
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Scenario, run
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, equilibrium
from serai.world.shocks.trade.elasticities import elasticities
from serai.world.shocks.trade.nafta import FILE, read_nafta
from serai.world.shocks.trade.preparation import without_imbalances
from serai.world.shocks.trade.sensitivity import welfare_sensitivity
from serai.world.table import WorldTable

DATA = Path(os.environ.get("SERAI_DATA") or Path(__file__).parents[2] / "shared" / "data")
ROUNDS = 3

SCENARIOS: dict[str, tuple[str, dict[str, Any]]] = {
    "a decoupling": ("decoupling", {"blocs": [["C1", "C2"], ["C3", "C4", "C5"]]}),
    "ten points of tariff on all": ("tariff", {"added": 0.1}),
    "the same in one year": ("tariff", {"added": 0.1, "elasticities": "one year"}),
    "an export stop": ("export_stop", {"exporters": ["C1"]}),
}


@trial("trade-nafta")
def nafta() -> Iterator[Finding]:
    """How long do both equilibria of NAFTA take, 31 countries x 40 sectors, and how well are they solved?"""
    if not (DATA / FILE).is_file():
        print(f"    {DATA / FILE} is not here; set SERAI_DATA.")
        return
    data = read_nafta(DATA / FILE)
    balanced = np.zeros(len(data.economy.countries))

    def both() -> None:
        first = equilibrium(data.economy, deficit=balanced)
        equilibrium(first.after, tariffs=data.tariffs)

    yield Finding("both equilibria", min(cpu_seconds(both) for _ in range(ROUNDS)), "CPU-s", most=0.1)
    yield Finding("largest residual", data.from_balanced_trade.residual, most=1e-10)


@trial("trade-model-a")
def model_a() -> Iterator[Finding]:
    """How long does a decoupling take in model A at 77 countries x 45 industries?"""
    table = of_the_oecds_size()
    economy = TradeEconomy.of(table, bounded_elasticities(table))
    east = np.arange(table.n_countries) < 30
    costs = np.where(east[:, None] != east, 1.5, np.ones(economy.shares.shape))
    taken = min(cpu_seconds(lambda: equilibrium(economy, costs=costs)) for _ in range(ROUNDS))
    found = equilibrium(economy, costs=costs)
    yield Finding("a decoupling", taken, "CPU-s", most=0.15)
    yield Finding("evaluations", found.evaluations)
    yield Finding("residual", found.residual, most=1e-10)


def _of_wiods_size() -> WorldTable:
    return synthetic_table(41, 35, seed=0)


@trial("trade-model-b")
def model_b() -> Iterator[Finding]:
    """How long does a scenario take in model B at 41 countries x 35 industries, from a table once prepared?"""
    table = _of_wiods_size()
    for name, (kind, parameters) in SCENARIOS.items():
        scenario = Scenario(kind, {"elasticities": 4.0} | parameters)
        first = cpu_seconds(lambda scenario=scenario: run(table, scenario).status)  # type: ignore[misc]
        taken = min(cpu_seconds(lambda scenario=scenario: run(table, scenario).status) for _ in range(ROUNDS))  # type: ignore[misc]
        found = run(table, scenario)
        yield Finding(f"{name}, the table balanced first", first, "CPU-s", most=2)
        yield Finding(name, taken, "CPU-s", most=1)
        yield Finding(f"{name}: residual on the new table", found.residual, most=1e-10)
    sensitivity = cpu_seconds(lambda: welfare_sensitivity(table, elasticities(table, 4.0)).links("C1"))
    yield Finding("what each of 2 million links is worth to a country", sensitivity, "CPU-s", most=2)


@trial("trade-model-b-oecd")
def model_b_at_the_oecds_size() -> Iterator[Finding]:
    """And at 77 countries x 45 industries, 3,465 cells?"""
    table = of_the_oecds_size()
    balanced = without_imbalances(table, elasticities(table))
    scenario = Scenario("decoupling", {"blocs": [["C1", "C2"], ["C3", "C4", "C5"]]})
    run(balanced, scenario)
    yield Finding("a decoupling", cpu_seconds(lambda: run(balanced, scenario).status), "CPU-s", most=5)


THREADS = """
import numpy as np
from benchmarks.trade import SCENARIOS, _of_wiods_size
from serai.world.shocks import Scenario, run
kind, parameters = SCENARIOS["a decoupling"]
found = run(_of_wiods_size(), Scenario(kind, {"elasticities": 4.0} | parameters)).answer
print(*found.welfare.tolist(), *(found.output / found.output.sum()).ravel().tolist())
"""


@trial("trade-threads")
def threads() -> Iterator[Finding]:
    """Do one thread and two give the same welfare and the same outputs?"""
    answers = []
    for count in ("1", "2"):
        environment = {"OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count, "PYTHONPATH": "."}
        done = subprocess.run(
            [sys.executable, "-c", THREADS],
            env=environment,
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(np.array(done.stdout.split(), dtype=float))
    yield Finding("largest difference", float(np.abs(answers[0] - answers[1]).max()), most=1e-10)


@trial("trade-wiod")
def wiod() -> Iterator[Finding]:
    """How long does a decoupling take on the real table of 2011, repair and balancing included and apart?"""
    path = DATA / "wiod2013" / "wiod11.npz"
    if not path.is_file():
        print(f"    {path} is not here; set SERAI_DATA.")
        return
    table = read(path)
    scenario = Scenario("decoupling", {"blocs": [["CHN", "RUS"], ["USA", "CAN", "DEU", "FRA", "GBR", "JPN", "KOR"]]})
    yield Finding("repaired, balanced and decoupled", cpu_seconds(lambda: run(table, scenario).status), "CPU-s", most=3)
    yield Finding("decoupled", cpu_seconds(lambda: run(table, scenario).status), "CPU-s", most=1)
    yield Finding("residual on the new table", run(table, scenario).residual, most=1e-10)
