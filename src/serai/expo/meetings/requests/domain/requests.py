"""Requests to meet: ask, accept, decline, propose another time, withdraw, expire; and cancelling a
meeting.

An open request blocks no slot. A participant may ask a side that vetoed it like anybody else, but that side never
sees the request, and it expires without an answer.
"""

from copy import copy
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.domain import life
from serai.expo.meetings.meeting.domain.life import showing
from serai.expo.meetings.meeting.domain.notification import tell_answer, tell_asked, tell_cancelled
from serai.expo.meetings.meeting.domain.permission import (
    closed_to_requests,
    require_may_meet,
    require_request_left,
    require_rules,
)
from serai.expo.meetings.meeting.domain.wishes import has_refused, is_agreed, may_know, open_requests
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.timetable.domain.grids import host_of
from serai.expo.meetings.timetable.domain.seating import free_slots, is_published, seat, told_count, until
from serai.expo.participants.participation.domain.representation import Acting, trace

R = MeetingRequest.State

DAYS = 7
"""Days until a request expires; it may expire earlier, with its phase or the last slot of the fair."""

AGREED_VALUE = 6.0
"""Value of an agreed meeting for the timetable: as much as a must of both sides."""


@transaction.atomic
def ask(
    by: Acting,
    other: Participation,
    *,
    message: str = "",
    starts_at: datetime | None = None,
    now: datetime | None = None,
) -> MeetingRequest:
    """Ask another participant to meet, at a time or at any; or, if a meeting is agreed, at another time.

    Raises MeetingRefusedError in words that reveal nothing the asker may not know.
    """
    own, at = by.participation, now or timezone.now()
    require_may_ask(own, other, at)
    life.lock(own, other)
    expire_due(by.edition, now=at)
    meeting = life.meeting_of(own, other)
    if meeting is not None:
        _may_ask_again(meeting, starts_at)
    if open_requests(own, other).exists():
        raise life.MeetingRefusedError(_("There is an open request between you already; answer or change that one."))
    waiting = MeetingRequest.objects.filter(asker=own, state=R.OPEN).count()
    require_request_left(by.edition, own, waiting, refusal=life.MeetingRefusedError)
    if starts_at is not None:
        _is_free(own, other, starts_at, meeting, at)
    made = MeetingRequest.objects.create(
        edition=by.edition,
        asker=own,
        asked=other,
        awaiting=other,
        meeting=meeting if meeting is not None and meeting.state in life.COMING else None,
        message=message.strip(),
        starts_at=starts_at,
        said_at=at,
        expires_at=_expiry(by.edition, at),
    )
    life.happened(life.K.ASKED, by, request=made, starts_at=starts_at, words=made.message)
    trace("meeting_request.asked", made, by)
    tell_asked(made)
    return made


def _expiry(edition: Edition, now: datetime) -> datetime:
    """When a request made now expires: after `DAYS`, with the phase of requests or with the last slot."""
    closes = standing(edition, Phase.Kind.REQUESTS, now).closes_at
    runs_out = until(edition, now, DAYS)
    return min(runs_out, closes) if closes is not None and closes > now else runs_out


def require_may_ask(own: Participation, other: Participation, now: datetime | None = None) -> None:
    """Raises MeetingRefusedError if ``own`` may not ask ``other`` at all."""
    at = now or timezone.now()
    if closed := closed_to_requests(own.edition, at):
        raise life.MeetingRefusedError(closed)
    if own.state != Participation.State.CONFIRMED:
        raise life.MeetingRefusedError(_("Your registration is not confirmed yet; then you can ask for meetings."))
    if own.firm_id == other.firm_id:
        raise life.MeetingRefusedError(_("This is your own firm."))
    if not may_know(own, other):
        raise life.MeetingRefusedError(_("This participant cannot be asked by yours."))
    require_rules(own.edition, own, other, refusal=life.MeetingRefusedError)
    if has_refused(own, other):
        raise life.MeetingRefusedError(_("You said no thanks to them. Take that back first."))


def _may_ask_again(meeting: Meeting, starts_at: datetime | None) -> None:
    if meeting.state in (Meeting.State.HELD, Meeting.State.MISSED):
        raise life.MeetingRefusedError(_("You have met already, or the hour is over. Write to them, or walk in."))
    if meeting.state in life.COMING and starts_at in (None, meeting.starts_at):
        raise life.MeetingRefusedError(_("You have a meeting with them already. Choose another time to move it."))
    if is_agreed(meeting):
        raise life.MeetingRefusedError(_("You have agreed to meet already; the timetable will give it a time."))


def _is_free(
    own: Participation, other: Participation, starts_at: datetime, meeting: Meeting | None, now: datetime
) -> None:
    if starts_at not in {slot.starts_at for slot in free_slots(own, other, but=meeting, now=now)}:
        raise life.MeetingRefusedError(_("At that time one of the two is not free. Choose another time."))


@transaction.atomic
def counter(
    request: MeetingRequest,
    by: Acting,
    *,
    starts_at: datetime | None,
    message: str = "",
    now: datetime | None = None,
) -> None:
    """Propose another time; then the other side has to answer.

    The asker may change its own open request in the same way. Raises MeetingRefusedError.
    """
    at = now or timezone.now()
    request = _open(request, by, at)
    other = other_side(request, by.participation)
    if starts_at is not None:
        _is_free(by.participation, other, starts_at, request.meeting, at)
    before = state(request)
    request.starts_at, request.message, request.awaiting = starts_at, message.strip(), other
    request.expires_at = _expiry(by.edition, at)
    request.save()
    life.happened(life.K.COUNTERED, by, request=request, starts_at=starts_at, words=request.message)
    trace("meeting_request.countered", request, by, before=before)
    tell_asked(request)


@transaction.atomic
def accept(request: MeetingRequest, by: Acting, *, now: datetime | None = None) -> Meeting:
    """Accept: the meeting gets its time and place at once if a time was asked for or the timetable is published.

    Otherwise the next timetable has to seat it. Raises MeetingRefusedError, and then nothing has changed.
    """
    at = now or timezone.now()
    request = _open(request, by, at)
    other = _answered_side(request, by)
    meeting = request.meeting or life.meeting_of(by.participation, other) or _new_meeting(request)
    moved = meeting.state in life.COMING
    if not moved:
        require_may_meet(by.participation, other)
    at_once = request.starts_at is not None or moved or is_published(by.edition)
    to = _agreed_state(request, meeting, by, at) if at_once else Meeting.State.WISHED
    if meeting.pk and meeting.state != to and to not in life.FOLLOWS[meeting.state]:
        raise life.MeetingRefusedError(_("This request is not open any more."))
    if at_once and (request.starts_at is not None or not moved):  # who has a time and asks for none keeps it
        _within_maximum(meeting, by)
        seat(meeting, request.starts_at, now=at)
    meeting.value = max(meeting.value, AGREED_VALUE)
    if meeting.pk and meeting.state == to == Meeting.State.WISHED:
        meeting.save()
        life.happened(life.K.ACCEPTED, by, meeting=meeting)
    else:
        life.move(meeting, to, life.K.MOVED if moved else life.K.ACCEPTED, by)
    before = state(request)
    request.state, request.answered_at, request.meeting = R.ACCEPTED, at, meeting
    request.save()
    life.happened(life.K.ACCEPTED, by, request=request, starts_at=meeting.written_starts_at)
    trace("meeting_request.accepted", request, by, before=before)
    tell_answer(request, by.participation)
    _want_each_other(request, by)
    return meeting


def _answered_side(request: MeetingRequest, by: Acting) -> Participation:
    """The side that is answered. Raises MeetingRefusedError if that side has to answer, or a side refused the other."""
    if request.awaiting_id != by.participation.pk:
        raise life.MeetingRefusedError(_("The other side has to answer first."))
    other = other_side(request, by.participation)
    if has_refused(by.participation, other):
        raise life.MeetingRefusedError(_("You said no thanks to them. Take that back first."))
    if has_refused(other, by.participation):
        # The other side refused after it asked: nothing can come of the request, and the refusal is not told.
        raise life.MeetingRefusedError(_("This request is not open any more."))
    return other


def _agreed_state(request: MeetingRequest, meeting: Meeting, by: Acting, at: datetime) -> Meeting.State:
    """State of a meeting that gets its time at once: scheduled only, if the time is still hidden."""
    unnamed = request.starts_at is None and meeting.state not in life.ENDED
    hidden = unnamed and showing(by.edition, at).sentence
    return Meeting.State.SCHEDULED if hidden else Meeting.State.CONFIRMED


def _new_meeting(request: MeetingRequest) -> Meeting:
    """A new meeting: the exhibitor is the host; of two exhibitors, the side that was asked."""
    host, guest = host_of(request.asked, request.asker)
    return Meeting(edition=request.edition, host=host, guest=guest, source=Meeting.Source.REQUEST)


def _within_maximum(meeting: Meeting, by: Acting) -> None:
    """Raises MeetingRefusedError if a side has its maximum of meetings. A meeting that moves counts already."""
    if meeting.state in life.TOLD and meeting.pk:
        return
    for side in (meeting.host, meeting.guest):
        if told_count(side) >= side.meetings_maximum:
            raise life.MeetingRefusedError(
                _("You have as many meetings as you set for yourself (%d). Set more, or cancel one.")
                % side.meetings_maximum
                if side.pk == by.participation.pk
                else _("The other side has as many meetings as it may have.")
            )


def _want_each_other(request: MeetingRequest, by: Acting) -> None:
    """Give both sides of an agreed meeting a must, since the timetable reads wishes."""
    for wisher, wished in ((request.asker, request.asked), (request.asked, request.asker)):
        Wish.objects.update_or_create(
            wisher=wisher, wished=wished, defaults={"edition": request.edition, "strength": Wish.Strength.MUST}
        )
    record("wish.agreed", request, after={"wishes": "must"}, user=by.user, edition=by.edition)


@transaction.atomic
def decline(
    request: MeetingRequest,
    by: Acting,
    *,
    reason: MeetingRequest.Reason = MeetingRequest.Reason.OTHER,
    words: str = "",
    now: datetime | None = None,
) -> None:
    """Decline a request or a counter-offer, with a reason. Raises MeetingRefusedError."""
    at = now or timezone.now()
    request = _open(request, by, at)
    if request.awaiting_id != by.participation.pk and request.asker_id == by.participation.pk:
        raise life.MeetingRefusedError(_("It is yours: withdraw it instead."))
    _close(request, by, R.DECLINED, life.K.DECLINED, at, reason=reason, words=words)


@transaction.atomic
def withdraw(request: MeetingRequest, by: Acting, *, now: datetime | None = None) -> None:
    """Withdraw one's own request. Raises MeetingRefusedError."""
    at = now or timezone.now()
    request = _open(request, by, at)
    if request.asker_id != by.participation.pk:
        raise life.MeetingRefusedError(_("The other side has asked: decline it instead."))
    _close(request, by, R.WITHDRAWN, life.K.WITHDRAWN, at)


def _close(
    request: MeetingRequest,
    by: Acting,
    to: MeetingRequest.State,
    kind: MeetingEvent.Kind,
    at: datetime,
    *,
    reason: str = "",
    words: str = "",
) -> None:
    before = state(request)
    request.state, request.answered_at, request.reason = to, at, reason
    request.save()
    life.happened(kind, by, request=request, words=words.strip())
    trace(f"meeting_request.{to}", request, by, before=before)
    if kind == life.K.DECLINED:
        tell_answer(request, by.participation)


@transaction.atomic
def expire_due(edition: Edition, *, now: datetime | None = None) -> int:
    """Expire requests that nobody answered in time. Returns their number."""
    at = now or timezone.now()
    due = list(MeetingRequest.objects.filter(edition=edition, state=R.OPEN, expires_at__lte=at))
    for request in due:
        before = state(request)
        request.state, request.answered_at = R.EXPIRED, at
        request.save()
        life.happened(life.K.EXPIRED, None, request=request)
        record("meeting_request.expired", request, before=before, after=state(request), edition=edition)
    return len(due)


@transaction.atomic
def cancel(meeting: Meeting, by: Acting, *, words: str = "", now: datetime | None = None) -> None:
    """Cancel a meeting that has a time or waits for one; its slot is free at once. Raises MeetingRefusedError."""
    at = now or timezone.now()
    life.lock(meeting.host, meeting.guest)
    meeting.refresh_from_db()
    if meeting.state not in life.COMING and not is_agreed(meeting):
        raise life.MeetingRefusedError(_("This meeting cannot be cancelled any more."))
    if meeting.is_told and meeting.starts_at is not None and meeting.starts_at <= at:
        raise life.MeetingRefusedError(_("The hour of this meeting has come; say whether it took place."))
    for request in open_requests(meeting.host, meeting.guest):
        _close(
            request, by, R.WITHDRAWN if request.asker_id == by.participation.pk else R.DECLINED, life.K.WITHDRAWN, at
        )
    # The timetable leaves a cancelled meeting alone, whatever was wished for; a new request brings it back.
    as_read = copy(showing(meeting.edition, at).to_a_side(meeting))
    life.move(meeting, Meeting.State.CANCELLED, life.K.CANCELLED, by, words=words.strip())
    tell_cancelled(as_read, by, words.strip())


def _open(request: MeetingRequest, by: Acting, now: datetime) -> MeetingRequest:
    """The request as it is now, locked against a second answer at the same time. Raises MeetingRefusedError."""
    life.lock(request.asker, request.asked)
    current = MeetingRequest.objects.select_related(
        "asker__firm", "asked__firm", "edition", "meeting__host", "meeting__guest"
    ).get(pk=request.pk)
    if by.participation.pk not in (current.asker_id, current.asked_id):
        raise life.MeetingRefusedError(_("This request is not yours."))
    if current.state != R.OPEN or current.expires_at <= now:
        raise life.MeetingRefusedError(_("This request is not open any more."))
    if current.meeting is not None and current.meeting.state in life.ENDED:
        raise life.MeetingRefusedError(_("This request is not open any more."))
    return current


def other_side(request: MeetingRequest, own: Participation) -> Participation:
    """The side that is not one's own."""
    other: Participation = request.asked if request.asker_id == own.pk else request.asker
    return other


def received(participation: Participation, now: datetime | None = None) -> QuerySet[MeetingRequest]:
    """Open requests that this side has to answer, without those of participants that it vetoed."""
    at = now or timezone.now()
    refused = Wish.objects.filter(wisher=participation, wished=OuterRef("asker"), strength=Wish.Strength.NO_THANKS)
    return _shown(MeetingRequest.objects.filter(awaiting=participation)).filter(
        ~Exists(refused), state=R.OPEN, expires_at__gt=at
    )


def sent(participation: Participation, now: datetime | None = None) -> QuerySet[MeetingRequest]:
    """Open requests that the other side has to answer."""
    at = now or timezone.now()
    mine = Q(asker=participation) | Q(asked=participation)
    return (
        _shown(MeetingRequest.objects.filter(mine, state=R.OPEN, expires_at__gt=at))
        .exclude(awaiting=participation)
        .exclude(pk__in=_never_shown(participation))
    )


def answered(participation: Participation, now: datetime | None = None) -> QuerySet[MeetingRequest]:
    """Requests that were answered, withdrawn or have expired."""
    at = now or timezone.now()
    over = ~Q(state=R.OPEN) | Q(expires_at__lte=at)
    mine = Q(asker=participation) | Q(asked=participation)
    return _shown(MeetingRequest.objects.filter(mine, over)).exclude(pk__in=_never_shown(participation))


def _never_shown(participation: Participation) -> QuerySet[MeetingRequest, int]:
    """Requests from participants that the side had vetoed; it never sees them."""
    refused = Wish.objects.filter(wisher=participation, wished=OuterRef("asker"), strength=Wish.Strength.NO_THANKS)
    return (
        MeetingRequest.objects.filter(Exists(refused), asked=participation)
        .exclude(state=R.DECLINED)
        .values_list("pk", flat=True)
    )


def _shown(requests: QuerySet[MeetingRequest]) -> QuerySet[MeetingRequest]:
    return requests.select_related("asker__firm", "asked__firm", "meeting")


def is_shown_to(request: MeetingRequest, participation: Participation) -> bool:
    """Whether this side may see the request: a request of a participant that it vetoed only if it answered it."""
    return not _never_shown(participation).filter(pk=request.pk).exists()
