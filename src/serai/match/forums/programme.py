"""Sessions, rooms, and the programme planned from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


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
    """Two sessions that share a theme are never held at once, so that people interested in it can attend both."""
    audience: int = 0
    """Expected audience: the room has at least as many seats."""
    length: int = 1
    release: int = 0
    """The first slot in which it may begin, such as when an embargo ends or a delegation lands."""
    due: int | None = None
    """The slot in which it must have ended."""
    room: str = ""
    """The room that is promised to it, "" for any."""


class Status(StrEnum):
    """What is proved about the programme."""

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
    """Empty seats, summed over the sessions, so that a small session does not take a large room."""
    bound: int | None
    seconds: float
    moved: int | None = None
    """Number of sessions that left their `present` place: the fewest for this number of empty seats."""
    conflict: tuple[str, ...] = ()
    """If there is no programme: demands that cannot all be met; without any one of them the rest can."""
    standing: tuple["Against", ...] = ()
    """The conflict as data, for a caller with other sentences."""


@dataclass(frozen=True)
class Against:
    """A demand of a conflict: its kind, the names it is about, and the slots."""

    kind: str
    """seats, release, due, room, away, open, speaker, theme, or always"""
    names: tuple[str, ...]
    slots: tuple[int, ...] = ()


def check_rows(sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int]) -> None:
    """Raises ForumError for names that are not unique, days out of order, or sessions that fit no day or room."""
    names = [session.name for session in sessions] + [room.name for room in rooms]
    if len(set(names)) < len(names):
        raise ForumError("Two sessions or rooms have one name; names are unique.")
    if list(day) != sorted(day):
        raise ForumError("The slots are not in the order of the days.")
    longest = max((list(day).count(number) for number in day), default=0)
    for session in sessions:
        if not 1 <= session.length <= longest:
            raise ForumError(f"'{session.name}' takes {session.length} slots; a day has up to {longest}.")
        if session.room and session.room not in {room.name for room in rooms}:
            raise ForumError(f"'{session.name}' is promised room '{session.room}', which there is not.")
