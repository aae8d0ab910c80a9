"""Releases: the public sees the programme of the last release, and its changes since the one before.

Before the first release, the public sees the confirmed sessions as they stand. Each person concerned by a moved,
cancelled or reinstated session gets a letter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.rows import among
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import hours
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import agenda_of, send_letters
from serai.expo.firms.record.domain.visibility import people_of_firms
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.conflicts import Conflict, conflicts_of
from serai.expo.programme.sessions.domain.sign_ups import TAKEN
from serai.expo.programme.sessions.models import Appearance, Release, Room, Session, SignUp


def notify_concerned(
    edition: Edition, sessions: Iterable[Session], key: str, *, by: User | None, reason: str = ""
) -> int:
    """Send a letter about these sessions to the people who signed up, speak or host, each with their own sessions.

    ``by`` made the change and gets none. Returns the number of letters; the number of queries is fixed.
    """
    by_number = {session.pk: session for session in sessions}
    concerned = _concerned(by_number)
    if by is not None:
        concerned.pop(by.pk, None)
    readers = User.objects.filter(among("pk", concerned), is_active=True)

    def values(reader: User) -> Mapping[str, object]:
        lines = [_line(edition, by_number[pk]) for pk in by_number if pk in concerned[reader.pk]]
        return {"sessions": "\n".join(lines), "reason": reason, "agenda": agenda_of(edition)}

    return send_letters(edition, readers.order_by("pk") if concerned else (), key, values)


def _concerned(sessions: Mapping[int, Session]) -> dict[int, set[int]]:
    """User -> the sessions that concern the user, by primary keys."""
    sessions_of_user: dict[int, set[int]] = defaultdict(set)
    if not sessions:
        return sessions_of_user
    seats = SignUp.objects.filter(session__in=list(sessions), state__in=TAKEN)
    speaking = Appearance.objects.filter(session__in=list(sessions), speaker__user__isnull=False)
    for user, number in seats.values_list("user_id", "session_id"):
        sessions_of_user[user].add(number)
    for user, number in speaking.values_list("speaker__user_id", "session_id"):
        if user is not None:
            sessions_of_user[user].add(number)
    of_firm: dict[int, set[int]] = defaultdict(set)
    for hosted in sessions.values():
        if hosted.host is not None:
            of_firm[hosted.host.firm_id].add(hosted.pk)
    if of_firm:
        for person, firms in people_of_firms(of_firm).items():
            sessions_of_user[person.pk].update(*(of_firm[firm] for firm in firms))
    return sessions_of_user


def _line(edition: Edition, session: Session) -> str:
    when, place = hours(edition, session.starts_at, session.ends_at), in_language(session.place).text
    return " · ".join(part for part in (f"- {when}", place, in_language(session.title).text) if part)


NAMED_CONFLICTS = 5
"""How many conflicts a refusal names."""

RELEASED = ("title", "summary", "languages", "interpreted")
"""Fields of a session that a release keeps unchanged."""


class Change(StrEnum):
    """The change of a session between two releases."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """Another time or another room."""
    REWORDED = "reworded"
    """Another title, summary or other languages."""


@dataclass(frozen=True)
class Changed:
    """A session that differs from the release before, and how it stood there: None for a new session."""

    session: Session
    change: Change
    before: Session | None


@dataclass(frozen=True)
class Changes:
    """The first changes, in order of time, and the number of those left out."""

    first: Sequence[Changed]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.first)


class ConflictingReleaseError(ValueError):
    """Sessions of the programme can't both be held: a sentence that names them."""


class NothingToReleaseError(ValueError):
    """The programme has not changed since its last release."""


def snapshot(sessions: Iterable[Session]) -> dict[str, dict[str, Any]]:
    """What a release keeps of the confirmed sessions, by primary key."""
    return {
        str(session.pk): {
            "starts_at": _as_text(session.starts_at),
            "ends_at": _as_text(session.ends_at),
            "room": session.room_id,
            **{name: getattr(session, name) for name in RELEASED},
        }
        for session in sessions
        if session.state == Session.State.CONFIRMED
    }


def latest_release(edition: Edition) -> Release | None:
    """The release that the public sees."""
    return Release.objects.filter(edition=edition).order_by("-number").first()


@dataclass(frozen=True)
class PublicProgramme:
    """The public programme. Do not save its sessions: they hold the values of the release.

    ``cancelled`` are sessions of earlier releases that were cancelled since. ``changed`` maps the primary key of a
    session to the number of releases that changed it, the SEQUENCE of its calendar entry.
    """

    release: Release | None
    sessions: Sequence[Session]
    cancelled: Sequence[Session]
    changed: Mapping[int, int]


def public_programme(edition: Edition, among: Q | None = None) -> PublicProgramme:
    """The public programme: sessions as in the latest release, else the confirmed ones; only ``among`` if given."""
    releases = list(Release.objects.filter(edition=edition).order_by("number"))
    sessions = list(_sessions(edition, among))
    if not releases:
        return PublicProgramme(None, [row for row in sessions if row.state == Session.State.CONFIRMED], [], {})
    rooms = _rooms(edition)
    shown = as_released(releases[-1], sessions, rooms)
    told = {int(key): release for release in releases for key in release.sessions}
    gone = told.keys() - {session.pk for session in shown}
    cancelled = [
        session_as_told
        for session in sessions
        if session.pk in gone and session.state == Session.State.CANCELLED
        for session_as_told in as_released(told[session.pk], [session], rooms)
    ]
    return PublicProgramme(releases[-1], shown, cancelled, changes_by_session(releases))


def released_sessions(edition: Edition, release: Release | None = None, among: Q | None = None) -> Sequence[Session]:
    """Sessions as the public sees them, in order of time; only ``among`` if given. ``release`` is the latest one."""
    last = release or latest_release(edition)
    sessions = _sessions(edition, among)
    if last is None:
        return [row for row in sessions if row.state == Session.State.CONFIRMED]
    rows = {str(session.pk): session for session in sessions}
    rooms = _rooms(edition, {kept["room"] for key, kept in last.sessions.items() if key in rows})
    return as_released(last, rows.values(), rooms)


def known_session(edition: Edition, number: int) -> Session | None:
    """A session as the public sees it, or as it was released before it was cancelled."""
    among = Q(pk=number)
    now = released_sessions(edition, among=among)
    if now:
        return now[0]
    before = public_programme(edition, among).cancelled  # reads every release
    return before[0] if before else None


def as_released(release: Release, sessions: Iterable[Session], rooms: Mapping[int, Room]) -> list[Session]:
    """The sessions that are in the release, with its times, rooms and texts, in order of time.

    A session that was cancelled since stays cancelled, so that nobody is sent to an empty room.
    """
    by_number = {session.pk: session for session in sessions}
    released = []
    for key, kept in release.sessions.items():
        session = by_number.get(int(key))
        if session is None:
            continue
        session.starts_at, session.ends_at = (
            datetime.fromisoformat(kept["starts_at"]),
            datetime.fromisoformat(kept["ends_at"]),
        )
        session.room = rooms.get(kept["room"])
        for name in RELEASED:
            setattr(session, name, kept[name])
        released.append(session)
    return sorted(released, key=lambda session: (session.starts_at, session.pk))


def changes_to_release(edition: Edition, most: int | None = None) -> Changes:
    """Changes that the next release would make, at most ``most``."""
    before = latest_release(edition)
    return _changes(edition, before.sessions if before else {}, snapshot(_releasable(edition)), most)


def changes_of(release: Release, most: int | None = None) -> Changes:
    """Changes that a release made, at most ``most``."""
    before = Release.objects.filter(edition=release.edition, number__lt=release.number).order_by("-number").first()
    return _changes(release.edition, before.sessions if before else {}, release.sessions, most)


def double_bookings(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """The conflicts of confirmed sessions over a room or a speaker: with them a release is asked for twice."""
    confirmed = Session.State.CONFIRMED
    return [
        conflict
        for conflict in conflicts
        if conflict.is_double and all(session.state == confirmed for session in conflict.sessions)
    ]


@transaction.atomic
def release_programme(
    edition: Edition, *, note: Mapping[str, str], by: User | None, despite_conflicts: bool = False
) -> Release:
    """Release the programme as it stands.

    Raises NothingToReleaseError if nothing has changed, and ConflictingReleaseError where confirmed sessions need one
    room or one speaker at the same time, unless it is released despite conflicts.
    """
    Edition.objects.select_for_update().get(pk=edition.pk)  # two releases at once would take the same number
    if not changes_to_release(edition, 1):
        raise NothingToReleaseError(f"Nothing has changed in the programme of {edition.slug} since its last release.")
    conflicts = [] if despite_conflicts else double_bookings(conflicts_of(edition))
    if conflicts:
        raise ConflictingReleaseError(" ".join(str(conflict.sentence) for conflict in conflicts[:NAMED_CONFLICTS]))
    last = latest_release(edition)
    made = Release.objects.create(
        edition=edition,
        number=last.number + 1 if last else 1,
        note=dict(note),
        released_at=timezone.now(),
        released_by=by,
        sessions=snapshot(_releasable(edition)),
    )
    after = {"number": made.number, "note": made.note, "sessions": len(made.sessions)}
    record("programme.released", made, after=after, user=by, edition=edition)
    if last is not None:
        moved = [changed.session for changed in changes_of(made).first if changed.change == Change.MOVED]
        notify_concerned(edition, moved, "session-changed", by=by)
    return made


def changes_by_session(releases: Sequence[Release]) -> dict[int, int]:
    """Session's primary key -> how many of the releases changed it."""
    counts: Counter[int] = Counter()
    for before, after in pairwise(sorted(releases, key=lambda release: release.number)):
        counts.update(int(key) for key, kept in before.sessions.items() if kept != after.sessions.get(key))
    return counts


def _changes(edition: Edition, before: Mapping[str, Any], after: Mapping[str, Any], most: int | None = None) -> Changes:
    differing = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    differing.sort(key=lambda key: (datetime.fromisoformat((after.get(key) or before[key])["starts_at"]), int(key)))
    keys = differing[:most]
    sessions = list(_sessions(edition, Q(pk__in=[int(key) for key in keys]))) if keys else []
    rooms = _rooms(edition, {kept[key]["room"] for kept in (before, after) for key in keys if key in kept})
    stands = [
        _copies(edition, {key: kept[key] for key in keys if key in kept}, sessions, rooms) for kept in (before, after)
    ]
    changes = []
    for key in keys:
        old, new = stands[0].get(int(key)), stands[1].get(int(key))
        if old and new:
            moved = any(before[key][name] != after[key][name] for name in ("starts_at", "ends_at", "room"))
            changes.append(Changed(new, Change.MOVED if moved else Change.REWORDED, old))
        elif new:
            changes.append(Changed(new, Change.NEW, None))
        elif old:
            changes.append(Changed(old, Change.CANCELLED, old))
    return Changes(changes, len(differing) - len(keys))


def _copies(
    edition: Edition, kept: Mapping[str, Any], sessions: Iterable[Session], rooms: Mapping[int, Room]
) -> dict[int, Session]:
    """Primary key -> a copy of the session with the values of a release."""
    release = Release(edition=edition, sessions=dict(kept))
    return {session.pk: session for session in as_released(release, map(copy, sessions), rooms)}


def _sessions(edition: Edition, among: Q | None = None) -> Iterable[Session]:
    return (
        Session.objects.filter(among or Q(), edition=edition)
        .select_related("forum__chain", "room", "host__firm")
        .prefetch_related("appearances__speaker")
    )


def _releasable(edition: Edition) -> Iterable[Session]:
    """Confirmed sessions with the fields that a release keeps, and no others."""
    return Session.objects.filter(edition=edition, state=Session.State.CONFIRMED).only(
        "edition_id", "state", "starts_at", "ends_at", "room_id", *RELEASED
    )


def _rooms(edition: Edition, numbers: Iterable[int | None] | None = None) -> dict[int, Room]:
    """Primary key -> room; only those of ``numbers`` if given."""
    rooms = Room.objects.filter(edition=edition)
    if numbers is not None:
        rooms = rooms.filter(pk__in={number for number in numbers if number is not None})
    return {room.pk: room for room in rooms}


def _as_text(at: datetime) -> str:
    """A moment as text, the same for every time zone."""
    return at.astimezone(UTC).isoformat()
