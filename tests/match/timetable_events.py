"""Events for the tests of the timetable: plain, random and of a fair's shape, and the optimum by brute force."""

from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from serai.match.timetable import (
    TimetableProblem,
)


def problem(pairs: Any, *, parties: int, slots: int, **changes: Any) -> TimetableProblem:
    """Everyone there all the time of one day, no limits, no tables needed, each meeting worth 1, but for `changes`."""
    meetings = len(pairs)
    plain = {
        "parties": tuple(f"party {k}" for k in range(parties)),
        "slots": tuple(f"slot {k}" for k in range(slots)),
        "day": np.zeros(slots, int),
        "pairs": pairs,
        "value": np.ones(meetings),
        "vetoed": np.zeros(meetings, bool),
        "at_table": np.zeros(meetings, bool),
        "fixed_slot": np.full(meetings, -1),
        "available": np.ones((parties, slots), bool),
        "maximum": np.full(parties, slots),
        "minimum": np.zeros(parties, int),
        "places": np.zeros(slots, int),
    }
    return TimetableProblem(**(plain | changes))


def random_event(
    seed: int, *, parties: int, slots: int, meetings: int, days: int = 1, there: float = 0.8
) -> TimetableProblem:
    """Any party may meet any other, the same pair perhaps twice; half the meetings at tables, which are few."""
    random = np.random.default_rng(seed)
    maximum = random.integers(0, slots + 1, parties)
    return problem(
        [random.choice(parties, 2, replace=False) for _ in range(meetings)],
        parties=parties,
        slots=slots,
        day=np.arange(slots) * days // slots,
        value=random.integers(1, 100, meetings) / 7,
        vetoed=random.random(meetings) < 0.1,
        at_table=random.random(meetings) < 0.5,
        available=random.random((parties, slots)) < there,
        maximum=maximum,
        minimum=np.minimum(random.integers(0, 2, parties), maximum),
        places=random.integers(0, 1 + parties // 3, slots),
        floor_weight=random.choice([0.0, 0.5, 10.0]),
    )


def fair(exhibitors: int, buyers: int, wishes: int, *, days: int, slots_a_day: int, seed: int = 0) -> TimetableProblem:
    """Buyers wish to meet exhibitors, a few of whom everyone wants; each party is there in 85 % of the slots."""
    random = np.random.default_rng(seed)
    popular = random.pareto(1.3, exhibitors) + 0.2
    exhibitor = random.choice(exhibitors, 3 * wishes, p=popular / popular.sum())
    buyer = exhibitors + random.integers(0, buyers, 3 * wishes)
    pairs = random.permutation(np.unique(np.stack([exhibitor, buyer], axis=1), axis=0))[:wishes]
    parties, slots = exhibitors + buyers, days * slots_a_day
    return problem(
        pairs,
        parties=parties,
        slots=slots,
        day=np.arange(slots) // slots_a_day,
        value=random.uniform(20, 100, len(pairs)),
        vetoed=random.random(len(pairs)) < 0.03,
        available=random.random((parties, slots)) < 0.85,
        maximum=np.repeat([40, 8], [exhibitors, buyers]),
    )


def best_by_brute_force(event: TimetableProblem) -> float:
    """The optimum over all timetables, tried one by one."""
    slots = range(len(event.slots))
    busy: set[tuple[int, int]] = set()
    load = [0] * len(event.parties)
    tables = [0] * len(event.slots)

    def best(meeting: int) -> float:
        if meeting == len(event.value):
            return -event.penalty * sum(max(least - got, 0) for least, got in zip(event.minimum, load, strict=True))
        fixed, (a, b), table = event.fixed_slot[meeting], event.pairs[meeting].tolist(), bool(event.at_table[meeting])
        most = best(meeting + 1) if fixed == -1 else -np.inf
        for slot in slots if fixed == -1 else [int(fixed)]:
            ends = {(a, slot), (b, slot)}
            if (
                event.vetoed[meeting]
                or not event.available[[a, b], slot].all()
                or ends & busy
                or load[a] == event.maximum[a]
                or load[b] == event.maximum[b]
                or tables[slot] + table > event.places[slot] * table + (1 - table) * len(event.value)
            ):
                continue
            busy.update(ends)
            load[a], load[b], tables[slot] = load[a] + 1, load[b] + 1, tables[slot] + table
            most = max(most, event.value[meeting] + best(meeting + 1))
            load[a], load[b], tables[slot] = load[a] - 1, load[b] - 1, tables[slot] - table
            busy.difference_update(ends)
        return most

    return best(0)


events = st.builds(
    random_event,
    st.integers(0, 2**32),
    parties=st.integers(2, 10),
    slots=st.integers(1, 6),
    meetings=st.integers(0, 25),
    days=st.integers(1, 2),
    there=st.sampled_from([0.3, 0.8, 1.0]),
)
without_deadline = settings(deadline=None, max_examples=60)  # the first example compiles
