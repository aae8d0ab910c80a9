"""Windows, pools, order, ways, several people, musts and idle gaps: sound, optimal where small, and said why."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.timetable import Change, Reason, Status, TimetableError, TimetableProblem, check, resolve, solve
from serai.match.timetable.problem import by_class


def event(pairs: Any, *, parties: int, slots: int, **changes: Any) -> TimetableProblem:
    """Everyone there all the time of one day, tables for all, each meeting worth 1, but for `changes`."""
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
        "maximum": np.full(parties, 9),
        "minimum": np.zeros(parties, int),
        "places": np.zeros(slots, int),
    }
    return TimetableProblem(**(plain | changes))


def rich_event(seed: int, *, people: int = 2, meetings: int = 8, gap_weight: float | None = None) -> TimetableProblem:
    """A small event with everything a fair has."""
    random = np.random.default_rng(seed)
    parties, slots, sites = int(random.integers(3, 6)), int(random.integers(2, 5)), 3
    at_once = random.integers(1, people + 1, parties)
    pairs = np.array([random.choice(parties, 2, replace=False) for _ in range(meetings)])
    walk = random.integers(0, 2, (sites, sites)) if people == 1 else np.zeros((sites, sites), int)
    walk = np.triu(walk, 1)
    order = random.integers(0, meetings, (2, 2))
    return event(
        pairs,
        parties=parties,
        slots=slots,
        day=np.arange(slots) * 2 // slots,
        value=random.integers(1, 50, meetings) / 7,
        vetoed=random.random(meetings) < 0.1,
        at_table=random.random(meetings) < 0.3,
        available=random.random((parties, slots)) < 0.9,
        maximum=random.integers(1, 5, parties),
        minimum=np.minimum(random.integers(0, 2, parties), 1),
        places=random.integers(0, 3, slots),
        gap_weight=float(random.choice([0.0, 0.0, 2.0])) if gap_weight is None else gap_weight,
        must=random.random(meetings) < 0.3,
        window=random.random((meetings, slots)) < 0.9,
        pools=random.integers(0, 2, (2, slots)),
        uses=np.where(random.random((meetings, 1)) < 0.4, random.integers(0, 2, (meetings, 1)), -1),
        before=order[order[:, 0] != order[:, 1]],
        site=random.integers(0, sites, meetings),
        walk=walk + walk.T,
        at_once=at_once,
        heads=np.where(random.random((meetings, 2)) < 0.2, at_once[pairs], 1),
    )


def best_by_brute_force(problem: TimetableProblem) -> float:  # noqa: C901
    """The optimum over all timetables, tried one by one; people are interchangeable where nobody walks."""
    meetings, slots = len(problem.value), len(problem.slots)
    at = [-1] * meetings
    best = -np.inf

    def possible(meeting: int, slot: int) -> bool:  # noqa: C901
        if problem.vetoed[meeting] or not problem.window[meeting, slot]:
            return False
        others = [other for other in range(meeting) if at[other] == slot]
        for side, party in enumerate(problem.pairs[meeting]):
            if not problem.available[party, slot]:
                return False
            busy = sum(
                int(problem.heads[other, k])
                for other in others
                for k, one in enumerate(problem.pairs[other])
                if one == party
            )
            if busy + problem.heads[meeting, side] > problem.at_once[party]:
                return False
            for other in range(meeting):
                if at[other] >= 0 and party in problem.pairs[other] and problem.day[at[other]] == problem.day[slot]:
                    needed = problem.walk[problem.site[meeting], problem.site[other]]
                    if abs(at[other] - slot) <= needed and at[other] != slot:
                        return False
        if problem.at_table[meeting] and sum(problem.at_table[other] for other in others) >= problem.places[slot]:
            return False
        for pool in problem.uses[meeting]:
            if pool >= 0 and sum(pool in problem.uses[other] for other in others) >= problem.pools[pool, slot]:
                return False
        for earlier, later in problem.before:
            if later == meeting and earlier < meeting and at[earlier] >= slot:
                return False
            if earlier == meeting and later < meeting and -1 < at[later] <= slot:
                return False
        return True

    def gaps() -> int:
        number = 0
        for party in range(len(problem.parties)):
            times = sorted(at[row] for row in range(meetings) if at[row] >= 0 and party in problem.pairs[row])
            number += sum(
                after - before > 1 and problem.day[after] == problem.day[before] for before, after in pairwise(times)
            )
        return number

    def search(meeting: int) -> None:
        nonlocal best
        if meeting == meetings:
            placed = np.array(at) >= 0
            if (problem.load(placed) <= problem.maximum).all():
                best = max(best, problem.objective(placed, gaps() if problem.gap_weight else 0))
            return
        for slot in range(-1, slots):
            if slot < 0 or possible(meeting, slot):
                at[meeting] = slot
                search(meeting + 1)
                at[meeting] = -1

    search(0)
    return best


without_deadline = settings(deadline=None, max_examples=25)


@without_deadline
@given(st.integers(0, 2**32), st.sampled_from([1, 2, 3]), st.integers(0, 20))
def test_every_timetable_is_sound_and_never_above_its_bound(seed: int, people: int, meetings: int) -> None:
    problem = rich_event(seed, people=people, meetings=meetings) if meetings else rich_event(seed)
    answer = solve(problem, seconds=2)
    assert check(problem, answer) == ()
    assert answer.objective <= answer.bound


@without_deadline
@given(st.integers(0, 2**32), st.booleans())
def test_ways_of_several_people_are_walked_by_each_of_them(seed: int, dear: bool) -> None:
    problem = rich_event(seed, people=3, meetings=15, gap_weight=3.0 if dear else 0.0)
    walk = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    problem = replace(problem, walk=walk)
    assert check(problem, solve(problem, seconds=1)) == ()


@pytest.mark.parametrize("people", [1, 2])
def test_a_small_event_gets_the_optimum_of_brute_force(people: int) -> None:
    for seed in range(12):
        # Idle gaps of a party of several people depend on who goes, which brute force does not try.
        problem = rich_event(seed, people=people, meetings=5, gap_weight=0.0 if people > 1 else None)
        answer = solve(problem)
        assert check(problem, answer) == ()
        assert answer.objective == pytest.approx(best_by_brute_force(problem), rel=1e-9, abs=1e-9), seed
        assert answer.status is Status.OPTIMAL


@without_deadline
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_the_order_of_the_rows_changes_nothing_in_the_objective(seed: int, shuffle: int) -> None:
    problem = rich_event(seed, people=2, meetings=10)
    random = np.random.default_rng(shuffle)
    meetings, parties = random.permutation(10), random.permutation(len(problem.parties))
    shuffled = replace(
        problem,
        parties=tuple(problem.parties[k] for k in parties),
        pairs=np.argsort(parties)[problem.pairs[meetings]],
        before=np.argsort(meetings)[problem.before],
        **{
            name: getattr(problem, name)[meetings]
            for name in ("value", "vetoed", "at_table", "fixed_slot", "must", "window", "uses", "site", "heads")
        },
        **{name: getattr(problem, name)[parties] for name in ("available", "maximum", "minimum", "at_once")},
    )
    assert solve(problem).objective == pytest.approx(solve(shuffled).objective, rel=1e-12)


@without_deadline
@given(st.integers(0, 2**32))
def test_what_was_told_stays_when_all_of_it_is_fixed_and_a_change_moves_only_what_it_must(seed: int) -> None:
    problem = rich_event(seed, people=2, meetings=12)
    told = solve(problem, seconds=1)
    locked = told.placed & (np.random.default_rng(seed).random(12) < 0.3)
    gone = problem.parties[seed % len(problem.parties)]
    after = resolve(problem, told, Change(no_show=(gone,)), locked=locked)
    assert check(after.problem, after.timetable) == ()
    assert (after.timetable.slot[locked] == told.slot[locked]).all()
    untouched = told.placed & ~(np.array(problem.parties)[problem.pairs] == gone).any(axis=1)
    assert after.kept[untouched].all()


# ---- each by itself ------------------------------------------------------------------------------


def test_a_firm_with_two_people_holds_two_meetings_at_once_and_shares_one_where_both_are_wanted() -> None:
    two = event([(0, 1), (0, 2)], parties=3, slots=1, at_once=[2, 1, 1])
    answer = solve(two)
    assert answer.slot.tolist() == [0, 0]
    assert sorted(answer.person[:, 0].tolist()) == [0, 1]
    shared = solve(replace(two, heads=[[2, 1], [1, 1]], value=[5.0, 1.0]))
    assert shared.slot.tolist() == [0, -1]
    assert shared.why_not[1] == Reason.LOWER_VALUE


def test_interpreters_are_shared_out_and_a_meeting_without_one_says_so() -> None:
    lacking = event([(0, 1), (2, 3)], parties=4, slots=1, value=[2.0, 1.0], pools=[[1]], uses=[[0], [0]])
    answer = solve(lacking)
    assert answer.slot.tolist() == [0, -1]
    assert (answer.why_not[1], answer.limiting_pool[1]) == (Reason.NO_POOL, 0)
    assert solve(replace(lacking, pools=[[2]])).placed.all()


def test_nobody_walks_between_far_places_without_a_slot_in_between() -> None:
    far = event([(0, 1), (0, 2)], parties=3, slots=3, site=[0, 1], walk=[[0, 1], [1, 0]])
    assert sorted(solve(far).slot.tolist()) == [0, 2]
    short = solve(
        replace(far, slots=("a", "b"), day=[0, 0], available=np.ones((3, 2), bool), places=[0, 0], window=None)
    )
    assert (short.placed.sum(), short.why_not.max()) == (1, Reason.TOO_FAR)
    overnight = replace(far, slots=("a", "b"), day=[0, 1], available=np.ones((3, 2), bool), places=[0, 0], window=None)
    assert solve(overnight).placed.all()


def test_what_must_come_first_comes_first() -> None:
    ordered = event([(0, 1), (0, 2)], parties=3, slots=3, before=[(1, 0)])
    slot = solve(ordered).slot
    assert -1 < slot[1] < slot[0]
    late = solve(replace(ordered, window=[[True, False, False], [False, True, True]], value=[2.0, 1.0]))
    assert (late.slot.tolist(), late.why_not[1]) == ([0, -1], Reason.OUT_OF_ORDER)


def test_a_meeting_keeps_to_its_session() -> None:
    assert solve(event([(0, 1)], parties=2, slots=3, window=[[False, False, True]])).slot.tolist() == [2]


def test_a_meeting_that_costs_more_waiting_than_it_is_worth_is_left_out() -> None:
    there = np.array([[True] * 4, [True, True, False, False], [True, False, False, False], [False, False, False, True]])
    waiting = event([(0, 1), (0, 2), (0, 3)], parties=4, slots=4, available=there, value=[5.0, 5.0, 1.0])
    assert solve(waiting).placed.all()
    answer = solve(replace(waiting, gap_weight=2.0))
    assert (answer.placed.tolist(), answer.why_not[2]) == ([True, True, False], Reason.WAITING)
    assert (answer.objective, answer.status) == (10.0, Status.OPTIMAL)


def test_no_number_of_woulds_outweighs_a_must_and_the_musts_are_proved_apart() -> None:
    """Party 0 has one slot: a must of value 1 or a would of value 90."""
    must = np.array([True, False, True])
    value = by_class(np.array([1.0, 90.0, 1.0]), must)
    answer = solve(event([(0, 1), (0, 2), (0, 3)], parties=4, slots=1, value=value, must=must))
    assert answer.placed[1] == 0
    assert (answer.musts_missing, answer.least_musts_missing) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"gap_weight": -1.0}, "'gap_weight' is -1.0; give a number from 0 on."),
        ({"pools": [[-1, 1]], "uses": [[0]]}, "Pool row 0 has fewer than 0 units in a slot; 0 is the least."),
        ({"uses": [[0]]}, "Meeting row 0 ('party 0' with 'party 1') uses pools [0]; there are 0."),
        ({"before": [(0, 0)]}, "must be held before itself."),
        ({"before": [(0, 7)]}, "Order row 0 names meetings [0, 7]; there are 1."),
        ({"site": [1]}, "is at site 1; 'walk' has 1."),
        ({"walk": [[0, 1], [0, 0]]}, "'walk' holds slots from 0 on, the same both ways."),
        ({"at_once": [0, 1]}, "Party row 0 ('party 0') has 0 people; 1 is least."),
        ({"heads": [[2, 1]]}, "takes [2, 1] people, more than there are."),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TimetableError) as refusal:
        event([(0, 1)], parties=2, slots=2, **changes)
    assert sentence in str(refusal.value)
