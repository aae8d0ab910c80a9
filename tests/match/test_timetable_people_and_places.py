"""Windows, pools, order, ways, several people, musts and idle gaps: sound, optimal where small, and said why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.b2b.provers import PROVERS, Found
from serai.match.timetable import (
    Change,
    Reason,
    Status,
    TimetableError,
    TimetableProblem,
    annealing,
    check,
    compactness,
    exact_solution,
    explanation,
    insertion,
    kempe_chains,
    load,
    resolve,
    solve,
    solver,
    state,
)
from serai.match.timetable.choice import Choice
from serai.match.timetable.exact_solution import Costs, encoded
from serai.match.timetable.problem import by_class
from tests.match.rich_timetable_events import best_by_brute_force, crowded_event, event, rich_event

without_deadline = settings(deadline=None, max_examples=25)


@without_deadline
@given(st.integers(0, 2**32), st.sampled_from([1, 2, 3]), st.integers(1, 20), st.booleans())
def test_every_timetable_is_sound_and_never_above_its_bound(
    seed: int, people: int, meetings: int, two_grids: bool
) -> None:
    problem = rich_event(seed, people=people, meetings=meetings, two_grids=two_grids)
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


@pytest.mark.parametrize(("people", "two_grids"), [(1, False), (2, False), (1, True), (2, True)])
def test_a_small_event_gets_the_optimum_of_brute_force(people: int, two_grids: bool) -> None:
    for seed in range(12):
        # Idle gaps of a party of several people depend on who goes, which brute force does not try.
        gap_weight = 0.0 if people > 1 else None
        problem = rich_event(seed, people=people, meetings=5, gap_weight=gap_weight, two_grids=two_grids)
        answer = solve(problem)
        assert check(problem, answer) == ()
        assert answer.objective == pytest.approx(best_by_brute_force(problem), rel=1e-9, abs=1e-9), seed
        assert answer.status is Status.OPTIMAL


@without_deadline
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.booleans())
def test_the_order_of_the_rows_changes_nothing_in_the_objective(seed: int, shuffle: int, two_grids: bool) -> None:
    problem = rich_event(seed, people=2, meetings=10, two_grids=two_grids)
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
@given(st.integers(0, 2**32), st.booleans())
def test_what_was_told_stays_when_all_of_it_is_fixed_and_a_change_moves_only_what_it_must(
    seed: int, two_grids: bool
) -> None:
    problem = rich_event(seed, people=2, meetings=12, two_grids=two_grids)
    told = solve(problem, seconds=1)
    locked = told.placed & (np.random.default_rng(seed).random(12) < 0.3)
    gone = problem.parties[seed % len(problem.parties)]
    after = resolve(problem, told, Change(no_show=(gone,)), locked=locked)
    assert check(after.problem, after.timetable) == ()
    assert (after.timetable.slot[locked] == told.slot[locked]).all()
    untouched = told.placed & ~(np.array(problem.parties)[problem.pairs] == gone).any(axis=1)
    assert after.kept[untouched].all()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_told_is_lost_where_hosts_of_two_people_meet_in_two_grids(seed: int) -> None:
    problem = crowded_event(seed)
    told = solve(problem, seconds=0)
    again = solve(replace(problem, fixed_slot=told.slot), seconds=0, begin=told.slot)
    assert (again.slot[told.placed] == told.slot[told.placed]).all()
    after = resolve(problem, told, Change(late={"party 5": 6}, now=3), locked=told.placed, seconds=0.1)
    assert (after.timetable.slot[told.placed] == told.slot[told.placed]).all()
    assert check(after.problem, after.timetable) == ()


def test_two_people_hold_four_told_meetings_that_overlap_whatever_the_order_of_their_values() -> None:
    told = np.array([3, 2, 0, 1])
    problem = event(
        [(0, 1), (0, 2), (0, 3), (0, 4)],
        parties=5,
        slots=4,
        times=[[0, 10], [5, 45], [40, 60], [50, 70]],
        at_once=[2, 1, 1, 1, 1],
        value=[4.0, 3.0, 2.0, 1.0],
    )
    assert solve(replace(problem, fixed_slot=told)).slot.tolist() == told.tolist()
    after = resolve(problem, told, Change(), locked=np.ones(4, bool))
    assert after.timetable.slot.tolist() == told.tolist()


def test_who_is_sent_to_the_told_meetings_does_not_lower_the_bound() -> None:
    """From 0, 5 and 12 three are told to two people; a fourth from 11 fits if the third takes who was in the second."""
    problem = event(
        [(0, 1), (0, 2), (0, 3), (0, 4)],
        parties=5,
        slots=4,
        times=[[0, 10], [5, 12], [11, 15], [12, 20]],
        at_once=[2, 1, 1, 1, 1],
        fixed_slot=[0, 1, 3, -1],
        window=np.array([[True] * 4] * 3 + [[False, False, True, False]]),
    )
    answer = solve(problem)
    assert (answer.slot.tolist(), check(problem, answer)) == ([0, 1, 3, 2], ())


@pytest.mark.parametrize("seed", range(6))
def test_what_told_meetings_take_beyond_a_pool_does_not_lower_the_bound(seed: int) -> None:
    random = np.random.default_rng(seed)
    hosts = event(
        [(0, 1), (2, 3), (4, 5), (4, 6), (0, 5)],
        parties=7,
        slots=3,
        pools=[[2, 1, 1]],
        uses=[[0]] * 5,
        value=random.integers(1, 12, 5).astype(float),
        window=random.random((5, 3)) < 0.8,
        fixed_slot=[0, 0, -1, -1, -1],
        minimum=[0, 0, 0, 0, 1, 0, 1],
    )
    lowered = replace(hosts, pools=[[0, 1, 1]])
    answer = solve(lowered)
    assert check(lowered, answer) == ()
    assert answer.objective == pytest.approx(best_by_brute_force(lowered), rel=1e-9)
    assert answer.status is Status.OPTIMAL
    assert answer.least_shortfall <= answer.shortfall.sum()


def test_a_bound_below_its_timetable_is_a_defect_and_nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = event([(0, 1)], parties=2, slots=1)
    monkeypatch.setattr(solver, "choose", lambda problem, *_open_to, seconds: Choice(np.ones(1, bool), 0.5))
    with pytest.raises(TimetableError, match="above its bound"):
        solve(problem)


def test_every_kernel_is_compiled_once_whatever_is_solved() -> None:
    """A second version would be compiled while somebody waits: ``State`` has one type of arrays, and no literals."""
    load()
    solve(rich_event(1, people=3, meetings=12), seconds=1)
    two_grids = rich_event(2, people=2, meetings=12, two_grids=True)
    resolve(two_grids, solve(two_grids, seconds=1), Change(no_show=("party 0",), walk_in=[("party 1", "party 2", 2.0)]))
    kernels = {
        f"{module.__name__}.{name}": kernel
        for module in (annealing, compactness, explanation, insertion, kempe_chains, state)
        for name, kernel in vars(module).items()
        if hasattr(kernel, "signatures")
    }
    assert len(kernels) > 30
    assert {name: len(kernel.signatures) for name, kernel in kernels.items() if len(kernel.signatures) > 1} == {}


def many_wishes(seed: int, *, exhibitors: int, buyers: int, meetings: int, slots_a_day: int) -> TimetableProblem:
    """Two days, few tables, wishes of one to six, and a gap that costs as much as half the least of them."""
    random = np.random.default_rng(seed)
    parties, times = exhibitors + buyers, 2 * slots_a_day
    every = np.array([(exhibitor, exhibitors + buyer) for exhibitor in range(exhibitors) for buyer in range(buyers)])
    return event(
        random.permutation(every)[:meetings],
        parties=parties,
        slots=times,
        day=np.arange(times) // slots_a_day,
        value=random.choice([1.0, 2.0, 3.0, 4.0, 6.0], meetings),
        at_table=random.random(meetings) < 0.5,
        available=random.random((parties, times)) < 0.85,
        maximum=np.repeat([12, 6], [exhibitors, buyers]),
        places=np.full(times, max(meetings // times, 2)),
        gap_weight=0.5,
    )


@pytest.mark.parametrize(("exhibitors", "buyers", "meetings", "times"), [(6, 12, 46, 6), (10, 24, 91, 8)])
def test_an_event_with_priced_gaps_is_proved(exhibitors: int, buyers: int, meetings: int, times: int) -> None:
    problem = many_wishes(1, exhibitors=exhibitors, buyers=buyers, meetings=meetings, slots_a_day=times)
    answer = solve(problem, seconds=60)
    assert (answer.status, check(problem, answer)) == (Status.OPTIMAL, ())


@pytest.mark.parametrize("prover", PROVERS)
def test_each_prover_finds_the_optimum_of_brute_force(prover: str) -> None:
    for seed in range(8):
        problem = rich_event(seed, people=1, meetings=5, two_grids=bool(seed % 2))
        nothing = np.full(5, -1)
        formula, meetings = encoded(problem, nothing)
        reports: list[Found] = []
        PROVERS[prover](formula, 20.0, reports.append)
        models = [formula.slots(report.true, meetings) for report in reports if report.true is not None]
        cost, least = Costs(problem)(models[-1]), max(report.bound for report in reports)
        assert cost == least
        assert Costs(problem).bound(least) == pytest.approx(best_by_brute_force(problem), rel=1e-9, abs=1e-9), seed


def test_the_provers_side_by_side_prove_what_one_alone_has_no_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_solution, "ALONE", 0.0)
    problem = rich_event(3, people=1, meetings=6)
    slot, bound = exact_solution.solve_exactly(problem, np.full(6, -1), seconds=60)
    assert slot is not None
    assert bound == pytest.approx(best_by_brute_force(problem), rel=1e-9, abs=1e-9)


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
        replace(
            far, slots=("a", "b"), day=[0, 0], available=np.ones((3, 2), bool), places=[0, 0], window=None, times=None
        )
    )
    assert (short.placed.sum(), short.why_not.max()) == (1, Reason.TOO_FAR)
    overnight = replace(
        far, slots=("a", "b"), day=[0, 1], available=np.ones((3, 2), bool), places=[0, 0], window=None, times=None
    )
    assert solve(overnight).placed.all()


def test_a_booth_meeting_of_half_an_hour_stands_beside_table_meetings_of_twenty_minutes() -> None:
    """Party 0 hosts at its booth from 0 or from 30; party 1 at tables from 0, 20 or 40."""
    times = [[0, 20], [0, 30], [20, 40], [30, 60], [40, 60]]
    of_tables = np.array([True, False, True, False, True])
    hour = event(
        [(0, 2), (1, 2), (1, 3)],
        parties=4,
        slots=5,
        times=times,
        at_table=[False, True, True],
        window=[~of_tables, of_tables, of_tables],
        places=[1, 0, 1, 0, 1],
    )
    answer = solve(hour)
    assert answer.placed.all()
    begins, ends = np.array(times)[answer.slot[:2]].T
    assert (begins[0] >= ends[1]) or (begins[1] >= ends[0])
    # From 20 to 40 the table lies over both booth meetings: who has one of them can't be there.
    told = replace(hour, fixed_slot=[1, -1, -1], window=[~of_tables, np.arange(5) == 2, of_tables])
    assert solve(told).slot.tolist()[1] == -1
    assert solve(told).why_not[1] == Reason.LOWER_VALUE
    with pytest.raises(
        TimetableError, match="are both fixed to slot 'slot 2' or one over it, and 'party 2' is in both"
    ):
        replace(told, fixed_slot=[1, 2, -1])


def test_a_booth_s_desk_is_taken_all_through_a_longer_meeting() -> None:
    """One interpreter, a meeting of 30 minutes and one of 20 that begins in it, and one that begins as it ends."""
    lacking = event(
        [(0, 1), (2, 3)],
        parties=4,
        slots=3,
        times=[[0, 30], [20, 40], [30, 50]],
        value=[2.0, 1.0],
        window=[[True, False, False], [False, True, False]],
        pools=[[1, 1, 1]],
        uses=[[0], [0]],
    )
    answer = solve(lacking)
    assert (answer.slot.tolist(), answer.why_not[1]) == ([0, -1], Reason.NO_POOL)
    assert solve(replace(lacking, window=[[True, False, False], [False, False, True]])).placed.all()


def test_minutes_on_foot_count_and_not_the_slots_in_between() -> None:
    """Ten minutes of pause between two slots are enough for a walk of ten, and not for one of eleven."""
    pause = event([(0, 1), (0, 2)], parties=3, slots=2, times=[[0, 20], [30, 50]], site=[0, 1], walk=[[0, 10], [10, 0]])
    assert solve(pause).placed.all()
    assert solve(replace(pause, walk=[[0, 11], [11, 0]])).why_not.max() == Reason.TOO_FAR


def test_a_gap_is_time_in_which_another_meeting_would_have_fitted() -> None:
    """Between 20 and 30 nothing fits; between 20 and 60 a whole slot does."""
    booth = event([(0, 1), (0, 2)], parties=3, slots=3, times=[[0, 20], [30, 60], [60, 90]], fixed_slot=[0, 1])
    assert solve(booth).breaks.sum() == 0
    assert solve(replace(booth, fixed_slot=[0, 2])).breaks.tolist() == [1, 0, 0]


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
        ({"walk": [[0, 1], [0, 0]]}, "'walk' holds minutes from 0 on, the same both ways."),
        ({"times": [[0, 0], [1, 2]]}, "Slot row 0 ('slot 0') ends at 0, not after 0."),
        ({"times": [[1, 2], [0, 1]]}, "Slot row 1 ('slot 1') begins before the slot before it."),
        ({"times": [[0, 2], [1, 2]], "day": [0, 1]}, "Slot row 1 ('slot 1') begins before the day before it ends."),
        ({"times": [[0, 2], [1, 2]], "places": [1, 1]}, "Slots 'slot 0' and 'slot 1' overlap and both have places;"),
        ({"at_once": [0, 1]}, "Party row 0 ('party 0') has 0 people; 1 is least."),
        ({"heads": [[2, 1]]}, "takes [2, 1] people, more than there are."),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TimetableError) as refusal:
        event([(0, 1)], parties=2, slots=2, **changes)
    assert sentence in str(refusal.value)
