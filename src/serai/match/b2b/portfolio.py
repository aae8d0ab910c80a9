"""Portfolio of provers, each in its own process: after the first proof all are stopped."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from time import perf_counter
from typing import Any

from serai.match.b2b.encoding import Formula
from serai.match.b2b.provers import PROVERS, Found

type Make = Callable[..., tuple[Formula, int]]
"""Makes the formula and the number of its meetings from arguments that are sent to another process."""
type Learn = Callable[[tuple[int, ...] | None, float, str], bool]
"""Takes the slots of a model, a bound and the name of the prover; returns whether the optimum is proved."""


@dataclass(frozen=True)
class _Message:
    slot: tuple[int, ...] | None
    bound: float


def run_portfolio(
    make: Make,
    arguments: tuple[Any, ...],
    learn: Learn,
    *,
    until: float,
    provers: Sequence[str] = tuple(PROVERS),
    cpu_seconds: float | None = None,
) -> None:
    """Run the provers until one has a proof, or ``perf_counter()`` passes `until`; then stop all.

    With `cpu_seconds` each ends by itself after its equal share of the processor's seconds.
    """
    if cpu_seconds is not None and cpu_seconds <= 0:
        return
    share = None if cpu_seconds is None else cpu_seconds / max(len(provers), 1)
    running: dict[Connection, tuple[str, subprocess.Popen[bytes]]] = {}
    proved = False
    try:
        for name in provers:
            connection, process = _started((name, make, arguments, until - perf_counter(), share))
            running[connection] = name, process
        while running and not proved and (left := until - perf_counter()) > 0:
            for connection in [ready for ready in wait(list(running), left) if isinstance(ready, Connection)]:
                try:
                    message: _Message = connection.recv()
                except EOFError:  # the prover has finished
                    running.pop(connection)[1].wait()
                    connection.close()
                else:
                    proved = learn(message.slot, message.bound, running[connection][0]) or proved
    finally:
        for connection, (_name, process) in running.items():
            process.kill()
            process.wait()
            connection.close()


def _started(work: tuple[Any, ...]) -> tuple[Connection, "subprocess.Popen[bytes]"]:
    """A working process, and the connection on which it reports.

    The process is a new interpreter, not a fork or spawn of this one: so a notebook, a script or a server's worker that
    runs here is not run again.
    """
    ours, theirs = os.pipe()
    process = subprocess.Popen(  # noqa: S603  # this interpreter, with a sentence that stands here
        [sys.executable, "-c", "from serai.match.b2b.portfolio import work; work()", str(theirs)],
        stdin=subprocess.PIPE,
        pass_fds=(theirs,),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    os.close(theirs)
    assert process.stdin is not None
    with process.stdin as given:
        pickle.dump(work, given)
    return Connection(ours, writable=False), process


def _prove(name: str, make: Make, arguments: tuple[Any, ...], seconds: float, connection: Connection) -> None:
    """The work of one process."""
    formula, meetings = make(*arguments)

    def tell(found: Found) -> None:
        slot = None if found.true is None else formula.slots(found.true, meetings)
        connection.send(_Message(slot, found.bound))

    PROVERS[name](formula, seconds, tell)


def work() -> None:
    """The work of a process started here: read the formula's arguments from standard input and report."""
    with Connection(int(sys.argv[1]), readable=False) as told:
        name, make, arguments, seconds, share = pickle.load(sys.stdin.buffer)  # noqa: S301  # by who started this
        if share is not None:
            signal.setitimer(signal.ITIMER_PROF, share)  # whose signal ends the process
        _prove(name, make, arguments, seconds, told)
