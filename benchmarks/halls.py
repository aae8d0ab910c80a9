"""Layouts: the instances of QAPLIB with a best known value, on one core."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import Finding, trial
from serai.match.halls import assign, read_qaplib

DATA = Path(os.environ.get("SERAI_DATA", Path(__file__).parents[2] / "shared" / "data")) / "qaplib"
SECONDS = float(os.environ.get("SERAI_BENCH_SECONDS", "60"))
"""For each instance; the search ends earlier where the best known value is reached."""


class _Reached(Exception):
    """The best known value has been met; there is no need to search on."""


@trial("halls-qaplib")
def published_layouts() -> Iterator[Finding]:
    """How near do layouts come to the best known in 60 s, n up to 60? (the seconds are wall-clock)"""
    with (DATA / "best_known.csv").open(newline="") as rows:
        known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(rows)}
    gaps = []
    for name, best in known.items():
        gaps.append(_gap(name, best))
        if gaps[-1] > 0:
            yield Finding(name, gaps[-1], "% above the best known", most=1)
    yield Finding("instances within 1 %", sum(gap <= 1 for gap in gaps), f"of {len(gaps)}", least=len(gaps))
    yield Finding("instances at the best known", sum(gap <= 0 for gap in gaps), f"of {len(gaps)}")
    yield Finding("mean distance to the best known", float(np.mean(gaps)), "%")


def _gap(name: str, best: float) -> float:
    def stop_at_best(objective: float) -> None:
        if objective <= best:
            raise _Reached

    try:
        objective = assign(*read_qaplib(DATA / f"{name}.dat"), seconds=SECONDS, progress=stop_at_best).objective
    except _Reached:
        return 0.0
    return 100 * (objective - best) / max(best, 1.0)
