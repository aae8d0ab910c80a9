"""Forums: the optimum of brute force on small programmes, and a contradiction told in words."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from serai.match.forums import ForumError, Programme, Room, Session, Status, check, plan
from serai.match.forums.bound import filled

ROOMS = [Room(name="large", seats=100), Room(name="small", seats=20)]


def random_forum(seed: int) -> tuple[list[Session], list[Room], list[int], list[tuple[str, int]]]:
    random = np.random.default_rng(seed)
    sessions = [
        Session(
            name=f"session {k}",
            speakers=tuple(random.choice(["Ann", "Bo", "Cy"], random.integers(0, 2), replace=False).tolist()),
            themes=tuple(random.choice(["trade", "green"], random.integers(0, 2), replace=False).tolist()),
            audience=int(random.choice([10, 20, 60])),
            length=int(random.integers(1, 3)),
            release=int(random.integers(0, 2)),
            due=4 if random.random() < 0.3 else None,
        )
        for k in range(4)
    ]
    return sessions, ROOMS, [0, 0, 1, 1, 1], [("Ann", int(random.integers(0, 5)))]


def test_a_small_programme_has_the_optimum_of_brute_force_or_none_exists() -> None:
    statuses = set()
    for seed in range(12):
        sessions, rooms, day, away = random_forum(seed)
        answer = plan(sessions, rooms, day, away=away)
        best = None
        for slot in product(range(5), repeat=4):
            for room in product(range(2), repeat=4):
                tried = Programme(status=Status.FEASIBLE, slot=slot, room=room, objective=0, bound=0, seconds=0.0)
                empty = sum(rooms[r].seats - session.audience for r, session in zip(room, sessions, strict=True))
                if (best is None or empty < best) and not check(sessions, rooms, day, tried, away=away):
                    best = empty
        assert answer.objective == answer.bound == best
        assert answer.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL)
        assert check(sessions, rooms, day, answer, away=away) == ()
        assert bool(answer.conflict) is (best is None)
        statuses.add(answer.status)
    assert Status.OPTIMAL in statuses


def test_a_contradiction_is_told_in_words_and_nothing_else_is_blamed() -> None:
    sessions = [
        Session(name="Opening", speakers=("Ann",), audience=80, due=1),
        Session(name="Batteries", speakers=("Ann",), due=1),
        Session(name="Other", audience=50),
    ]
    answer = plan(sessions, ROOMS, [0, 0, 0])
    assert answer.status is Status.INFEASIBLE
    assert sorted(answer.conflict) == [
        "'Batteries' has ended by slot 1.",
        "'Opening' has ended by slot 1.",
        "Ann speaks in both 'Opening' and 'Batteries'.",
    ]


def test_a_speaker_of_many_sessions_is_blamed_once_and_the_demands_that_play_no_part_are_not() -> None:
    talks = [Session(name=f"talk {k}", speakers=("Ann",)) for k in range(4)]
    others = [Session(name=f"other {k}", speakers=("Bo",), themes=("trade",)) for k in range(2)]
    answer = plan([*talks, *others], [*ROOMS, Room(name="third", seats=50)], [0, 0, 0])
    assert answer.conflict == ("Ann speaks in 'talk 0', 'talk 1', 'talk 2' and 'talk 3'.",)
    assert answer.standing[0].names == ("Ann", "talk 0", "talk 1", "talk 2", "talk 3")


def test_a_speaker_may_be_away_several_times() -> None:
    sessions = [Session(name="x", speakers=("Ann",), length=2), Session(name="y", speakers=("Ann",))]
    programme = plan(sessions, ROOMS, [0] * 7, away=[("Ann", 1), ("Ann", 4)])
    assert programme.slot is not None
    assert programme.slot[0] in (2, 5)
    assert programme.slot[1] in {0, 2, 3, 5, 6} - {programme.slot[0], programme.slot[0] + 1}
    none = plan(sessions, ROOMS, [0] * 7, away=[("Ann", slot) for slot in (1, 3, 5)])
    assert none.conflict == ("Ann, who speaks in 'x', is away in slots 1, 3, 5.",)


def test_a_fair_of_fifty_sessions_over_three_days_is_planned_with_a_proof() -> None:
    random = np.random.default_rng(0)
    rooms = [Room(name=f"room {seats}", seats=seats) for seats in (1500, 600, 300, 250, 200, 150, 120)]
    sessions = [
        Session(
            name=f"session {k}",
            audience=int(random.choice([100, 150, 200, 300, 600])),
            length=int(random.integers(3, 9)),
            speakers=tuple(random.choice([f"speaker {n}" for n in range(40)], 2, replace=False).tolist()),
            themes=(f"forum {k // 3}",),
        )
        for k in range(50)
    ]
    day = [slot // 36 for slot in range(3 * 36)]
    away = [(f"speaker {n}", slot) for n in range(10) for slot in (*range(8), *range(50, 60))]
    programme = plan(sessions, rooms, day, away=away)
    assert programme.status is Status.OPTIMAL
    assert check(sessions, rooms, day, programme, away=away) == ()
    few = plan(sessions, rooms, day[:36], away=away)
    assert few.status is Status.INFEASIBLE
    assert few.conflict
    assert few.seconds < 60


def test_a_morning_that_is_nearly_full_is_planned_with_a_proof() -> None:
    """46 sessions from 9:30 to 13:00 on two days: times alone were searched for a minute without a proof."""
    random = np.random.default_rng(1)
    rooms = [Room(name=f"room {seats}", seats=seats) for seats in (1500, 600, 300, 250, 200, 150, 120)]
    sessions = [
        Session(
            name=f"session {k}",
            audience=int(random.choice([80, 100, 140, 200, 280, 500], p=[0.2, 0.3, 0.2, 0.15, 0.1, 0.05])),
            length=int(random.integers(2, 5)),
            speakers=tuple(random.choice([f"speaker {n}" for n in range(60)], 2, replace=False).tolist()),
            themes=(f"forum {k // 3}",),
        )
        for k in range(46)
    ]
    day = [0] * 14 + [1] * 14
    programme = plan(sessions, rooms, day, seconds=120)
    assert programme.status is Status.OPTIMAL
    assert check(sessions, rooms, day, programme) == ()


@pytest.mark.parametrize(("lengths", "slots", "most"), [([3, 3, 3], 8, 6), ([2, 5], 8, 7), ([], 4, 0), ([9], 8, 0)])
def test_what_of_a_day_sessions_can_fill(lengths: list[int], slots: int, most: int) -> None:
    assert filled(lengths, slots) == most


def test_too_many_sessions_for_the_rooms_are_counted() -> None:
    answer = plan([Session(name=str(k)) for k in range(5)], ROOMS, [0, 0])
    assert answer.conflict == ("5 sessions fill 5 slots of rooms, and there are 2 rooms of 2 slots.",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"audience": 101}, "'x' needs 101 seats."),
        ({"release": 3}, "'x' begins in slot 3 or later."),
        ({"speakers": ("Ann",)}, "Ann, who speaks in 'x', is away in slots 0, 1, 2."),
    ],
)
def test_a_demand_that_nothing_meets_is_named(changes: dict[str, Any], sentence: str) -> None:
    away = [("Ann", slot) for slot in range(3)]
    assert plan([Session(name="x", **changes)], ROOMS, [0, 0, 0], away=away).conflict == (sentence,)


def test_a_promised_room_that_is_shut_is_named() -> None:
    rooms = [Room(name="large", seats=100, open=()), ROOMS[1]]
    assert sorted(plan([Session(name="x", room="large")], rooms, [0]).conflict) == [
        "'x' is promised room 'large'.",
        "Room 'large' is open in slots  only.",
    ]


@pytest.mark.parametrize(
    ("sessions", "day", "sentence"),
    [
        ([{"name": "large"}], [0], "Two sessions or rooms have one name; names are unique."),
        ([{"name": "x"}], [1, 0], "The slots are not in the order of the days."),
        ([{"name": "x", "length": 3}], [0, 0, 1], "'x' takes 3 slots; a day has up to 2."),
        ([{"name": "x", "room": "y"}], [0], "'x' is promised room 'y', which there is not."),
    ],
)
def test_a_forum_that_contradicts_itself_is_refused(
    sessions: list[dict[str, Any]], day: list[int], sentence: str
) -> None:
    with pytest.raises(ForumError) as refusal:
        plan([Session(**each) for each in sessions], ROOMS, day)
    assert str(refusal.value) == sentence


def test_the_checker_says_what_is_wrong() -> None:
    sessions = [Session(name="a", themes=("t",), audience=50, release=1), Session(name="b", themes=("t",), length=2)]
    wrong = Programme(status=Status.FEASIBLE, slot=(0, 0), room=(1, 0), objective=0, bound=0, seconds=0.0)
    assert check(sessions, ROOMS, [0, 1], wrong) == (
        "'a' begins before its release.",
        "'a' has too small a room.",
        "'b' spans two days.",
        "'a' and 'b' are held at once.",
    )


def test_of_programmes_with_as_few_empty_seats_one_that_moves_the_fewest_sessions_is_found() -> None:
    sessions = [Session(name=name, audience=10) for name in "abcd"]
    rooms = [Room(name="one", seats=10), Room(name="two", seats=10)]
    present = [(0, 0), (0, 0), (1, 3), (1, 2)]
    programme = plan(sessions, rooms, [0] * 4, present=present)
    assert (programme.status, programme.moved) == (Status.OPTIMAL, 1)
    assert check(sessions, rooms, [0] * 4, programme) == ()
    assert plan(sessions, rooms, [0] * 4).moved is None


def test_without_time_the_programme_stays_as_it_is_where_that_is_sound() -> None:
    sessions = [Session(name=name, audience=10) for name in "ab"]
    rooms = [Room(name="one", seats=12)]
    kept = plan(sessions, rooms, [0] * 4, present=[(0, 0), (0, 1)], seconds=0)
    assert kept.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert kept.moved == 0
    assert kept.objective == 4
