"""Disruptions on the day: no-shows, late arrivals, walk-ins. As few announced meetings as possible move."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from serai.match.timetable.initial_state import start
from serai.match.timetable.insertion import worthiest
from serai.match.timetable.problem import (
    FREE,
    Booleans,
    Integers,
    Timetable,
    TimetableError,
    TimetableProblem,
    everywhere,
)
from serai.match.timetable.solver import solve
from serai.match.timetable.state import place


@dataclass(frozen=True, kw_only=True)
class Change:
    """A disruption. Names are those of ``problem.parties``; slots are rows."""

    no_show: tuple[str, ...] = ()
    """Parties that do not come any more, from slot `now` on."""
    late: dict[str, int] = field(default_factory=dict)
    """Party -> the first slot in which it is there."""
    walk_in: Sequence[tuple[str, str, float]] = ()
    """New meetings: two parties and the value. They take a table and no pool."""
    now: int = 0
    """The first slot that has not begun: earlier meetings stay as they are."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Resolved:
    """The new problem (walk-ins are its last meetings), its timetable, and the fate of the announced meetings."""

    problem: TimetableProblem
    timetable: Timetable
    kept: Booleans
    """(n_meetings,) still at their time."""
    moved: Booleans
    """(n_meetings,) at another time."""
    dropped: Booleans
    """(n_meetings,) no longer held."""


def resolve(
    problem: TimetableProblem,
    timetable: Timetable | Integers,
    change: Change,
    *,
    locked: Booleans | None = None,
    seconds: float = 1.5,
    seed: int = 0,
) -> Resolved:
    """The timetable after the change, with the fewest announced meetings moved or dropped.

    Every meeting that is still possible keeps its slot; none is moved to make room for another. The impossible ones get
    free slots, the most valuable first, then the walk-ins and the meetings that were not placed before; a meeting
    without a free slot is dropped. A `locked` meeting (n_meetings,) is never touched, even by a no-show: the organiser
    decides on it. `timetable` may be the announced slots only.

    Raises TimetableError if the change names an unknown party or slot.
    """
    _check(problem, change)
    told_slot = timetable.slot if isinstance(timetable, Timetable) else np.asarray(timetable, np.int64)
    told = told_slot != FREE
    row = {name: position for position, name in enumerate(problem.parties)}
    lock = np.zeros(len(problem.value), np.bool_) if locked is None else locked & told
    available = problem.available.copy()
    for name in change.no_show:
        available[row[name], change.now :] = False
    for name, arrives in change.late.items():
        available[row[name], :arrives] = False
    first, second = problem.pairs.T
    at = np.maximum(told_slot, 0)
    past = told & (told_slot < change.now)
    possible = available[first, at] & available[second, at] & ~problem.vetoed
    possible &= problem.window[np.arange(len(at)), at]
    # On a veto of a meeting that is locked or over the organiser decides, as on a no-show.
    stays = told & (possible | past | lock)
    stays_at = np.where(stays, told_slot, FREE)
    new_pairs = np.array([(row[party], row[partner]) for party, partner, _value in change.walk_in], np.int64).reshape(
        -1, 2
    )
    # Nothing new begins in a slot that has begun, but past and locked meetings stay in their slots.
    available[:, : change.now] = False
    held = np.flatnonzero(stays)
    available[problem.pairs[held], told_slot[held, None]] = True
    added = len(new_pairs)

    changed = replace(
        problem,
        pairs=np.concatenate([problem.pairs, new_pairs]),
        value=np.concatenate([problem.value, [worth for _party, _partner, worth in change.walk_in]]),
        vetoed=np.concatenate([problem.vetoed & ~stays, np.zeros(added, np.bool_)]),
        at_table=np.concatenate([problem.at_table, np.ones(added, np.bool_)]),
        fixed_slot=np.concatenate([stays_at, np.full(added, FREE)]),
        must=np.concatenate([problem.must, np.zeros(added, np.bool_)]),
        uses=np.concatenate([problem.uses, np.full((added, problem.uses.shape[1]), FREE)]),
        site=np.concatenate([problem.site, np.zeros(added, np.int64)]),
        heads=np.concatenate([problem.heads, np.ones((added, 2), np.int64)]),
        window=_longer(problem.window, added),
        available=available,
    )
    displaced = np.flatnonzero(told & ~stays)
    seated = _reseated(changed, displaced[np.argsort(-problem.value[displaced], kind="stable")])
    answer = solve(seated, seconds=seconds, seed=seed)
    slot = answer.slot[: len(told)]
    return Resolved(
        problem=seated,
        timetable=answer,
        kept=told & (slot == told_slot),
        moved=told & (slot != told_slot) & (slot != FREE),
        dropped=told & (slot == FREE),
    )


def _longer(window: Booleans, added: int) -> Booleans:
    """The window with `added` meetings that may be held at any time."""
    if everywhere(window):
        return window
    return np.concatenate([window, np.ones((added, window.shape[1]), np.bool_)])


def _reseated(problem: TimetableProblem, displaced: Integers) -> TimetableProblem:
    """The problem with each displaced meeting fixed to the best slot that is free for both, where there is one."""
    state, least = start(problem), 1e-9 * float(problem.value.max(initial=1.0))
    for meeting in displaced.tolist():
        if not problem.vetoed[meeting]:
            slot, gain = worthiest(state, meeting)
            if slot != FREE and gain > least:
                place(state, meeting, slot)
    return replace(problem, fixed_slot=np.where(problem.fixed, problem.fixed_slot, state.slot))


def _check(problem: TimetableProblem, change: Change) -> None:
    named = [
        *change.no_show,
        *change.late,
        *(name for party, partner, _value in change.walk_in for name in (party, partner)),
    ]
    if unknown := sorted(set(named) - set(problem.parties)):
        raise TimetableError(f"The change names '{unknown[0]}', who is no party of the timetable.")
    slots = len(problem.slots)
    if wrong := [slot for slot in (change.now, *change.late.values()) if not 0 <= slot <= slots]:
        raise TimetableError(
            f"The change names slot row {wrong[0]}; there are rows 0 to {slots - 1}, and {slots} ends."
        )
