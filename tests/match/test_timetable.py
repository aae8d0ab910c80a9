"""The timetable: sound for every event, optimal on every small one, and honest about what it left out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.timetable import (
    Reason,
    Status,
    Timetable,
    TimetableError,
    TimetableProblem,
    annealing,
    check,
    choice,
    solve,
    solver,
)
from serai.match.timetable.choice import choose
from serai.match.timetable.flow import slot_by_slot, two_kinds
from serai.match.timetable.initial_state import start
from serai.match.timetable.insertion import fill


def problem(pairs: Any, *, parties: int, slots: int, **changes: Any) -> TimetableProblem:
    """Everyone there all the time of one day, no limits, no tables needed, each meeting worth 1, but for `changes`."""
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
        "maximum": np.full(parties, slots),
        "minimum": np.zeros(parties, int),
        "places": np.zeros(slots, int),
    }
    return TimetableProblem(**(plain | changes))


def random_event(
    seed: int, *, parties: int, slots: int, meetings: int, days: int = 1, there: float = 0.8
) -> TimetableProblem:
    """Any party may meet any other, the same pair perhaps twice; half the meetings at tables, which are few."""
    random = np.random.default_rng(seed)
    maximum = random.integers(0, slots + 1, parties)
    return problem(
        [random.choice(parties, 2, replace=False) for _ in range(meetings)],
        parties=parties,
        slots=slots,
        day=np.arange(slots) * days // slots,
        value=random.integers(1, 100, meetings) / 7,
        vetoed=random.random(meetings) < 0.1,
        at_table=random.random(meetings) < 0.5,
        available=random.random((parties, slots)) < there,
        maximum=maximum,
        minimum=np.minimum(random.integers(0, 2, parties), maximum),
        places=random.integers(0, 1 + parties // 3, slots),
        floor_weight=random.choice([0.0, 0.5, 10.0]),
    )


def fair(exhibitors: int, buyers: int, wishes: int, *, days: int, slots_a_day: int, seed: int = 0) -> TimetableProblem:
    """Buyers wish to meet exhibitors, a few of whom everyone wants; each party is there in 85 % of the slots."""
    random = np.random.default_rng(seed)
    popular = random.pareto(1.3, exhibitors) + 0.2
    exhibitor = random.choice(exhibitors, 3 * wishes, p=popular / popular.sum())
    buyer = exhibitors + random.integers(0, buyers, 3 * wishes)
    pairs = random.permutation(np.unique(np.stack([exhibitor, buyer], axis=1), axis=0))[:wishes]
    parties, slots = exhibitors + buyers, days * slots_a_day
    return problem(
        pairs,
        parties=parties,
        slots=slots,
        day=np.arange(slots) // slots_a_day,
        value=random.uniform(20, 100, len(pairs)),
        vetoed=random.random(len(pairs)) < 0.03,
        available=random.random((parties, slots)) < 0.85,
        maximum=np.repeat([40, 8], [exhibitors, buyers]),
    )


def best_by_brute_force(event: TimetableProblem) -> float:
    """The optimum over all timetables, tried one by one."""
    slots = range(len(event.slots))
    busy: set[tuple[int, int]] = set()
    load = [0] * len(event.parties)
    tables = [0] * len(event.slots)

    def best(meeting: int) -> float:
        if meeting == len(event.value):
            return -event.penalty * sum(max(least - got, 0) for least, got in zip(event.minimum, load, strict=True))
        fixed, (a, b), table = event.fixed_slot[meeting], event.pairs[meeting].tolist(), bool(event.at_table[meeting])
        most = best(meeting + 1) if fixed == -1 else -np.inf
        for slot in slots if fixed == -1 else [int(fixed)]:
            ends = {(a, slot), (b, slot)}
            if (
                event.vetoed[meeting]
                or not event.available[[a, b], slot].all()
                or ends & busy
                or load[a] == event.maximum[a]
                or load[b] == event.maximum[b]
                or tables[slot] + table > event.places[slot] * table + (1 - table) * len(event.value)
            ):
                continue
            busy.update(ends)
            load[a], load[b], tables[slot] = load[a] + 1, load[b] + 1, tables[slot] + table
            most = max(most, event.value[meeting] + best(meeting + 1))
            load[a], load[b], tables[slot] = load[a] - 1, load[b] - 1, tables[slot] - table
            busy.difference_update(ends)
        return most

    return best(0)


events = st.builds(
    random_event,
    st.integers(0, 2**32),
    parties=st.integers(2, 10),
    slots=st.integers(1, 6),
    meetings=st.integers(0, 25),
    days=st.integers(1, 2),
    there=st.sampled_from([0.3, 0.8, 1.0]),
)
without_deadline = settings(deadline=None, max_examples=60)  # the first example compiles


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


# ---- the checker ---------------------------------------------------------------------------------

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
