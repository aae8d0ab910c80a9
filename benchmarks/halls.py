"""Layouts: the instances of QAPLIB with a best known value, on one core."""

import csv
from collections.abc import Iterator
from itertools import islice

import numpy as np

from benchmarks import DATA, Finding, trial
from serai.match.halls import assign, read_qaplib

QAPLIB = DATA / "qaplib"


class _Reached(Exception):
    """The best known value was reached, so the search ends."""


@trial("halls-qaplib", tiny={"instances": 2, "seconds": 0.1}, data=["qaplib/best_known.csv"])
def published_layouts(instances: int | None = None, seconds: float = 60) -> Iterator[Finding]:
    """How near do layouts come to the best known in 60 s, n up to 60? (the seconds are wall-clock)

    The search ends earlier where the best known value is reached.
    """
    with (QAPLIB / "best_known.csv").open(newline="") as rows:
        best_known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(rows)}
    gaps = []
    for name, best in islice(best_known.items(), instances):
        gaps.append(_gap(name, best, seconds))
        if gaps[-1] > 0:
            yield Finding(name, gaps[-1], "% above the best known", most=1)
    yield Finding("instances within 1 %", sum(gap <= 1 for gap in gaps), f"of {len(gaps)}", least=len(gaps))
    yield Finding("instances at the best known", sum(gap <= 0 for gap in gaps), f"of {len(gaps)}")
    yield Finding("mean distance to the best known", float(np.mean(gaps)), "%")


def _gap(name: str, best: float, seconds: float) -> float:
    def stop_at_best(objective: float) -> None:
        if objective <= best:
            raise _Reached

    try:
        objective = assign(*read_qaplib(QAPLIB / f"{name}.dat"), seconds=seconds, progress=stop_at_best).objective
    except _Reached:
        return 0.0
    return 100 * (objective - best) / max(best, 1.0)
