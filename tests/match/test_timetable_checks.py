"""What the checker finds in a corrupt timetable, and what a problem is refused for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from serai.match.timetable import (
    Reason,
    Status,
    Timetable,
    TimetableError,
    check,
    solve,
)
from tests.match.timetable_events import problem

CHECKED = problem(
    [(0, 1), (0, 2), (1, 2), (3, 4), (0, 3), (2, 4)],
    parties=5,
    slots=4,
    day=[0, 0, 0, 1],
    value=[5, 4, 3, 2, 1, 1],
    vetoed=np.arange(6) == 4,
    at_table=np.arange(6) != 2,
    fixed_slot=[1, -1, -1, -1, -1, -1],
    available=np.arange(20).reshape(5, 4) != 7,  # party 1 is away on the second day
    maximum=[2, 2, 2, 1, 2],
    minimum=[0, 0, 0, 0, 2],
    places=[1, 1, 0, 1],
)


SOUND = [1, -1, 2, 3, -1, 0]


def moved(meeting: int, slot: int) -> Callable[[Timetable], Timetable]:
    return changed("slot", meeting, slot)


def changed(name: str, row: int, value: int) -> Callable[[Timetable], Timetable]:
    def change(sound: Timetable) -> Timetable:
        array = getattr(sound, name).copy()
        array[row] = value
        return replace(sound, **{name: array})

    return change


def test_the_timetable_that_is_corrupted_below_is_sound() -> None:
    answer = solve(CHECKED)
    assert answer.slot.tolist() == SOUND
    assert check(CHECKED, answer) == ()


@pytest.mark.parametrize(
    ("corrupt", "sentence"),
    [
        (moved(3, 4), "Meeting row 3 ('party 3' with 'party 4') is in slot 4; there are slots 0 to 3."),
        (moved(3, -2), "Meeting row 3 ('party 3' with 'party 4') is in slot -2; there are slots 0 to 3."),
        (lambda sound: replace(sound, slot=sound.slot[1:]), "'slot' has shape (5,); this problem needs (6,)."),
        (lambda sound: replace(sound, breaks=sound.breaks[1:]), "'breaks' has shape (4,); this problem needs (5,)."),
        (moved(0, -1), "Meeting row 0 ('party 0' with 'party 1') is fixed to slot 'slot 1' and isn't there."),
        (moved(4, 0), "Meeting row 4 ('party 0' with 'party 3') is in slot 'slot 0' and vetoed."),
        (moved(2, 3), "Meeting row 2 ('party 1' with 'party 2') is in slot 'slot 3', when 'party 1' is not available."),
        (
            moved(1, 1),
            "Meeting row 1 ('party 0' with 'party 2') is in slot 'slot 1', when 'party 0' has meeting row 0.",
        ),
        (moved(1, 3), "'party 2' has 3 meetings and may have 2."),
        (moved(5, 2), "Slot 'slot 2' holds 1 meetings at tables and has 0 places."),
        (moved(2, -1), "Meeting row 2 ('party 1' with 'party 2') is left out and fits in slot 'slot 2'."),
        (moved(5, -1), "'party 4' misses 1 of its floor, not 0."),
        (changed("shortfall", 0, 1), "'party 0' misses 0 of its floor, not 1."),
        (changed("breaks", 2, 0), "'party 2' has 1 breaks, not 0."),
        (changed("why_not", 0, Reason.VETOED), "gives reason 1; it is 0 (PLACED)."),
        (changed("why_not", 1, Reason.LOWER_VALUE), "gives reason 5; it is 3 (MAXIMUM_REACHED)."),
        (changed("limiting_party", 1, 0), "gives limiting party 0, which it is not."),
        (changed("limiting_party", 0, 1), "gives limiting party 1, which it is not."),
        (
            lambda sound: replace(sound, least_shortfall=1),
            "0 meetings are missing from floors, fewer than the 1 proved",
        ),
        (lambda sound: replace(sound, objective=10.5), "The objective is 11.0, not 10.5."),
        (lambda sound: replace(sound, bound=10.9), "The objective 11.0 is above its bound 10.9."),
        (lambda sound: replace(sound, bound=11.1), "The status is 'optimal' with objective 11.0 and bound 11.1."),
        (lambda sound: replace(sound, status=Status.FEASIBLE), "The status is 'feasible' with objective 11.0 and"),
    ],
)
def test_the_checker_says_what_is_corrupt(corrupt: Callable[[Timetable], Timetable], sentence: str) -> None:
    faults = check(CHECKED, corrupt(solve(CHECKED)))
    assert any(sentence in fault for fault in faults), faults


# ---- problems that contradict themselves ---------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parties": ("a", "b", "a")}, "Party row 2 is called 'a' like party row 0; names are unique."),
        ({"slots": ("a", "a")}, "Slot row 1 is called 'a' like slot row 0; names are unique."),
        ({"day": [1, 0]}, "Slot row 1 ('slot 1') lies on an earlier day than the slot before it."),
        ({"day": [0]}, "'day' has shape (1,), but these parties, slots and meetings need (2,)."),
        ({"pairs": [0, 1]}, "'pairs' has shape (2,), but these parties, slots and meetings need (2, 2)."),
        ({"pairs": [[0, 1], [0]]}, "'pairs' has rows of different lengths; it needs shape (2, 2)."),
        ({"pairs": [[0, 1], [1.5, 2]]}, "'pairs' holds float64 where int64 is needed."),
        ({"pairs": [[0, 1], [1, 3]]}, "Meeting row 1 names parties [1, 3]; there are rows 0 to 2."),
        ({"pairs": [[-1, 1], [1, 2]]}, "Meeting row 0 names parties [-1, 1]; there are rows 0 to 2."),
        ({"pairs": [[0, 1], [2, 2]]}, "Meeting row 1 ('party 2' with 'party 2') pairs a party with itself."),
        ({"value": [1, 0]}, "Meeting row 1 ('party 1' with 'party 2') has value 0.0; a value is above 0 and at most"),
        ({"value": [np.nan, 1]}, "Meeting row 0 ('party 0' with 'party 1') has value nan;"),
        ({"value": [1, np.inf]}, "Meeting row 1 ('party 1' with 'party 2') has value inf;"),
        ({"vetoed": [0, 1]}, "'vetoed' holds int64 where bool is needed."),
        ({"at_table": [True]}, "'at_table' has shape (1,)"),
        (
            {"available": np.ones((2, 3), bool)},
            "'available' has shape (2, 3), but these parties, slots and meetings need",
        ),
        (
            {"maximum": [1, 1, -1]},
            "Party row 2 ('party 2') has minimum 0 and maximum -1; give 0 <= minimum <= maximum.",
        ),
        ({"minimum": [0, 3, 0]}, "Party row 1 ('party 1') has minimum 3 and maximum 2;"),
        ({"minimum": [-1, 0, 0]}, "Party row 0 ('party 0') has minimum -1 and maximum 2;"),
        ({"places": [0, -1]}, "Slot row 1 ('slot 1') has -1 places; 0 is the least."),
        ({"floor_weight": -1.0}, "'floor_weight' is -1.0; give a number from 0 to 1000."),
        ({"floor_weight": np.nan}, "'floor_weight' is nan; give a number from 0 to 1000."),
        ({"fixed_slot": [-1, 2]}, "is fixed to slot 2; there are slots 0 to 1, and -1 where it is free."),
        ({"fixed_slot": [-2, 0]}, "Meeting row 0 ('party 0' with 'party 1') is fixed to slot -2;"),
        (
            {"fixed_slot": [-1, 1], "vetoed": [False, True]},
            "Meeting row 1 ('party 1' with 'party 2') is both fixed and vetoed; release one of the two.",
        ),
        (
            {"fixed_slot": [-1, 1], "available": [[True, True], [True, True], [True, False]]},
            "Meeting row 1 ('party 1' with 'party 2') is fixed to slot 'slot 1', when 'party 2' is not available.",
        ),
        (
            {"fixed_slot": [1, 1]},
            "and meeting row 0 are both fixed to slot 'slot 1', and 'party 1' is in both.",
        ),
        (
            {"fixed_slot": [0, 1], "maximum": [1, 1, 1]},
            "Party row 1 ('party 1') has 2 fixed meetings and may have 1.",
        ),
        (
            {"fixed_slot": [0, 1], "at_table": [True, True], "places": [1, 0]},
            "Slot row 1 ('slot 1') has 1 meetings at tables fixed and 0 places.",
        ),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    plain = problem([(0, 1), (1, 2)], parties=3, slots=2)
    with pytest.raises(TimetableError) as refused:
        replace(plain, **changes)
    assert sentence in str(refused.value)


def test_a_problem_keeps_its_own_copy() -> None:
    pairs = np.array([[0, 1]])
    kept = problem(pairs, parties=2, slots=1)
    pairs[0] = 7
    assert kept.pairs.tolist() == [[0, 1]]
    with pytest.raises(ValueError, match="read-only"):
        kept.pairs[0] = 7
