"""A timetable computed anew beside its last draft: as good as without it, and near to it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.timetable import TimetableProblem, check, repaired, solve, solve_anew
from serai.match.timetable.explanation import breaks
from tests.match.timetable_events import events, fair, random_event

without_deadline = settings(deadline=None, max_examples=40)  # the first example compiles


def changed(event: TimetableProblem, seed: int) -> TimetableProblem:
    """Some say no thanks, some come less, some may meet more or fewer, some meetings are worth something else."""
    random = np.random.default_rng(seed)
    value = event.value.copy()
    other = random.random(len(value)) < 0.2
    value[other] = random.integers(1, 100, other.sum()) / 7
    maximum = np.maximum(event.maximum + random.integers(-1, 2, len(event.parties)), 0)
    return replace(
        event,
        value=value,
        vetoed=event.vetoed ^ (random.random(len(value)) < 0.1),
        available=event.available & (random.random(event.available.shape) < 0.9),
        maximum=maximum,
        minimum=np.minimum(event.minimum, maximum),
    )


@without_deadline
@given(events, st.integers(0, 2**32), st.sampled_from([0.0, 3.0]))
def test_a_timetable_anew_is_sound_and_never_worse_than_the_draft_repaired(
    event: TimetableProblem, seed: int, gap_weight: float
) -> None:
    event = replace(event, gap_weight=gap_weight)
    draft = solve(event, seconds=0.5).slot
    now = changed(event, seed)
    stands = repaired(now, draft)
    assert ((stands == draft) | (stands == -1)).all()
    answer = solve_anew(now, draft, seconds=0.5 if gap_weight else 60)
    assert check(now, answer) == ()
    gaps = int(breaks(now, stands, np.zeros((len(stands), 2), int)).sum())
    assert answer.objective >= now.objective(stands != -1, gaps) - 1e-9
    assert answer.objective <= answer.bound
    if not gap_weight:
        assert answer.objective == pytest.approx(solve(now, seconds=60).objective, rel=1e-9)


@without_deadline
@given(events, st.integers(0, 2**32))
def test_what_nothing_has_happened_to_stays_as_it_is(event: TimetableProblem, seed: int) -> None:
    draft = solve(event, seed=seed % 5, seconds=5)
    again = solve_anew(event, draft.slot)
    assert (again.slot == draft.slot).all()
    assert (again.objective, again.bound, again.status) == (draft.objective, draft.bound, draft.status)


@without_deadline
@given(events, st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing(event: TimetableProblem, seed: int) -> None:
    random = np.random.default_rng(seed)
    draft, now = solve(event).slot, changed(event, seed)
    meetings, parties = random.permutation(len(event.value)), random.permutation(len(event.parties))
    shuffled = replace(
        now,
        parties=tuple(event.parties[k] for k in parties),
        pairs=np.argsort(parties)[event.pairs[meetings]],
        **{name: getattr(now, name)[meetings] for name in ("value", "vetoed", "at_table", "fixed_slot")},
        **{name: getattr(now, name)[parties] for name in ("available", "maximum", "minimum")},
    )
    first, second = solve_anew(now, draft), solve_anew(shuffled, draft[meetings])
    assert first.objective == second.objective
    assert first.bound == second.bound


@pytest.mark.parametrize("seed", range(3))
def test_a_few_new_wishes_move_few_meetings_of_a_fair(seed: int) -> None:
    event = fair(40, 160, 2_500, days=3, slots_a_day=12, seed=seed)
    number = np.arange(len(event.value))
    draft = solve(replace(event, vetoed=number % 100 == 7), seconds=120)
    now = replace(event, vetoed=number % 100 == 11)  # some wishes are said, and as many taken back
    beside, without = solve_anew(now, draft.slot, seconds=120), solve(now, seconds=120, seed=1)
    assert check(now, beside) == ()
    assert beside.objective == pytest.approx(without.objective, rel=1e-4)
    had = draft.slot != -1
    moved, moved_without = (int((had & (timetable.slot != draft.slot)).sum()) for timetable in (beside, without))
    assert moved <= 80
    assert moved_without > 400


def test_the_same_seed_gives_the_same_timetable() -> None:
    event = random_event(5, parties=20, slots=6, meetings=80)
    draft, now = solve(event, seconds=5).slot, changed(event, 1)
    first, second = solve_anew(now, draft, seconds=1e6, seed=4), solve_anew(now, draft, seconds=1e6, seed=4)
    assert (first.slot == second.slot).all()
