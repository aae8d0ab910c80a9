"""Releases: the public sees the programme as it was last made known, with what has changed since the one before.

Where nothing has been released yet, the confirmed sessions are seen as they stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.notification import tell_sessions
from serai.expo.programme.sessions.models import Release, Room, Session

SAID = ("title", "summary", "languages", "interpreted")
"""What a release keeps of a session as it is."""


class Change(StrEnum):
    """What has become of a session between two releases."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """Another time or another room."""
    REWORDED = "reworded"
    """Another title, summary or other languages."""


@dataclass(frozen=True)
class Changed:
    """A session that differs from the release before; ``before`` is how it stood there, None where it is new."""

    session: Session
    change: Change
    before: Session | None


@dataclass(frozen=True)
class Changes:
    """What differs, in order of time, and how many more there are than were asked for."""

    first: Sequence[Changed]
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.first)


class NothingToReleaseError(ValueError):
    """The programme is what the last release says already."""


def snapshot(sessions: Iterable[Session]) -> dict[str, dict[str, Any]]:
    """What a release keeps of sessions, by primary key. Only confirmed ones are made known."""
    return {
        str(session.pk): {
            "starts_at": _in_words(session.starts_at),
            "ends_at": _in_words(session.ends_at),
            "room": session.room_id,
            **{name: getattr(session, name) for name in SAID},
        }
        for session in sessions
        if session.state == Session.State.CONFIRMED
    }


def latest_release(edition: Edition) -> Release | None:
    """The release that the public sees."""
    return Release.objects.filter(edition=edition).order_by("-number").first()


@dataclass(frozen=True)
class Known:
    """What the public knows of a programme. The sessions are for showing: saving one would write released values.

    ``cancelled`` were made known once and are said no more; ``changed`` counts by primary key how often the releases
    changed a session, which is the SEQUENCE of its calendar entry.
    """

    release: Release | None
    sessions: Sequence[Session]
    cancelled: Sequence[Session]
    changed: Mapping[int, int]


def made_known(edition: Edition, among: Q | None = None) -> Known:
    """The public programme: sessions as in the latest release, else the confirmed ones; only ``among`` if given."""
    releases = list(Release.objects.filter(edition=edition).order_by("number"))
    sessions = list(_sessions(edition, among))
    if not releases:
        return Known(None, [row for row in sessions if row.state == Session.State.CONFIRMED], [], {})
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
    return Known(releases[-1], shown, cancelled, times_changed(releases))


def released_sessions(edition: Edition, release: Release | None = None, among: Q | None = None) -> Sequence[Session]:
    """The sessions as the public sees them, in order of time; only those ``among`` where it is given.

    ``release`` is the latest where the caller has it already.
    """
    last = release or latest_release(edition)
    sessions = _sessions(edition, among)
    if last is None:
        return [row for row in sessions if row.state == Session.State.CONFIRMED]
    rows = list(sessions)
    wanted = {str(session.pk) for session in rows}
    rooms = _rooms(edition, {kept["room"] for key, kept in last.sessions.items() if key in wanted})
    return as_released(last, rows, rooms)


def known_session(edition: Edition, number: int) -> Session | None:
    """A session as the public sees it, or as it was made known before it was cancelled."""
    among = Q(pk=number)
    now = released_sessions(edition, among=among)
    if now:
        return now[0]
    before = made_known(edition, among).cancelled  # reads every release: only for what the last one does not know
    return before[0] if before else None


def as_released(release: Release, sessions: Iterable[Session], rooms: Mapping[int, Room]) -> list[Session]:
    """Those of the sessions that the release knows, with its times, rooms and words, in order of time.

    One that was cancelled since stays cancelled: nobody should be sent to an empty room.
    """
    by_number = {session.pk: session for session in sessions}
    released = []
    for key, kept in release.sessions.items():
        session = by_number.get(int(key))
        if session is None:
            continue
        session.starts_at, session.ends_at = instant(kept["starts_at"]), instant(kept["ends_at"])
        session.room = rooms.get(kept["room"])
        for name in SAID:
            setattr(session, name, kept[name])
        released.append(session)
    return sorted(released, key=lambda session: (session.starts_at, session.pk))


def changes_to_release(edition: Edition, most: int | None = None) -> Changes:
    """What the next release would make known; the first ``most`` of it."""
    before = latest_release(edition)
    return _changes(edition, before.sessions if before else {}, snapshot(_said(edition)), most)


def changes_of(release: Release, most: int | None = None) -> Changes:
    """What a release made known; the first ``most`` of it."""
    before = Release.objects.filter(edition=release.edition, number__lt=release.number).order_by("-number").first()
    return _changes(release.edition, before.sessions if before else {}, release.sessions, most)


@transaction.atomic
def release_programme(edition: Edition, *, note: Mapping[str, str], by: User | None) -> Release:
    """Make the programme known as it stands. Raises NothingToReleaseError where nothing has changed."""
    Edition.objects.select_for_update().get(pk=edition.pk)  # two releases at once would take one number
    if not changes_to_release(edition, 1):
        raise NothingToReleaseError(f"Nothing has changed in the programme of {edition.slug} since its last release.")
    last = latest_release(edition)
    made = Release.objects.create(
        edition=edition,
        number=last.number + 1 if last else 1,
        note=dict(note),
        released_at=timezone.now(),
        released_by=by,
        sessions=snapshot(_said(edition)),
    )
    after = {"number": made.number, "note": made.note, "sessions": len(made.sessions)}
    record("programme.released", made, after=after, user=by, edition=edition)
    if last is not None:
        moved = [changed.session for changed in changes_of(made).first if changed.change == Change.MOVED]
        tell_sessions(edition, moved, "session-changed", by=by)
    return made


def times_changed(releases: Sequence[Release]) -> dict[int, int]:
    """How often the releases, in any order, changed a session, by primary key: the SEQUENCE of its calendar entry."""
    counts: dict[int, int] = {}
    before: dict[str, Any] = {}
    for release in sorted(releases, key=lambda release: release.number):
        for key in {*before, *release.sessions}:
            if key in before and before.get(key) != release.sessions.get(key):
                counts[int(key)] = counts.get(int(key), 0) + 1
        before = release.sessions
    return counts


def _changes(edition: Edition, before: Mapping[str, Any], after: Mapping[str, Any], most: int | None = None) -> Changes:
    differing = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    differing.sort(key=lambda key: (instant((after.get(key) or before[key])["starts_at"]), int(key)))
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
    """The sessions as a release keeps them, as copies, by primary key."""
    copies = [_copy(session) for session in sessions]
    return {copy.pk: copy for copy in as_released(Release(edition=edition, sessions=dict(kept)), copies, rooms)}


def _copy(session: Session) -> Session:
    values = {field.attname: getattr(session, field.attname) for field in Session._meta.concrete_fields}
    made = Session(**values)
    made.forum, made.room = session.forum, session.room
    return made


def _sessions(edition: Edition, among: Q | None = None) -> Iterable[Session]:
    return (
        Session.objects.filter(among or Q(), edition=edition)
        .select_related("forum__chain", "room", "host__firm")
        .prefetch_related("appearances__speaker")
    )


def _said(edition: Edition) -> Iterable[Session]:
    """The sessions with what a release keeps of them, and no more."""
    return Session.objects.filter(edition=edition, state=Session.State.CONFIRMED).only(
        "edition_id", "state", "starts_at", "ends_at", "room_id", *SAID
    )


def _rooms(edition: Edition, numbers: Iterable[int | None] | None = None) -> dict[int, Room]:
    """The rooms by primary key; only those of these numbers where given."""
    rooms = Room.objects.filter(edition=edition)
    return {
        room.pk: room
        for room in (
            rooms if numbers is None else rooms.filter(pk__in={number for number in numbers if number is not None})
        )
    }


def _in_words(at: datetime) -> str:
    """The same words for the same moment, whatever time zone it is given in."""
    return at.astimezone(UTC).isoformat()


def instant(text: str) -> datetime:
    """A moment as a release keeps it."""
    moment = parse_datetime(text)
    assert moment is not None
    return moment
