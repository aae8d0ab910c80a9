"""Demands on a programme, each with a sentence that can be shown if it contradicts others."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from serai.match.forums.programme import Against, Room, Session


@dataclass(frozen=True)
class Bar:
    """Session `row` may not begin in one of `starts` in one of `rooms`; None stands for all."""

    row: int
    rooms: frozenset[int] | None = None
    starts: frozenset[int] | None = None


@dataclass(frozen=True)
class Demand:
    """A sentence with the placements or the overlaps that it forbids."""

    sentence: str
    against: Against
    bars: tuple[Bar, ...] = ()
    clash: tuple[int, ...] = ()
    """Sessions of which no two may overlap in time."""


def first_slots(session: Session, day: Sequence[int]) -> list[int]:
    """The slots from which the session ends on the same day."""
    return [slot for slot in range(len(day) - session.length + 1) if day[slot] == day[slot + session.length - 1]]


def demands(
    sessions: Sequence[Session], rooms: Sequence[Room], day: Sequence[int], away: Sequence[tuple[str, int]]
) -> Iterator[Demand]:
    """All demands except those that always hold: each session has a place, and a room has one session at a time."""
    absent: dict[str, set[int]] = defaultdict(set)
    for speaker, slot in away:
        absent[speaker].add(slot)
    for row, session in enumerate(sessions):
        for demand in _of_session(row, session, rooms, day, absent):
            if all(bar.rooms is None or bar.rooms for bar in demand.bars):
                yield demand
    for number, room in enumerate(rooms):
        if room.open is not None and (shut := list(_shut(number, frozenset(room.open), sessions, day))):
            sentence = f"Room '{room.name}' is open in slots {', '.join(map(str, room.open))} only."
            yield Demand(sentence, Against("open", (room.name,), room.open), tuple(shut))
    yield from _clashes(sessions)


def _of_session(
    row: int, session: Session, rooms: Sequence[Room], day: Sequence[int], absent: Mapping[str, set[int]]
) -> Iterator[Demand]:
    name, about, slots = f"'{session.name}'", (session.name,), first_slots(session, day)
    small = frozenset(number for number, room in enumerate(rooms) if room.seats < session.audience)
    yield Demand(f"{name} needs {session.audience} seats.", Against("seats", about), (Bar(row, small),))
    if early := [slot for slot in slots if slot < session.release]:
        sentence = f"{name} begins in slot {session.release} or later."
        yield Demand(sentence, Against("release", about, (session.release,)), _never(row, early))
    if session.due is not None and (late := [slot for slot in slots if slot + session.length > session.due]):
        sentence = f"{name} has ended by slot {session.due}."
        yield Demand(sentence, Against("due", about, (session.due,)), _never(row, late))
    if session.room:
        others = frozenset(number for number, room in enumerate(rooms) if room.name != session.room)
        against = Against("room", (session.name, session.room))
        yield Demand(f"{name} is promised room '{session.room}'.", against, (Bar(row, others),))
    yield from _away(row, session, slots, absent)


def _away(row: int, session: Session, slots: Sequence[int], absent: Mapping[str, set[int]]) -> Iterator[Demand]:
    """The session is not held while one of its speakers is away."""
    for speaker in session.speakers:
        gone = tuple(sorted(absent.get(speaker, set())))
        if missed := [slot for slot in slots if not set(gone).isdisjoint(range(slot, slot + session.length))]:
            sentence = f"{speaker}, who speaks in '{session.name}', is away in slots {', '.join(map(str, gone))}."
            yield Demand(sentence, Against("away", (speaker, session.name), gone), _never(row, missed))


def _never(row: int, wrong: Collection[int]) -> tuple[Bar, ...]:
    """The session does not begin in these slots."""
    return (Bar(row, starts=frozenset(wrong)),)


def _shut(number: int, hours: frozenset[int], sessions: Sequence[Session], day: Sequence[int]) -> Iterator[Bar]:
    """The first slots of each session from which it would be held while the room is shut."""
    for row, session in enumerate(sessions):
        slots = first_slots(session, day)
        if wrong := frozenset(slot for slot in slots if not hours.issuperset(range(slot, slot + session.length))):
            yield Bar(row, frozenset({number}), wrong)


def _clashes(sessions: Sequence[Session]) -> Iterator[Demand]:
    """Sessions with a common speaker or theme do not overlap: one demand for all sessions of a name."""
    for kind, template in (("speaker", "{who} speaks in {both}{names}."), ("theme", "{names} are {both}on {who}.")):
        of_name: dict[str, list[int]] = defaultdict(list)
        for row, session in enumerate(sessions):
            for name in set(session.speakers if kind == "speaker" else session.themes):
                of_name[name].append(row)
        for who, rows in sorted(of_name.items()):
            if len(rows) > 1:
                quoted = [f"'{sessions[row].name}'" for row in rows]
                names = f"{', '.join(quoted[:-1])} and {quoted[-1]}"
                against = Against(kind, (who, *(sessions[row].name for row in rows)))
                sentence = template.format(who=who, names=names, both="both " if len(rows) == 2 else "")
                yield Demand(sentence, against, clash=tuple(rows))
