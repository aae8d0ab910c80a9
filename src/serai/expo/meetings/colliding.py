"""Told meetings for which the programme leaves too few people, as after a session has moved. None is moved for it."""

from collections import defaultdict
from datetime import datetime

from serai.expo.among import among
from serai.expo.editions.models import Edition
from serai.expo.meetings.arrangements import MeetingTerms
from serai.expo.meetings.engaged import engaged
from serai.expo.meetings.grids import fullest
from serai.expo.meetings.life import COMING
from serai.expo.meetings.models import Meeting

type Held = tuple[datetime, datetime, int, int]
"""When a meeting of a participant begins and ends, how many of its people it takes, and its primary key."""


def colliding(edition: Edition) -> dict[int, list[Meeting]]:
    """Session -> the meetings to come from which it takes people, in order of time. Call inside of the scope."""
    held = _held(edition)
    taken = engaged(edition, held)
    terms = dict(MeetingTerms.objects.filter(edition=edition).order_by().values_list("participation_id", "people"))
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


def _held(edition: Edition) -> dict[int, list[Held]]:
    """Participant -> its meetings to come."""
    found: dict[int, list[Held]] = defaultdict(list)
    told = Meeting.objects.filter(
        edition=edition, state__in=COMING, starts_at__isnull=False, ends_at__isnull=False
    ).order_by()
    columns = ("pk", "starts_at", "ends_at", "host_id", "host_people", "guest_id", "guest_people")
    for pk, begins, ends, host, of_host, guest, of_guest in told.values_list(*columns):
        if begins and ends:
            found[host].append((begins, ends, max(of_host, 1), pk))
            found[guest].append((begins, ends, max(of_guest, 1), pk))
    return found


def _read(found: dict[int, set[int]]) -> dict[int, list[Meeting]]:
    numbers = {pk for meetings in found.values() for pk in meetings}
    meetings = Meeting.objects.filter(among("pk", numbers)).select_related("host__firm", "guest__firm").defer("reasons")
    listed = list(meetings.order_by("starts_at", "pk")) if numbers else []
    return {session: [one for one in listed if one.pk in pks] for session, pks in found.items()}
