"""Sessions into rooms and slots by CP-SAT, with a proof, or with the reasons why there is no programme."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar


class ForumError(ValueError):
    """Sessions or rooms that contradict themselves; the sentence names which."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room, how many it seats, and the slots in which it is open; all where none are named."""

    name: str
    seats: int
    open: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session of `length` slots in a row of one day."""

    name: str
    speakers: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    """Two sessions that share a theme are never held at once, so that who follows it can hear both."""
    audience: int = 0
    """How many are expected: the room seats as many."""
    length: int = 1
    release: int = 0
    """The first slot in which it may begin, such as when an embargo ends or a delegation lands."""
    due: int | None = None
    """The slot by which it has ended."""
    room: str = ""
    """The room that is promised to it, "" for any."""


class Status(StrEnum):
    """What is proved of the programme."""

    OPTIMAL = "optimal"
    """No programme leaves fewer seats empty."""
    INFEASIBLE = "infeasible"
    """There is no programme; ``Programme.conflict`` says why."""
    FEASIBLE = "feasible"
    """A programme, perhaps not the best."""
    UNKNOWN = "unknown"
    """Neither a programme nor a proof was found in time."""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """When and where each session is held, and how good that is proved to be."""

    status: Status
    slot: tuple[int, ...] | None
    """The first slot of each session."""
    room: tuple[int, ...] | None
    """The room row of each session."""
    objective: int | None
    """Seats that stay empty, summed over the sessions: a small session keeps no large room from a large one."""
    bound: int | None
    seconds: float
    moved: int | None = None
    """Sessions that are not where `present` has them; of programmes with as few empty seats, as few as can be."""
    conflict: tuple[str, ...] = ()
    """Where there is no programme: sentences that cannot all hold; without any one of them the rest can."""
    standing: tuple["Against", ...] = ()
    """The same as data, for a caller that says it in other words."""


@dataclass(frozen=True)
class Against:
    """A demand that stands against a programme: its kind, the names it is about, and the slots."""

    kind: str
    """seats, release, due, room, away, open, speaker, theme, always, or unknown where there was no time to find out"""
    names: tuple[str, ...]
    slots: tuple[int, ...] = ()


def plan(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    *,
    away: Sequence[tuple[str, int]] = (),
    present: Sequence[tuple[int, int] | None] = (),
    seconds: float = 30.0,
) -> Programme:
    """The programme with the fewest empty seats, or why there is none.

    `day` is the day of each slot, never falling; `away` names speakers and slots in which they cannot speak.
    `present` is the room and first slot of each session as it stands: of programmes with as few empty seats, one that
    moves as few sessions as can be is found. Raises ForumError.
    """
    began = perf_counter()
    _check_rows(sessions, rooms, day)
    demands = list(_demands(sessions, rooms, day, away))
    model, variables, _holds = _model(sessions, rooms, day, demands, wanted=False)
    spare = {key: max(rooms[key[1]].seats - sessions[key[0]].audience, 0) for key in variables}
    stays = [variables[row, *where] for row, where in enumerate(present) if where and (row, *where) in variables]
    # One seat outweighs all moves together.
    seat = len(stays) + 1
    model.minimize(seat * sum(spare[key] * each for key, each in variables.items()) - sum(stays))
    if present:
        standing = {(row, *where) for row, where in enumerate(present) if where}
        for key, each in variables.items():
            model.add_hint(each, key in standing)
    solver = _solver(seconds, 2)
    status = _status(solver.solve(model))
    if status is Status.UNKNOWN and (stands := _as_present(sessions, rooms, day, away, present)) is not None:
        return replace(stands, seconds=perf_counter() - began)
    if status in {Status.INFEASIBLE, Status.UNKNOWN}:
        conflict: tuple[_Demand, ...] = ()
        if status is Status.INFEASIBLE:
            conflict = _conflict(sessions, rooms, day, demands, max(seconds - (perf_counter() - began), 1.0))
        return Programme(
            status=status,
            slot=None,
            room=None,
            objective=None,
            bound=None if status is Status.INFEASIBLE else 0,
            seconds=perf_counter() - began,
            conflict=tuple(demand.sentence for demand in conflict),
            standing=tuple(demand.against for demand in conflict),
        )
    held = {session: (room, slot) for (session, room, slot), each in variables.items() if solver.value(each)}
    empty = sum(spare[key] for key, each in variables.items() if solver.value(each))
    # The moves take less than one seat from the bound.
    bound = empty if status is Status.OPTIMAL else max(math.ceil(solver.best_objective_bound / seat - 1e-6), 0)
    return Programme(
        status=status,
        slot=tuple(held[row][1] for row in range(len(sessions))),
        room=tuple(held[row][0] for row in range(len(sessions))),
        objective=empty,
        bound=bound,
        seconds=perf_counter() - began,
        moved=len(sessions) - sum(solver.value(each) for each in stays) if present else None,
    )


def _as_present(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    away: Sequence[tuple[str, int]],
    present: Sequence[tuple[int, int] | None],
) -> Programme | None:
    """The programme as it stands, where it is sound: what there is when nothing better was found in time."""
    known = [where for where in present if where is not None]
    if len(known) < len(sessions):
        return None
    stands = Programme(
        status=Status.FEASIBLE,
        slot=tuple(slot for _room, slot in known),
        room=tuple(room for room, _slot in known),
        objective=sum(
            max(rooms[room].seats - each.audience, 0) for each, (room, _at) in zip(sessions, known, strict=True)
        ),
        bound=0,
        seconds=0.0,
        moved=0,
    )
    return None if check(sessions, rooms, day, stands, away=away) else stands


type Key = tuple[int, int, int]
"""Session, room, first slot."""


@dataclass(frozen=True)
class _Demand:
    """A sentence, and what it forbids: single placements, or that two sessions overlap."""

    sentence: str
    never: frozenset[Key] = frozenset()
    clash: tuple[int, int] | None = None
    """Two sessions that may not overlap in time."""
    against: Against = Against("always", ())


def _placements(sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int]) -> list[Key]:
    """Every room and every first slot from which the session ends on the same day."""
    return [
        (row, room, slot)
        for row, session in enumerate(sessions)
        for room in range(len(rooms))
        for slot in range(len(day) - session.length + 1)
        if day[slot] == day[slot + session.length - 1]
    ]


def _demands(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], away: Sequence[tuple[str, int]]
) -> Iterator[_Demand]:
    """Everything that is asked, a sentence each, so that a contradiction can be told."""
    keys = _placements(sessions, rooms, day)
    absent: dict[str, set[int]] = defaultdict(set)
    for speaker, slot in away:
        absent[speaker].add(slot)
    for row, session in enumerate(sessions):
        own = [key for key in keys if key[0] == row]
        sayings = _sayings(session, own, rooms, absent)
        yield from (_Demand(said, frozenset(never), against=against) for said, never, against in sayings if never)
    for number, room in enumerate(rooms):
        if room.open is not None:
            runs = ((key, set(range(key[2], key[2] + sessions[key[0]].length))) for key in keys if key[1] == number)
            shut = [key for key, times in runs if not times <= set(room.open)]
            said = f"Room '{room.name}' is open in slots {', '.join(map(str, room.open))} only."
            yield _Demand(said, frozenset(shut), against=Against("open", (room.name,), room.open))
    yield from _clashes(sessions)


def _sayings(
    session: Session, own: list[Key], rooms: Sequence[Room], absent: Mapping[str, set[int]]
) -> Iterator[tuple[str, list[Key], Against]]:
    """What the session asks, which of its `own` placements that rules out, and the same as data."""
    name, one = f"'{session.name}'", (session.name,)
    small = [k for k in own if rooms[k[1]].seats < session.audience]
    yield f"{name} needs {session.audience} seats.", small, Against("seats", one)
    early = [k for k in own if k[2] < session.release]
    yield f"{name} begins in slot {session.release} or later.", early, Against("release", one, (session.release,))
    if session.due is not None:
        late = [k for k in own if k[2] + session.length > session.due]
        yield f"{name} has ended by slot {session.due}.", late, Against("due", one, (session.due,))
    if session.room:
        elsewhere = [k for k in own if rooms[k[1]].name != session.room]
        promised = Against("room", (session.name, session.room))
        yield f"{name} is promised room '{session.room}'.", elsewhere, promised
    for speaker in session.speakers:
        gone = tuple(sorted(absent.get(speaker, set())))
        missing = [k for k in own if set(gone) & set(range(k[2], k[2] + session.length))]
        said = f"{speaker}, who speaks in {name}, is away in slots {', '.join(map(str, gone))}."
        yield said, missing, Against("away", (speaker, session.name), gone)


def _clashes(sessions: Sequence[Session]) -> Iterator[_Demand]:
    """Who cannot speak, and what is not to be missed, at the same time."""
    for one, other in combinations(range(len(sessions)), 2):
        first, second = sessions[one], sessions[other]
        pair, names = f"'{first.name}' and '{second.name}'", (first.name, second.name)
        for speaker in sorted(set(first.speakers) & set(second.speakers)):
            against = Against("speaker", (speaker, *names))
            yield _Demand(f"{speaker} speaks in both {pair}.", clash=(one, other), against=against)
        for theme in sorted(set(first.themes) & set(second.themes)):
            against = Against("theme", (theme, *names))
            yield _Demand(f"{pair} are both on {theme}.", clash=(one, other), against=against)


def _model(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], demands: Sequence[_Demand], wanted: bool
) -> "tuple[CpModel, dict[Key, IntVar], list[IntVar]]":
    """The model, a variable for each placement and, where `wanted`, one for each demand that holds where it is true."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    # What is ruled out for good gets no variable; where the demands are to be weighed, each of them must be there.
    never: set[Key] = set() if wanted else {key for demand in demands for key in demand.never}
    variables = {key: model.new_bool_var("") for key in _placements(sessions, rooms, day) if key not in never}
    running: dict[tuple[int, int], list[Any]] = defaultdict(list)  # session, slot
    occupied: dict[tuple[int, int], list[Any]] = defaultdict(list)  # room, slot
    begins: dict[tuple[int, int], list[Any]] = defaultdict(list)  # session, first slot
    for (row, room, first), each in variables.items():
        begins[row, first].append(each)
        for slot in range(first, first + sessions[row].length):
            occupied[room, slot].append(each)
    for (row, first), anywhere in begins.items():
        # When it begins, in whatever room: clashes are about time alone, which keeps them short.
        begun = anywhere[0] if len(anywhere) == 1 else model.new_bool_var("")
        if len(anywhere) > 1:
            model.add(sum(anywhere) == begun)
        for slot in range(first, first + sessions[row].length):
            running[row, slot].append(begun)
    for row in range(len(sessions)):
        model.add_exactly_one(each for key, each in variables.items() if key[0] == row)
    for together in occupied.values():
        model.add_at_most_one(together)
    holds = [model.new_bool_var("") for _demand in demands] if wanted else []
    for number, demand in enumerate(demands):
        for constraint in _constraints(model, variables, running, demand, len(day), wanted):
            constraint.only_enforce_if(holds[number])
    return model, variables, holds


def _constraints(
    model: "CpModel",
    variables: "Mapping[Key, IntVar]",
    running: Mapping[tuple[int, int], list[Any]],
    demand: _Demand,
    slots: int,
    wanted: bool,
) -> list[Any]:
    """What a demand asks, as constraints that can be given up where that is `wanted`, else for good."""
    constraints = [model.add(variables[key] == 0) for key in sorted(demand.never) if wanted]
    if demand.clash is None:
        return constraints
    one, other = demand.clash
    for slot in range(slots):
        overlap = [*running.get((one, slot), ()), *running.get((other, slot), ())]
        if wanted:
            constraints.append(model.add(sum(overlap) <= 1))
        elif len(overlap) > 1:
            model.add_at_most_one(overlap)
    return constraints


def _solver(seconds: float, workers: int) -> "CpSolver":
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    return solver


def _conflict(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], demands: Sequence[_Demand], seconds: float
) -> tuple[_Demand, ...]:
    """Demands that cannot all be met though all but any one can (deletion; Chinneck 2008), as far as time allows."""
    until = perf_counter() + seconds
    model, _variables, holds = _model(sessions, rooms, day, demands, wanted=True)
    model.add_assumptions(holds)
    solver = _solver(seconds, 1)
    if _status(solver.solve(model)) is not Status.INFEASIBLE:
        said = "The sessions cannot all be held; there was no time to find out which demands stand against it."
        return (_Demand(said, against=Against("unknown", ())),)
    core = set(solver.sufficient_assumptions_for_infeasibility())
    kept = [demand for demand, hold in zip(demands, holds, strict=True) if hold.index in core]
    for demand in list(kept):
        rest = [each for each in kept if each is not demand]
        if (left := until - perf_counter()) <= 0:
            break
        model, _variables, _holds = _model(sessions, rooms, day, rest, wanted=False)
        if _status(_solver(left, 1).solve(model)) is Status.INFEASIBLE:
            kept = rest
    slots = sum(session.length for session in sessions)
    always = (
        f"{len(sessions)} sessions fill {slots} slots of rooms, and there are {len(rooms)} rooms of {len(day)} slots."
    )
    return tuple(kept) or (_Demand(always),)


def _status(found: Any) -> Status:
    from ortools.sat.python import cp_model

    known = {
        cp_model.OPTIMAL: Status.OPTIMAL,
        cp_model.FEASIBLE: Status.FEASIBLE,
        cp_model.INFEASIBLE: Status.INFEASIBLE,
    }
    return known.get(found, Status.UNKNOWN)


def check(
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    day: Sequence[int],
    programme: Programme,
    *,
    away: Sequence[tuple[str, int]] = (),
) -> tuple[str, ...]:
    """What is wrong with a programme, a sentence each, recounted slot by slot; empty where it is sound."""
    if programme.slot is None or programme.room is None:
        return ()
    faults: list[str] = []
    absent = set(away)
    at: list[set[int]] = []
    for session, slot, row in zip(sessions, programme.slot, programme.room, strict=True):
        room = rooms[row]
        times = set(range(slot, slot + session.length))
        at.append(times)
        for wrong, why in (
            (len({day[each] for each in times if each < len(day)}) != 1 or max(times) >= len(day), "spans two days"),
            (slot < session.release, "begins before its release"),
            (session.due is not None and max(times) >= session.due, "ends after it is due"),
            (room.seats < session.audience, "has too small a room"),
            (session.room not in ("", room.name), "is not in the room promised"),
            (room.open is not None and not times <= set(room.open), "is in a room that is shut"),
            (any((who, each) in absent for who in session.speakers for each in times), "has a speaker who is away"),
        ):
            if wrong:
                faults.append(f"'{session.name}' {why}.")
    for one, other in combinations(range(len(sessions)), 2):
        first, second = sessions[one], sessions[other]
        if at[one] & at[other]:
            shared = set(first.speakers) & set(second.speakers) | set(first.themes) & set(second.themes)
            if shared or programme.room[one] == programme.room[other]:
                faults.append(f"'{first.name}' and '{second.name}' are held at once.")
    return tuple(faults)


def _check_rows(sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int]) -> None:
    names = [session.name for session in sessions] + [room.name for room in rooms]
    if len(set(names)) < len(names):
        raise ForumError("Two sessions or rooms have one name; names are unique.")
    if list(day) != sorted(day):
        raise ForumError("The slots are not in the order of the days.")
    longest = max((list(day).count(each) for each in day), default=0)
    for session in sessions:
        if not 1 <= session.length <= longest:
            raise ForumError(f"'{session.name}' takes {session.length} slots; a day has up to {longest}.")
        if session.room and session.room not in {room.name for room in rooms}:
            raise ForumError(f"'{session.name}' is promised room '{session.room}', which there is not.")
