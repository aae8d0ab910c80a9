"""A time and a place for one meeting beside a timetable that stays as it is.

No side has two meetings at once, and no table is used twice. What limits a meeting in the timetable limits it here too:
its session, the hours and desks of the booth, interpreters, people who are in a session, and the walks.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.slots import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import TOLD, UNTOLD, MeetingRefusedError, of_either
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.availability import Engaged, engaged
from serai.expo.meetings.timetable.domain.grids import (
    Span,
    fullest,
    host_of,
    hours_of,
    is_within,
    receives_at,
    slots_of,
    spans,
)
from serai.expo.meetings.timetable.domain.interpreters import pair_of, pools_of
from serai.expo.meetings.timetable.domain.places import first_stand, number_of_table, tables_for, tables_of, walks
from serai.expo.meetings.timetable.domain.problem import settings_of
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun
from serai.expo.venue.halls.models import Stand


def is_published(edition: Edition) -> bool:
    """Whether the timetable has been told to all."""
    return TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.PUBLISHED).exists()


def free_slots(
    first: Participation, second: Participation, *, but: Meeting | None = None, now: datetime | None = None
) -> list[Slot]:
    """The slots to come, of where the two would meet, in which both are there, neither has a meeting that both sides
    know of, and nothing is in the way that would be in the way of the timetable (`fitting`).

    ``but`` is not counted, and what is only asked for blocks nothing.
    """
    at = now or timezone.now()
    taken = [*_taken((first, second), but), *_away((first, second))]
    host, guest = (but.host, but.guest) if but is not None else host_of(second, first)
    free = [
        slot
        for slot in slots_of(host)
        if slot.starts_at > at and not any(slot.starts_at < end and start < slot.ends_at for start, end in taken)
    ]
    return fitting(but or Meeting(edition=host.edition, host=host, guest=guest), free)


def _taken(of: Iterable[Participation], but: Meeting | None) -> Iterable[tuple[datetime, datetime]]:
    told = Meeting.objects.filter(of_either(*of), state__in=TOLD, starts_at__isnull=False, ends_at__isnull=False)
    if but is not None and but.pk:
        told = told.exclude(pk=but.pk)
    return ((start, end) for start, end in told.values_list("starts_at", "ends_at") if start and end)


def _away(of: Iterable[Participation]) -> Iterable[tuple[datetime, datetime]]:
    """When one of them is not there: by its own word or the organiser's, or as none of its people is."""
    kept = MeetingTerms.objects.filter(participation__in=list(of)).values_list("away", flat=True)
    return (span for away in kept for span in spans(away))


def seat(meeting: Meeting, starts_at: datetime | None, *, now: datetime | None = None) -> None:
    """Give the meeting a slot (the first that is free where none is named) and a place; the caller writes it.

    Raises MeetingRefusedError where there is none, and names what stands in the way.
    """
    free = free_slots(meeting.host, meeting.guest, but=meeting, now=now)
    wanted = [slot for slot in free if starts_at is None or slot.starts_at == starts_at]
    booth = _booth(meeting.host)
    tables = () if booth else tables_for(meeting.host)
    for slot in wanted:
        place = booth or _free(meeting.edition, tables, slot.starts_at, slot.ends_at, but=(meeting,))
        if place:
            meeting.starts_at, meeting.ends_at, meeting.place, meeting.why_not = slot.starts_at, slot.ends_at, place, ""
            clear_drafts(meeting)
            return
    if wanted:
        raise MeetingRefusedError(_("All tables are taken at that time. Propose another time."))
    if starts_at is not None:
        raise MeetingRefusedError(
            _("At that time one of the two is not there or has another meeting, or it is over. Propose another time.")
        )
    raise MeetingRefusedError(_("The two have no free time in common any more. Cancel another meeting first."))


def place_for(meeting: Meeting, starts_at: datetime, ends_at: datetime, *, but: Collection[Meeting] = ()) -> str:
    """The host's booth, or a table that is free, or nothing; what the meetings ``but`` have counts as free."""
    return _booth(meeting.host) or free_table(meeting, starts_at, ends_at, but=but)


def free_table(meeting: Meeting, starts_at: datetime, ends_at: datetime, *, but: Collection[Meeting] = ()) -> str:
    """The first table that is free, of those of the host's hall and then of the others, or nothing."""
    return _free(meeting.edition, tables_for(meeting.host), starts_at, ends_at, but=(meeting, *but))


def _booth(host: Participation) -> str:
    terms = MeetingTerms.objects.filter(participation=host).first()
    stand = receives_at(first_stand(host), terms)
    return stand.booth.label if stand else ""


def _free(
    edition: Edition, tables: Sequence[int], starts_at: datetime, ends_at: datetime, *, but: Collection[Meeting]
) -> str:
    """The first of the tables that is free; those of a draft count as taken, so that publishing it seats nobody on
    another's chair."""
    places = (
        Meeting.objects.filter(edition=edition, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .filter(state__in=(*TOLD, *UNTOLD))
        .exclude(pk__in=[meeting.pk for meeting in but])
        .values_list("place", flat=True)
    )
    taken = {number_of_table(place) for place in places}
    return next((f"T{number}" for number in tables if number not in taken), "")


def clear_drafts(meeting: Meeting) -> None:
    """What a draft has seated at this time and told to nobody gives way, and waits for the next timetable."""
    Meeting.objects.filter(
        of_either(meeting.host, meeting.guest),
        state__in=UNTOLD,
        starts_at__lt=meeting.ends_at,
        ends_at__gt=meeting.starts_at,
    ).exclude(pk=meeting.pk).update(starts_at=None, ends_at=None, place="", why_not="NO_COMMON_SLOT")


def told_count(participation: Participation) -> int:
    """How many meetings with a time the participant has."""
    return Meeting.objects.filter(of_either(participation), state__in=TOLD, starts_at__isnull=False).count()


def until(edition: Edition, now: datetime, days: int) -> datetime:
    """So many days from now, and not past the last slot of the edition where there is one to come."""
    last = max((slot.starts_at for slot in slots(edition)), default=now)
    later = now + timedelta(days=days)
    return min(later, last) if last > now else later


type Fits = Callable[[Slot], bool]


def fitting(meeting: Meeting, slots: Sequence[Slot]) -> list[Slot]:
    """Those of the slots in which the meeting, which need not be stored, fits."""
    edition, zone = meeting.edition, ZoneInfo(meeting.edition.time_zone)
    here, terms = _receiving(edition, [meeting.host_id])
    stand = here.get(meeting.host_id)
    hours = hours_of(meeting, terms.get(meeting.host_id), stand)
    fitting_slots = [slot for slot in slots if all(is_within(slot, zone, begins, ends) for begins, ends in hours)]
    for fits in (*_desks(meeting, stand), *_interpreters(meeting), *_people(meeting), *_ways(meeting, stand, zone)):
        fitting_slots = [slot for slot in fitting_slots if fits(slot)]
    return fitting_slots


def _receiving(edition: Edition, hosts: Collection[int]) -> tuple[Mapping[int, Stand], Mapping[int, MeetingTerms]]:
    """Host -> the stand at which it receives, of those who do at one, and host -> its terms."""
    terms = {
        own_terms.participation_id: own_terms
        for own_terms in MeetingTerms.objects.filter(edition=edition, participation__in=hosts)
    }
    stands = Stand.objects.filter(edition=edition, participation__in=hosts).select_related("booth__hall")
    first = {stand.participation_id: stand for stand in stands.order_by("-pk")}
    return {host: stand for host, stand in first.items() if receives_at(stand, terms.get(host))}, terms


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
    hosts = [host for host, own in receiving.items() if own.booth_id == stand.booth_id]
    limits = [desks for host in hosts if host in terms and (desks := terms[host].booth_desks) is not None]
    if limits:
        yield partial(_has_room, _spans(_told(meeting).filter(host__in=hosts)), min(limits))


def _interpreters(meeting: Meeting) -> Iterator[Fits]:
    """An interpreter is free, where the two have no language in common and the fair has one for theirs."""
    pools = pools_of(meeting.edition)
    pair = pair_of(pools, meeting.host, meeting.guest) if pools else None
    pool = next((candidate for candidate in pools if pair and {candidate.one, candidate.other} == set(pair)), None)
    if pool is None or pair is None:
        return
    told = _told(meeting).select_related("host__firm", "guest__firm").defer("reasons")
    needing = [other for other in told if set(pair_of(pools, other.host, other.guest) or ()) == set(pair)]
    yield partial(_has_room, [span for other in needing if (span := _span(other))], pool.number)


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
    receiving, _terms = _receiving(meeting.edition, {other.host_id for other in told})
    area = {number: place.area for place in tables_of(meeting.edition) for number in place.numbers}
    hosts = [stand, *(receiving.get(other.host_id) for other in told)]
    tables = [next(iter(tables_for(meeting.host)), None), *(number_of_table(other.place) for other in told)]
    site, late = walks(settings, hosts, [area.get(number) if number else None for number in tables])
    way = [(span, int(late[site[0], site[row]])) for row, other in enumerate(told, start=1) if (span := _span(other))]

    def is_near(slot: Slot) -> bool:
        return not any(
            begins.astimezone(zone).date() == slot.starts_at.astimezone(zone).date()
            and max(slot.starts_at - ends, begins - slot.ends_at).total_seconds() < 60 * minutes
            for (begins, ends), minutes in way
            if minutes
        )

    yield is_near
