"""A timetable with few breaks by simulated annealing: what a prover starts from, and the answer where no proof comes.

The first round cools from hot, a random beginning; each later one warms up the best timetable and cools again, and the
best of all counts. Where many rounds brought nothing, another beginning is tried with longer ones (geometric cooling:
Kirkpatrick, Gelatt and Vecchi 1983). The same seed and rounds give the same timetable.
"""

from collections.abc import Sequence
from functools import cache
from time import process_time

import numpy as np

from serai.match.b2b.kempe_paths import State, begin, resume, wander
from serai.match.b2b.problem import Booleans, Event, Integers

HOT, WARM, COLD = 1.0, 0.8, 0.18
"""Temperatures at which the first round and a later one begin, and at which each ends; a break costs 1 to 2."""
EACH = 12_000
"""Moves of a round for each meeting."""
STALE = 5
"""Rounds without fewer breaks after which another beginning is tried, with rounds twice as long."""
WIDEST = 62
"""Most slots: those that a participant uses are the bits of a whole number."""


def anneal(
    event: Event, allowed: Booleans, *, fairness: int, seconds: float, seed: int = 0, rounds: int = 1_000
) -> tuple[int, ...] | None:
    """The slot of each meeting, with the fewest breaks that were found; None if no sound timetable was found.

    `allowed` (n_meetings, n_slots) is that of ``narrowed``. There are at most so many `rounds`, and none begins that
    would probably end after the `seconds` of the processor.
    """
    degree = np.bincount(event.pairs.ravel(), minlength=1)
    slots = max(event.slots, 2 * int(degree.max(initial=0)) - 1)
    if slots > WIDEST or not len(event.pairs):
        return None
    state = _empty(event, allowed, slots, fairness)
    best: tuple[int, ...] | None = None
    least = fewest = np.inf  # breaks of all beginnings, and since the last one
    kept, moves, stale = state.slot, EACH * len(event.pairs), 0
    began = process_time()
    each = 0.0  # seconds that a move took at most
    for number in range(rounds):
        random = np.random.default_rng(seed + number)
        before = process_time()
        if fewest == np.inf:
            breaks = wander(state, random, moves, HOT, COLD, *begin(state, random))
        else:
            breaks = wander(state, random, moves, WARM, COLD, *resume(state, kept))
        if breaks <= fewest and breaks < np.inf:
            kept = state.best.copy()
        stale = 0 if breaks < fewest else stale + 1
        fewest = min(fewest, breaks)
        if fewest < least:
            best, least = tuple(kept.tolist()), fewest
        each = max(each, (process_time() - before) / moves)
        if stale == STALE:
            fewest, moves, stale = np.inf, 2 * moves, 0
        if least == 0 or process_time() - began + each * moves > seconds:
            break
    return best


def _empty(event: Event, allowed: Booleans, width: int, fairness: int) -> State:
    meetings, participants = len(event.pairs), event.participants
    wide = np.zeros((meetings, width), np.bool_)
    wide[:, : event.slots] = allowed
    order, start = _related(event.precedences, meetings)
    of = event.meetings_of
    return State(
        pairs=event.pairs.astype(np.int64),
        allowed=wide,
        order=order,
        start=start,
        slot=np.zeros(meetings, np.int64),
        at=np.full((participants, width), -1),
        mask=np.zeros(participants, np.int64),
        load=np.zeros(width, np.int64),
        histogram=np.zeros(width + 2, np.int64),
        meetings=np.array([meeting for row in of for meeting in row], np.int64),
        first=np.cumsum([0, *map(len, of)]),
        breaks=np.zeros(participants, np.int64),
        discontent=np.zeros(participants, np.int64),
        broken=np.zeros(participants, np.int64),
        place=np.zeros(participants, np.int64),
        chain=np.zeros(meetings, np.int64),
        seen=np.zeros(meetings, np.int64),
        best=np.zeros(meetings, np.int64),
        limits=np.array([event.locations, fairness, event.slots]),
        counts=np.zeros(2, np.int64),
    )


@cache
def warm_up() -> None:
    """Have the kernels compiled, or read from where they were kept: once in a process."""
    event = Event(participants=2, slots=2, locations=1, pairs=np.array([[0, 1]]), allowed=np.ones((1, 2), np.bool_))
    anneal(event, event.allowed, fairness=0, seconds=0.0, rounds=1)


def _related(precedences: Sequence[tuple[int, int]], meetings: int) -> tuple[Integers, Integers]:
    """``State.order`` and ``State.start``."""
    rows = sorted([(before, after, 1) for before, after in precedences] + [(b, a, -1) for a, b in precedences])
    table = np.array(rows, np.int64).reshape(-1, 3)
    return table[:, 1:].copy(), np.searchsorted(table[:, 0], np.arange(meetings + 1))
