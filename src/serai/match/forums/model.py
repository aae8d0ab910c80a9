"""Constraint model of a programme: the start and the room of each session, without overlaps.

A session is one interval of time, with an optional interval in each possible room. So the model grows with the sessions
and the rooms and not with the slots, of which a programme of three days has hundreds.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from serai.match.forums.demands import Demand, first_slots
from serai.match.forums.programme import Room, Session

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import Constraint, CpModel, CpSolver, IntervalVar, IntVar


@dataclass(frozen=True)
class Model:
    """The model with its variables: the first slot of each session, and by session and room whether it is held
    there."""

    model: "CpModel"
    start: "Sequence[IntVar]"
    held: "dict[tuple[int, int], IntVar]"
    holds: "Sequence[IntVar]"
    """For each demand that may be dropped, whether it is met."""


def of(sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], demands: Sequence[Demand]) -> Model:
    """The model in which all demands are met."""
    starts, there = _possible(sessions, rooms, day, demands)
    made, interval = _always(sessions, rooms, starts, there)
    for bar in (bar for demand in demands for bar in demand.bars):
        for room in sorted(bar.rooms or ()):
            if bar.starts is not None and (bar.row, room) in made.held:
                _within(made, bar.row, starts[bar.row] - bar.starts).only_enforce_if(made.held[bar.row, room])
    for demand in demands:
        if demand.clash:
            made.model.add_no_overlap(interval[row] for row in demand.clash)
    _room_for_all(made.model, sessions, rooms, there, interval)
    return made


def _possible(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], demands: Sequence[Demand]
) -> tuple[list[set[int]], list[set[int]]]:
    """The first slots of each session that are left in some room, and the rooms that are left to it at some time."""
    starts = [set(first_slots(session, day)) for session in sessions]
    there = [set(range(len(rooms))) for _session in sessions]
    for bar in (bar for demand in demands for bar in demand.bars):
        if bar.rooms is None:
            starts[bar.row] -= bar.starts or set()
        elif bar.starts is None:
            there[bar.row] -= bar.rooms
    return starts, there


def with_literals(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], demands: Sequence[Demand]
) -> Model:
    """The model with a literal for each demand: if it is true, the demand is met."""
    starts = [set(first_slots(session, day)) for session in sessions]
    made, _interval = _always(sessions, rooms, starts, [set(range(len(rooms))) for _session in sessions])
    model = made.model
    holds = [model.new_bool_var("") for _demand in demands]
    for demand, hold in zip(demands, holds, strict=True):
        for bar in demand.bars:
            rooms_of_it = range(len(rooms)) if bar.rooms is None else sorted(bar.rooms)
            if bar.starts is None:
                for room in rooms_of_it:
                    model.add_implication(hold, ~made.held[bar.row, room])
                continue
            within = _within(made, bar.row, starts[bar.row] - bar.starts)
            if bar.rooms is None:
                within.only_enforce_if(hold)
                continue
            for room in rooms_of_it:
                within.only_enforce_if(hold, made.held[bar.row, room])
        for former, latter in combinations(demand.clash, 2):
            first = model.new_bool_var("")
            for before, after, order in ((former, latter, first), (latter, former, ~first)):
                model.add(made.start[before] + sessions[before].length <= made.start[after]).only_enforce_if(
                    hold, order
                )
    return Model(model, made.start, made.held, holds)


def _always(
    sessions: Sequence[Session], rooms: Sequence[Room], starts: Sequence[set[int]], there: Sequence[set[int]]
) -> "tuple[Model, Sequence[IntervalVar]]":
    """Every session has one room and one time, and a room one session at a time; the intervals of the sessions."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    start = [model.new_int_var_from_domain(cp_model.Domain.from_values(sorted(slots or {0})), "") for slots in starts]
    if not all(starts):
        model.add_bool_or()  # a session without a slot
    interval = [
        model.new_fixed_size_interval_var(begins, session.length, "")
        for begins, session in zip(start, sessions, strict=True)
    ]
    held: dict[tuple[int, int], IntVar] = {}
    in_room: dict[int, list[IntervalVar]] = defaultdict(list)
    for row, session in enumerate(sessions):
        for room in sorted(there[row]):
            held[row, room] = model.new_bool_var("")
            optional = model.new_optional_fixed_size_interval_var(start[row], session.length, held[row, room], "")
            in_room[room].append(optional)
        model.add_exactly_one(held[row, room] for room in sorted(there[row]))
    for room in range(len(rooms)):
        model.add_no_overlap(in_room[room])
    return Model(model, start, held, ()), interval


def _within(made: Model, row: int, slots: set[int]) -> "Constraint":
    from ortools.sat.python import cp_model

    if not slots:
        return made.model.add_bool_or()
    return made.model.add_linear_expression_in_domain(made.start[row], cp_model.Domain.from_values(sorted(slots)))


def _room_for_all(
    model: "CpModel",
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    there: Sequence[set[int]],
    interval: "Sequence[IntervalVar]",
) -> None:
    """At a time there are at most as many sessions as rooms, and of large sessions at most as many as large rooms.

    This follows from the other constraints, but shows at once that there are too few rooms.
    """
    for seats in sorted({rooms[room].seats for room in range(len(rooms))}):
        large = {number for number, room in enumerate(rooms) if room.seats >= seats}
        bound = [interval[row] for row in range(len(sessions)) if there[row] <= large]
        if len(bound) > len(large):
            model.add_cumulative(bound, [1] * len(bound), len(large))


def solver_for(seconds: float, workers: int) -> "CpSolver":
    """CP-SAT with a time limit and a number of threads."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    return solver
