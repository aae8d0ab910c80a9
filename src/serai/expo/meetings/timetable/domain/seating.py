"""A time and a place for one meeting beside a timetable that stays as it is.

No side has two meetings at once, and no table is used twice. What limits a meeting in the timetable limits it here too:
its session, the hours and desks of the booth, interpreters, people who are in a session, and the walks.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import TOLD, UNTOLD, MeetingRefusedError, of_either
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain import grids
from serai.expo.meetings.timetable.domain.availability import Engaged, engaged
from serai.expo.meetings.timetable.domain.places import (
    first_stand,
    number_of_table,
    tables_for,
    tables_of,
    tables_of_hosts,
    walks,
)
from serai.expo.meetings.timetable.domain.pools import pair_of, pools_of
from serai.expo.meetings.timetable.domain.problem import settings_of
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun
from serai.expo.venue.halls.models import Stand


def is_published(edition: Edition) -> bool:
    """Whether a timetable was published."""
    return TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.PUBLISHED).exists()


def free_slots(
    first: Participation, second: Participation, *, but: Meeting | None = None, now: datetime | None = None
) -> list[Slot]:
    """Slots to come that are free for a meeting of the two.

    Both are there, neither has another told meeting, and nothing that limits the timetable prevents it (`fitting`). The
    meeting ``but`` and open requests block nothing.
    """
    at = now or timezone.now()
    taken = [*_taken((first, second), but), *_away((first, second))]
    host, guest = (but.host, but.guest) if but is not None else grids.host_of(second, first)
    free = [
        slot
        for slot in grids.slots_of(host)
        if slot.starts_at > at and not any(slot.starts_at < end and start < slot.ends_at for start, end in taken)
    ]
    return fitting(but or Meeting(edition=host.edition, host=host, guest=guest), free)


def _taken(of: Iterable[Participation], but: Meeting | None) -> Iterable[tuple[datetime, datetime]]:
    told = Meeting.objects.filter(of_either(*of), state__in=TOLD, starts_at__isnull=False, ends_at__isnull=False)
    if but is not None and but.pk:
        told = told.exclude(pk=but.pk)
    return ((start, end) for start, end in told.values_list("starts_at", "ends_at") if start and end)


def _away(of: Iterable[Participation]) -> Iterable[tuple[datetime, datetime]]:
    """Times at which one of them is away."""
    kept = MeetingTerms.objects.filter(participation__in=list(of)).values_list("away", flat=True)
    return (span for away in kept for span in grids.spans(away))


def seat(meeting: Meeting, starts_at: datetime | None, *, now: datetime | None = None) -> None:
    """Give the meeting a slot, by default the first free one, and a place; the caller saves it.

    Needs a transaction. Raises MeetingRefusedError with the reason if there is none.
    """
    _take_turns(meeting.edition)
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
    """The host's booth or a free table; empty if there is none. The places of the meetings ``but`` count as free.

    Needs a transaction.
    """
    if booth := _booth(meeting.host):
        return booth
    _take_turns(meeting.edition)
    return _free(meeting.edition, tables_for(meeting.host), starts_at, ends_at, but=(meeting, *but))


def give_tables(edition: Edition, meetings: Sequence[Meeting]) -> None:
    """Give each meeting in turn the first table that is free at its time, of its host's hall before the others.

    They have a time and, as saved, no place; one for which no table is free stays without. The caller saves them. The
    number of queries is fixed. Needs a transaction.
    """
    _take_turns(edition)
    seated = Meeting.objects.filter(edition=edition, state__in=(*TOLD, *UNTOLD), ends_at__isnull=False)
    taken: dict[grids.Span, set[int | None]] = defaultdict(set)
    for begins, ends, place in seated.exclude(place="").values_list("starts_at", "ends_at", "place"):
        if begins and ends:
            taken[begins, ends].add(number_of_table(place))
    tables = tables_of_hosts(edition)
    for meeting in meetings:
        if (span := _span(meeting)) is None:
            continue
        used = set[int | None]().union(
            *(of for (begins, ends), of in taken.items() if begins < span[1] and span[0] < ends)
        )
        number = next((number for number in tables(meeting.host_id) if number not in used), None)
        meeting.place = f"T{number}" if number else ""
        taken[span].add(number)


def _take_turns(edition: Edition) -> None:
    """Wait for whoever seats a meeting of the fair: both might take the same table, desk or interpreter.

    Rows that refer to the edition can be added meanwhile.
    """
    list(Edition.objects.select_for_update(no_key=True).filter(pk=edition.pk).values_list("pk"))


def _booth(host: Participation) -> str:
    terms = MeetingTerms.objects.filter(participation=host).first()
    stand = grids.receives_at(first_stand(host), terms)
    return stand.booth.label if stand else ""


def _free(
    edition: Edition, tables: Sequence[int], starts_at: datetime, ends_at: datetime, *, but: Collection[Meeting]
) -> str:
    """The first free table of ``tables``.

    Tables of a draft count as taken, so that publishing it seats no two meetings at one table.
    """
    places = (
        Meeting.objects.filter(edition=edition, starts_at__lt=ends_at, ends_at__gt=starts_at)
        .filter(state__in=(*TOLD, *UNTOLD))
        .exclude(pk__in=[meeting.pk for meeting in but])
        .values_list("place", flat=True)
    )
    taken = {number_of_table(place) for place in places}
    return next((f"T{number}" for number in tables if number not in taken), "")


def clear_drafts(meeting: Meeting) -> None:
    """Unseat draft meetings of both sides in this slot; the next timetable seats them again."""
    Meeting.objects.filter(
        of_either(meeting.host, meeting.guest),
        state__in=UNTOLD,
        starts_at__lt=meeting.ends_at,
        ends_at__gt=meeting.starts_at,
    ).exclude(pk=meeting.pk).update(starts_at=None, ends_at=None, place="", why_not="NO_COMMON_SLOT")


def told_count(participation: Participation) -> int:
    """Number of told meetings with a time that the participant has."""
    return Meeting.objects.filter(of_either(participation), state__in=TOLD, starts_at__isnull=False).count()


def until(edition: Edition, now: datetime, days: int) -> datetime:
    """The moment ``days`` from now, but not after the last slot to come."""
    last = max((slot.starts_at for slot in slots(edition)), default=now)
    later = now + timedelta(days=days)
    return min(later, last) if last > now else later


type Fits = Callable[[Slot], bool]


def fitting(meeting: Meeting, slots: Sequence[Slot]) -> list[Slot]:
    """The slots in which the meeting fits. It need not be saved."""
    edition, zone = meeting.edition, ZoneInfo(meeting.edition.time_zone)
    here, terms = _receiving(edition, [meeting.host_id])
    stand = here.get(meeting.host_id)
    hours = grids.hours_of(meeting, terms.get(meeting.host_id), stand)
    fitting_slots = [slot for slot in slots if all(grids.is_within(slot, zone, begins, ends) for begins, ends in hours)]
    for fits in (*_desks(meeting, stand), *_interpreters(meeting), *_people(meeting), *_ways(meeting, stand, zone)):
        fitting_slots = [slot for slot in fitting_slots if fits(slot)]
    return fitting_slots


def _receiving(edition: Edition, hosts: Collection[int]) -> tuple[Mapping[int, Stand], Mapping[int, MeetingTerms]]:
    """Host -> the stand at which it receives, for hosts that do; and host -> its terms."""
    terms = {
        own_terms.participation_id: own_terms
        for own_terms in MeetingTerms.objects.filter(edition=edition, participation__in=hosts)
    }
    stands = Stand.objects.filter(edition=edition, participation__in=hosts).select_related("booth__hall")
    first = {stand.participation_id: stand for stand in stands.order_by("-pk")}
    return {host: stand for host, stand in first.items() if grids.receives_at(stand, terms.get(host))}, terms


def _told(meeting: Meeting) -> QuerySet[Meeting]:
    """The other told meetings of the fair with a time."""
    told = Meeting.objects.filter(
        edition=meeting.edition, state__in=TOLD, starts_at__isnull=False, ends_at__isnull=False
    )
    return told.exclude(pk=meeting.pk) if meeting.pk else told


def _desks(meeting: Meeting, stand: Stand | None) -> Iterator[Fits]:
    """A desk of the booth is free, among all hosts that receive at it."""
    if stand is None:
        return
    sharing = list(Stand.objects.filter(booth=stand.booth_id).values_list("participation_id", flat=True))
    receiving, terms = _receiving(meeting.edition, sharing)
    hosts = [host for host, own in receiving.items() if own.booth_id == stand.booth_id]
    limits = [desks for host in hosts if host in terms and (desks := terms[host].booth_desks) is not None]
    if limits:
        yield partial(_has_room, _spans(_told(meeting).filter(host__in=hosts)), min(limits))


def _interpreters(meeting: Meeting) -> Iterator[Fits]:
    """An interpreter is free, if the two have no common language and the fair has one for theirs."""
    pools = pools_of(meeting.edition)
    pair = pair_of(pools, meeting.host, meeting.guest) if pools else None
    pool = next((candidate for candidate in pools if pair and {candidate.one, candidate.other} == set(pair)), None)
    if pool is None or pair is None:
        return
    told = _told(meeting).select_related("host__firm", "guest__firm").defer("reasons")
    needing = [other for other in told if set(pair_of(pools, other.host, other.guest) or ()) == set(pair)]
    yield partial(_has_room, [span for other in needing if (span := _span(other))], pool.number)


def _people(meeting: Meeting) -> Iterator[Fits]:
    """Each side has enough people who are not in a session."""
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


def _spans(meetings: QuerySet[Meeting]) -> list[grids.Span]:
    return [(begins, ends) for begins, ends in meetings.values_list("starts_at", "ends_at") if begins and ends]


def _span(meeting: Meeting) -> grids.Span | None:
    return (meeting.starts_at, meeting.ends_at) if meeting.starts_at and meeting.ends_at else None


def _has_room(taken: Sequence[grids.Span], units: int, slot: Slot) -> bool:
    """Whether fewer than ``units`` are taken at every moment of the slot."""
    return grids.fullest([(begins, ends, 1) for begins, ends in taken], (slot.starts_at, slot.ends_at)) < units


def _ways(meeting: Meeting, stand: Stand | None, zone: ZoneInfo) -> Iterator[Fits]:
    """Both sides can walk there from their former meeting, and from there to their next."""
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
