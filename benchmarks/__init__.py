"""Speed and quality, each against a bar: a rival, a physical limit, a published optimum.

A trial is a generator of findings in one of the modules here. It is declared once: its name, its question (the first
line of the docstring), its full sizes (the defaults of its parameters) and its tiny sizes, with which the tests run it
in about a second. Seconds alone are never compared between machines. Linear algebra runs in one thread: two that wait
for a busy core count their waiting as work.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # before NumPy is imported

import importlib
import json
import math
import pkgutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from scripts.test import ROOT, SHARED_DATA, programs_of_postgresql
from serai.match.evaluation import Interval
from serai.registry import Registry

type Work = Callable[[], object]
type Measure = Callable[..., Iterator[Finding]]

DATA = Path(os.environ.get("SERAI_DATA") or SHARED_DATA)
"""The folder of real tables and lists."""


@dataclass(frozen=True)
class Finding:
    """One measured number. `least` and `most` are its bars."""

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


@dataclass(frozen=True)
class Trial:
    """A question, the function that measures the answer, and what the function needs.

    `tiny` are the arguments of the tiny run, `data` the files that are read below the folder of SERAI_DATA.
    """

    question: str
    measure: Measure
    tiny: Mapping[str, Any]
    data: Sequence[str] = ()
    postgresql: bool = False

    def obstacle(self) -> str:
        """Why the trial cannot run on this machine; empty if it can."""
        if absent := [name for name in self.data if not (DATA / name).exists()]:
            return f"{', '.join(absent)} is not in {DATA}; set SERAI_DATA"
        if self.postgresql:
            try:
                programs_of_postgresql()
            except SystemExit as reason:
                return str(reason)
        return ""


TRIALS: Registry[Trial] = Registry("trial")


def trial(
    name: str, *, tiny: Mapping[str, Any], data: Sequence[str] = (), postgresql: bool = False
) -> Callable[[Measure], Measure]:
    """Declare the generator of findings below. Every parameter has its full size as default and a size in `tiny`."""

    def declare(measure: Measure) -> Measure:
        TRIALS.add(name, Trial((measure.__doc__ or "").partition("\n")[0], measure, tiny, data, postgresql))
        return measure

    return declare


def load_trials() -> None:
    """Import every module of this package, so that each declares its trials."""
    for module in pkgutil.iter_modules(__path__):
        if module.name != "__main__":
            importlib.import_module(f"{__name__}.{module.name}")


# Time


def cpu_seconds(work: Work) -> float:
    """CPU-seconds of this process (all threads) that `work` takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def least_cpu_seconds(work: Work, rounds: int) -> float:
    """The fewest CPU-seconds of several rounds."""
    return min(cpu_seconds(work) for _round in range(rounds))


def compared(ours: Work, rival: Work, *, against: str, rounds: int) -> Iterator[Finding]:
    """Wall-clock seconds of both, which take turns, so that a busy spell of the machine hits both.

    The first round warms up and does not count, unless it is the only one.
    """
    seconds_of_both = [(_seconds(ours), _seconds(rival)) for _round in range(rounds)]
    seconds_of_both = seconds_of_both[1:] or seconds_of_both
    ratios = sorted(mine / theirs for mine, theirs in seconds_of_both)
    yield Finding("median", median(mine for mine, _theirs in seconds_of_both), "s")
    yield Finding(f"median of {against}", median(theirs for _mine, theirs in seconds_of_both), "s")
    yield Finding(f"median ratio of {len(ratios)} rounds, from {ratios[0]:.3g} to {ratios[-1]:.3g}", median(ratios))


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# Quality


def with_interval(what: str, interval: Interval, **bars: float) -> Finding:
    """The mean of an interval, with its ends in the words."""
    return Finding(f"{what} [{interval.low:.3f}, {interval.high:.3f}]", interval.mean, **bars)


# Processes


def python(code: str, *arguments: str, threads: int = 1, settings: Mapping[str, str] | None = None) -> str:
    """What a new process of Python prints that runs `code`, with so many threads of linear algebra.

    `settings` are added to the environment. Raises RuntimeError with the last line of the error output if the process
    fails.
    """
    environment = {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads), **(settings or {})}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1])
    return done.stdout


def apart(
    function: Callable[..., Any],
    *,
    threads: int = 1,
    settings: Mapping[str, str] | None = None,
    **arguments: Any,
) -> Any:
    """The result of a function that runs in a new process (see `python`). Arguments and result pass as JSON."""
    name = function.__name__
    code = f"import json, sys; from {function.__module__} import {name}; "
    call = f"json.dump({name}(**json.loads(sys.argv[1])), sys.stdout)"
    return json.loads(python(code + call, json.dumps(arguments), threads=threads, settings=settings))
