"""Speed and quality, each against something: a rival, a physical limit, a published optimum, a bar.

A benchmark is a function in one of the modules here, declared beside it: it prepares what is needed and returns two
functions of nothing, ours and the rival's, that do the same work. Seconds alone are never compared between machines.
A trial is a function that measures by itself (CPU-seconds, memory, recall, gaps) and yields its findings, each with
the bar that it has to reach.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from serai.registry import Registry

type Work = Callable[[], object]
type Prepare = Callable[[], tuple[Work, Work]]


@dataclass(frozen=True)
class Benchmark:
    """What is timed, and against what."""

    question: str
    against: str
    prepare: Prepare


BENCHMARKS: Registry[Benchmark] = Registry("benchmark")


def benchmark(name: str, *, against: str) -> Callable[[Prepare], Prepare]:
    """Declare the function below, whose documentation is the question it answers."""

    def declare(prepare: Prepare) -> Prepare:
        BENCHMARKS.add(name, Benchmark((prepare.__doc__ or "").strip(), against, prepare))
        return prepare

    return declare


@dataclass(frozen=True)
class Finding:
    """One measured number. `least` and `most` are the bars, where there are any."""

    what: str
    value: float
    unit: str = ""
    least: float = -math.inf
    most: float = math.inf

    def __str__(self) -> str:
        bars = [f"at least {self.least:g}"] * (self.least > -math.inf) + [f"at most {self.most:g}"] * (
            self.most < math.inf
        )
        verdict = "reached" if self.least <= self.value <= self.most else "MISSED"
        bar = f" (bar: {' and '.join(bars)}: {verdict})" if bars else ""
        return f"{self.what}: {self.value:,.4g} {self.unit}".rstrip() + bar


type Measure = Callable[[], Iterator[Finding]]


@dataclass(frozen=True)
class Trial:
    """A question that needs more than two timings."""

    question: str
    measure: Measure


TRIALS: Registry[Trial] = Registry("trial")


def trial(name: str) -> Callable[[Measure], Measure]:
    """Declare the generator of findings below, whose documentation is the question it answers."""

    def declare(measure: Measure) -> Measure:
        TRIALS.add(name, Trial((measure.__doc__ or "").strip(), measure))
        return measure

    return declare


def cpu_seconds(work: Work) -> float:
    """CPU-seconds of this process (all threads) that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began
