"""Every pair of cells as a link: how much it would save in disruptions, and what it would change in the accounts."""

from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks import Finding, apart, cpu_seconds, trial
from serai.world.links import links_between, value_of_links
from serai.world.links.risk import Disruptions, risk_of
from serai.world.links.structure import change_of
from serai.world.readers.synthetic import synthetic_table


@trial("links", tiny={"countries": 3, "industries": 4, "scenarios": 5, "sample": 20})
def every_pair(
    countries: int = 41, industries: int = 35, scenarios: int = 60, sample: int = 2_000
) -> Iterator[Finding]:
    """How long does pricing all pairs of a table of 1,435 cells take, for 60 scenarios, on one core?"""
    seconds = apart(measured, countries=countries, industries=industries, scenarios=scenarios, sample=sample)
    yield Finding("pairs", (countries * industries) ** 2)
    steps = ("shortages of all scenarios", "their adjoints", "the product")
    for step in steps:
        yield Finding(step, seconds[step], "CPU-s")
    yield Finding("all of it", sum(seconds[step] for step in steps), "CPU-s", most=10)
    yield Finding("gains of a link by country", 1e6 * seconds["gains"] / sample, "us")
    yield Finding(f"the whole vector of {sample:,} links, shortages included", seconds["vectors"], "CPU-s")


def measured(countries: int, industries: int, scenarios: int, sample: int) -> Mapping[str, float]:
    """CPU-seconds of each step."""
    table = synthetic_table(countries, industries, seed=0)
    random = np.random.default_rng(0)
    lost = random.random((table.n, scenarios)) * (random.random((table.n, scenarios)) < 0.1)
    disruptions = Disruptions(lost, np.full(scenarios, 1 / scenarios))
    risk = risk_of(table, disruptions)
    links = links_between(random.integers(table.n, size=sample), random.integers(table.n, size=sample), 0.1)

    def values(some: object) -> object:
        return value_of_links(table, some, disruptions=disruptions, irreplaceable=[0.4])

    seconds = {
        "shortages of all scenarios": cpu_seconds(lambda: risk_of(table, disruptions)),
        "their adjoints": cpu_seconds(lambda: risk.systemic),
        "the product": cpu_seconds(risk.all_pairs),
    }
    values(links[:1])  # the inverse is made once
    seconds["gains"] = cpu_seconds(lambda: change_of(table, links).gains)
    seconds["vectors"] = cpu_seconds(lambda: values(links))
    return seconds
