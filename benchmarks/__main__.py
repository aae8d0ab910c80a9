"""Run the benchmarks, all or those named: ``python -m benchmarks [NAME ...]``."""

import importlib
import pkgutil
import sys
import time
from collections.abc import Sequence
from statistics import median

import benchmarks
from benchmarks import BENCHMARKS, TRIALS, Work

SECONDS = 10.0
LEAST_ROUNDS, MOST_ROUNDS = 5, 1_000


def main(names: Sequence[str]) -> None:
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            importlib.import_module(f"benchmarks.{module.name}")
    for name in names or (*BENCHMARKS, *TRIALS):
        if name in TRIALS:
            print(f"{name}: {TRIALS[name].question}")
            for finding in TRIALS[name].measure():
                print(f"    {finding}", flush=True)
            continue
        declared = BENCHMARKS[name]
        ours, rival = compare(*declared.prepare())
        ratios = sorted(mine / theirs for mine, theirs in zip(ours, rival, strict=True))
        print(f"{name}: {declared.question}")
        print(f"    {median(ours):.4g} s, {median(ratios):.3g} times {declared.against} ({median(rival):.4g} s)")
        print(f"    {len(ratios)} rounds, from {ratios[0]:.3g} to {ratios[-1]:.3g} times", flush=True)


def compare(ours: Work, rival: Work) -> tuple[list[float], list[float]]:
    """The seconds of each round. Both are warmed up once and then take turns, so that a busy spell hits both."""
    a_round = timed(ours) + timed(rival)
    rounds = min(max(int(SECONDS / a_round), LEAST_ROUNDS), MOST_ROUNDS)
    taken = [(timed(ours), timed(rival)) for _round in range(rounds)]
    return [mine for mine, _theirs in taken], [theirs for _mine, theirs in taken]


def timed(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
