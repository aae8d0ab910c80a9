"""Releases: the public sees the programme as it was last made known, with what has changed since the one before.

Where nothing has been released yet, the confirmed sessions are seen as they stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from serai.expo.audit.domain import record
from serai.expo.editions.models import Edition
from serai.expo.people.models import User
from serai.expo.programme.models import Release, Room, Session

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
    """The release that the public sees. Call inside of the scope."""
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


def made_known(edition: Edition) -> Known:
    """The sessions as in the latest release, else the confirmed ones as they stand. Call inside of the scope."""
    releases = list(Release.objects.filter(edition=edition).order_by("number"))
    sessions = list(_sessions(edition))
    if not releases:
        return Known(None, [each for each in sessions if each.state == Session.State.CONFIRMED], [], {})
    rooms = _rooms(edition)
    shown = as_released(releases[-1], sessions, rooms)
    told = {int(key): release for release in releases for key in release.sessions}
    gone = told.keys() - {session.pk for session in shown}
    cancelled = [
        found
        for session in sessions
        if session.pk in gone and session.state == Session.State.CANCELLED
        for found in as_released(told[session.pk], [session], rooms)
    ]
    return Known(releases[-1], shown, cancelled, times_changed(releases))


def released_sessions(edition: Edition) -> Sequence[Session]:
    """The sessions as the public sees them, in order of time. Call inside of the scope."""
    return made_known(edition).sessions


def as_released(release: Release, sessions: Iterable[Session], rooms: Mapping[int, Room]) -> list[Session]:
    """Those of the sessions that the release knows, with its times, rooms and words, in order of time.

    One that was cancelled since stays cancelled: nobody should be sent to an empty room.
    """
    known = {session.pk: session for session in sessions}
    found = []
    for key, kept in release.sessions.items():
        session = known.get(int(key))
        if session is None:
            continue
        session.starts_at, session.ends_at = _instant(kept["starts_at"]), _instant(kept["ends_at"])
        session.room = rooms.get(kept["room"])
        for name in SAID:
            setattr(session, name, kept[name])
        found.append(session)
    return sorted(found, key=lambda session: (session.starts_at, session.pk))


def changes_to_release(edition: Edition) -> list[Changed]:
    """What the next release would make known. Call inside of the scope."""
    before = latest_release(edition)
    return _changes(edition, before.sessions if before else {}, snapshot(_sessions(edition)))


def changes_of(release: Release) -> list[Changed]:
    """What a release made known. Call inside of the scope."""
    before = Release.objects.filter(edition=release.edition, number__lt=release.number).order_by("-number").first()
    return _changes(release.edition, before.sessions if before else {}, release.sessions)


@transaction.atomic
def release_programme(edition: Edition, *, note: Mapping[str, str], by: User | None) -> Release:
    """Make the programme known as it stands. Raises NothingToReleaseError where nothing has changed.

    Call inside of the scope.
    """
    Edition.objects.select_for_update().get(pk=edition.pk)  # two releases at once would take one number
    if not changes_to_release(edition):
        raise NothingToReleaseError(f"Nothing has changed in the programme of {edition.slug} since its last release.")
    last = latest_release(edition)
    made = Release.objects.create(
        edition=edition,
        number=last.number + 1 if last else 1,
        note=dict(note),
        released_at=timezone.now(),
        released_by=by,
        sessions=snapshot(_sessions(edition)),
    )
    after = {"number": made.number, "note": made.note, "sessions": len(made.sessions)}
    record("programme.released", made, after=after, user=by, edition=edition)
    return made


def times_changed(releases: Sequence[Release]) -> dict[int, int]:
    """How often the releases, in any order, changed a session, by primary key: the SEQUENCE of its calendar entry."""
    counts: dict[int, int] = {}
    before: dict[str, Any] = {}
    for release in sorted(releases, key=lambda each: each.number):
        for key in {*before, *release.sessions}:
            if key in before and before.get(key) != release.sessions.get(key):
                counts[int(key)] = counts.get(int(key), 0) + 1
        before = release.sessions
    return counts


def _changes(edition: Edition, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    sessions, rooms = list(_sessions(edition)), _rooms(edition)
    stands = {number: _copies(edition, kept, sessions, rooms) for number, kept in enumerate((before, after))}
    found = []
    for key in {*before, *after}:
        old, new = stands[0].get(int(key)), stands[1].get(int(key))
        if before.get(key) == after.get(key):
            continue
        if old and new:
            moved = any(before[key][name] != after[key][name] for name in ("starts_at", "ends_at", "room"))
            found.append(Changed(new, Change.MOVED if moved else Change.REWORDED, old))
        elif new:
            found.append(Changed(new, Change.NEW, None))
        elif old:
            found.append(Changed(old, Change.CANCELLED, old))
    return sorted(found, key=lambda each: (each.session.starts_at, each.session.pk))


def _copies(
    edition: Edition, kept: Mapping[str, Any], sessions: Iterable[Session], rooms: Mapping[int, Room]
) -> dict[int, Session]:
    """The sessions as a release keeps them, as copies, by primary key."""
    copies = [_copy(session) for session in sessions]
    return {each.pk: each for each in as_released(Release(edition=edition, sessions=dict(kept)), copies, rooms)}


def _copy(session: Session) -> Session:
    values = {field.attname: getattr(session, field.attname) for field in Session._meta.concrete_fields}
    made = Session(**values)
    made.forum, made.room = session.forum, session.room
    return made


def _sessions(edition: Edition) -> Iterable[Session]:
    return (
        Session.objects.filter(edition=edition)
        .select_related("forum__chain", "room", "host__firm")
        .prefetch_related("appearances__speaker")
    )


def _rooms(edition: Edition) -> dict[int, Room]:
    return {room.pk: room for room in Room.objects.filter(edition=edition)}


def _in_words(at: datetime) -> str:
    """The same words for the same moment, whatever time zone it is given in."""
    return at.astimezone(UTC).isoformat()


def _instant(text: str) -> datetime:
    found = parse_datetime(text)
    assert found is not None
    return found
