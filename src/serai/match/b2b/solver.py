"""The timetable of a published event with the fewest breaks, by a portfolio of provers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import Formula, encode, narrowed
from serai.match.b2b.portfolio import run_portfolio
from serai.match.b2b.problem import Booleans, Event, Schedule, Status, breaks_of
from serai.match.b2b.provers import PROVERS

MOST_SECONDS = 1e6
"""Largest time limit: practically unlimited, and within the range of every clock."""


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
    progress = _Progress(event)
    if not allowed.any(axis=1).all():
        progress.bound, progress.prover = math.inf, "narrowing"
    else:
        until = began + min(seconds, MOST_SECONDS)
        run_portfolio(_encoded, (event, allowed, fairness), progress.learn, until=until, provers=provers)
    if progress.slot is not None and (faults := check_slots(event, progress.slot, fairness=fairness)):
        raise AssertionError(f"The timetable of a prover is not sound: {faults[0]}")
    return progress.answer(perf_counter() - began)


def _encoded(event: Event, allowed: Booleans, fairness: int) -> tuple[Formula, int]:
    return encode(event, allowed, fairness=fairness), len(event.pairs)


@dataclass
class _Progress:
    """The best timetable and the bound that the provers have reported so far."""

    event: Event
    slot: tuple[int, ...] | None = None
    objective: float = math.inf
    bound: float = 0.0
    prover: str = ""

    def learn(self, slot: tuple[int, ...] | None, bound: float, prover: str) -> bool:
        self.bound = max(self.bound, bound)
        if slot is not None and (cost := sum(breaks_of(self.event, slot))) < self.objective:
            self.slot, self.objective = slot, cost
        if self.bound >= self.objective:
            self.prover = prover
        return bool(self.prover)

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
