"""Check of a timetable from the problem alone, independent of the solver, before it is published."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, pairwise

import numpy as np

from serai.match.timetable.problem import Reason, Status, Timetable, TimetableProblem

type Day = dict[int, int]
"""A party's meetings: slot -> meeting row."""


def check(problem: TimetableProblem, timetable: Timetable) -> tuple[str, ...]:
    """The faults of the timetable, a sentence each; empty if it is sound."""
    if faults := tuple(_malformed(problem, timetable)):
        return faults
    people: list[list[Day]] = [[{} for _ in range(number)] for number in problem.at_once.tolist()]
    return tuple(
        chain(
            _conflicts(problem, timetable, people),  # fills the diaries
            _limits(problem, timetable),
            _shared(problem, timetable),
            _ways_and_order(problem, timetable, people),
            _counts(problem, timetable, people),
            _reasons(problem, timetable, people),
            _worth(problem, timetable, people),
        )
    )


def _malformed(problem: TimetableProblem, timetable: Timetable) -> Iterator[str]:
    meetings, parties, slots = len(problem.value), len(problem.parties), len(problem.slots)
    by_meeting = dict.fromkeys(("slot", "why_not", "limiting_party", "limiting_pool"), (meetings,))
    shapes = by_meeting | {"shortfall": (parties,), "breaks": (parties,), "person": (meetings, 2)}
    for name, needed in shapes.items():
        if (shape := np.shape(getattr(timetable, name))) != needed:
            yield f"'{name}' has shape {shape}; this problem needs {needed}."
            return
    for meeting, slot in enumerate(timetable.slot.tolist()):
        if meeting < meetings and not -1 <= slot < slots:
            yield f"{problem.name(meeting)} is in slot {slot}; there are slots 0 to {slots - 1}."


def _conflicts(problem: TimetableProblem, timetable: Timetable, people: list[list[Day]]) -> Iterator[str]:
    """Every meeting by itself and against the others of its people."""
    for meeting, slot in enumerate(timetable.slot.tolist()):
        if (fixed := int(problem.fixed_slot[meeting])) not in (-1, slot):
            yield f"{problem.name(meeting)} is fixed to slot '{problem.slots[fixed]}' and isn't there."
        if slot == -1:
            continue
        at = f"{problem.name(meeting)} is in slot '{problem.slots[slot]}'"
        if problem.vetoed[meeting]:
            yield f"{at} and vetoed."
        if fixed == -1 and not problem.window[meeting, slot]:
            yield f"{at}, outside of its window."
        yield from _attendance(problem, timetable, people, meeting, at)


def _attendance(
    problem: TimetableProblem, timetable: Timetable, people: list[list[Day]], meeting: int, at: str
) -> Iterator[str]:
    """Whether both sides are there and free; their diaries get the meeting."""
    slot = int(timetable.slot[meeting])
    for side, party in enumerate(problem.pairs[meeting].tolist()):
        if not problem.available[party, slot]:
            yield f"{at}, when '{problem.parties[party]}' is not available."
        first, heads = int(timetable.person[meeting, side]), int(problem.heads[meeting, side])
        if not 0 <= first <= problem.at_once[party] - heads:
            yield f"{at} and takes person {first} of '{problem.parties[party]}', who isn't there."
            first = 0
        for person in range(first, first + heads):
            diary = people[party][person]
            over = (diary[other] for other in problem.over[slot] if other in diary)
            if (other := next(over, meeting)) != meeting:
                yield f"{at}, when '{problem.parties[party]}' has meeting row {other}."
            diary.setdefault(slot, meeting)


def _limits(problem: TimetableProblem, timetable: Timetable) -> Iterator[str]:
    """Maxima and places."""
    load = Counter(problem.pairs[timetable.slot != -1].ravel().tolist())
    for party, number in sorted(load.items()):
        if number > problem.maximum[party]:
            yield f"'{problem.parties[party]}' has {number} meetings and may have {problem.maximum[party]}."
    held = zip(timetable.slot.tolist(), problem.at_table.tolist(), strict=True)
    for slot, used in Counter(slot for slot, at_table in held if at_table and slot != -1).items():
        if used > problem.places[slot]:
            yield f"Slot '{problem.slots[slot]}' holds {used} meetings at tables and has {problem.places[slot]} places."


def _shared(problem: TimetableProblem, timetable: Timetable) -> Iterator[str]:
    """Pools at every moment; if fixed meetings alone take too much, the organiser has to decide."""
    begins, ends = problem.times.T
    users: dict[int, list[int]] = {}
    for meeting, slot in enumerate(timetable.slot.tolist()):
        for pool in problem.uses[meeting].tolist() if slot != -1 else ():
            if pool != -1:
                users.setdefault(pool, []).append(meeting)
    for pool, meetings in users.items():
        slots = timetable.slot[meetings]
        # The most units are in use when one of the meetings begins.
        for slot in sorted(set(slots.tolist())):
            moment = begins[slot]
            own = [meeting for meeting, at in zip(meetings, slots, strict=True) if begins[at] <= moment < ends[at]]
            units = _units(problem, pool, int(moment))
            if len(own) > units and any(problem.fixed_slot[meeting] == -1 for meeting in own):
                yield f"Slot '{problem.slots[slot]}' takes {len(own)} units of pool row {pool}, which has {units}."


def _ways_and_order(problem: TimetableProblem, timetable: Timetable, people: list[list[Day]]) -> Iterator[str]:
    """Walking between two meetings of a person, and the order of meetings; two fixed meetings are not checked."""
    fixed, times = (problem.fixed_slot != -1).tolist(), problem.times.tolist()
    for party, diaries in enumerate(people if problem.walk.any() else ()):
        for diary in diaries:
            for (first_slot, first), (second_slot, second) in combinations(sorted(diary.items()), 2):
                needed = int(problem.walk[problem.site[first], problem.site[second]])
                near = (
                    problem.day[first_slot] == problem.day[second_slot]
                    and times[second_slot][0] - times[first_slot][1] < needed
                )
                if near and first != second and not (fixed[first] and fixed[second]):
                    yield (
                        f"'{problem.parties[party]}' cannot walk from meeting row {first} to meeting row {second} "
                        f"in time: {needed} minutes are needed between them."
                    )
    for first, second in problem.before.tolist():
        first_slot, second_slot = int(timetable.slot[first]), int(timetable.slot[second])
        if (
            -1 not in (first_slot, second_slot)
            and times[first_slot][1] > times[second_slot][0]
            and not (fixed[first] and fixed[second])
        ):
            yield f"{problem.name(first)} must come before meeting row {second} and doesn't."


def _gaps(problem: TimetableProblem, diaries: list[Day]) -> int:
    """Pairs of meetings, one after the other on one day, between which a whole slot would have fitted."""
    return sum(
        after - before > 1
        and problem.day[after] == problem.day[before]
        and any(
            problem.times[before, 1] <= problem.times[slot, 0] and problem.times[slot, 1] <= problem.times[after, 0]
            for slot in range(before + 1, after)
        )
        for diary in diaries
        for before, after in pairwise(sorted(diary))
    )


def _counts(problem: TimetableProblem, timetable: Timetable, people: list[list[Day]]) -> Iterator[str]:
    """Shortfall, breaks, and musts."""
    load = Counter(problem.pairs[timetable.slot != -1].ravel().tolist())
    for party, diaries in enumerate(people):
        missing = max(int(problem.minimum[party]) - load[party], 0)
        if timetable.shortfall[party] != missing:
            yield f"'{problem.parties[party]}' misses {missing} of its floor, not {timetable.shortfall[party]}."
        if timetable.breaks[party] != (gaps := _gaps(problem, diaries)):
            yield f"'{problem.parties[party]}' has {gaps} breaks, not {timetable.breaks[party]}."
    rows = zip(problem.must.tolist(), problem.vetoed.tolist(), timetable.slot.tolist(), strict=True)
    musts = sum(must and not vetoed and slot == -1 for must, vetoed, slot in rows)
    if timetable.musts_missing != musts:
        yield f"{musts} meetings that must be are missing, not {timetable.musts_missing}."
    if timetable.least_musts_missing > musts:
        yield f"{musts} musts are missing, fewer than the {timetable.least_musts_missing} proved."


@dataclass(frozen=True)
class _Standing:
    """The occupancy against which a meeting that isn't placed is tested."""

    there: list[set[int]]
    load: Counter[int]
    tables: Counter[int]
    taken: Counter[tuple[int, int]]
    """(pool, moment) -> units in use at the moment when a slot begins."""
    order: dict[int, list[tuple[bool, int]]]
    """Meeting -> whether the other comes first, and the other."""


def _standing(problem: TimetableProblem, timetable: Timetable) -> _Standing:
    slots = timetable.slot.tolist()
    order: dict[int, list[tuple[bool, int]]] = {}
    for earlier, later in problem.before.tolist():
        order.setdefault(earlier, []).append((False, later))
        order.setdefault(later, []).append((True, earlier))
    taken: Counter[tuple[int, int]] = Counter()
    for row, used in enumerate(problem.uses.tolist()):
        for pool in used if slots[row] != -1 else ():
            taken.update((pool, moment) for moment in _moments(problem, slots[row]) if pool != -1)
    return _Standing(
        there=[set(np.flatnonzero(row).tolist()) for row in problem.available],
        load=Counter(problem.pairs[timetable.slot != -1].ravel().tolist()),
        tables=Counter(timetable.slot[problem.at_table].tolist()),
        taken=taken,
        order=order,
    )


def _moments(problem: TimetableProblem, slot: int) -> list[int]:
    """When a slot begins while this one is under way."""
    begins, ends = problem.times[slot].tolist()
    times = problem.times[list(problem.over[slot]), 0].tolist()
    return sorted({time for time in times if begins <= time < ends})


def _has_unit(problem: TimetableProblem, standing: _Standing, pool: int, slot: int) -> bool:
    """Whether the pool has a unit left at every moment of the slot."""
    return all(standing.taken[pool, moment] < _units(problem, pool, moment) for moment in _moments(problem, slot))


def _units(problem: TimetableProblem, pool: int, moment: int) -> int:
    under_way = (problem.times[:, 0] <= moment) & (moment < problem.times[:, 1])
    return int(problem.pools[pool, under_way].min())


def _reasons(problem: TimetableProblem, timetable: Timetable, people: list[list[Day]]) -> Iterator[str]:
    """The reason of each meeting, and that no meeting is left out that could be added with a gain."""
    standing = _standing(problem, timetable)
    for meeting, pair in enumerate(problem.pairs.tolist()):
        why, name = int(timetable.why_not[meeting]), problem.name(meeting)
        full = [party for party in pair if standing.load[party] >= problem.maximum[party]]
        reason, fits = Reason.PLACED, list[int]()
        if timetable.slot[meeting] == -1:
            reason, fits = _why_not(problem, timetable, people, standing, meeting)
        wrong = [slot for slot in fits if _gain(problem, people, standing.load, meeting, slot) > 1e-6]
        parties = full if reason is Reason.MAXIMUM_REACHED else [-1]
        pools = problem.uses[meeting].tolist() if reason is Reason.NO_POOL else [-1]
        if wrong:
            yield f"{name} is left out and fits in slot '{problem.slots[wrong[0]]}'."
        elif why != reason:
            yield f"{name} gives reason {why}; it is {reason} ({reason.name})."
        elif timetable.limiting_party[meeting] not in parties:
            yield f"{name} gives limiting party {timetable.limiting_party[meeting]}, which it is not."
        elif timetable.limiting_pool[meeting] not in pools:
            yield f"{name} gives limiting pool {timetable.limiting_pool[meeting]}, which it is not."


def _why_not(
    problem: TimetableProblem, timetable: Timetable, people: list[list[Day]], standing: _Standing, meeting: int
) -> tuple[Reason, list[int]]:
    """The reason why a meeting is left out, and the slots in which it would fit as things stand."""
    first, second = problem.pairs[meeting].tolist()
    pools = [pool for pool in problem.uses[meeting].tolist() if pool != -1]
    at_table = bool(problem.at_table[meeting])
    common = _common_slots(problem, standing, meeting, pools)
    if problem.vetoed[meeting]:
        return Reason.VETOED, []
    if not common:
        return Reason.NO_COMMON_SLOT, []
    if any(standing.load[party] >= problem.maximum[party] for party in (first, second)):
        return Reason.MAXIMUM_REACHED, []
    fitting = sorted(common)
    tests: tuple[tuple[Reason, Callable[[int], bool]], ...] = (
        (Reason.LOWER_VALUE, lambda slot: bool(_starts(problem, people, meeting, slot, ways=False))),
        (Reason.NO_PLACE, lambda slot: not at_table or standing.tables[slot] < problem.places[slot]),
        (Reason.NO_POOL, lambda slot: all(_has_unit(problem, standing, pool, slot) for pool in pools)),
        (Reason.TOO_FAR, lambda slot: bool(_starts(problem, people, meeting, slot, ways=True))),
        (Reason.OUT_OF_ORDER, lambda slot: _in_order(problem, timetable, standing, meeting, slot)),
    )
    for reason, holds in tests:
        fitting = [slot for slot in fitting if holds(slot)]
        if not fitting:
            return reason, []
    return Reason.WAITING, fitting


def _common_slots(problem: TimetableProblem, standing: _Standing, meeting: int, pools: list[int]) -> set[int]:
    """The slots in which both sides are there and the fair has what the meeting needs."""
    first, second = problem.pairs[meeting].tolist()
    return {
        slot
        for slot in standing.there[first] & standing.there[second]
        if problem.window[meeting, slot]
        and (problem.places[slot] > 0 or not problem.at_table[meeting])
        and all(problem.pools[pool, slot] > 0 for pool in pools)
    }


def _in_order(problem: TimetableProblem, timetable: Timetable, standing: _Standing, meeting: int, slot: int) -> bool:
    for comes_first, other in standing.order.get(meeting, ()):
        at = int(timetable.slot[other])
        if at == -1:
            continue
        if (
            problem.times[at, 1] > problem.times[slot, 0]
            if comes_first
            else problem.times[at, 0] < problem.times[slot, 1]
        ):
            return False
    return True


def _starts(
    problem: TimetableProblem, people: list[list[Day]], meeting: int, slot: int, *, ways: bool
) -> list[tuple[int, int]]:
    """The pairs of first persons, one a side, with whom the meeting could be held in the slot."""
    sides = []
    for side, party in enumerate(problem.pairs[meeting].tolist()):
        heads = int(problem.heads[meeting, side])
        free = [
            not any(at in diary for at in problem.over[slot]) and not (ways and _too_far(problem, diary, meeting, slot))
            for diary in people[party]
        ]
        sides.append([k for k in range(len(free) - heads + 1) if all(free[k : k + heads])])
    return [(first, second) for first in sides[0] for second in sides[1]]


def _too_far(problem: TimetableProblem, diary: Day, meeting: int, slot: int) -> bool:
    site = problem.site[meeting]
    begins, ends = problem.times[slot]
    return any(
        problem.day[at] == problem.day[slot]
        and max(begins - problem.times[at, 1], problem.times[at, 0] - ends) < problem.walk[site, problem.site[other]]
        for at, other in diary.items()
    )


def _gain(problem: TimetableProblem, people: list[list[Day]], load: Counter[int], meeting: int, slot: int) -> float:
    """The gain of the objective by the meeting in the slot, in units of the largest value."""
    pair = problem.pairs[meeting].tolist()
    worth = float(problem.value[meeting]) + problem.penalty * sum(
        load[party] < problem.minimum[party] for party in pair
    )
    cheapest = math.inf
    for starts in _starts(problem, people, meeting, slot, ways=True):
        added = 0
        for side, party in enumerate(pair):
            heads = int(problem.heads[meeting, side])
            before = people[party][starts[side] : starts[side] + heads]
            after = [diary | {slot: meeting} for diary in before]
            added += _gaps(problem, after) - _gaps(problem, before)
        cheapest = min(cheapest, problem.gap_weight * added)
    return float((worth - cheapest) / problem.value.max())


def _worth(problem: TimetableProblem, timetable: Timetable, people: list[list[Day]]) -> Iterator[str]:
    """Objective, bound and status."""
    held = zip(problem.value.tolist(), timetable.slot.tolist(), strict=True)
    load = Counter(problem.pairs[timetable.slot != -1].ravel().tolist())
    missing = sum(max(int(least) - load[party], 0) for party, least in enumerate(problem.minimum.tolist()))
    idle = problem.gap_weight * sum(_gaps(problem, diaries) for diaries in people)
    objective = math.fsum(value for value, slot in held if slot != -1) - problem.penalty * missing - idle
    if not math.isclose(timetable.objective, objective, rel_tol=1e-12, abs_tol=1e-9 * max(idle, 1e-3)):
        yield f"The objective is {objective}, not {timetable.objective}."
    if not timetable.bound >= timetable.objective:
        yield f"The objective {timetable.objective} is above its bound {timetable.bound}."
    if timetable.least_shortfall > missing:
        yield f"{missing} meetings are missing from floors, fewer than the {timetable.least_shortfall} proved."
    optimal = timetable.bound - timetable.objective <= 1e-9 * abs(timetable.bound)
    if (timetable.status is Status.OPTIMAL) != optimal:
        yield f"The status is '{timetable.status}' with objective {timetable.objective} and bound {timetable.bound}."
