"""The timetable of a published event with the fewest breaks: by annealing, and then by a portfolio of provers.

Annealing comes first, so that there is a good timetable where no proof comes in time; CP-SAT begins from it. Where no
proof came, annealing has the end of the time, from other beginnings.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import Formula, encode, narrowed
from serai.match.b2b.portfolio import run_portfolio
from serai.match.b2b.problem import Booleans, Event, Schedule, Status, breaks_of
from serai.match.b2b.provers import PROVERS

MOST_SECONDS = 1e6
"""Largest time limit: practically unlimited, and within the range of every clock."""


SHORT = 10.0
"""Seconds up to which a budget is spent on annealing, by this share; in a longer one a round of it suffices."""
SHARE = 0.9
AFTER = 0.2
"""Share of a longer budget that annealing has at its end, from other beginnings, where no proof came."""
ALONE = 60.0
"""Largest budget in seconds of the processor, not of a clock, that annealing begins with the share `BEFORE` of it, and
the first prover has the rest alone: half of that would suffice for neither of two."""
BEFORE = 0.4
LATER = 1_000
"""The seed from which it begins then."""


def schedule(
    event: Event,
    *,
    fairness: int,
    seconds: float = 120.0,
    cpu_seconds: float | None = None,
    provers: Sequence[str] = tuple(PROVERS),
) -> Schedule:
    """The timetable with the fewest breaks, with a proof where `seconds` sufficed for one.

    `cpu_seconds` limits the seconds of the processor too, all processes together: a busy machine then gives the same
    answer later. The kernels' first compilation on a machine is not counted. The breaks of two participants differ by
    at most `fairness`. Raises ValueError where `fairness` is negative.
    """
    from serai.match.b2b.annealing import anneal, warm_up

    warm_up()
    began, used = perf_counter(), process_time()
    if fairness < 0:
        raise ValueError(f"The fairness is {fairness}; 0 is the least.")
    allowed = narrowed(event)
    progress = _Progress(event)
    if not allowed.any(axis=1).all():
        progress.bound, progress.prover = math.inf, "narrowing"
    else:
        until = began + min(seconds, MOST_SECONDS)
        budget = min(seconds, MOST_SECONDS if cpu_seconds is None else cpu_seconds)
        alone = cpu_seconds is not None and SHORT < budget <= ALONE
        annealed = SHARE * budget if budget <= SHORT else BEFORE * budget if alone else 0.0
        begin = anneal(event, allowed, fairness=fairness, seconds=annealed)
        if begin is not None:
            progress.learn(begin, 0.0, "annealing")
        if not progress.prover:
            kept = AFTER * budget if budget > SHORT and not alone else 0.0
            left = None if cpu_seconds is None else cpu_seconds - (process_time() - used) - kept
            run_portfolio(
                _encoded,
                (event, allowed, fairness, begin),
                progress.learn,
                until=until - kept,
                provers=provers[:1] if alone else provers,
                cpu_seconds=left,
            )
            if kept and not progress.prover:
                later = anneal(event, allowed, fairness=fairness, seconds=min(kept, until - perf_counter()), seed=LATER)
                progress.learn(later, 0.0, "annealing")
    if progress.slot is not None and (faults := check_slots(event, progress.slot, fairness=fairness)):
        raise AssertionError(f"The timetable of a prover is not sound: {faults[0]}")
    return progress.answer(perf_counter() - began)


def _encoded(event: Event, allowed: Booleans, fairness: int, begin: tuple[int, ...] | None) -> tuple[Formula, int]:
    formula = encode(event, allowed, fairness=fairness)
    if begin is not None:
        formula.hint = frozenset(formula.at[meeting, slot] for meeting, slot in enumerate(begin))
    return formula, len(event.pairs)


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
