"""Planning of sessions in rooms and slots by CP-SAT: with a proof, or with the demands that make it impossible."""

import math
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from serai.match.forums import model as models
from serai.match.forums.bound import least_empty
from serai.match.forums.checker import check
from serai.match.forums.demands import Demand, demands
from serai.match.forums.model import Model, solver_for
from serai.match.forums.programme import Against, Programme, Room, Session, Status, check_rows

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

WORKERS = 4
"""Search strategies in parallel; more than cores, because their difference helps more than their competition costs."""


def plan(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    *,
    away: Sequence[tuple[str, int]] = (),
    present: Sequence[tuple[int, int] | None] = (),
    seconds: float = 30.0,
) -> Programme:
    """The programme with the fewest empty seats, or the reason why there is none.

    `day` is the day of each slot, never falling; `away` are pairs of a speaker and a slot in which they cannot speak.
    `present` is the present room and first slot of each session: of programmes with as few empty seats, one that moves
    the fewest sessions is found. Raises ForumError.
    """
    began = perf_counter()
    check_rows(sessions, rooms, day)
    asked = list(demands(sessions, rooms, day, away))
    made = models.of(sessions, rooms, day, asked)
    spare = {(row, room): max(rooms[room].seats - sessions[row].audience, 0) for row, room in made.held}
    stays = _stays(made, present)
    # One seat outweighs all moves together.
    seat = len(stays) + 1
    empty = sum(spare[key] * is_held for key, is_held in made.held.items())
    made.model.add(empty >= least_empty(sessions, day, asked, spare, seconds / 10))
    made.model.minimize(seat * empty - sum(stays))
    solver = solver_for(seconds - (perf_counter() - began), WORKERS)
    status = _status(solver.solve(made.model))
    if status in {Status.INFEASIBLE, Status.UNKNOWN}:
        if status is Status.UNKNOWN:
            part = _impossible_part(sessions, rooms, day, asked, seconds)
            if part is None:
                stands = _as_present(sessions, rooms, day, away, present) or _none(Status.UNKNOWN, ())
                return replace(stands, seconds=perf_counter() - began)
            asked = part
        conflict = _conflict(sessions, rooms, day, asked, seconds)
        return replace(_none(Status.INFEASIBLE, conflict), seconds=perf_counter() - began)
    room_of = {row: room for (row, room), is_held in made.held.items() if solver.value(is_held)}
    objective = sum(spare[row, room] for row, room in room_of.items())
    # The moves take less than one seat from the bound.
    bound = objective if status is Status.OPTIMAL else max(math.ceil(solver.best_objective_bound / seat - 1e-6), 0)
    return Programme(
        status=status,
        slot=tuple(solver.value(start) for start in made.start),
        room=tuple(room_of[row] for row in range(len(sessions))),
        objective=objective,
        bound=bound,
        seconds=perf_counter() - began,
        moved=len(sessions) - sum(solver.value(stay) for stay in stays) if present else None,
    )


def _none(status: Status, conflict: tuple[Demand, ...]) -> Programme:
    """The answer where no programme was found; `conflict` are the demands that cannot all be met."""
    return Programme(
        status=status,
        slot=None,
        room=None,
        objective=None,
        bound=None if status is Status.INFEASIBLE else 0,
        seconds=0.0,
        conflict=tuple(demand.sentence for demand in conflict),
        standing=tuple(demand.against for demand in conflict),
    )


def _stays(made: Model, present: Sequence[tuple[int, int] | None]) -> "list[IntVar]":
    """For each session that can keep its place, whether it does; the search begins with the present programme."""
    stays = []
    for row, where in enumerate(present):
        if where is None:
            continue
        room, slot = where
        if (row, room) in made.held:
            stays.append(made.model.new_bool_var(""))
            made.model.add_implication(stays[-1], made.held[row, room])
            made.model.add(made.start[row] == slot).only_enforce_if(stays[-1])
        made.model.add_hint(made.start[row], slot)
    standing = {(row, where[0]) for row, where in enumerate(present) if where is not None}
    for key, is_held in made.held.items():
        if key[0] < len(present) and present[key[0]] is not None:
            made.model.add_hint(is_held, key in standing)
    return stays


def _as_present(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    away: Sequence[tuple[str, int]],
    present: Sequence[tuple[int, int] | None],
) -> Programme | None:
    """The present programme if it is sound: the answer when no better one was found in time."""
    places = [where for where in present if where is not None]
    if len(places) < len(sessions):
        return None
    stands = Programme(
        status=Status.FEASIBLE,
        slot=tuple(slot for _room, slot in places),
        room=tuple(room for room, _slot in places),
        objective=sum(
            max(rooms[room].seats - session.audience, 0) for session, (room, _at) in zip(sessions, places, strict=True)
        ),
        bound=0,
        seconds=0.0,
        moved=0,
    )
    return None if check(sessions, rooms, day, stands, away=away) else stands


def _impossible_part(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], asked: Sequence[Demand], seconds: float
) -> list[Demand] | None:
    """Demands of some kinds that are impossible even without the others, or None if none were found.

    With fewer kinds of demands a contradiction is found sooner.
    """
    kinds = dict.fromkeys(demand.against.kind for demand in asked)
    for others in (*({kind} for kind in kinds), *({*kinds} - {kind} for kind in kinds)):
        part = [demand for demand in asked if demand.against.kind in others]
        model = models.of(sessions, rooms, day, part).model
        if _status(solver_for(seconds / len(kinds) / 2, WORKERS).solve(model)) is Status.INFEASIBLE:
            return part
    return None


def _conflict(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], asked: Sequence[Demand], seconds: float
) -> tuple[Demand, ...]:
    """A minimal set of demands that cannot all be met (deletion; Chinneck 2008), as far as time allows.

    A test that takes more than its part of the time is given up, and its demands stay in the set.
    """
    until = perf_counter() + seconds

    def impossible(some: Sequence[Demand]) -> bool:
        left = min(until - perf_counter(), seconds / 8)
        if left <= 0:
            return False
        return (
            _status(solver_for(left, WORKERS).solve(models.of(sessions, rooms, day, some).model)) is Status.INFEASIBLE
        )

    made = models.with_literals(sessions, rooms, day, asked)
    made.model.add_assumptions(made.holds)
    solver = solver_for(seconds / 8, 1)
    kept = list(asked)
    if _status(solver.solve(made.model)) is Status.INFEASIBLE:
        core = set(solver.sufficient_assumptions_for_infeasibility())
        kept = [demand for demand, hold in zip(asked, made.holds, strict=True) if hold.index in core]
    # Large portions first: if a few of many contradict each other, most are removed in a few steps.
    size = len(kept) // 2
    while size and perf_counter() < until:
        first = 0
        while first < len(kept):
            rest = kept[:first] + kept[first + size :]
            if impossible(rest):
                kept = rest
            else:
                first += size
        size //= 2
    return tuple(kept) or (_too_much(sessions, rooms, day),)


def _too_much(sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int]) -> Demand:
    slots = sum(session.length for session in sessions)
    return Demand(
        f"{len(sessions)} sessions fill {slots} slots of rooms, and there are {len(rooms)} rooms of {len(day)} slots.",
        Against("always", ()),
    )


def _status(code: Any) -> Status:
    from ortools.sat.python import cp_model

    statuses = {
        cp_model.OPTIMAL: Status.OPTIMAL,
        cp_model.FEASIBLE: Status.FEASIBLE,
        cp_model.INFEASIBLE: Status.INFEASIBLE,
    }
    return statuses.get(code, Status.UNKNOWN)
