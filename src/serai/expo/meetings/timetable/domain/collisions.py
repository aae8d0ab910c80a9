"""Told meetings for which the programme leaves too few people, as after a session has moved. None is moved for it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from serai.expo.base.among import among
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.domain.life import COMING
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.availability import engaged, sessions_at, taking_part
from serai.expo.meetings.timetable.domain.grids import fullest
from serai.expo.meetings.timetable.models import MeetingTerms

type Held = tuple[datetime, datetime, int, int]
"""When a meeting of a participant begins and ends, how many of its people it takes, and its primary key."""


def colliding(edition: Edition) -> dict[int, list[Meeting]]:
    """Session -> the meetings to come from which it takes people, in order of time. Call inside of the scope."""
    told = Meeting.objects.filter(
        edition=edition, state__in=COMING, starts_at__isnull=False, ends_at__isnull=False
    ).order_by()
    # Of a large fair few sessions and few participants are left by this, of whom alone everything is read.
    times = [(begins, ends) for begins, ends in told.values_list("starts_at", "ends_at").distinct() if begins and ends]
    whom = taking_part(edition, sessions_at(edition, times))
    if not whom:
        return {}
    held = _held(told.filter(among("host", whom) | among("guest", whom)), whom)
    taken = engaged(edition, held)
    terms = dict(MeetingTerms.objects.filter(among("participation", held)).values_list("participation_id", "people"))
    found: dict[int, set[int]] = defaultdict(set)
    for side in taken.of:
        people = terms.get(side, 1)
        in_meetings = [(begins, ends, min(heads, people)) for begins, ends, heads, _meeting in held[side]]
        for begins, ends, _heads, meeting in held[side]:
            sessions = {one.session for one in taken.at(side, (begins, ends))}
            if sessions and taken.left(side, people, (begins, ends)) < fullest(in_meetings, (begins, ends)):
                for session in sessions:
                    found[session].add(meeting)
    return _read(found)


def _held(told: QuerySet[Meeting], whom: Collection[int]) -> dict[int, list[Held]]:
    """Participant, of these -> its meetings."""
    found: dict[int, list[Held]] = defaultdict(list)
    columns = ("pk", "starts_at", "ends_at", "host_id", "host_people", "guest_id", "guest_people")
    for pk, begins, ends, host, of_host, guest, of_guest in told.values_list(*columns):
        for side, people in ((host, of_host), (guest, of_guest)):
            if side in whom and begins and ends:
                found[side].append((begins, ends, max(people, 1), pk))
    return found


def _read(found: dict[int, set[int]]) -> dict[int, list[Meeting]]:
    numbers = {pk for meetings in found.values() for pk in meetings}
    meetings = Meeting.objects.filter(among("pk", numbers)).select_related("host__firm", "guest__firm").defer("reasons")
    listed = list(meetings.order_by("starts_at", "pk")) if numbers else []
    return {session: [one for one in listed if one.pk in pks] for session, pks in found.items()}
