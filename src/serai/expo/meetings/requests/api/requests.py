"""Requests to meet, of a participant for whom one acts."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Key, Moment, Of, Words, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.meetings.meeting.api import ForFirm, room
from serai.expo.meetings.meeting.domain.life import meeting_of
from serai.expo.meetings.meeting.domain.permission import require_may_meet
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.meeting.models import MeetingRequest
from serai.expo.meetings.requests.domain import requests
from serai.expo.meetings.timetable.domain.seating import free_slots
from serai.expo.participants.exhibitors.api.represented import Mine, acting_among, acting_for
from serai.expo.participants.participation.domain.representation import Acting, desks_of


class RequestShown(Schema):
    number: Key
    asker: Annotated[str, Of("asker.firm.identifier")]
    asked: Annotated[str, Of("asked.firm.identifier")]
    awaiting: str = Field(description="Whose answer is awaited")
    state: str = Field(description="open, accepted, declined, withdrawn or expired")
    message: str
    starts_at: datetime | None = Field(description="The time proposed; null for any time")
    reason: str
    said_at: datetime
    expires_at: datetime
    meeting: Annotated[int | None, Of("meeting_id")]


class RequestsWanted(Mine):
    box: str = Field(
        "received",
        pattern="^(received|sent|answered)$",
        json_schema_extra={"enum": ["received", "sent", "answered"]},
        description="received waits for your answer, sent for the other side's, answered is over",
    )


class TimeGiven(Schema):
    starts_at: Moment | None = Field(None, description="One of the free times; null for any")
    message: Annotated[Words, Field(max_length=1000)] = ""


class Asking(ForFirm, TimeGiven):
    to: Code = Field(min_length=1, description="Identifier of the firm that is asked")


class Declining(Schema):
    reason: MeetingRequest.Reason = MeetingRequest.Reason.OTHER
    words: Annotated[Words, Field(max_length=1000)] = ""


class TimeShown(Schema):
    starts_at: datetime
    ends_at: datetime


BOXES = {"received": requests.received, "sent": requests.sent, "answered": requests.answered}


def request_shown(row: MeetingRequest) -> RequestShown:
    awaiting = row.asker if row.awaiting_id == row.asker_id else row.asked
    return shown(RequestShown, row, awaiting=awaiting.firm.identifier)


@room.list("/my/requests", _("My requests"), RequestShown, request_shown, scope=READ)
def my_requests(request: Call, edition: Edition, wanted: Query[RequestsWanted]) -> Any:
    """Requests for meetings: those to answer, those sent, those that are over."""
    own = acting_for(request, edition, wanted.firm).participation
    return BOXES[wanted.box](own)


def _request(request: Call, edition: Edition, number: int) -> tuple[MeetingRequest, Acting]:
    rows = MeetingRequest.objects.filter(edition=edition, pk=number).select_related(
        "asker__firm", "asked__firm", "asker__edition", "asked__edition", "meeting"
    )
    row = rows.first()
    own = {desk.pk for desk in desks_of(request.user, edition)}
    if row is None or own.isdisjoint({row.asker_id, row.asked_id}):
        raise Http404(_("There is no such request."))
    by = acting_among(request, edition, row.asker, row.asked)
    if not requests.is_shown_to(row, by.participation):
        raise Http404(_("There is no such request."))
    return row, by


def _again(row: MeetingRequest) -> RequestShown:
    return request_shown(MeetingRequest.objects.select_related("asker__firm", "asked__firm").get(pk=row.pk))


@room.get("/my/requests/{number}", _("A request"), RequestShown, scope=READ)
def my_request(request: Call, edition: Edition, number: int) -> Any:
    return request_shown(_request(request, edition, number)[0])


@room.list("/my/free-times/{identifier}", _("Free times"), TimeShown, scope=READ)
def free_times(request: Call, edition: Edition, identifier: str, mine: Query[Mine]) -> Any:
    """When neither you nor the other firm has a meeting."""
    by = acting_for(request, edition, mine.firm)
    other = partner_or_404(by, identifier)
    require_may_meet(by.participation, other)
    slots = free_slots(by.participation, other, but=meeting_of(by.participation, other))

    def show(slot: Slot) -> TimeShown:
        return TimeShown(starts_at=slot.starts_at.astimezone(UTC), ends_at=slot.ends_at.astimezone(UTC))

    return Listed(slots, show)


@room.post("/my/requests", _("Ask for a meeting"), RequestShown, status=201)
def ask(request: Call, edition: Edition, given: Asking) -> Any:
    """At a time or at any; with whom a meeting is agreed, to meet at another time."""
    by = acting_for(request, edition, given.firm)
    other = partner_or_404(by, given.to)
    return _again(requests.ask(by, other, message=given.message, starts_at=given.starts_at))


@room.post("/my/requests/{number}/accept", _("Accept a request"), RequestShown)
def accept_request(request: Call, edition: Edition, number: int) -> Any:
    """The meeting has its time at once where a time was asked for or the timetable is published."""
    row, by = _request(request, edition, number)
    require_unchanged(request, request_shown(row))
    requests.accept(row, by)
    return _again(row)


@room.post("/my/requests/{number}/decline", _("Decline a request"), RequestShown)
def decline_request(request: Call, edition: Edition, number: int, given: Declining) -> Any:
    row, by = _request(request, edition, number)
    requests.decline(row, by, reason=given.reason, words=given.words)
    return _again(row)


@room.post("/my/requests/{number}/counter", _("Propose another time"), RequestShown)
def counter_request(request: Call, edition: Edition, number: int, given: TimeGiven) -> Any:
    """In place of the one asked for; now the other side's answer is awaited."""
    row, by = _request(request, edition, number)
    requests.counter(row, by, starts_at=given.starts_at, message=given.message)
    return _again(row)


@room.post("/my/requests/{number}/withdraw", _("Withdraw a request"), RequestShown)
def withdraw_request(request: Call, edition: Edition, number: int) -> Any:
    row, by = _request(request, edition, number)
    requests.withdraw(row, by)
    return _again(row)
