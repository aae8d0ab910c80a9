"""Changes on the day: what can stay stays, what is locked is not touched, and the answer is sound."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.timetable import Change, TimetableError, TimetableProblem, check, resolve, solve


def event(seed: int, *, parties: int = 10, meetings: int = 20, slots: int = 6) -> TimetableProblem:
    random = np.random.default_rng(seed)
    return TimetableProblem(
        parties=tuple(f"party {k}" for k in range(parties)),
        slots=tuple(f"slot {k}" for k in range(slots)),
        day=np.zeros(slots, int),
        pairs=np.array([random.choice(parties, 2, replace=False) for _ in range(meetings)]),
        value=random.uniform(1, 10, meetings),
        vetoed=random.random(meetings) < 0.1,
        at_table=random.random(meetings) < 0.5,
        fixed_slot=np.full(meetings, -1),
        available=random.random((parties, slots)) < 0.9,
        maximum=random.integers(1, slots + 1, parties),
        minimum=np.zeros(parties, int),
        places=np.full(slots, 2),
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32))
def test_what_can_stay_stays_and_what_is_locked_is_not_touched(seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = event(seed)
    told = solve(problem)
    locked = told.placed & (random.random(20) < 0.2)
    gone, late = (str(name) for name in random.choice(problem.parties, 2, replace=False))
    now, arrives = int(random.integers(0, 4)), int(random.integers(0, 6))
    walk_in = tuple((gone, other, 5.0) for other in problem.parties[:1] if other != gone)
    change = Change(no_show=(gone,), late={late: arrives}, walk_in=walk_in, now=now)
    after = resolve(problem, told, change, locked=locked)
    slot = after.timetable.slot[:20]

    assert check(after.problem, after.timetable) == ()
    assert (slot[locked] == told.slot[locked]).all()
    touched = np.zeros(20, bool)
    for row, pair in enumerate(problem.pairs.tolist()):
        names, at = {problem.parties[party] for party in pair}, told.slot[row]
        touched[row] = at >= now and (gone in names or (late in names and at < arrives))
    assert after.kept[told.placed & (~touched | locked)].all()
    assert not (after.moved & ~touched).any()
    assert (after.kept ^ after.moved ^ after.dropped == told.placed).all()
    new = slot[(slot != told.slot) & (slot >= 0)]
    assert (new >= now).all()
    for row in np.flatnonzero(slot != told.slot).tolist():
        names = {problem.parties[party] for party in problem.pairs[row]}
        assert slot[row] < 0 or gone not in names
        assert slot[row] < 0 or late not in names or slot[row] >= arrives


def test_nothing_changes_where_nothing_happened() -> None:
    problem = event(3)
    told = solve(problem)
    after = resolve(problem, told, Change())
    assert (after.timetable.slot == told.slot).all()
    assert not after.moved.any()


def test_a_told_meeting_that_is_vetoed_since_is_dropped_unless_it_is_locked_or_over() -> None:
    problem = replace(
        event(0, parties=3, meetings=2, slots=3),
        pairs=[(0, 1), (0, 2)],
        vetoed=[True, False],
        at_table=[False, False],
        available=np.ones((3, 3), bool),
        maximum=[3, 3, 3],
    )
    told = np.array([0, 1])
    assert resolve(problem, told, Change()).timetable.slot.tolist() == [-1, 1]
    assert resolve(problem, told, Change(), locked=np.array([True, False])).kept.all()
    assert resolve(problem, told, Change(now=1)).kept.all()


def test_a_late_party_s_meeting_moves_to_when_it_is_there() -> None:
    problem = replace(
        event(0, parties=3, meetings=2, slots=3),
        pairs=[(0, 1), (1, 2)],
        fixed_slot=[0, 1],
        vetoed=[False, False],
        at_table=[False, False],
        available=np.ones((3, 3), bool),
        maximum=[3, 3, 3],
    )
    told = solve(problem)
    after = resolve(replace(problem, fixed_slot=[-1, -1]), told, Change(late={"party 0": 1}))
    assert after.timetable.slot.tolist() == [2, 1]
    assert (after.kept.tolist(), after.moved.tolist(), after.dropped.any()) == ([False, True], [True, False], False)


def test_a_walk_in_is_seated_beside_what_was_told() -> None:
    problem = replace(event(0, parties=4, meetings=1, slots=2), pairs=[(0, 1)], vetoed=[False], maximum=[2] * 4)
    problem = replace(problem, available=np.ones((4, 2), bool), places=[1, 1], at_table=[True])
    told = solve(problem)
    after = resolve(problem, told, Change(walk_in=[("party 2", "party 3", 1.0)]))
    assert after.timetable.placed.all()
    assert after.kept.all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change(no_show=("nobody",)), "The change names 'nobody', who is no party of the timetable."),
        (Change(walk_in=[("party 0", "x", 1.0)]), "The change names 'x', who is no party of the timetable."),
        (Change(now=9), "The change names slot row 9; there are rows 0 to 5, and 6 ends."),
        (Change(late={"party 1": -1}), "The change names slot row -1;"),
    ],
)
def test_a_change_that_names_what_is_not_there_is_refused(change: Change, sentence: str) -> None:
    problem = event(1)
    with pytest.raises(TimetableError) as refusal:
        resolve(problem, solve(problem), change)
    assert sentence in str(refusal.value)


def test_a_large_fair_is_resolved_without_a_fault() -> None:
    large = event(0, parties=3000, meetings=20_000, slots=40)
    large = replace(large, places=np.full(40, 400))
    told = solve(large, seconds=1)
    change = Change(no_show=large.parties[:20], late=dict.fromkeys(large.parties[20:40], 30), now=10)
    after = resolve(large, told, change, seconds=1.0)
    assert check(after.problem, after.timetable) == ()
