"""Every pair of cells as a link: what it would save in disruptions, and what it would change in the accounts."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks import Finding, cpu_seconds, trial
from serai.world.links import links_between, value_of_links
from serai.world.links.risk import Disruptions, risk_of
from serai.world.links.structure import change_of
from serai.world.readers.synthetic import synthetic_table

COUNTRIES, INDUSTRIES, SCENARIOS = 41, 35, 60
SAMPLE = 2_000


@trial("links")
def every_pair() -> Iterator[Finding]:
    """How long does pricing all pairs of a table of 1,435 cells take, for 60 scenarios, on one core?"""
    # Two threads that wait for a busy core count their waiting as work: one thread, in a process of its own.
    code = "import json; from benchmarks.links import measured; print(json.dumps(measured()))"
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=True).stdout
    found = json.loads(said)
    yield Finding("pairs", (COUNTRIES * INDUSTRIES) ** 2)
    steps = ("shortages of all scenarios", "their adjoints", "the product")
    for what in steps:
        yield Finding(what, found[what], "CPU-s")
    yield Finding("all of it", sum(found[what] for what in steps), "CPU-s", most=10)
    yield Finding("gains of a link by country", 1e6 * found["gains"] / SAMPLE, "us")
    yield Finding(f"the whole vector of {SAMPLE:,} links, shortages included", found["vectors"], "CPU-s")


def measured() -> Mapping[str, float]:
    """CPU-seconds of each step."""
    table = synthetic_table(COUNTRIES, INDUSTRIES, seed=0)
    random = np.random.default_rng(0)
    lost = random.random((table.n, SCENARIOS)) * (random.random((table.n, SCENARIOS)) < 0.1)
    given = Disruptions(lost, np.full(SCENARIOS, 1 / SCENARIOS))
    risk = risk_of(table, given)
    links = links_between(random.integers(table.n, size=SAMPLE), random.integers(table.n, size=SAMPLE), 0.1)
    found = {
        "shortages of all scenarios": cpu_seconds(lambda: risk_of(table, given)),
        "their adjoints": cpu_seconds(lambda: risk.systemic),
        "the product": cpu_seconds(risk.all_pairs),
    }
    value_of_links(table, links[:1], disruptions=given, irreplaceable=[0.4])  # the inverse is made once
    found["gains"] = cpu_seconds(lambda: change_of(table, links).gains)
    found["vectors"] = cpu_seconds(lambda: value_of_links(table, links, disruptions=given, irreplaceable=[0.4]))
    return found
