"""Lower bound of the empty seats, from a model of sessions in rooms and days without times.

The sessions of a room, and those of a speaker, fill at most the slots of a day. This model is small and solved at once,
and its bound is often the optimum. If the rooms are nearly full, the model with times finds such a programme soon, but
needs long to prove that none is better.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from serai.match.forums.demands import Demand, first_slots
from serai.match.forums.model import solver_for
from serai.match.forums.programme import Session

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar


def least_empty(
    sessions: Sequence[Session],
    day: Sequence[int],
    demands: Sequence[Demand],
    spare: Mapping[tuple[int, int], int],
    seconds: float,
) -> int:
    """The least number of empty seats of every programme, as far as it is proved in `seconds`.

    `spare` are the seats that each session leaves empty in each possible room, by session and room.
    """
    from ortools.sat.python import cp_model

    possible = _possible(sessions, day, demands, spare)
    model = cp_model.CpModel()
    there = {key: model.new_bool_var("") for key in possible}
    for row in range(len(sessions)):
        model.add_exactly_one(held for key, held in there.items() if key[0] == row)
    for keys in _groups(there, demands):
        most = _room_for(sessions, possible, keys)
        model.add(sum(sessions[key[0]].length * there[key] for key in keys) <= most)
    model.minimize(sum(spare[row, room] * held for (row, room, _day), held in there.items()))
    solver = solver_for(seconds, 1)
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:  # the model with times finds the reason
        return 0
    return max(math.ceil(solver.best_objective_bound - 1e-6), 0)


def filled(lengths: Sequence[int], slots: int) -> int:
    """The largest number of slots, up to `slots`, that sessions of some of these lengths fill one after the other."""
    sums = 1
    for length in lengths:
        sums |= sums << length
    return (sums & ((1 << (slots + 1)) - 1)).bit_length() - 1


type _Key = tuple[int, int, int]
"""Session, room and day."""


def _possible(
    sessions: Sequence[Session], day: Sequence[int], demands: Sequence[Demand], rooms: Mapping[tuple[int, int], int]
) -> dict[_Key, set[int]]:
    """By session, room and day, the first slots that the demands allow."""
    left: dict[int, dict[int, set[int]]] = defaultdict(dict)
    first = [set(first_slots(session, day)) for session in sessions]
    for row, room in rooms:
        left[row][room] = first[row].copy()
    for bar in (bar for demand in demands for bar in demand.bars if bar.starts is not None):
        for room, slots in left[bar.row].items():
            if bar.rooms is None or room in bar.rooms:
                slots.difference_update(bar.starts or ())
    possible: dict[_Key, set[int]] = defaultdict(set)
    for row, room in rooms:
        for slot in left[row][room]:
            possible[row, room, day[slot]].add(slot)
    return possible


def _groups(there: "Mapping[_Key, IntVar]", demands: Sequence[Demand]) -> list[list[_Key]]:
    """Groups of keys that share the time of a day: the sessions of a room, and those that may not overlap."""
    groups: dict[tuple[object, ...], list[_Key]] = defaultdict(list)
    of_row: dict[int, list[int]] = defaultdict(list)
    for number, demand in enumerate(demands):
        for row in demand.clash:
            of_row[row].append(number)
    for key in there:
        row, room, day = key
        groups["room", room, day].append(key)
        for number in of_row[row]:
            groups["clash", number, day].append(key)
    return list(groups.values())


def _room_for(sessions: Sequence[Session], possible: Mapping[_Key, set[int]], keys: Sequence[_Key]) -> int:
    """The largest number of slots of their day that these sessions fill."""
    lengths = {key[0]: sessions[key[0]].length for key in keys}
    slots = {slot for key in keys for begin in possible[key] for slot in range(begin, begin + lengths[key[0]])}
    return filled(list(lengths.values()), len(slots))
