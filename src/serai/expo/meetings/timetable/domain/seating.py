"""A time and a place for one meeting, beside a timetable that is kept: no side twice at once, no table twice."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.slots import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import TOLD, UNTOLD, MeetingRefusedError, of_either
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.free_times import fitting
from serai.expo.meetings.timetable.domain.grids import host_of, receives_at, slots_of, spans
from serai.expo.meetings.timetable.domain.tables import first_stand, number_of_table, tables_for
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun


def is_published(edition: Edition) -> bool:
    """Whether the timetable has been told to all. Call inside of the scope."""
    return TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.PUBLISHED).exists()


def free_slots(
    one: Participation, other: Participation, *, but: Meeting | None = None, now: datetime | None = None
) -> list[Slot]:
    """The slots to come, of where the two would meet, in which both are there, neither has a meeting that both sides
    know of, and nothing is in the way that would be in the way of the timetable (`fitting`).

    ``but`` is not counted, and what is only asked for blocks nothing. Call inside of the scope.
    """
    at = now or timezone.now()
    taken = [*_taken((one, other), but), *_away((one, other))]
    host, guest = (but.host, but.guest) if but is not None else host_of(other, one)
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
        .exclude(pk__in=[one.pk for one in but])
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
    """How many meetings with a time the participant has. Call inside of the scope."""
    return Meeting.objects.filter(of_either(participation), state__in=TOLD, starts_at__isnull=False).count()


def until(edition: Edition, now: datetime, days: int) -> datetime:
    """So many days from now, and not past the last slot of the edition where there is one to come."""
    last = max((slot.starts_at for slot in slots(edition)), default=now)
    later = now + timedelta(days=days)
    return min(later, last) if last > now else later
