"""Plans rooms and times of sessions, with a proof, or the reasons why there is no plan as sentences."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record_change
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import days
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Appearance, Room, Session
from serai.match import forums

SECONDS = 20.0
"""Time limit of the search while a page waits."""

SEATS_NOT_COUNTED = 10_000
"""Seats of a room without a number of seats: it holds everyone."""


QUARTER = 15
"""Minutes to which the end of a speaker's absence is rounded up."""


class PlanError(Exception):
    """Why no programme can be planned, as a sentence."""


@dataclass(frozen=True)
class Placed:
    """A session with its planned time and room."""

    session: Session
    starts_at: datetime
    room: Room

    @property
    def moves(self) -> bool:
        return (self.session.starts_at, self.session.room_id) != (self.starts_at, self.room.pk)


@dataclass(frozen=True)
class Plan:
    """The result of a search: the placed sessions, or the constraints that cannot all hold."""

    status: str
    """optimal, feasible, infeasible or unknown"""
    placed: tuple[Placed, ...]
    empty_seats: int | None
    bound: int | None
    seconds: float
    against: tuple[str, ...]


@dataclass(frozen=True)
class _Grid:
    """Slots of equal length over the hours of each day: their begin, the number of their day, and their minutes."""

    starts: tuple[datetime, ...]
    day: tuple[int, ...]
    minutes: int

    def at(self, moment: datetime) -> int:
        """The slot that begins at the moment. Raises PlanError."""
        if moment not in self.starts:
            raise PlanError(_("A session that keeps its time lies outside of the hours of the programme."))
        return self.starts.index(moment)

    def during(self, spans: Iterable[tuple[datetime, datetime]]) -> list[int]:
        """Slots that overlap with one of the spans."""
        length = timedelta(minutes=self.minutes)
        all_spans = list(spans)
        return [
            slot
            for slot, at in enumerate(self.starts)
            if any(begins < at + length and at < ends for begins, ends in all_spans)
        ]


def plannable(edition: Edition) -> list[Session]:
    """Sessions that can be planned: neither cancelled nor at a booth."""
    sessions = Session.objects.filter(edition=edition, host__isnull=True).exclude(state=Session.State.CANCELLED)
    return list(sessions.select_related("forum", "room").order_by("starts_at", "pk"))


def plan(edition: Edition, free: Collection[int], *, begins: time, ends: time, seconds: float = SECONDS) -> Plan:
    """Plan rooms and times of the sessions with primary keys in ``free``; the others keep theirs. Saves nothing.

    No room, speaker, theme or forum is used twice at a time, and rooms seat everyone who may sign up. The plan leaves
    the fewest seats empty, and among such plans moves the fewest sessions. Raises PlanError.
    """
    sessions = plannable(edition)
    rooms = list(Room.objects.filter(edition=edition, booth__isnull=True))
    if not sessions or not rooms:
        raise PlanError(_("There are no sessions or no rooms yet."))
    appearances = list(Appearance.objects.filter(edition=edition).select_related("speaker"))
    returns = [back for appearance in appearances for _left, back in appearance.speaker.away]
    grid = _grid(edition, sessions, begins, ends, returns)
    speakers: dict[int, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    away: set[tuple[str, int]] = set()
    for appearance in appearances:
        speaker = f"speaker {appearance.speaker_id}"
        speakers[appearance.session_id].append(speaker)
        names[speaker] = in_language(appearance.speaker.name).text
        away |= {(speaker, slot) for slot in grid.during(appearance.speaker.away)}
    names |= {f"session {session.pk}": in_language(session.title).text for session in sessions}
    names |= {f"room {room.pk}": in_language(room.title).text for room in rooms}
    asked = [_session(row, grid, speakers[row.pk], keeps=row.pk not in free) for row in sessions]
    offered = [forums.Room(name=f"room {room.pk}", seats=room.seats or SEATS_NOT_COUNTED) for room in rooms]
    try:
        solution = forums.plan(
            asked, offered, grid.day, away=sorted(away), present=_present(sessions, rooms, grid), seconds=seconds
        )
    except forums.ForumError:
        raise PlanError(_("A session is longer than the hours of the programme.")) from None
    if faults := forums.check(asked, offered, grid.day, solution, away=sorted(away)):
        raise PlanError(faults[0])
    placed: tuple[Placed, ...] = ()
    if solution.slot is not None and solution.room is not None:
        rows = zip(sessions, solution.slot, solution.room, strict=True)
        placed = tuple(Placed(session, grid.starts[slot], rooms[room]) for session, slot, room in rows)
    counted = any(room.seats for room in rooms)
    return Plan(
        status=solution.status,
        placed=placed,
        empty_seats=solution.objective if counted else None,
        bound=solution.bound if counted else None,
        seconds=solution.seconds,
        against=tuple(_sentence(reason, names, grid, edition) for reason in solution.standing),
    )


def _grid(
    edition: Edition, sessions: Sequence[Session], begins: time, ends: time, returns: Iterable[datetime]
) -> _Grid:
    """Slots that fit the begins and lengths of all sessions and the returns of speakers, to the quarter of an hour."""
    if begins >= ends:
        raise PlanError(_("The programme ends after it begins."))
    zone = ZoneInfo(edition.time_zone)
    midnight = [datetime.combine(session.starts_at.astimezone(zone).date(), time(0), zone) for session in sessions]
    spans = [
        int(span.total_seconds() // 60)
        for session, day in zip(sessions, midnight, strict=True)
        for span in (session.starts_at - day, session.ends_at - session.starts_at)
    ]
    local = (moment.astimezone(zone) for moment in returns)
    quarters = [math.ceil((moment.hour * 60 + moment.minute) / QUARTER) * QUARTER for moment in local]
    minutes = max(math.gcd(*spans, *quarters, begins.hour * 60 + begins.minute), 5)
    starts: list[tuple[int, datetime]] = []
    for number in range(days(edition)):
        on: date = edition.starts_on + timedelta(days=number)
        at, last = datetime.combine(on, begins, zone), datetime.combine(on, ends, zone)
        while at + timedelta(minutes=minutes) <= last:
            starts.append((number, at))
            at += timedelta(minutes=minutes)
    return _Grid(tuple(at for _day, at in starts), tuple(day for day, _at in starts), minutes)


def _session(session: Session, grid: _Grid, speakers: Sequence[str], *, keeps: bool) -> forums.Session:
    length = max(math.ceil((session.ends_at - session.starts_at).total_seconds() / 60 / grid.minutes), 1)
    first = grid.at(session.starts_at) if keeps else 0
    return forums.Session(
        name=f"session {session.pk}",
        speakers=tuple(dict.fromkeys(speakers)),
        themes=tuple(dict.fromkeys([*session.themes, f"forum {session.forum_id}"])),
        # A session keeps the room that it was given, however many may sign up.
        audience=0 if keeps and session.room_id else session.capacity or 0,
        length=length,
        release=first,
        due=first + length if keeps else None,
        room=f"room {session.room_id}" if keeps and session.room and session.room.booth_id is None else "",
    )


def _present(sessions: Sequence[Session], rooms: Sequence[Room], grid: _Grid) -> list[tuple[int, int] | None]:
    """Room and first slot of each session as it stands; None where either is not in the programme."""
    row = {room.pk: number for number, room in enumerate(rooms)}
    slot = {at: number for number, at in enumerate(grid.starts)}
    return [
        (row[session.room_id], slot[session.starts_at])
        if session.room_id in row and session.starts_at in slot
        else None
        for session in sessions
    ]


def _listed(titles: Sequence[str]) -> str:
    """Titles in quotation marks, joined by the comma of the language."""
    return _(", ").join(_("“%s”") % title for title in titles)


_SENTENCES: Mapping[str, Callable[..., str]] = {
    "seats": lambda session: _("“%s” needs more seats than some rooms have.") % session,
    "release": lambda session: _("“%s” keeps its time.") % session,
    "due": lambda session: _("“%s” keeps its time.") % session,
    "room": lambda session, room: _("“%(session)s” keeps its room, %(room)s.") % {"session": session, "room": room},
    "speaker": lambda speaker, *sessions: (
        _("%(speaker)s speaks in %(sessions)s.") % {"speaker": speaker, "sessions": _listed(sessions)}
    ),
    "away": lambda speaker, session: (
        _("%(speaker)s, who speaks in “%(session)s”, is away at times.") % {"speaker": speaker, "session": session}
    ),
    "theme": lambda _theme, *sessions: _("%s are of one forum or theme.") % _listed(sessions),
    "always": lambda: _("The sessions fill more time than the rooms have."),
}


def _sentence(against: forums.Against, names: Mapping[str, str], grid: _Grid, edition: Edition) -> str:
    sentence = _SENTENCES[against.kind](*(names.get(name, name) for name in against.names))
    if against.kind not in {"release", "due"} or not against.slots or against.slots[0] >= len(grid.starts):
        return sentence
    at = grid.starts[against.slots[0]].astimezone(ZoneInfo(edition.time_zone))
    return f"{sentence} ({time_format(at)})"


def kept(programme: Plan) -> dict[str, Any]:
    """The plan as data to accept later: the moves (session -> begin and room), and how all sessions stood."""
    moves = {
        str(placed.session.pk): [placed.starts_at.isoformat(), placed.room.pk]
        for placed in programme.placed
        if placed.moves
    }
    return {"moves": moves, "stood": _standing(placed.session for placed in programme.placed)}


def _standing(sessions: Iterable[Session]) -> dict[str, list[str | int | None]]:
    """Session -> begin, end and room."""
    return {
        str(session.pk): [_moment(session.starts_at), _moment(session.ends_at), session.room_id] for session in sessions
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def accept(edition: Edition, accepted: Mapping[str, Any], *, by: User | None = None) -> int:
    """Move the sessions as in the plan that ``kept`` returned. Returns how many moved.

    Raises PlanError if a session or a room has changed since.
    """
    moves: Mapping[str, Sequence[str | int]] = accepted.get("moves", {})
    with transaction.atomic():
        sessions = {str(session.pk): session for session in plannable(edition)}
        rooms = set(Room.objects.filter(edition=edition).values_list("pk", flat=True))
        if accepted.get("stood") != _standing(sessions.values()) or not {room for _at, room in moves.values()} <= rooms:
            raise PlanError(_("Sessions or rooms have changed since; plan again."))
        for pk, (at, room) in moves.items():
            session, begins = sessions[pk], datetime.fromisoformat(str(at))
            ends = begins + (session.ends_at - session.starts_at)
            record_change("session.planned", session, user=by, starts_at=begins, ends_at=ends, room_id=int(room))
        return len(moves)


WORDS = {
    "optimal": gettext_lazy("Proved: no programme leaves fewer seats empty."),
    "feasible": gettext_lazy("Sound, and not proved to be the best in the time there was."),
    "infeasible": gettext_lazy("Proved: there is no such programme. These cannot all hold; give one of them up:"),
    "unknown": gettext_lazy("Neither a programme nor a proof was found in the time there was."),
}
