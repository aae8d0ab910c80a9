"""Annealing finds a sound timetable with few breaks at once, the same each time."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from serai.match.b2b import Event, Status, annealing, check, read_events, schedule
from serai.match.b2b.annealing import anneal
from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import narrowed
from serai.match.b2b.problem import breaks_of
from serai.match.b2b.solver import LATER


def small_event(seed: int) -> Event:
    random = np.random.default_rng(seed)
    pairs = np.array([random.choice(4, 2, replace=False) for _ in range(5)])
    allowed = random.random((5, 5)) < (0.45 if seed % 3 == 0 else 0.8)
    return Event(participants=4, slots=5, locations=2, pairs=pairs, allowed=allowed, precedences=((0, 1),))


def test_on_small_events_it_finds_the_optimum_of_brute_force_or_none_where_there_is_none() -> None:
    found = []
    for seed in range(12):
        event = small_event(seed)
        sound = [slot for slot in product(range(5), repeat=5) if not check_slots(event, slot, fairness=seed % 3)]
        best = min((sum(breaks_of(event, slot)) for slot in sound), default=None)
        slot = anneal(event, event.allowed, fairness=seed % 3, seconds=1.0, rounds=3)
        found.append(None if slot is None else sum(breaks_of(event, slot)))
        assert found[-1] == best, seed
    assert None in found
    assert len(set(found)) > 1


def test_the_same_seed_and_rounds_give_the_same_timetable() -> None:
    event = small_event(4)
    first, second = (anneal(event, event.allowed, fairness=2, seconds=9.0, seed=7, rounds=2) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("name", "optimum"), [("forum-13crafc.original", 1), ("ticf-13crafc.original", 1), ("forumt-14.original", 5)]
)
def test_a_hard_published_event_has_few_breaks_long_before_a_proof(real_data: Path, name: str, optimum: int) -> None:
    event = read_events(real_data / "b2b_meetings" / "instances.json")[name]
    slot = anneal(event, narrowed(event), fairness=2, seconds=0.0, rounds=2)
    assert slot is not None
    assert check_slots(event, slot, fairness=2) == ()
    assert optimum <= sum(breaks_of(event, slot)) <= optimum + 2


def test_without_time_for_a_proof_the_annealed_timetable_is_the_answer() -> None:
    event = small_event(4)
    answer = schedule(event, fairness=2, cpu_seconds=0.0)
    assert answer.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert check(event, answer, fairness=2) == ()


def test_where_no_proof_comes_annealing_has_the_end_of_the_time_from_other_beginnings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event, seeds = small_event(4), list[int]()

    def from_seed(*_event: Any, seed: int = 0, **_options: Any) -> tuple[int, ...] | None:
        seeds.append(seed)
        return anneal(event, event.allowed, fairness=2, seconds=0.0, seed=seed, rounds=1) if seed else None

    monkeypatch.setattr(annealing, "anneal", from_seed)
    answer = schedule(event, fairness=2, seconds=20.0, provers=())
    assert seeds == [0, LATER]
    assert check(event, answer, fairness=2) == ()
    assert answer.slot is not None
