"""The choice of meetings: the same by flow as by linear programme, and a bound of every timetable."""

from dataclasses import replace

import numpy as np
import pytest

from serai.match.timetable import (
    Status,
    TimetableProblem,
    check,
    choice,
    solve,
)
from serai.match.timetable.choice import choose
from serai.match.timetable.flow import slot_by_slot, two_kinds
from tests.match.timetable_events import best_by_brute_force, fair, problem, random_event


@pytest.mark.parametrize("seed", range(10))
def test_two_kinds_have_the_same_choice_by_flow_as_by_linear_programme(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    event = fair(12, 40, 150, days=2, slots_a_day=3, seed=seed)
    minimum = np.minimum(np.random.default_rng(seed).integers(0, 6, 52), event.maximum)
    some = np.arange(len(event.value)) % 9 == 0
    event = replace(event, minimum=minimum, fixed_slot=np.where(some, solve(event, seconds=0).slot, -1))
    by_programme = choose(event, seconds=10)
    monkeypatch.setattr(choice, "LARGE", 0)
    by_flow = choose(event, seconds=10)
    assert event.objective(by_flow.chosen) == pytest.approx(event.objective(by_programme.chosen), rel=1e-12)
    assert event.objective(by_flow.chosen) <= by_flow.bound == pytest.approx(by_programme.bound, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_where_tables_are_few_the_flow_bounds_the_choice_and_keeps_to_them(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    event = fair(12, 40, 150, days=2, slots_a_day=3, seed=seed)
    event = replace(event, at_table=np.arange(len(event.value)) % 3 > 0, places=[2] * 6)
    best = choose(event, seconds=10).bound
    monkeypatch.setattr(choice, "LARGE", 0)
    chosen = choose(event, seconds=10)
    assert event.at_table[chosen.chosen].sum() <= 12
    assert event.objective(chosen.chosen) <= best * (1 + 1e-9) <= chosen.bound * (1 + 2e-9)
    assert event.objective(chosen.chosen) >= 0.98 * chosen.bound


def test_the_flow_and_the_linear_programme_are_equal_on_a_fair_of_middle_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The matrix of two kinds is a network's, so that both have the same whole optimum: ``flow`` says why."""
    event = fair(120, 700, 6_000, days=2, slots_a_day=12)
    minimum = np.repeat([3, 0], [120, 700])
    event = replace(event, minimum=np.minimum(minimum, np.bincount(event.pairs.ravel(), minlength=820)))
    by_programme = choose(event, seconds=60)
    monkeypatch.setattr(choice, "LARGE", 0)
    by_flow = choose(event, seconds=60)
    assert event.objective(by_flow.chosen) == pytest.approx(event.objective(by_programme.chosen), rel=1e-12)
    assert by_flow.bound == pytest.approx(by_programme.bound, rel=1e-9)


def full_tables(seed: int) -> TimetableProblem:
    """480 wishes, each for one of 30 tables in one of 12 slots: there are 360 seats."""
    random = np.random.default_rng(seed)
    every = np.array([(exhibitor, 30 + buyer) for exhibitor in range(30) for buyer in range(90)])
    return problem(
        random.permutation(every)[:480],
        parties=120,
        slots=12,
        day=np.arange(12) // 6,
        value=random.uniform(20, 100, 480),
        vetoed=random.random(480) < 0.03,
        at_table=np.ones(480, bool),
        available=random.random((120, 12)) < 0.85,
        places=[30] * 12,
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_slot_s_flow_holds_the_most_valuable_meetings_beside_each_other(seed: int) -> None:
    event = full_tables(seed)
    kind = two_kinds(event)
    assert kind is not None
    open_to = event.common() & ~event.vetoed[:, None]
    slot = slot_by_slot(event, kind, np.flatnonzero(~event.vetoed), open_to)
    held = np.flatnonzero(slot >= 0)
    assert len(held) > 250
    assert open_to[held, slot[held]].all()
    assert np.bincount(slot[held], minlength=12).max() <= 30
    busy = event.pairs[held] * 12 + slot[held, None]
    assert len(np.unique(busy)) == busy.size
    first = int(np.argsort(event.available.sum(axis=0), kind="stable")[0])
    alone = replace(event, available=event.available & (np.arange(12) == first), maximum=[1] * 120)
    assert event.value[slot == first].sum() == pytest.approx(choose(alone, seconds=5).bound, rel=0.05)
    many = replace(event, places=[90] * 12)
    of_first = slot_by_slot(many, kind, np.flatnonzero(~event.vetoed), open_to) == first
    assert event.value[of_first].sum() == pytest.approx(choose(replace(alone, places=[90] * 12), seconds=5).bound)


def test_an_earlier_timetable_to_begin_with_is_never_made_worse() -> None:
    event = full_tables(0)
    thorough = solve(event, seconds=4)
    begun = solve(event, seconds=0, begin=thorough.slot)
    assert begun.objective >= thorough.objective
    assert check(event, begun) == ()
    # What doesn't stand any more is left out, and the rest is a sound start all the same.
    fewer = replace(event, places=[15] * 12, maximum=[3] * 120)
    assert check(fewer, solve(fewer, seconds=0, begin=thorough.slot)) == ()


@pytest.mark.parametrize("seed", range(12))
def test_a_floor_is_kept_or_proved_impossible(seed: int) -> None:
    """With a floor above all meetings together, the optimum misses as few of them as any timetable."""
    event = random_event(seed, parties=5, slots=2, meetings=7, there=0.7)
    minimum = np.minimum(np.random.default_rng(seed).integers(0, 3, 5), event.maximum)
    event = replace(event, minimum=minimum, floor_weight=1000.0)
    answer = solve(event)
    fewest = round(-best_by_brute_force(replace(event, value=np.full(7, 1e-6), floor_weight=1000.0)) / 1e-3)
    assert answer.status is Status.OPTIMAL
    assert answer.least_shortfall <= answer.shortfall.sum() == fewest


def test_a_ring_of_odd_length_has_no_two_kinds() -> None:
    assert two_kinds(problem([(0, 1), (1, 2), (2, 0)], parties=3, slots=3)) is None
    assert two_kinds(problem([(0, 1), (2, 1), (2, 3)], parties=5, slots=3)) is not None


def test_parties_of_one_kind_may_all_meet_each_other() -> None:
    everyone = problem([(a, b) for a in range(6) for b in range(a)], parties=6, slots=5)
    answer = solve(everyone)
    assert answer.placed.all()
    assert answer.status is Status.OPTIMAL


def test_an_odd_ring_has_a_whole_choice_and_a_tight_bound() -> None:
    """Half of each of five meetings is worth 2.5 to the linear programme; only two can be held."""
    ring = problem([(k, (k + 1) % 5) for k in range(5)], parties=5, slots=9, maximum=[1] * 5)
    assert choose(ring, seconds=10).bound == 2
    assert solve(ring).status is Status.OPTIMAL
