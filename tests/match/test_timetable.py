"""The timetable: sound for every event, optimal on every small one, and honest about what it left out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.match.timetable import (
    Reason,
    Status,
    TimetableProblem,
    annealing,
    check,
    solve,
    solver,
)
from serai.match.timetable.initial_state import start
from serai.match.timetable.insertion import fill
from tests.match.timetable_events import best_by_brute_force, events, fair, problem, random_event, without_deadline

# ---- sound ---------------------------------------------------------------------------------------


@without_deadline
@given(events)
def test_every_timetable_is_sound(event: TimetableProblem) -> None:
    answer = solve(event)
    placed = answer.placed
    slot, pairs = answer.slot[placed], event.pairs[placed]

    meetings_of_a_party_in_a_slot = np.zeros(event.available.shape, int)
    np.add.at(meetings_of_a_party_in_a_slot, (pairs, slot[:, None]), 1)
    load = meetings_of_a_party_in_a_slot.sum(axis=1)
    assert (meetings_of_a_party_in_a_slot <= event.available).all()
    assert (load <= event.maximum).all()
    assert (np.bincount(slot[event.at_table[placed]], minlength=len(event.slots)) <= event.places).all()
    assert not (placed & event.vetoed).any()
    assert (answer.shortfall == np.maximum(event.minimum - load, 0)).all()
    assert answer.objective == pytest.approx(
        event.value[placed].sum() - event.penalty * answer.shortfall.sum(), rel=1e-12
    )
    assert answer.objective <= answer.bound
    assert check(event, answer) == ()


@without_deadline
@given(events, st.integers(0, 2**32))
def test_a_solve_with_confirmed_meetings_fixed_keeps_them_and_loses_nothing(event: TimetableProblem, seed: int) -> None:
    first = solve(event)
    confirmed = first.placed & (np.random.default_rng(seed).random(len(event.value)) < 0.5)
    again = replace(event, fixed_slot=np.where(confirmed, first.slot, -1))
    second = solve(again)
    assert (second.slot[confirmed] == first.slot[confirmed]).all()
    assert second.objective == pytest.approx(first.objective, rel=1e-9)
    assert check(again, second) == ()


@without_deadline
@given(events, st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing_in_the_objective(event: TimetableProblem, seed: int) -> None:
    random = np.random.default_rng(seed)
    meetings, parties = random.permutation(len(event.value)), random.permutation(len(event.parties))
    shuffled = replace(
        event,
        parties=tuple(event.parties[k] for k in parties),
        pairs=np.argsort(parties)[event.pairs[meetings]],
        **{name: getattr(event, name)[meetings] for name in ("value", "vetoed", "at_table", "fixed_slot")},
        **{name: getattr(event, name)[parties] for name in ("available", "maximum", "minimum")},
    )
    first, second = solve(event), solve(shuffled)
    assert first.objective == second.objective
    assert first.bound == second.bound


def test_the_same_seed_gives_the_same_timetable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annealing, "ROUNDS", 1)  # so that no clock ends the search
    monkeypatch.setattr(solver, "EXACT", 0)
    crowded = random_event(1, parties=40, slots=12, meetings=600, there=0.6)
    first, second = solve(crowded, seed=3, seconds=1e6), solve(crowded, seed=3, seconds=1e6)
    assert (first.slot == second.slot).all()


# ---- good ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", range(10))
def test_a_small_event_gets_the_optimum_of_brute_force(batch: int) -> None:
    for seed in range(20 * batch, 20 * batch + 20):
        event = random_event(seed, parties=3 + seed % 4, slots=1 + seed % 3, meetings=8, there=0.75)
        answer = solve(event)
        assert answer.status is Status.OPTIMAL
        assert answer.objective == pytest.approx(best_by_brute_force(event), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_a_small_event_with_fixed_meetings_gets_the_optimum_of_brute_force(seed: int) -> None:
    event = random_event(seed, parties=6, slots=3, meetings=8, there=1.0)
    placed = solve(replace(event, value=event.value[::-1])).slot
    fixed = replace(event, fixed_slot=np.where(np.arange(8) % 2, placed, -1))
    assert solve(fixed).objective == pytest.approx(best_by_brute_force(fixed), rel=1e-9, abs=1e-9)


def test_kempe_chains_place_every_meeting_of_everyone_with_everyone() -> None:
    """König 1916: a bipartite graph of degree n has n colours, however unluckily the first meetings were placed."""
    size = 15
    pairs = [(a, size + b) for a in range(size) for b in range(size)]
    state = start(problem(pairs, parties=2 * size, slots=size))
    fill(state, np.random.default_rng(0).permutation(len(pairs)))
    assert (state.slot >= 0).all()


def test_kempe_chains_fill_every_table_of_every_slot() -> None:
    event = problem(
        [(a, 8 + b) for a in range(8) for b in range(8)],
        parties=16,
        slots=16,
        at_table=np.ones(64, bool),
        places=[4] * 16,
    )
    answer = solve(event)
    assert answer.placed.all()
    assert (np.bincount(answer.slot) == 4).all()


def test_a_missing_floor_is_proved_to_be_impossible() -> None:
    """Parties 1 to 3 all need party 0, which has two slots."""
    event = problem([(0, 1), (0, 2), (0, 3)], parties=4, slots=2, minimum=[0, 1, 1, 1])
    answer = solve(event)
    assert answer.shortfall.sum() == answer.least_shortfall == 1


def test_without_time_the_bound_holds_and_the_timetable_is_sound() -> None:
    rings = [(5 * k + i, 5 * k + (i + 1) % 5) for k in range(40) for i in range(5)]
    event = problem(rings, parties=200, slots=9, maximum=[1] * 200)
    answer = solve(event, seconds=0)
    assert check(event, answer) == ()
    assert answer.objective <= 80 <= answer.bound


def test_a_crowded_event_is_improved_by_exchanges() -> None:
    crowded = random_event(2, parties=60, slots=24, meetings=3000, there=0.6)
    quick, thorough = solve(crowded, seconds=0), solve(crowded, seconds=8)
    assert quick.objective < thorough.objective <= thorough.bound <= quick.bound
    assert check(crowded, quick) == check(crowded, thorough) == ()


def test_exchanges_leave_the_fixed_meetings_where_they_are() -> None:
    crowded = random_event(2, parties=60, slots=24, meetings=3000, there=0.6)
    confirmed = solve(crowded, seconds=0).slot
    confirmed[::2] = -1
    again = replace(crowded, fixed_slot=confirmed)
    answer = solve(again, seconds=5)
    assert (answer.slot[1::2] == confirmed[1::2])[confirmed[1::2] >= 0].all()
    assert check(again, answer) == ()


def test_a_large_fair_is_within_a_hundredth_of_its_bound() -> None:
    large = fair(650, 4000, 20_000, days=4, slots_a_day=18)
    answer = solve(large)
    assert check(large, answer) == ()
    assert answer.gap <= 0.01


def test_a_floor_outweighs_a_more_valuable_meeting_and_without_weight_does_not() -> None:
    """Party 0 has one slot; the floor of party 2 can be met by it alone."""
    event = problem([(0, 1), (0, 2)], parties=3, slots=1, value=[9.0, 1.0], minimum=[0, 0, 1])
    assert solve(event).slot.tolist() == [-1, 0]
    careless = solve(replace(event, floor_weight=0.0))
    assert careless.slot.tolist() == [0, -1]
    assert careless.shortfall.tolist() == [0, 0, 1]


def test_a_party_gets_its_meetings_in_a_row() -> None:
    event = problem([(0, k) for k in range(1, 5)], parties=5, slots=8, day=[0] * 8)
    assert solve(event).breaks.sum() == 0


# ---- says why ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason", "limiting"),
    [
        ({}, Reason.LOWER_VALUE, -1),
        ({"vetoed": [False, True]}, Reason.VETOED, -1),
        ({"available": [[True], [True], [False]]}, Reason.NO_COMMON_SLOT, -1),
        ({"at_table": [False, True]}, Reason.NO_COMMON_SLOT, -1),
        ({"maximum": [2, 1, 0]}, Reason.MAXIMUM_REACHED, 2),
        ({"maximum": [1, 1, 1]}, Reason.MAXIMUM_REACHED, 0),
    ],
)
def test_a_meeting_left_out_says_why(changes: dict[str, Any], reason: Reason, limiting: int) -> None:
    """Party 0 has one slot and rather meets party 1 than party 2."""
    event = problem([(0, 1), (0, 2)], parties=3, slots=1, value=[2.0, 1.0], **({"maximum": [2, 2, 2]} | changes))
    answer = solve(event)
    assert answer.why_not.tolist() == [Reason.PLACED, reason]
    assert answer.limiting_party.tolist() == [-1, limiting]
    assert check(event, answer) == ()


def test_a_meeting_without_a_table_says_so() -> None:
    event = problem(
        [(0, 1), (2, 3)], parties=4, slots=1, value=[1.0, 2.0], at_table=[True, True], places=[1], maximum=[2] * 4
    )
    assert solve(event).why_not.tolist() == [Reason.NO_PLACE, Reason.PLACED]


@pytest.mark.parametrize(("parties", "slots"), [(0, 0), (3, 0), (0, 3), (3, 3)])
def test_an_event_without_meetings_has_an_empty_timetable(parties: int, slots: int) -> None:
    empty = problem([], parties=parties, slots=slots, minimum=np.minimum(1, [slots] * parties))
    answer = solve(empty)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == answer.bound == 0
    assert answer.gap == 0
    assert check(empty, answer) == ()
