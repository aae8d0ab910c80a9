"""Which times one meeting can have beside all that is told, by what the problem of the timetable holds to be free.

Its session and the hours of its booth, the desks of the booth, interpreters, the people whom the programme leaves, and
the way from the meeting before and to the one after. Who is there, and who has another meeting then, is asked in
`seating`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from serai.expo.fairs.edition.domain.slots import Slot
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.domain.life import TOLD, of_either
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.availability import Engaged, engaged
from serai.expo.meetings.timetable.domain.grids import Span, fullest, receives_at
from serai.expo.meetings.timetable.domain.hours import hours_of, is_within
from serai.expo.meetings.timetable.domain.interpreters import pair_of, pools_of
from serai.expo.meetings.timetable.domain.problem import settings_of
from serai.expo.meetings.timetable.domain.tables import number_of_table, tables_for, tables_of
from serai.expo.meetings.timetable.domain.walks import walks
from serai.expo.meetings.timetable.models import MeetingTerms
from serai.expo.venue.halls.models import Stand

type Fits = Callable[[Slot], bool]


def fitting(meeting: Meeting, slots: Sequence[Slot]) -> list[Slot]:
    """Those of the slots in which the meeting, which need not be stored, fits. Call inside of the edition's scope."""
    edition, zone = meeting.edition, ZoneInfo(meeting.edition.time_zone)
    here, terms = _receiving(edition, [meeting.host_id])
    stand = here.get(meeting.host_id)
    hours = hours_of(meeting, terms.get(meeting.host_id), stand)
    found = [slot for slot in slots if all(is_within(slot, zone, begins, ends) for begins, ends in hours)]
    for fits in (*_desks(meeting, stand), *_interpreters(meeting), *_people(meeting), *_ways(meeting, stand, zone)):
        found = [slot for slot in found if fits(slot)]
    return found


def _receiving(edition: Edition, hosts: Collection[int]) -> tuple[Mapping[int, Stand], Mapping[int, MeetingTerms]]:
    """Host -> the stand at which it receives, of those who do at one, and host -> its terms."""
    terms = {one.participation_id: one for one in MeetingTerms.objects.filter(edition=edition, participation__in=hosts)}
    stands = Stand.objects.filter(edition=edition, participation__in=hosts).select_related("booth__hall")
    first = {one.participation_id: one for one in stands.order_by("-pk")}
    return {host: one for host, one in first.items() if receives_at(one, terms.get(host))}, terms


def _told(meeting: Meeting) -> QuerySet[Meeting]:
    """The meetings of the fair that are told and have a time, without this one."""
    told = Meeting.objects.filter(
        edition=meeting.edition, state__in=TOLD, starts_at__isnull=False, ends_at__isnull=False
    )
    return told.exclude(pk=meeting.pk) if meeting.pk else told


def _desks(meeting: Meeting, stand: Stand | None) -> Iterator[Fits]:
    """A desk of the booth is free, of all who receive at it."""
    if stand is None:
        return
    sharing = list(Stand.objects.filter(booth=stand.booth_id).values_list("participation_id", flat=True))
    receiving, terms = _receiving(meeting.edition, sharing)
    hosts = [host for host, one in receiving.items() if one.booth_id == stand.booth_id]
    limits = [desks for host in hosts if host in terms and (desks := terms[host].booth_desks) is not None]
    if limits:
        yield partial(_has_room, _spans(_told(meeting).filter(host__in=hosts)), min(limits))


def _interpreters(meeting: Meeting) -> Iterator[Fits]:
    """An interpreter is free, where the two have no language in common and the fair has one for theirs."""
    pools = pools_of(meeting.edition)
    pair = pair_of(pools, meeting.host, meeting.guest) if pools else None
    pool = next((one for one in pools if pair and {one.one, one.other} == set(pair)), None)
    if pool is None or pair is None:
        return
    told = _told(meeting).select_related("host__firm", "guest__firm").defer("reasons")
    needing = [one for one in told if set(pair_of(pools, one.host, one.guest) or ()) == set(pair)]
    yield partial(_has_room, [span for one in needing if (span := _span(one))], pool.number)


def _people(meeting: Meeting) -> Iterator[Fits]:
    """Each side has the people for it, beside those whom the programme takes."""
    wanted = {meeting.host_id: meeting.host_people, meeting.guest_id: meeting.guest_people}
    taken = engaged(meeting.edition, wanted)
    terms = MeetingTerms.objects.filter(participation__in=list(taken.of)).values_list("participation_id", "people")
    meeting_at_once = dict(terms) if taken.of else {}
    for side in taken.of:
        people = meeting_at_once.get(side, 1)
        needed = min(max(wanted[side], 1), people)
        yield partial(_is_manned, taken, side, people, needed)


def _is_manned(taken: Engaged, side: int, people: int, needed: int, slot: Slot) -> bool:
    return taken.left(side, people, (slot.starts_at, slot.ends_at)) >= needed


def _spans(meetings: QuerySet[Meeting]) -> list[Span]:
    return [(begins, ends) for begins, ends in meetings.values_list("starts_at", "ends_at") if begins and ends]


def _span(meeting: Meeting) -> Span | None:
    return (meeting.starts_at, meeting.ends_at) if meeting.starts_at and meeting.ends_at else None


def _has_room(taken: Sequence[Span], units: int, slot: Slot) -> bool:
    """Whether at every moment of the slot fewer than the units are taken."""
    return fullest([(begins, ends, 1) for begins, ends in taken], (slot.starts_at, slot.ends_at)) < units


def _ways(meeting: Meeting, stand: Stand | None, zone: ZoneInfo) -> Iterator[Fits]:
    """Both sides can walk there from their meeting before, and from there to the next."""
    settings = settings_of(meeting.edition)
    if settings.turnaround_minutes is None:
        return
    told = list(_told(meeting).filter(of_either(meeting.host, meeting.guest)).defer("reasons"))
    receiving, _terms = _receiving(meeting.edition, {one.host_id for one in told})
    area = {number: one.area for one in tables_of(meeting.edition) for number in one.numbers}
    hosts = [stand, *(receiving.get(one.host_id) for one in told)]
    tables = [next(iter(tables_for(meeting.host)), None), *(number_of_table(one.place) for one in told)]
    site, late = walks(settings, hosts, [area.get(number) if number else None for number in tables])
    way = [(span, int(late[site[0], site[row]])) for row, one in enumerate(told, start=1) if (span := _span(one))]

    def is_near(slot: Slot) -> bool:
        return not any(
            begins.astimezone(zone).date() == slot.starts_at.astimezone(zone).date()
            and max(slot.starts_at - ends, begins - slot.ends_at).total_seconds() < 60 * minutes
            for (begins, ends), minutes in way
            if minutes
        )

    yield is_near
