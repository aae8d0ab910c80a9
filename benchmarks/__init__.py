"""Speed, said as a ratio against a rival or a physical limit that is timed in the same run on the same machine.

A benchmark is a function in one of the modules here, declared beside it: it prepares what is needed and returns two
functions of nothing, ours and the rival's, that do the same work. Seconds alone are never compared between machines.
"""

from collections.abc import Callable
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
