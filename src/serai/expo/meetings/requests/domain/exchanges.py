"""A side asks the partners of two of its meetings to exchange the times; both partners have to agree."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.domain.life import COMING, MeetingRefusedError, Showing, across, of_either, showing
from serai.expo.meetings.meeting.domain.notification import tell, tell_changed
from serai.expo.meetings.meeting.domain.wishes import has_refused
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.exchange import lock_both, new_times, write_times
from serai.expo.meetings.timetable.domain.seating import until
from serai.expo.participants.participation.domain.representation import Acting, trace

State = MeetingExchange.State

DAYS = 3
"""Days until an exchange expires; it may expire earlier, with one of the two meetings."""


def exchangeable(by: Participation, meeting: Meeting) -> QuerySet[Meeting]:
    """Other meetings of the side whose time may be exchanged with this meeting's."""
    coming = Meeting.objects.filter(of_either(by), state__in=COMING, locked=False, starts_at__gt=timezone.now())
    coming = coming.filter(showing(by.edition).known)
    others = coming.exclude(pk=meeting.pk).exclude(starts_at=meeting.starts_at)
    return others.select_related("host__firm", "guest__firm").order_by("starts_at", "pk")


@transaction.atomic
def ask_exchange(
    by: Acting, first: Meeting, second: Meeting, *, message: str = "", now: datetime | None = None
) -> MeetingExchange:
    """Ask the other sides of two of one's own meetings to exchange the times.

    Raises MeetingRefusedError with the reason if the two meetings cannot have each other's time.
    """
    own, at = by.participation, now or timezone.now()
    first, second = lock_both(first, second)
    if not all(own.pk in (meeting.host_id, meeting.guest_id) for meeting in (first, second)):
        raise MeetingRefusedError(_("Only meetings of your own can exchange their times."))
    require_open(by.edition, Phase.Kind.REQUESTS, at, refusal=MeetingRefusedError)
    _require_read(by.edition, at)
    if _open().filter(Q(first__in=(first, second)) | Q(second__in=(first, second)), expires_at__gt=at).exists():
        raise MeetingRefusedError(_("For one of the two an exchange has been asked for already."))
    new_times(first, second, now=at, told_vetoes=False)
    assert first.starts_at is not None
    assert second.starts_at is not None
    made = MeetingExchange.objects.create(
        edition=by.edition,
        asker=own,
        first=first,
        second=second,
        first_starts_at=first.starts_at,
        second_starts_at=second.starts_at,
        message=message.strip()[:1000],
        said_at=at,
        expires_at=min(until(by.edition, at, DAYS), first.starts_at, second.starts_at),
    )
    trace("meeting_exchange.asked", made, by)
    for meeting in (first, second):
        to = across(meeting, own)
        if not has_refused(to, own):
            tell(to, own, "exchange-asked")
    return made


@transaction.atomic
def agree(exchange: MeetingExchange, by: Acting, *, now: datetime | None = None) -> bool:
    """Agree for one's own meeting. Returns whether both sides have agreed and the times are exchanged.

    Raises MeetingRefusedError.
    """
    at = now or timezone.now()
    held = _answered(exchange, by, at)
    _require_read(by.edition, at)
    if has_refused(by.participation, held.asker):
        raise MeetingRefusedError(_("You said no thanks to them. Take that back first."))
    before = state(held)
    if by.participation.pk in (held.first.host_id, held.first.guest_id):
        held.first_agreed_at = at
    if by.participation.pk in (held.second.host_id, held.second.guest_id):
        held.second_agreed_at = at
    done = held.first_agreed_at is not None and held.second_agreed_at is not None
    if done:
        held.state, held.answered_at = State.DONE, at
    held.save()
    trace("meeting_exchange.agreed", held, by, before=before)
    if done:
        try:
            times = new_times(held.first, held.second, now=at)
        except MeetingRefusedError:
            # The reason may lie with the other meeting, of which this side knows nothing.
            raise MeetingRefusedError(
                _("The two times can't be exchanged any more: something is in the way.")
            ) from None
        write_times(held.first, held.second, times, Meeting.State.CONFIRMED, by, by.user)
        tell(held.asker, by.participation, "exchange-agreed")
        for meeting in (held.first, held.second):
            if (other := across(meeting, held.asker)).pk != by.participation.pk:
                tell_changed(meeting, other, but=by.user)  # who agreed first learns that it is done
    return done


@transaction.atomic
def decline(exchange: MeetingExchange, by: Acting, *, now: datetime | None = None) -> None:
    """Decline for one's own meeting; both keep their times. Raises MeetingRefusedError."""
    at = now or timezone.now()
    held = _answered(exchange, by, at)
    _close(held, State.DECLINED, by, at)
    tell(held.asker, by.participation, "exchange-declined")


@transaction.atomic
def withdraw(exchange: MeetingExchange, by: Acting, *, now: datetime | None = None) -> None:
    """Withdraw one's own exchange. Raises MeetingRefusedError."""
    at = now or timezone.now()
    held = _current(exchange, at)
    if held.asker_id != by.participation.pk:
        raise MeetingRefusedError(_("The other side has asked: decline it instead."))
    _close(held, State.WITHDRAWN, by, at)


def _open() -> QuerySet[MeetingExchange]:
    """Open exchanges of meetings that have neither moved nor ended since."""
    unmoved = {"first__starts_at": F("first_starts_at"), "second__starts_at": F("second_starts_at")}
    coming = {"first__state__in": COMING, "second__state__in": COMING}
    return MeetingExchange.objects.filter(state=State.OPEN, **unmoved, **coming)


def _shown(exchanges: QuerySet[MeetingExchange]) -> QuerySet[MeetingExchange]:
    # Read one after the other: joined, ten tables are planned on each page of meetings, and seldom is there a row.
    sides = (f"{which}__{side}__firm" for which in ("first", "second") for side in ("host", "guest"))
    return exchanges.prefetch_related("asker__firm", *sides)


def to_answer(
    participation: Participation, now: datetime | None = None, may_read: Showing | None = None
) -> QuerySet[MeetingExchange]:
    """Exchanges that this side has to answer, without those of participants that it vetoed.

    ``may_read`` is what sides may read at this time, if the caller knows it.
    """
    at = now or timezone.now()
    if (may_read or showing(participation.edition, at)).sentence:  # it says when meetings are held
        return MeetingExchange.objects.none()
    in_first = Q(first__host=participation) | Q(first__guest=participation)
    in_second = Q(second__host=participation) | Q(second__guest=participation)
    waits = (in_first & Q(first_agreed_at__isnull=True)) | (in_second & Q(second_agreed_at__isnull=True))
    refused = Wish.objects.filter(wisher=participation, wished=OuterRef("asker"), strength=Wish.Strength.NO_THANKS)
    to_answer_ = _open().filter(waits, ~Exists(refused), expires_at__gt=at).exclude(asker=participation)
    return _shown(to_answer_)


def asked_by(
    participation: Participation, now: datetime | None = None, may_read: Showing | None = None
) -> QuerySet[MeetingExchange]:
    """Exchanges that this side asked for and that wait for an answer.

    ``may_read`` is what sides may read at this time, if the caller knows it.
    """
    at = now or timezone.now()
    if (may_read or showing(participation.edition, at)).sentence:
        return MeetingExchange.objects.none()
    return _shown(_open().filter(asker=participation, expires_at__gt=at))


def is_shown_to(exchange: MeetingExchange, participation: Participation) -> bool:
    """Whether this side asked for the exchange or has to answer it."""
    may_read = showing(participation.edition)
    boxes = (box(participation, may_read=may_read) for box in (to_answer, asked_by))
    return any(exchanges.filter(pk=exchange.pk).exists() for exchanges in boxes)


def own_meeting(exchange: MeetingExchange, side: Participation) -> tuple[Meeting, datetime]:
    """The meeting of a side that is asked, and when it would begin."""
    if side.pk in (exchange.first.host_id, exchange.first.guest_id):
        return exchange.first, exchange.second_starts_at
    return exchange.second, exchange.first_starts_at


def _require_read(edition: Edition, at: datetime) -> None:
    """Raises MeetingRefusedError while the times to be exchanged are hidden."""
    if sentence := showing(edition, at).sentence:
        raise MeetingRefusedError(sentence)


def _current(exchange: MeetingExchange, at: datetime) -> MeetingExchange:
    first, second = lock_both(exchange.first, exchange.second)
    current = _open().select_related("asker__firm", "edition").filter(pk=exchange.pk, expires_at__gt=at).first()
    if current is None:
        raise MeetingRefusedError(_("This exchange is not open any more."))
    current.first, current.second = first, second
    return current


def _answered(exchange: MeetingExchange, by: Acting, at: datetime) -> MeetingExchange:
    held = _current(exchange, at)
    sides = {side for meeting in (held.first, held.second) for side in (meeting.host_id, meeting.guest_id)}
    if by.participation.pk not in sides - {held.asker_id}:
        raise MeetingRefusedError(_("This exchange is not yours to answer."))
    return held


def _close(held: MeetingExchange, to: MeetingExchange.State, by: Acting, at: datetime) -> None:
    before = state(held)
    held.state, held.answered_at = to, at
    held.save()
    trace(f"meeting_exchange.{to}", held, by, before=before)
