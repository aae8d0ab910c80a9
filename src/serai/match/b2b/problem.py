"""A meeting event with a fixed list of meetings, in the format in which its instances are published.

All meetings are to be held. A timetable with few breaks is sought, in which no participant has many more breaks than
another (Bofill et al. 2022, JAIR 74: the B2B scheduling problem).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Integers = NDArray[np.int64]
type Booleans = NDArray[np.bool_]


MOST = 10_000
"""Largest number of participants, meetings, locations or slots; a larger one is a mistake and would fill the memory."""


class EventError(ValueError):
    """An event that cannot be read; the sentence names the field, the row and what is wrong with it."""


class Session(IntEnum):
    """Part of the day in which a meeting may be held, as published."""

    MORNING = 1
    AFTERNOON = 2
    ANY = 3


class Status(StrEnum):
    """What is proved about an event's optimum."""

    OPTIMAL = "optimal"
    """Proved: no timetable has fewer breaks."""
    INFEASIBLE = "infeasible"
    """Proved: no timetable satisfies the event."""
    FEASIBLE = "feasible"
    """There is a timetable; one with fewer breaks, but not fewer than the bound, may exist."""
    UNKNOWN = "unknown"
    """Neither a timetable nor a proof was found in time."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Event:
    """The meetings of an event and the slots in which each may be held. Rows are counted from 0."""

    participants: int
    slots: int
    locations: int
    """Meetings that can run at once."""
    pairs: Integers
    """(n_meetings, 2) the two participants of each meeting."""
    allowed: Booleans
    """(n_meetings, n_slots) its session, its fixed slot, and the slots that neither of the two forbids."""
    precedences: tuple[tuple[int, int], ...] = ()
    """Pairs of meetings: the first is held in an earlier slot than the second."""

    @property
    def meetings_of(self) -> list[list[int]]:
        """The meetings of each participant."""
        answer: list[list[int]] = [[] for _ in range(self.participants)]
        for meeting, pair in enumerate(self.pairs.tolist()):
            for participant in pair:
                answer[participant].append(meeting)
        return answer


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A timetable, if there is one, and what is proved about it."""

    status: Status
    slot: tuple[int, ...] | None
    """The slot of each meeting, from 0."""
    objective: int | None
    """Breaks of all participants."""
    bound: int | None
    """No timetable has fewer breaks; None if it is proved that there is no timetable."""
    seconds: float
    prover: str
    """Name of the prover that gave the proof, "" without a proof."""


def read_events(path: Path) -> dict[str, Event]:
    """The events of a published JSON file, by name. Raises EventError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise EventError(f"{path} cannot be read as JSON: {error}.") from None
    if not isinstance(content, dict) or not content:
        raise EventError(f"{path} holds no events: an object of events by name is needed.")
    return {name: event_of(name, fields) for name, fields in content.items()}


def event_of(name: str, fields: Mapping[str, Any]) -> Event:
    """One event of the published format, whose participants, meetings and slots are counted from 1.

    Fields: ``participants``, ``meetings``, ``locations``, ``slots``, ``morning_slots``; ``requested`` [p, q, session]
    of each meeting; ``forbidden`` slots of each participant; ``fixed`` slot of each meeting, 0 where it is free;
    ``precedences``, for each meeting those that come before it. Raises EventError.
    """
    if not isinstance(fields, Mapping):
        raise EventError(f"Event '{name}' is no object of fields.")
    count = {
        field: _number(name, field, fields.get(field), least=0, most=MOST)
        for field in ("participants", "meetings", "locations", "slots", "morning_slots")
    }
    people, meetings, slots = count["participants"], count["meetings"], count["slots"]
    pairs, session = _requested(name, fields, meetings, people)
    morning = np.arange(slots) < count["morning_slots"]
    allowed = np.where(morning, (session != Session.AFTERNOON)[:, None], (session != Session.MORNING)[:, None])
    absent = np.zeros((people, slots), np.bool_)
    for row, forbidden in enumerate(_rows(name, fields, "forbidden", people)):
        for slot in _list(name, f"forbidden row {row + 1}", forbidden):
            absent[row, _number(name, f"forbidden row {row + 1}", slot, least=1, most=slots) - 1] = True
    allowed &= ~absent[pairs[:, 0]] & ~absent[pairs[:, 1]]
    for row, value in enumerate(_rows(name, fields, "fixed", meetings)):
        if slot := _number(name, f"fixed row {row + 1}", value, least=0, most=slots):
            allowed[row, : slot - 1] = allowed[row, slot:] = False
    before = tuple(
        (_number(name, f"precedences row {row + 1}", earlier, least=1, most=meetings) - 1, row)
        for row, listed in enumerate(_rows(name, fields, "precedences", meetings))
        for earlier in _list(name, f"precedences row {row + 1}", listed)
    )
    return Event(
        participants=people,
        slots=slots,
        locations=count["locations"],
        pairs=pairs,
        allowed=allowed,
        precedences=before,
    )


def _requested(name: str, fields: Mapping[str, Any], meetings: int, people: int) -> tuple[Integers, Integers]:
    """The pairs (n_meetings, 2) and the session (n_meetings,)."""
    pairs, session = np.zeros((meetings, 2), np.int64), np.zeros(meetings, np.int64)
    for row, request in enumerate(_rows(name, fields, "requested", meetings)):
        where = f"requested row {row + 1}"
        if not isinstance(request, Sequence) or len(request) != 3:
            raise EventError(f"Event '{name}': {where} is {request!r}; give [p, q, session].")
        first, second = (_number(name, where, participant, least=1, most=people) for participant in request[:2])
        if first == second:
            raise EventError(f"Event '{name}': {where} pairs participant {first} with itself.")
        pairs[row] = first - 1, second - 1
        session[row] = _number(name, where, request[2], least=1, most=3)
    return pairs, session


def breaks_of(event: Event, slot: Sequence[int]) -> list[int]:
    """Breaks of each participant: blocks of meetings in a row, less one."""
    answer = []
    for meetings in event.meetings_of:
        times = sorted(slot[meeting] for meeting in meetings)
        answer.append(sum(after - before > 1 for before, after in pairwise(times)))
    return answer


def _rows(name: str, fields: Mapping[str, Any], field: str, length: int) -> Sequence[Any]:
    rows = _list(name, f"'{field}'", fields.get(field, []))
    if len(rows) != length and (rows or field == "requested"):
        raise EventError(f"Event '{name}': '{field}' has {len(rows)} rows; {length} are needed.")
    return rows


def _list(name: str, where: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise EventError(f"Event '{name}': {where} is {value!r}; a list is needed.")
    return value


def _number(name: str, where: str, value: Any, *, least: int, most: int | None = None) -> int:
    if type(value) is not int or value < least or (most is not None and value > most):
        span = f"at least {least}" if most is None else f"from {least} to {most}"
        raise EventError(f"Event '{name}': {where} holds {value!r}; a whole number {span} is needed.")
    return value
