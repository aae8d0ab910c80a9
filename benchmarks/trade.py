"""The trade engines: exact hat algebra at the sizes of the paper, of WIOD 2013 and of the OECD's table."""

from collections.abc import Iterator

import numpy as np

from benchmarks import DATA, Finding, apart, cpu_seconds, least_cpu_seconds, trial
from benchmarks.world import COUNTRIES, table_of
from serai.world.industries import bounded_elasticities
from serai.world.readers import read
from serai.world.readers.synthetic import synthetic_table
from serai.world.shocks import Scenario, run
from serai.world.shocks.trade.caliendo_parro import TradeEconomy, equilibrium
from serai.world.shocks.trade.elasticities import elasticities
from serai.world.shocks.trade.nafta import FILE, read_nafta
from serai.world.shocks.trade.preparation import without_imbalances
from serai.world.shocks.trade.sensitivity import welfare_sensitivity

ROUNDS = 3
WIOD = "wiod2013/wiod11.npz"
WIODS_SIZE = (41, 35)

SCENARIOS = {
    "a decoupling": Scenario("decoupling", {"elasticities": 4.0, "blocs": [["C1", "C2"], ["C3", "C4", "C5"]]}),
    "ten points of tariff on all": Scenario("tariff", {"elasticities": 4.0, "added": 0.1}),
    "the same in one year": Scenario("tariff", {"elasticities": "one year", "added": 0.1}),
    "an export stop": Scenario("export_stop", {"elasticities": 4.0, "exporters": ["C1"]}),
}


@trial("trade-nafta", tiny={"rounds": 1}, data=[FILE])
def nafta(rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long do both equilibria of NAFTA take, 31 countries x 40 sectors, and how well are they solved?"""
    data = read_nafta(DATA / FILE)
    balanced = np.zeros(len(data.economy.countries))

    def both() -> None:
        first = equilibrium(data.economy, deficit=balanced)
        equilibrium(first.after, tariffs=data.tariffs)

    yield Finding("both equilibria", least_cpu_seconds(both, rounds), "CPU-s", most=0.1)
    yield Finding("largest residual", data.from_balanced_trade.residual, most=1e-10)


@trial("trade-model-a", tiny={"countries": 16, "rounds": 1})
def model_a(countries: int = COUNTRIES, rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long does a decoupling take in model A at 77 countries x 45 industries?"""
    table = table_of(countries)
    economy = TradeEconomy.of(table, bounded_elasticities(table))
    east = COUNTRIES * np.arange(countries) < 30 * countries
    costs = np.where(east[:, None] != east, 1.5, np.ones(economy.shares.shape))
    taken = least_cpu_seconds(lambda: equilibrium(economy, costs=costs), rounds)
    found = equilibrium(economy, costs=costs)
    yield Finding("a decoupling", taken, "CPU-s", most=0.15)
    yield Finding("evaluations", found.evaluations)
    yield Finding("residual", found.residual, most=1e-10)


@trial("trade-model-b", tiny={"size": (6, 4), "rounds": 1})
def model_b(size: tuple[int, int] = WIODS_SIZE, rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long does a scenario take in model B at 41 countries x 35 industries, from a table once prepared?"""
    table = synthetic_table(*size, seed=0)
    for name, scenario in SCENARIOS.items():

        def status(scenario: Scenario = scenario) -> object:
            return run(table, scenario).status

        first, taken = cpu_seconds(status), least_cpu_seconds(status, rounds)
        yield Finding(f"{name}, the table balanced first", first, "CPU-s", most=2)
        yield Finding(name, taken, "CPU-s", most=1)
        yield Finding(f"{name}: residual on the new table", run(table, scenario).residual, most=1e-10)
    sensitivity = cpu_seconds(lambda: welfare_sensitivity(table, elasticities(table, 4.0)).links("C1"))
    yield Finding("what each of 2 million links is worth to a country", sensitivity, "CPU-s", most=2)


@trial("trade-model-b-oecd", tiny={"countries": 16})
def model_b_at_the_oecds_size(countries: int = COUNTRIES) -> Iterator[Finding]:
    """And at 77 countries x 45 industries, 3,465 cells?"""
    table = table_of(countries)
    balanced = without_imbalances(table, elasticities(table))
    scenario = Scenario("decoupling", {"blocs": [["C1", "C2"], ["C3", "C4", "C5"]]})
    run(balanced, scenario)
    yield Finding("a decoupling", cpu_seconds(lambda: run(balanced, scenario).status), "CPU-s", most=5)


def decoupled(size: tuple[int, int]) -> list[float]:
    """Welfare of each country and the share of each cell in all output after a decoupling."""
    answer = run(synthetic_table(*size, seed=0), SCENARIOS["a decoupling"]).answer
    return [*answer.welfare.tolist(), *(answer.output / answer.output.sum()).ravel().tolist()]


@trial("trade-threads", tiny={"size": (6, 4)})
def one_thread_and_two(size: tuple[int, int] = WIODS_SIZE) -> Iterator[Finding]:
    """Do one thread and two give the same welfare and the same outputs?"""
    one, two = (np.array(apart(decoupled, threads=threads, size=size)) for threads in (1, 2))
    yield Finding("largest difference", float(np.abs(one - two).max()), most=1e-10)


@trial("trade-wiod", tiny={"rounds": 1}, data=[WIOD])
def wiod(rounds: int = ROUNDS) -> Iterator[Finding]:
    """How long does a decoupling take on the real table of 2011, repair and balancing included and apart?"""
    table = read(DATA / WIOD)
    scenario = Scenario("decoupling", {"blocs": [["CHN", "RUS"], ["USA", "CAN", "DEU", "FRA", "GBR", "JPN", "KOR"]]})

    def status() -> object:
        return run(table, scenario).status

    yield Finding("repaired, balanced and decoupled", cpu_seconds(status), "CPU-s", most=3)
    yield Finding("decoupled", least_cpu_seconds(status, rounds), "CPU-s", most=1)
    yield Finding("residual on the new table", run(table, scenario).residual, most=1e-10)
