"""Relocation: meetings follow the booth or the table at which their host receives, and keep their time.

A meeting keeps its place while the host has that booth or, if it receives at a table, while the fair has that table.
Otherwise it moves to the host's booth or to a free table. Past meetings stay as they are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from serai.expo.base.audit.domain.entries import entry, record_all, state
from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.domain.life import COMING, UNTOLD, showing
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.meetings.timetable.domain.announcement import tell_places
from serai.expo.meetings.timetable.domain.places import number_of_table, tables_of
from serai.expo.meetings.timetable.domain.seating import give_tables
from serai.expo.meetings.timetable.models import MeetingTerms
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Stand

BATCH = 500
SIDES = ("host__firm", "guest__firm")


@dataclass(frozen=True)
class Followed:
    """Told meetings that have another place, and those of them for which none is left."""

    moved: Sequence[Meeting] = ()
    without: Sequence[Meeting] = ()


def places_follow(
    edition: Edition,
    hosts: Collection[int] | None = None,
    *,
    renamed: Mapping[str, str] | None = None,
    by: User | None = None,
    tell: bool = True,
    now: datetime | None = None,
) -> Followed:
    """Give each meeting to come the place at which its host receives now, and notify both sides of told ones.

    To be called when a stand is made, moved or removed, and before a timetable is told. ``hosts`` are primary keys of
    participations, None for all. ``renamed`` maps former labels of booths to new ones. Without ``tell`` no letter is
    sent; a place that is still hidden is never told. Needs a transaction.
    """
    renamed = renamed or {}
    to_come = _to_come(edition, hosts, now or timezone.now())
    booths = _booths(hosts, edition)
    tables = {number for place in tables_of(edition) for number in place.numbers}
    # Most keep their place: only keys and places of all are read, and whole meetings of those that have another.
    given: dict[int, str] = {}
    for key, host, before in to_come.values_list("pk", "host_id", "place"):
        place, own = renamed.get(before, before), booths.get(host, ())
        if not _holds(place, own, tables):
            place = own[0] if own else ""
        if place != before or not place:
            given[key] = place
    if not given:
        return Followed()
    changed = [(meeting, meeting.place) for meeting in to_come.filter(among("pk", given)).select_related(*SIDES)]
    for meeting, _before in changed:
        meeting.place = given[meeting.pk]
    _save(meeting for meeting, _before in changed)  # who goes to a booth leaves its table to who has none
    homeless = [meeting for meeting, _before in changed if not meeting.place]
    if homeless:
        give_tables(edition, homeless)
        _save(homeless)
    told = [(meeting, before) for meeting, before in changed if meeting.is_told and meeting.place != before]
    _write_down(edition, told, by)
    if tell:
        _tell(edition, told)
    return Followed(
        [meeting for meeting, _before in told],
        [meeting for meeting in homeless if meeting.is_told and not meeting.place],
    )


def _tell(edition: Edition, told: Sequence[tuple[Meeting, str]]) -> None:
    """Notify the sides of meetings whose place they may read, and store what they know now."""
    may_read = showing(edition)
    if readable := [(meeting, before) for meeting, before in told if not may_read.hides(meeting)]:
        tell_places(edition, readable)
        for meeting, _before in readable:
            meeting.written_starts_at, meeting.written_place = meeting.starts_at, meeting.place
        Meeting.objects.bulk_update(
            [meeting for meeting, _before in readable], ["written_starts_at", "written_place"], BATCH
        )


def _to_come(edition: Edition, hosts: Collection[int] | None, now: datetime) -> QuerySet[Meeting]:
    """Meetings to come with a time, told or in a draft."""
    meetings = Meeting.objects.filter(
        edition=edition, state__in=(*COMING, *UNTOLD), starts_at__isnull=False, ends_at__gt=now
    )
    if hosts is not None:
        meetings = meetings.filter(among("host", hosts))
    return meetings.order_by("starts_at", "pk")


def _booths(hosts: Collection[int] | None, edition: Edition) -> dict[int, list[str]]:
    """Host -> labels of its booths, the first at which it receives; without hosts that receive at a table."""
    stands = Stand.objects.filter(edition=edition).select_related("booth__hall").order_by("pk")
    at_table = MeetingTerms.objects.filter(edition=edition, at_table=True)
    if hosts is not None:
        of_hosts = among("participation", hosts)
        stands, at_table = stands.filter(of_hosts), at_table.filter(of_hosts)
    never = set(at_table.values_list("participation_id", flat=True))
    labels: dict[int, list[str]] = {}
    for stand in stands:
        if stand.participation_id not in never:
            labels.setdefault(stand.participation_id, []).append(stand.booth.label)
    return labels


def _holds(place: str, booths: Sequence[str], tables: Collection[int]) -> bool:
    return place in booths if booths else number_of_table(place) in tables


def _save(meetings: Iterable[Meeting]) -> None:
    Meeting.objects.bulk_update(meetings, ["place"], batch_size=BATCH)


def _write_down(edition: Edition, told: Sequence[tuple[Meeting, str]], by: User | None) -> None:
    """Record the relocation in the audit trail and in the history that both sides read."""
    entries = [
        entry(
            "meeting.relocated",
            meeting,
            before=state(meeting) | {"place": before},
            after=state(meeting),
            user=by,
            edition=edition,
        )
        for meeting, before in told
    ]
    record_all(entries, batch_size=BATCH)
    events = [
        MeetingEvent(
            edition=edition,
            meeting=meeting,
            user=by,
            kind=MeetingEvent.Kind.RELOCATED,
            starts_at=meeting.starts_at,
            words=meeting.place,
        )
        for meeting, _before in told
    ]
    MeetingEvent.objects.bulk_create(events, batch_size=BATCH)
