"""Two meetings exchange their times: asked for by a side that both have in common, or done by an organiser by right.

Whether both can stand at the other's time is answered by the solver and its checker, as for every timetable: the rest
of what was told is kept where it is.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.day.domain.presence import across
from serai.expo.meetings.meeting.domain.disclosure import Showing, showing
from serai.expo.meetings.meeting.domain.life import COMING, TOLD, K, MeetingRefusedError, lock, move, of_either
from serai.expo.meetings.meeting.domain.notification import tell, tell_changed
from serai.expo.meetings.meeting.domain.wishes import has_refused
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.drafts import why_not
from serai.expo.meetings.timetable.domain.grids import lengths
from serai.expo.meetings.timetable.domain.problem import ask
from serai.expo.meetings.timetable.domain.seating import clear_drafts, place_for, until
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User

State = MeetingExchange.State

DAYS = 3
"""An exchange that nobody answers runs out after so many days, or with the earlier of the two meetings."""

SECONDS = 1.0
"""How long the solver may look; with two meetings of a slot each it is done in milliseconds."""

AGAINST = {
    "VETOED": gettext_lazy("one side said no thanks, or the rules of the fair don't let the two meet"),
    "NO_COMMON_SLOT": gettext_lazy("one side is not there, or it is outside of its session or the hours of the booth"),
    "LOWER_VALUE": gettext_lazy("one side has another meeting then"),
    "NO_PLACE": gettext_lazy("all tables are taken then"),
    "NO_POOL": gettext_lazy("the interpreters or the booth that it needs are taken then"),
    "TOO_FAR": gettext_lazy("one side could not walk there in time from another meeting, or from there to the next"),
    "OUT_OF_ORDER": gettext_lazy("it would not be in the order that was arranged"),
}
"""What stands against a meeting at its new time, by the name of the solver's reason."""


@dataclass(frozen=True)
class NewTimes:
    """When the two would begin and end."""

    first: tuple[datetime, datetime]
    second: tuple[datetime, datetime]


def exchangeable(by: Participation, meeting: Meeting, now: datetime | None = None) -> QuerySet[Meeting]:
    """The side's other meetings with whose time this one's could be exchanged. Call inside of the scope."""
    coming = Meeting.objects.filter(of_either(by), state__in=COMING, locked=False, starts_at__gt=now or timezone.now())
    coming = coming.filter(showing(by.edition, now).known)
    others = coming.exclude(pk=meeting.pk).exclude(starts_at=meeting.starts_at)
    return others.select_related("host__firm", "guest__firm").order_by("starts_at", "pk")


@transaction.atomic
def ask_exchange(
    by: Acting, first: Meeting, second: Meeting, *, message: str = "", now: datetime | None = None
) -> MeetingExchange:
    """Ask the other sides of two meetings of one's own to exchange the times. Call inside of the scope.

    Raises MeetingRefusedError where the two could not stand at each other's time, with the reason.
    """
    own, at = by.participation, now or timezone.now()
    first, second = _held(first, second)
    if not all(own.pk in (one.host_id, one.guest_id) for one in (first, second)):
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
    """Agree for one's own meeting; whether both have now, and the times are exchanged. Raises MeetingRefusedError."""
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
        _write(held.first, held.second, times, Meeting.State.CONFIRMED, by, by.user)
        tell(held.asker, by.participation, "exchange-agreed")
        for meeting in (held.first, held.second):
            if (other := across(meeting, held.asker)).pk != by.participation.pk:
                tell_changed(meeting, other, but=by.user)  # who agreed first learns that it is done
    return done


@transaction.atomic
def decline(exchange: MeetingExchange, by: Acting, *, now: datetime | None = None) -> None:
    """Say no for one's own meeting: both keep their times. Raises MeetingRefusedError."""
    at = now or timezone.now()
    held = _answered(exchange, by, at)
    _close(held, State.DECLINED, by, at)
    tell(held.asker, by.participation, "exchange-declined")


@transaction.atomic
def withdraw(exchange: MeetingExchange, by: Acting, *, now: datetime | None = None) -> None:
    """Take back what one has asked for. Raises MeetingRefusedError."""
    at = now or timezone.now()
    held = _current(exchange, at)
    if held.asker_id != by.participation.pk:
        raise MeetingRefusedError(_("The other side has asked: decline it instead."))
    _close(held, State.WITHDRAWN, by, at)


@transaction.atomic
def exchange_by_right(first: Meeting, second: Meeting, *, by: User, now: datetime | None = None) -> None:
    """The organiser exchanges the times of any two meetings; all sides are told. Raises MeetingRefusedError.

    Who had confirmed a time has not confirmed another. Call inside of the edition's scope.
    """
    first, second = _held(first, second)
    times = new_times(first, second, now=now)
    _write(first, second, times, Meeting.State.SCHEDULED, None, by)
    for meeting in (first, second):
        tell_changed(meeting, meeting.host, meeting.guest, but=by)


def new_times(first: Meeting, second: Meeting, *, now: datetime | None = None, told_vetoes: bool = True) -> NewTimes:
    """When the two would be held after the exchange, with the length that each has where it is held.

    Without ``told_vetoes`` a veto is no reason, for it would show: who said no thanks is not told, and never agrees.
    Raises MeetingRefusedError with what stands in the way. Call inside of the edition's scope.
    """
    from serai.match.timetable import TimetableError, check, solve  # loads Numba and HiGHS

    at = now or timezone.now()
    for one in (first, second):
        if one.state not in COMING or one.starts_at is None or one.ends_at is None or one.starts_at <= at:
            raise MeetingRefusedError(_("Only meetings that have a time to come can exchange it."))
        if one.locked:
            raise MeetingRefusedError(_("One of the two is locked by the organiser and keeps its time."))
    if first.starts_at == second.starts_at:
        raise MeetingRefusedError(_("The two are held at the same time."))
    edition: Edition = first.edition
    known = _concerned(first, second)
    try:
        asked = ask(edition, known, free={first.pk, second.pk})
        row = {one.pk: number for number, one in enumerate(asked.meetings)}
        problem, both = asked.problem, (row[first.pk], row[second.pk])
        window = np.array(np.broadcast_to(problem.window, (len(known), len(asked.grid))), np.bool_)
        for number, begins in zip(both, (second.starts_at, first.starts_at), strict=True):
            window[number] &= [slot.starts_at == begins for slot in asked.grid]
        load = np.bincount(problem.pairs.ravel(), minlength=len(problem.parties))
        one_way = replace(
            problem,
            window=window,
            vetoed=problem.vetoed if told_vetoes else np.zeros_like(problem.vetoed),
            maximum=np.maximum(problem.maximum, load),  # as many as before
            minimum=np.zeros_like(problem.minimum),
            must=np.zeros_like(problem.must),
            gap_weight=0.0,
        )
        answer = solve(one_way, seconds=SECONDS)
    except TimetableError as error:
        raise MeetingRefusedError(str(error)) from None
    for meeting, number in zip((first, second), both, strict=True):
        if answer.slot[number] < 0:
            reason = AGAINST.get(why_not(asked, answer, number), AGAINST["LOWER_VALUE"])
            raise MeetingRefusedError(
                _("%(one)s and %(other)s cannot meet at the other time: %(reason)s.")
                % {
                    "one": in_language(meeting.host.firm.name).text,
                    "other": in_language(meeting.guest.firm.name).text,
                    "reason": reason,
                }
            )
    if faults := check(one_way, answer):
        # The checker shares no code with the solver: what it finds is a defect of Serai, and nothing is changed.
        raise MeetingRefusedError(_("The exchange did not pass its check and nothing was changed: %s") % faults[0])
    spans = [(slot.starts_at, slot.ends_at) for slot in (asked.grid[int(answer.slot[number])] for number in both)]
    return NewTimes(*spans)


def _concerned(first: Meeting, second: Meeting) -> list[Meeting]:
    """The told meetings that could stand in the way: of the same sides, at the same hours, or in an order with them."""
    both = (first, second)
    sides = of_either(*(side for one in both for side in (one.host, one.guest)))
    longest = timedelta(minutes=max(lengths(first.edition)))
    then = Q()
    for one in both:
        assert one.starts_at is not None
        then |= Q(starts_at__lt=one.starts_at + longest, ends_at__gt=one.starts_at)
    order = Q(comes_after__in=both) | Q(pk__in=[one.comes_after_id for one in both if one.comes_after_id])
    told = Meeting.objects.filter(edition=first.edition, state__in=TOLD, starts_at__isnull=False)
    return list(told.filter(sides | then | order).select_related("block").defer("reasons").order_by("pk"))


def _write(first: Meeting, second: Meeting, times: NewTimes, to: Meeting.State, by: Acting | None, user: User) -> None:
    places = [
        place_for(one, *span, but=(first, second)) for one, span in ((first, times.first), (second, times.second))
    ]
    if not all(places):
        raise MeetingRefusedError(_("All tables are taken at that time. Propose another time."))
    for meeting, span, place in ((first, times.first, places[0]), (second, times.second, places[1])):
        (meeting.starts_at, meeting.ends_at), meeting.place, meeting.why_not = span, place, ""
        move(meeting, to, K.MOVED, by, user=user)
        clear_drafts(meeting)
    _set_aside_drafts(first.edition, user)


def _set_aside_drafts(edition: Edition, user: User) -> None:
    """A draft that moves told meetings was made of the times before, and is not to be told any more."""
    drafts = TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT)
    for run in drafts:
        if run.changes or run.live:
            run.state = TimetableRun.State.REPLACED
            run.save(update_fields=["state"])
            record("timetable.change_discarded", run, user=user, edition=edition)


def _held(first: Meeting, second: Meeting) -> tuple[Meeting, Meeting]:
    """The two as they are now, held against others who change meetings of the same sides."""
    if first.pk == second.pk:
        raise MeetingRefusedError(_("A meeting cannot exchange its time with itself."))
    lock(*(side for one in (first, second) for side in (one.host, one.guest)))
    related = ("host__firm", "guest__firm", "host__edition", "guest__edition", "edition", "block")
    now = Meeting.objects.filter(pk__in=(first.pk, second.pk)).select_related(*related).in_bulk()
    return now[first.pk], now[second.pk]


def _open() -> QuerySet[MeetingExchange]:
    """Those that wait, and of which neither meeting has moved or ended since."""
    unmoved = {"first__starts_at": F("first_starts_at"), "second__starts_at": F("second_starts_at")}
    coming = {"first__state__in": COMING, "second__state__in": COMING}
    return MeetingExchange.objects.filter(state=State.OPEN, **unmoved, **coming)


def _shown(found: QuerySet[MeetingExchange]) -> QuerySet[MeetingExchange]:
    # Read one after the other: joined, ten tables are planned on each page of meetings, and seldom is there a row.
    sides = (f"{which}__{side}__firm" for which in ("first", "second") for side in ("host", "guest"))
    return found.prefetch_related("asker__firm", *sides)


def to_answer(
    participation: Participation, now: datetime | None = None, may_read: Showing | None = None
) -> QuerySet[MeetingExchange]:
    """Those that wait for this side, without those of whom it does not want to meet. Call inside of the scope.

    ``may_read`` is what sides may read at this time, where the caller knows it.
    """
    at = now or timezone.now()
    if (may_read or showing(participation.edition, at)).sentence:  # it says when meetings are held
        return MeetingExchange.objects.none()
    in_first = Q(first__host=participation) | Q(first__guest=participation)
    in_second = Q(second__host=participation) | Q(second__guest=participation)
    waits = (in_first & Q(first_agreed_at__isnull=True)) | (in_second & Q(second_agreed_at__isnull=True))
    refused = Wish.objects.filter(wisher=participation, wished=OuterRef("asker"), strength=Wish.Strength.NO_THANKS)
    found = _open().filter(waits, ~Exists(refused), expires_at__gt=at).exclude(asker=participation)
    return _shown(found)


def asked_by(
    participation: Participation, now: datetime | None = None, may_read: Showing | None = None
) -> QuerySet[MeetingExchange]:
    """Those that this side has asked for and that wait for an answer. Call inside of the scope.

    ``may_read`` is what sides may read at this time, where the caller knows it.
    """
    at = now or timezone.now()
    if (may_read or showing(participation.edition, at)).sentence:
        return MeetingExchange.objects.none()
    return _shown(_open().filter(asker=participation, expires_at__gt=at))


def is_shown_to(exchange: MeetingExchange, participation: Participation) -> bool:
    """Whether this side has a say in it now."""
    may_read = showing(participation.edition)
    boxes = (box(participation, may_read=may_read) for box in (to_answer, asked_by))
    return any(found.filter(pk=exchange.pk).exists() for found in boxes)


def own_meeting(exchange: MeetingExchange, side: Participation) -> tuple[Meeting, datetime]:
    """The meeting of a side that is asked, and when it would begin."""
    if side.pk in (exchange.first.host_id, exchange.first.guest_id):
        return exchange.first, exchange.second_starts_at
    return exchange.second, exchange.first_starts_at


def _require_read(edition: Edition, at: datetime) -> None:
    """Raise MeetingRefusedError while the sides may not read the times that are to be exchanged."""
    if sentence := showing(edition, at).sentence:
        raise MeetingRefusedError(sentence)


def _current(exchange: MeetingExchange, at: datetime) -> MeetingExchange:
    first, second = _held(exchange.first, exchange.second)
    found = _open().select_related("asker__firm", "edition").filter(pk=exchange.pk, expires_at__gt=at).first()
    if found is None:
        raise MeetingRefusedError(_("This exchange is not open any more."))
    found.first, found.second = first, second
    return found


def _answered(exchange: MeetingExchange, by: Acting, at: datetime) -> MeetingExchange:
    held = _current(exchange, at)
    sides = {side for one in (held.first, held.second) for side in (one.host_id, one.guest_id)}
    if by.participation.pk not in sides - {held.asker_id}:
        raise MeetingRefusedError(_("This exchange is not yours to answer."))
    return held


def _close(held: MeetingExchange, to: MeetingExchange.State, by: Acting, at: datetime) -> None:
    before = state(held)
    held.state, held.answered_at = to, at
    held.save()
    trace(f"meeting_exchange.{to}", held, by, before=before)
