"""Timetables: published optima of meeting events, proved; and fairs of the size of a national exhibition."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median
from time import process_time

import numpy as np

from benchmarks import DATA, Finding, trial, with_interval
from serai.match.b2b import Status, check, read_events, schedule
from serai.match.b2b.annealing import anneal, warm_up
from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import narrowed
from serai.match.b2b.problem import breaks_of
from serai.match.evaluation import Interval, interval
from serai.match.timetable import Change, TimetableProblem, resolve, solve
from serai.match.timetable import check as check_timetable
from serai.match.timetable.choice import choose

EVENTS = DATA / "b2b_meetings"
INSTANCES = "b2b_meetings/instances.json"
HARDEST = (
    ("forum-14.original", 2),
    ("forum-14.prec15", 2),
    ("forum-13crafc.original", 1),
    ("ticf-13crafc.original", 1),
)
"""Published events whose proof takes long, and their least breaks where those of two participants differ by at most
`FAIRNESS`."""
FAIRNESS = 2
SLOW = 20.0
"""Seconds above which an instance has its own finding."""


@trial("timetable-published", tiny={"instances": 1}, data=[INSTANCES])
def published_optima(instances: int | None = None) -> Iterator[Finding]:
    """Is every published optimum proved, within 120 s on two cores? (wall-clock: two processes race)"""
    events = read_events(EVENTS / "instances.json")
    with (EVENTS / "published_optima.csv").open(newline="") as file:
        rows = [
            (row["instance"], int(row["fairness_d"]), row["optimum_total_breaks"])
            for row in islice(csv.DictReader(file), instances)
        ]
    seconds, proved, provers = [], 0, dict.fromkeys(("narrowing", "RC2", "CP-SAT", ""), 0)
    for number, (name, fairness, optimum) in enumerate(rows, 1):
        answer = schedule(events[name], fairness=fairness, seconds=120)
        assert check(events[name], answer, fairness=fairness) == ()
        found = "UNSAT" if answer.status is Status.INFEASIBLE else str(answer.objective)
        as_published = answer.status in {Status.OPTIMAL, Status.INFEASIBLE} and found == optimum
        proved += as_published
        provers[answer.prover] += 1
        seconds.append(answer.seconds)
        if answer.seconds > SLOW or not as_published:
            yield Finding(
                f"{name}, fairness {fairness}: {answer.status} {found} ({optimum})", answer.seconds, "s", most=120
            )
        if number % 20 == 0:
            yield Finding(f"proved as published, of the first {number}", proved)
    yield Finding("proved as published", proved, f"of {len(rows)}", least=len(rows))
    yield Finding("median", median(seconds), "s", most=2)
    yield Finding("longest", max(seconds), "s", most=120)
    for prover, number in provers.items():
        yield Finding(f"proofs by {prover or 'nobody'}", number)


def fair(
    exhibitors: int, buyers: int, wishes: int, *, tables: int, at_tables: float = 0.5, seed: int = 0
) -> TimetableProblem:
    """Four days of 18 slots; a few exhibitors whom everyone wants; days and hours of absence; a floor for one in seven.

    An exhibitor has at most 40 meetings and a buyer 8; a share of the meetings, `at_tables`, need one of the tables.
    """
    random = np.random.default_rng(seed)
    popular = random.pareto(1.3, exhibitors) + 0.2
    exhibitor = random.choice(exhibitors, 3 * wishes, p=popular / popular.sum())
    buyer = exhibitors + random.integers(0, buyers, 3 * wishes)
    pairs = random.permutation(np.unique(np.stack([exhibitor, buyer], axis=1), axis=0))[:wishes]
    parties, day = exhibitors + buyers, np.arange(72) // 18
    away = random.random((parties, 4)) < 0.15
    small = np.flatnonzero(random.random(exhibitors) < 0.15)
    minimum = np.zeros(parties, np.int64)
    minimum[small] = np.minimum(3, np.bincount(pairs.ravel(), minlength=parties)[small])
    return TimetableProblem(
        parties=tuple(f"party {row}" for row in range(parties)),
        slots=tuple(f"slot {row}" for row in range(72)),
        day=day,
        pairs=pairs,
        value=random.uniform(20, 100, len(pairs)),
        vetoed=random.random(len(pairs)) < 0.03,
        at_table=random.random(len(pairs)) < at_tables,
        fixed_slot=np.full(len(pairs), -1),
        available=(random.random((parties, 72)) < 0.85) & ~away[:, day],
        maximum=np.repeat([40, 8], [exhibitors, buyers]),
        minimum=minimum,
        places=np.full(72, tables),
    )


def annealed(
    events: Sequence[tuple[str, int]], seeds: Sequence[int], *, seconds: float, rounds: int = 1_000
) -> dict[str, list[int]]:
    """The breaks of each event after annealing without a proof, one number a seed."""
    given = read_events(EVENTS / "instances.json")
    breaks: dict[str, list[int]] = {}
    for name, _optimum in events:
        event = given[name]
        for seed in seeds:
            slot = anneal(event, narrowed(event), fairness=FAIRNESS, seconds=seconds, seed=1_000 * seed, rounds=rounds)
            assert slot is not None
            assert check_slots(event, slot, fairness=FAIRNESS) == ()
            breaks.setdefault(name, []).append(sum(breaks_of(event, slot)))
    return breaks


def figures_of_breaks() -> dict[str, Interval]:
    """The least breaks as a share of those after one round of annealing, which are the same on every machine."""
    found = annealed(HARDEST, (0, 1, 2), seconds=0.0, rounds=1)
    shares = [optimum / max(breaks, 1) for name, optimum in HARDEST for breaks in found[name]]
    return {"timetables: least breaks as a share of those of one round": interval(shares)}


@trial("timetable-incumbent", tiny={"events": HARDEST[3:], "seeds": (0,), "seconds": 0.1}, data=[INSTANCES])
def without_a_proof(
    events: Sequence[tuple[str, int]] = HARDEST, seeds: Sequence[int] = (0, 1, 2), seconds: float = 9.0
) -> Iterator[Finding]:
    """Where no proof has come, has a timetable at most twice the least breaks? (seconds of the processor)"""
    warm_up()
    found = annealed(events, seeds, seconds=seconds)
    for name, optimum in events:
        for seed, breaks in zip(seeds, found[name], strict=True):
            yield Finding(f"{name}, seed {seed}: breaks where {optimum} are the least", breaks, most=2 * optimum)
    shares = [optimum / max(breaks, 1) for name, optimum in events for breaks in found[name]]
    yield with_interval("least breaks as a share of those found", interval(shares))


type Size = tuple[int, int, int]
FAIRS = (
    ((650, 4_000, 100_000), 300, 0.5, 15, 0.5),
    ((650, 4_000, 100_000), 150, 1.0, 15, 0.5),
    ((1_200, 12_000, 500_000), 600, 0.5, 90, 1.0),
)
"""Exhibitors, buyers and wishes; tables; the share of meetings at them; the bars of CPU-seconds and of the gap in %."""


@trial("timetable-fair", tiny={"fairs": [((10, 30, 100), 4, 0.5, 1, 0.5)]})
def large_fairs(fairs: Sequence[tuple[Size, int, float, float, float]] = FAIRS) -> Iterator[Finding]:
    """How near to its bound is the timetable of a large fair, and how long does it take? (CPU-seconds)"""
    solve(fair(10, 30, 100, tables=4), seconds=1)  # compiles
    for (exhibitors, buyers, wishes), tables, at_tables, most_seconds, most_gap in fairs:
        event = fair(exhibitors, buyers, wishes, tables=tables, at_tables=at_tables)
        began = process_time()
        answer = solve(event, seconds=0.9 * most_seconds)
        seconds = process_time() - began
        name = f"{exhibitors:,} x {buyers:,}, {wishes:,} wishes, {at_tables:.0%} at {tables} tables"
        yield Finding(f"{name}: CPU-seconds", seconds, "s", most=most_seconds)
        yield Finding(f"{name}: below the bound", 100 * answer.gap, "%", most=most_gap)
        choice = choose(event, seconds=most_seconds)
        short = 1 - event.objective(choice.chosen) / choice.bound
        yield Finding(f"{name}: the choice without slots below its own bound", 100 * short, "%", most=1e-6)
        held = int((answer.placed & event.at_table).sum())
        yield Finding(f"{name}: places at tables taken", 100 * held / int(event.places.sum()), "%")
        yield Finding(f"{name}: faults that the checker finds", len(check_timetable(event, answer)), most=0)
        promised = event.minimum > 0
        yield Finding(f"{name}: floors kept", int((promised & (answer.shortfall == 0)).sum()), f"of {promised.sum()}")
        missing = int(answer.shortfall.sum())
        yield Finding(f"{name}: meetings missing from floors", missing, most=answer.least_shortfall)
        yield Finding(f"{name}: meetings", int(answer.placed.sum()))
        yield Finding(f"{name}: idle gaps", int(answer.breaks.sum()))


@trial("timetable-live", tiny={"size": (130, 300, 1_000), "tables": 30, "seconds": 0.3})
def change_on_the_day(size: Size = (650, 4_000, 100_000), tables: int = 300, seconds: float = 13) -> Iterator[Finding]:
    """How long does it take to mend the timetable of 650 x 4,000? (CPU-seconds, the first with loading the kernels)"""
    event = fair(*size, tables=tables)
    exhibitors = size[0]
    announced = solve(event, seconds=seconds).slot
    walk_in = tuple((event.parties[row], event.parties[exhibitors + 100 + row], 60.0) for row in range(5))
    late = dict.fromkeys(event.parties[100:110], 30)
    changes = {
        "20 do not come, 10 are late": Change(
            no_show=event.parties[exhibitors + 50 : exhibitors + 70], late=late, now=20
        ),
        "2 do not come, 2 are late, 5 walk in": Change(
            no_show=event.parties[exhibitors + 60 : exhibitors + 62],
            late=dict.fromkeys(event.parties[120:122], 30),
            walk_in=walk_in,
            now=20,
        ),
        "an exhibitor does not come": Change(no_show=event.parties[3:4], now=40),
    }
    for name, change in changes.items():
        began = process_time()
        after = resolve(event, announced, change, seconds=1.0)
        yield Finding(f"{name}: CPU-seconds", process_time() - began, "s", most=2)
        yield Finding(f"{name}: announced meetings moved", int(after.moved.sum()))
        yield Finding(f"{name}: announced meetings dropped", int(after.dropped.sum()))
        yield Finding(f"{name}: announced meetings kept", int(after.kept.sum()))
        faults = len(check_timetable(after.problem, after.timetable))
        yield Finding(f"{name}: faults that the checker finds", faults, most=0)


@trial("timetable-proved", tiny={"sizes": [(4, 8, 20)]})
def small_fairs_proved(
    sizes: Sequence[Size] = ((6, 12, 46), (10, 24, 91), (14, 40, 150), (25, 80, 300)),
) -> Iterator[Finding]:
    """How large a fair with priced gaps is proved within a minute? (wall-clock: two processes race)"""
    for exhibitors, buyers, meetings in sizes:
        random = np.random.default_rng(meetings)
        event = fair(exhibitors, buyers, meetings, tables=max(meetings // 72, 2))
        event = replace(
            event, value=random.choice(np.array([1.0, 2.0, 3.0, 4.0, 6.0]), len(event.value)), gap_weight=0.5
        )
        answer = solve(event, seconds=60)
        yield Finding(f"{len(event.value)} meetings: {answer.status}", answer.seconds, "s", most=60)
        yield Finding(f"{len(event.value)} meetings: below the bound", 100 * answer.gap, "%")
