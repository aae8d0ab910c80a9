"""The published meeting event: every small one has the optimum of brute force, and what is wrong is said."""

import csv
import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from serai.cli import app
from serai.match.b2b import Event, EventError, Schedule, Status, check, event_of, read_events, schedule
from serai.match.b2b.checker import check_slots
from serai.match.b2b.encoding import Formula, encode, narrowed
from serai.match.b2b.problem import breaks_of
from serai.match.b2b.provers import PROVERS, Found

PLAIN: dict[str, Any] = {
    "participants": 4,
    "meetings": 3,
    "locations": 2,
    "slots": 4,
    "morning_slots": 2,
    "requested": [[1, 2, 3], [1, 3, 3], [1, 4, 1]],
    "forbidden": [[], [], [], []],
    "fixed": [0, 0, 0],
    "precedences": [[], [], []],
}


def random_event(seed: int) -> Event:
    random = np.random.default_rng(seed)
    participants, slots, meetings = int(random.integers(3, 6)), int(random.integers(3, 6)), int(random.integers(2, 6))
    pairs = np.array([random.choice(participants, 2, replace=False) for _ in range(meetings)])
    return Event(
        participants=participants,
        slots=slots,
        locations=int(random.integers(1, 3)),
        pairs=pairs,
        allowed=random.random((meetings, slots)) < 0.8,
        precedences=tuple({tuple(random.choice(meetings, 2, replace=False).tolist()) for _ in range(seed % 2)}),
    )


def best_by_brute_force(event: Event, fairness: int) -> int | None:
    sound = (
        slot
        for slot in product(range(event.slots), repeat=len(event.pairs))
        if not check_slots(event, slot, fairness=fairness)
    )
    return min((sum(breaks_of(event, slot)) for slot in sound), default=None)


def proved(event: Event, fairness: int, prover: str) -> int | None:
    """The optimum by one prover, in this process; None where there is no timetable."""
    allowed = narrowed(event)
    if not allowed.any(axis=1).all():
        return None
    formula, reports = encode(event, allowed, fairness=fairness), list[Found]()
    PROVERS[prover](formula, 20.0, reports.append)
    models = [formula.slots(report.true, len(event.pairs)) for report in reports if report.true is not None]
    if not models:
        assert reports[-1].bound == np.inf
        return None
    assert check_slots(event, models[-1], fairness=fairness) == ()
    assert sum(breaks_of(event, models[-1])) == max(report.bound for report in reports)
    return sum(breaks_of(event, models[-1]))


@pytest.mark.parametrize("prover", PROVERS)
def test_each_prover_finds_the_optimum_of_brute_force(prover: str) -> None:
    proofs = []
    for seed in range(40):
        event, fairness = random_event(seed), seed % 3
        proofs.append(proved(event, fairness, prover))
        assert proofs[-1] == best_by_brute_force(event, fairness), seed
    assert None in proofs
    assert max(breaks or 0 for breaks in proofs) > 0


def test_the_order_of_the_meetings_and_participants_changes_nothing_in_the_optimum() -> None:
    for seed in range(10):
        event, random = random_event(seed), np.random.default_rng(seed)
        row, person = random.permutation(len(event.pairs)), random.permutation(event.participants)
        back = np.argsort(row)
        other = replace(
            event,
            pairs=np.argsort(person)[event.pairs[row]],
            allowed=event.allowed[row],
            precedences=tuple((int(back[before]), int(back[after])) for before, after in event.precedences),
        )
        assert proved(event, 1, "RC2") == proved(other, 1, "RC2")


def test_side_by_side_they_give_one_proof() -> None:
    event = event_of("plain", PLAIN)
    answer = schedule(event, fairness=0, seconds=60)
    assert (answer.status, answer.objective, answer.bound) == (Status.OPTIMAL, 0, 0)
    assert answer.prover in {*PROVERS, "annealing"}  # a plan without a break needs no other proof
    assert check(event, answer, fairness=0) == ()


def test_without_time_nothing_is_claimed_but_what_proves_itself() -> None:
    answer = schedule(event_of("plain", PLAIN), fairness=0, seconds=0)
    assert answer.status in {Status.UNKNOWN, Status.OPTIMAL}
    assert answer.bound == 0
    if answer.status == Status.OPTIMAL:
        assert answer.objective == 0
        assert check(event_of("plain", PLAIN), answer, fairness=0) == ()


def test_a_contradiction_is_infeasible_without_a_search() -> None:
    event = event_of("plain", PLAIN | {"precedences": [[2], [3], [1]]})
    assert schedule(event, fairness=2).status is Status.INFEASIBLE


def test_fixed_meetings_sessions_and_forbidden_slots_are_what_is_allowed() -> None:
    event = event_of("plain", PLAIN | {"fixed": [3, 0, 0], "forbidden": [[1], [], [2], []]})
    assert event.allowed.astype(int).tolist() == [[0, 0, 1, 0], [0, 0, 1, 1], [0, 1, 0, 0]]
    assert narrowed(event).astype(int).tolist() == [[0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0]]


def test_a_precedence_names_the_meeting_that_comes_before() -> None:
    event = event_of("plain", PLAIN | {"precedences": [[3], [], []]})
    assert event.precedences == ((2, 0),)
    assert check_slots(event, (0, 2, 1), fairness=2) == ("Meeting 3 is to be held before meeting 1 and is not.",)


@pytest.mark.parametrize(
    ("slot", "fault"),
    [
        ((0, 1), "The timetable has 2 meetings; the event has 3."),
        ((0, 1, 3), "Meeting 3 may not be held in slot 4."),
        ((1, 2, 1), "Participant 1 has meetings 1 and 3 in slot 2."),
        ((3, 0, 1), "One participant has 1 breaks and another 0; they may differ by 0."),
    ],
)
def test_the_checker_says_what_is_wrong(slot: tuple[int, ...], fault: str) -> None:
    assert fault in check_slots(event_of("plain", PLAIN), slot, fairness=0)


def test_the_checker_says_where_three_meetings_have_two_locations() -> None:
    event = event_of(
        "plain",
        PLAIN | {"requested": [[1, 2, 3], [3, 4, 3]], "meetings": 2, "locations": 1, "fixed": []} | {"precedences": []},
    )
    assert check_slots(event, (0, 0), fairness=0) == ("Slot 1 holds 2 meetings; there are 1 locations.",)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"status": Status.INFEASIBLE}, "The status is 'infeasible' and there is a timetable."),
        ({"slot": None}, "The status is 'optimal' and there is no timetable."),
        ({"objective": 3}, "The timetable has 0 breaks, not 3."),
        ({"bound": 1}, "The timetable has 0 breaks, less than the bound 1."),
        ({"status": Status.FEASIBLE}, "The status is 'feasible' with 0 breaks and the bound 0."),
    ],
)
def test_the_checker_says_what_is_claimed_wrongly(changes: dict[str, Any], fault: str) -> None:
    sound = Schedule(status=Status.OPTIMAL, slot=(2, 3, 1), objective=0, bound=0, seconds=1.0, prover="RC2")
    event = event_of("plain", PLAIN)
    assert check(event, sound, fairness=0) == ()
    assert check(event, replace(sound, **changes), fairness=0) == (fault,)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slots": "4"}, "Event 'x': slots holds '4'; a whole number from 0 to 10000 is needed."),
        ({"slots": 10**12}, "slots holds 1000000000000; a whole number from 0 to 10000 is needed."),
        ({"meetings": 4}, "Event 'x': 'requested' has 3 rows; 4 are needed."),
        ({"requested": [[1, 2, 3], [1, 3, 3], [1, 5, 1]]}, "requested row 3 holds 5; a whole number from 1 to 4"),
        ({"requested": [[1, 2, 3], [1, 1, 3], [1, 4, 1]]}, "requested row 2 pairs participant 1 with itself."),
        ({"requested": [[1, 2, 3], [1, 3, 4], [1, 4, 1]]}, "requested row 2 holds 4; a whole number from 1 to 3"),
        ({"requested": [[1, 2], [1, 3, 4], [1, 4, 1]]}, "requested row 1 is [1, 2]; give [p, q, session]."),
        ({"forbidden": [[], [9], [], []]}, "forbidden row 2 holds 9; a whole number from 1 to 4 is needed."),
        ({"fixed": [0, 0, True]}, "fixed row 3 holds True;"),
        ({"precedences": [[], {}, []]}, "precedences row 2 is {}; a list is needed."),
    ],
)
def test_an_event_that_cannot_be_read_is_refused_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EventError) as refusal:
        event_of("x", PLAIN | changes)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"x": 3}', "9" * 5_000, "[" * 100_000])
def test_a_file_without_events_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "file.json").write_text(content)
    with pytest.raises(EventError, match=r"\.$"):
        read_events(tmp_path / "file.json")


def test_a_literal_of_several_is_made_once() -> None:
    formula = Formula(variables=2)
    assert formula.any([1, 2]) == formula.any([1, 2]) == 3
    assert formula.any([2]) == 2


def said(tmp_path: Path, *options: str, code: int = 0) -> str:
    file = tmp_path / "events.json"
    file.write_text(json.dumps({"plain": PLAIN, "impossible": PLAIN | {"locations": 0}}))
    result = CliRunner().invoke(app, ["timetable", "solve", str(file), *options])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_the_command_prints_the_timetable_and_its_proof(tmp_path: Path) -> None:
    answer = json.loads(said(tmp_path, "--name", "plain", "--fairness", "1", "--seconds", "60", "--json"))
    assert {key: answer[key] for key in ("instance", "status", "objective", "bound", "fairness")} == {
        "instance": "plain",
        "status": "optimal",
        "objective": 0,
        "bound": 0,
        "fairness": 1,
    }
    assert [row["participants"] for row in answer["timetable"]] == [[1, 2], [1, 3], [1, 4]]
    assert "plain: optimal, 0 breaks, none has fewer than 0" in said(tmp_path, "--name", "plain")


def test_the_command_says_that_there_is_no_timetable(tmp_path: Path) -> None:
    answer = json.loads(said(tmp_path, "--name", "impossible", "--json"))
    assert (answer["status"], answer["objective"], answer["timetable"]) == ("infeasible", None, None)


def test_the_command_asks_which_event_is_meant(tmp_path: Path) -> None:
    assert "holds 2 events; name one by --name." in " ".join(said(tmp_path, code=2).replace("│", " ").split())
    assert "has no event 'other'" in " ".join(said(tmp_path, "--name", "other", code=2).replace("│", " ").split())


@pytest.mark.data
def test_published_optima_are_proved(real_data: Path) -> None:
    folder = real_data / "b2b_meetings"
    with (folder / "published_optima.csv").open(newline="") as rows:
        published = {
            (row["instance"], int(row["fairness_d"])): row["optimum_total_breaks"] for row in csv.DictReader(rows)
        }
    events = read_events(folder / "instances.json")
    for quick in (("tic-12.original", 2), ("tic-12crafc.original", 1), ("tic-12.forb0003", 2), ("tic-12.prec15", 2)):
        optimum = proved(events[quick[0]], quick[1], "RC2")
        assert ("UNSAT" if optimum is None else str(optimum)) == published[quick]
