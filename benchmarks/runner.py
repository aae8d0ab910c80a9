"""Run trials and tell which failed.

Several trials run in a process each: one that fails, or is killed for its memory, does not stop the others. A single
one runs in this process, where a failure shows its traceback. The exit code is 1 if a trial failed; a missed bar and
a trial that lacks its data are no failures.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks import TRIALS, load_trials


def main(names: Sequence[str]) -> int:
    if len(names) == 1:
        run(names[0])
        return 0
    if not names:
        load_trials()
        names = tuple(TRIALS)
    failures = {name: failure for name in names if (failure := failure_of(name))}
    for name, failure in failures.items():
        print(f"FAILED {name}: {failure}")
    print(f"{len(names)} trials, {len(failures)} failed.")
    return min(len(failures), 1)


def failure_of(name: str) -> str:
    """Run a trial in a process of its own. Returns in one line why it failed; empty if it did not."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        error = process.submit(run, name).exception()
    if error is None:
        return ""
    failure = " ".join(f"{type(error).__name__}: {error}".split())
    print(f"    FAILED: {failure}", flush=True)
    return failure


def run(name: str) -> None:
    """Print the question and the findings of a trial. Raises what the trial raises."""
    load_trials()
    trial = TRIALS[name]
    print(f"{name}: {trial.question}", flush=True)
    if obstacle := trial.obstacle():
        print(f"    skipped: {obstacle}", flush=True)
        return
    for finding in trial.measure():
        print(f"    {finding}", flush=True)
