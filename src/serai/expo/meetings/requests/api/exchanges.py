"""Exchanges of times: two meetings swap theirs when both other sides agree, or because an organiser says so."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Key, Number, Words, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.meetings.meeting.domain.life import COMING, EVERYTHING, MeetingRefusedError, showing
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.requests.api.meetings import MeetingShown, meeting, own_meeting, seen_meeting
from serai.expo.meetings.requests.domain import exchanges as exchanging
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.exchange import exchange_by_right
from serai.expo.meetings.timetable.domain.pools import pair_of_each
from serai.expo.participants.exhibitors.api.represented import Mine, acting_for
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of

room = Room(_("Exchanges of times"), MeetingRefusedError)


class ExchangeShown(Schema):
    number: Key
    asker: str = Field(description="Identifier of the firm that asks")
    meeting: int = Field(description="Your meeting that would move")
    starts_at: datetime = Field(description="When it began as it was asked")
    new_starts_at: datetime = Field(description="When it would begin")
    other: int | None = Field(description="The other meeting: for who has asked; who is asked learns nothing of it")
    agreed: bool = Field(description="Whether your side has agreed; who asks has")
    message: str
    state: str = Field(description="open, done, declined or withdrawn")
    said_at: datetime
    expires_at: datetime


class ExchangesWanted(Mine):
    box: Annotated[str, one_of(["received", "sent"])] = Field(
        "received", description="received waits for your answer, sent for that of others"
    )


class ExchangeGiven(Schema):
    other: Number = Field(description="Number of the meeting with whose time it is exchanged")
    message: Annotated[Words, Field(max_length=300)] = Field("", description="Message to both sides")


class ByRight(Schema):
    other: Number = Field(description="Number of the meeting with whose time it is exchanged")


class Exchanged(Schema):
    first: MeetingShown
    second: MeetingShown


def exchange_shown(own: Participation, row: MeetingExchange) -> ExchangeShown:
    """An exchange as one of its sides reads it."""
    asks = row.asker_id == own.pk
    mine, begins = exchanging.own_meeting(row, own)
    is_first = mine.pk == row.first_id
    agreed = row.first_agreed_at if is_first else row.second_agreed_at
    return shown(
        ExchangeShown,
        row,
        asker=row.asker.firm.identifier,
        meeting=mine.pk,
        starts_at=row.first_starts_at if is_first else row.second_starts_at,
        new_starts_at=begins,
        other=row.second_id if asks else None,
        agreed=asks or agreed is not None,
    )


BOXES = {"received": exchanging.to_answer, "sent": exchanging.asked_by}


def _exchange(request: Call, edition: Edition, number: int) -> tuple[MeetingExchange, Acting]:
    """An exchange in which one for whom the caller acts has a say. Raises Http404."""
    for own in desks_of(request.user, edition):
        for box in BOXES.values():
            if (exchange := box(own).filter(pk=number).first()) is not None:
                return exchange, acting(request.user, own)
    raise Http404(_("There is no such exchange."))


def _again(by: Acting, row: MeetingExchange) -> ExchangeShown:
    related = ("asker__firm", "first", "second")
    return exchange_shown(by.participation, MeetingExchange.objects.select_related(*related).get(pk=row.pk))


@room.list("/my/exchanges", _("Exchanges of times"), ExchangeShown, scope=READ)
def my_exchanges(request: Call, edition: Edition, wanted: Query[ExchangesWanted]) -> Any:
    """Those that wait for your answer, or those that you have asked for."""
    own = acting_for(request, edition, wanted.firm).participation
    show = partial(exchange_shown, own)
    return Listed(BOXES[wanted.box](own), show)


@room.get("/my/exchanges/{number}", _("An exchange of times"), ExchangeShown, scope=READ)
def my_exchange(request: Call, edition: Edition, number: int) -> Any:
    """As long as you have a say in it."""
    row, by = _exchange(request, edition, number)
    return exchange_shown(by.participation, row)


@room.list(
    "/meetings/{number}/exchangeable", _("Meetings with which a time can be exchanged"), MeetingShown, scope=READ
)
def exchangeable_meetings(request: Call, edition: Edition, number: int) -> Any:
    """Your other meetings that have a time to come; none where this one has none, or is locked."""
    row, by = own_meeting(request, edition, number)
    moves = row.state in COMING and not row.locked
    others = list(exchanging.exchangeable(by.participation, row)) if moves else []
    show = partial(meeting, organises=False, may_read=showing(edition), pair=pair_of_each(edition))
    return Listed(others, show)


@room.post("/meetings/{number}/exchange", _("Ask for an exchange of times"), ExchangeShown, status=201)
def ask_exchange(request: Call, edition: Edition, number: int, given: ExchangeGiven) -> Any:
    """Both other sides are asked, each for its own meeting. Until both agree the two keep their times."""
    row, by = own_meeting(request, edition, number)
    other = exchanging.exchangeable(by.participation, row).filter(pk=given.other).first()
    if other is None:
        raise ProblemError(409, _("Choose another of your meetings that has a time to come."))
    return _again(by, exchanging.ask_exchange(by, row, other, message=given.message))


@room.post("/my/exchanges/{number}/agree", _("Agree to an exchange of times"), ExchangeShown)
def agree_exchange(request: Call, edition: Edition, number: int) -> Any:
    """For your own meeting. When both sides have agreed the times are exchanged at once."""
    row, by = _exchange(request, edition, number)
    require_unchanged(request, exchange_shown(by.participation, row))
    exchanging.agree(row, by)
    return _again(by, row)


@room.post("/my/exchanges/{number}/decline", _("Decline an exchange"), ExchangeShown)
def decline_exchange(request: Call, edition: Edition, number: int) -> Any:
    """Both meetings keep their times."""
    row, by = _exchange(request, edition, number)
    exchanging.decline(row, by)
    return _again(by, row)


@room.post("/my/exchanges/{number}/withdraw", _("Withdraw an exchange"), ExchangeShown)
def withdraw_exchange(request: Call, edition: Edition, number: int) -> Any:
    """What you have asked for yourself, as long as it is open."""
    row, by = _exchange(request, edition, number)
    exchanging.withdraw(row, by)
    return _again(by, row)


@room.post("/meetings/{number}/exchange-times", _("Exchange the times of two meetings"), Exchanged, scope=DECIDE)
def exchange_by_right_(request: Call, edition: Edition, number: int, given: ByRight) -> Any:
    """The organiser exchanges those of any two meetings, and all sides are told."""
    first = seen_meeting(request, edition, number)
    second = Meeting.objects.filter(edition=edition, pk=given.other).exclude(pk=first.pk).first()
    if second is None:
        raise ProblemError(409, _("There is no other meeting with this number."))
    exchange_by_right(first, second, by=request.user)
    show = partial(meeting, organises=True, may_read=EVERYTHING, pair=pair_of_each(edition))
    again = [show(seen_meeting(request, edition, row.pk)) for row in (first, second)]
    return Exchanged(first=again[0], second=again[1])
