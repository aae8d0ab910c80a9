"""Meetings that the organiser makes: an adviser arranges one, or two participants walk in; and no-shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import require_open, slots
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.domain import life
from serai.expo.meetings.meeting.domain.notification import tell_arranged
from serai.expo.meetings.meeting.domain.permission import require_may_meet
from serai.expo.meetings.meeting.domain.wishes import has_refused
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.meetings.timetable.domain.grids import host_of
from serai.expo.meetings.timetable.domain.seating import place_for, seat
from serai.expo.people.account.models import User

S = Meeting.State

LEAST_LEFT = timedelta(minutes=10)
"""A walk-in takes the current slot only if so much of it is left."""


@transaction.atomic
def arrange(
    first: Participation,
    second: Participation,
    *,
    by: User,
    starts_at: datetime | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> Meeting:
    """Arrange a meeting for two participants, at the given time or in the first free slot.

    Raises MeetingRefusedError, for instance if a side vetoed the other or has another meeting at that time.
    """
    life.lock(first, second)
    meeting = _pair(first, second, Meeting.Source.ADVISER)
    if meeting.pk and meeting.state in life.TOLD:
        raise life.MeetingRefusedError(_("The two have a meeting already."))
    seat(meeting, starts_at, now=now)
    meeting.source = Meeting.Source.ADVISER
    if reason.strip():
        meeting.reasons = [reason.strip()]
    _write(meeting, S.SCHEDULED, life.K.ARRANGED, by, reason)
    tell_arranged(meeting, reason.strip(), by=by)
    return meeting


@transaction.atomic
def walk_in(first: Participation, second: Participation, *, by: User, now: datetime | None = None) -> Meeting:
    """Seat two participants who stand at the desk now: at a table in the current slot, or in the next one if the
    current slot is nearly over. No later timetable seats them elsewhere then.

    Raises MeetingRefusedError for a veto, another meeting at that time, if all tables are taken, and outside the fair's
    hours.
    """
    at = (now or timezone.now()).replace(second=0, microsecond=0)
    require_open(first.edition, Phase.Kind.FAIR, at, refusal=life.MeetingRefusedError)
    life.lock(first, second)
    meeting = _pair(first, second, Meeting.Source.WALK_IN)
    if meeting.pk and meeting.state in (*life.COMING, S.HELD):
        raise life.MeetingRefusedError(_("The two have a meeting already."))
    meeting.starts_at, meeting.ends_at = _slot_now(first.edition, at)
    busy = Meeting.objects.filter(
        life.of_either(first, second),
        state__in=life.COMING,
        starts_at__lt=meeting.ends_at,
        ends_at__gt=meeting.starts_at,
    ).exclude(pk=meeting.pk)
    if busy.exists():
        raise life.MeetingRefusedError(_("One of the two has another meeting at this time."))
    meeting.place = place_for(meeting, meeting.starts_at, meeting.ends_at)
    if not meeting.place:
        raise life.MeetingRefusedError(_("All tables are taken now."))
    meeting.source = Meeting.Source.WALK_IN
    if meeting.pk and meeting.state == S.MISSED:
        raise life.MeetingRefusedError(
            _("The two missed each other before: let them confirm that meeting on its page.")
        )
    _write(meeting, S.CONFIRMED, life.K.WALKED_IN, by, "")
    return meeting


def _slot_now(edition: Edition, at: datetime) -> tuple[datetime, datetime]:
    length = timedelta(minutes=edition.meeting_minutes)
    for slot in slots(edition):
        if slot.ends_at - at >= LEAST_LEFT and slot.starts_at - at < length:
            return slot.starts_at, slot.ends_at
    return at, at + length


def _pair(first: Participation, second: Participation, source: Meeting.Source) -> Meeting:
    if first.firm_id == second.firm_id:
        raise life.MeetingRefusedError(_("These are one and the same firm."))
    for side in (first, second):
        if side.state != Participation.State.CONFIRMED:
            raise life.MeetingRefusedError(_("A participant that is not confirmed cannot meet anybody yet."))
    require_may_meet(first, second)
    if has_refused(first, second) or has_refused(second, first):
        raise life.MeetingRefusedError(_("One of the two does not want this meeting; nobody is made to meet."))
    existing = life.meeting_of(first, second)
    if existing is not None:
        return existing
    host, guest = host_of(first, second)
    return Meeting(edition=first.edition, host=host, guest=guest, source=source, state=S.WISHED)


def _write(meeting: Meeting, to: Meeting.State, kind: MeetingEvent.Kind, by: User, words: str) -> None:
    if meeting.pk and meeting.state in life.ENDED and to == S.SCHEDULED:
        # What one side has called off comes back as agreed anew by the adviser who spoke with both.
        to = S.CONFIRMED
    life.move(meeting, to, kind, None, user=by, words=words.strip())


@dataclass(frozen=True)
class NoShow:
    """A participant with the number of meetings it missed and of meetings that were due."""

    participation: Participation
    missed: int
    due: int


def no_shows(edition: Edition, *, now: datetime | None = None) -> list[NoShow]:
    """No-shows, most missed meetings first. A side is absent if only the other side's arrival is known."""
    at = now or timezone.now()
    missed: dict[int, int] = {}
    for meeting in missed_meetings(edition):
        for side, arrived in ((meeting.host_id, meeting.host_arrived_at), (meeting.guest_id, meeting.guest_arrived_at)):
            if arrived is None:
                missed[side] = missed.get(side, 0) + 1
    due: dict[int, int] = dict.fromkeys(missed, 0)
    over = Meeting.objects.filter(edition=edition, state__in=life.TOLD, starts_at__lte=at)
    for host, guest in over.filter(Q(host__in=missed) | Q(guest__in=missed)).values_list("host_id", "guest_id"):
        for side in (host, guest):
            if side in due:
                due[side] += 1
    participation_of = Participation.objects.select_related("firm").in_bulk(list(missed))
    rows = [NoShow(participation_of[pk], count, due[pk]) for pk, count in missed.items()]
    return sorted(rows, key=lambda no_show: (-no_show.missed, no_show.participation.firm.sort_name))


def missed_meetings(edition: Edition) -> QuerySet[Meeting]:
    """Meetings to which only one side came."""
    return Meeting.objects.filter(edition=edition, state=S.MISSED).select_related("host__firm", "guest__firm")
