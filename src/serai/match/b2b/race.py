"""The provers side by side, each in a process of its own: the first proof wins, and all are stopped."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import perf_counter

from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import encode, narrowed
from serai.match.b2b.problem import Booleans, Event, Schedule, Status, breaks_of
from serai.match.b2b.provers import PROVERS, Found

MOST_SECONDS = 1e6
"""As good as for ever, and little enough for every clock."""


@dataclass(frozen=True)
class _Message:
    slot: tuple[int, ...] | None
    bound: float


def schedule(
    event: Event, *, fairness: int, seconds: float = 120.0, provers: Sequence[str] = tuple(PROVERS)
) -> Schedule:
    """The timetable with the fewest breaks, with a proof where `seconds` sufficed for one.

    The breaks of two participants differ by at most `fairness`. Raises ValueError where `fairness` is negative.
    """
    began = perf_counter()
    if fairness < 0:
        raise ValueError(f"The fairness is {fairness}; 0 is the least.")
    allowed = narrowed(event)
    known = _Known(event)
    if not allowed.any(axis=1).all():
        known.bound, known.prover = math.inf, "narrowing"
    else:
        _race(known, allowed, fairness, provers, until=began + min(seconds, MOST_SECONDS))
    if known.slot is not None and (faults := check_slots(event, known.slot, fairness=fairness)):
        raise AssertionError(f"The timetable of a prover is not sound: {faults[0]}")
    return known.answer(perf_counter() - began)


@dataclass
class _Known:
    """What the provers have said by now."""

    event: Event
    slot: tuple[int, ...] | None = None
    objective: float = math.inf
    bound: float = 0.0
    prover: str = ""

    def learn(self, message: _Message, prover: str) -> None:
        self.bound = max(self.bound, message.bound)
        if message.slot is not None and (cost := sum(breaks_of(self.event, message.slot))) < self.objective:
            self.slot, self.objective = message.slot, cost
        if self.bound >= self.objective:
            self.prover = prover

    def answer(self, seconds: float) -> Schedule:
        if self.prover:
            status = Status.INFEASIBLE if self.slot is None else Status.OPTIMAL
        else:
            status = Status.UNKNOWN if self.slot is None else Status.FEASIBLE
        return Schedule(
            status=status,
            slot=self.slot,
            objective=None if self.slot is None else int(self.objective),
            bound=None if self.bound == math.inf else math.ceil(self.bound - 1e-6),
            seconds=seconds,
            prover=self.prover,
        )


def _race(known: _Known, allowed: Booleans, fairness: int, provers: Sequence[str], *, until: float) -> None:
    """Let the provers work until one has a proof; then, or at the end of the time, stop them all."""
    processes = get_context("spawn")
    running: dict[Connection, tuple[str, SpawnProcess]] = {}
    try:
        for name in provers:
            ours, theirs = processes.Pipe(duplex=False)
            work = (name, known.event, allowed, fairness, until - perf_counter(), theirs)
            process = processes.Process(target=_prove, args=work, daemon=True)
            process.start()
            theirs.close()
            running[ours] = name, process
        while running and not known.prover and (left := until - perf_counter()) > 0:
            for connection in [each for each in wait(list(running), left) if isinstance(each, Connection)]:
                try:
                    known.learn(connection.recv(), running[connection][0])
                except EOFError:  # it has said all that it had to say
                    running.pop(connection)[1].join()
    finally:
        for _name, process in running.values():
            process.kill()
            process.join()


def _prove(name: str, event: Event, allowed: Booleans, fairness: int, seconds: float, connection: Connection) -> None:
    """The work of one process."""
    formula = encode(event, allowed, fairness=fairness)

    def tell(found: Found) -> None:
        slot = None if found.true is None else formula.slots(found.true, len(event.pairs))
        connection.send(_Message(slot, found.bound))

    PROVERS[name](formula, seconds, tell)
