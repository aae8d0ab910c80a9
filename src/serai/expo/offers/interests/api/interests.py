"""Expressions of interest in offers and needs: said, read by each side, accepted or declined, withdrawn."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Key, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.kinds import SEEN
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, page_of
from serai.expo.fairs.interface.domain.values import Texts, Words, one_of
from serai.expo.offers.interests.api.quotations import QuotationShown
from serai.expo.offers.interests.domain import interests as interest
from serai.expo.offers.interests.domain.quotations import with_standing
from serai.expo.offers.market.api import NEED, OFFER, Items, Kind
from serai.expo.offers.market.models import Agreement, Interest
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of

room = Room(_("Expressions of interest"), interest.InterestRefusedError)


class InterestShown(Schema):
    number: Key
    item: str = Field(description="offer or need")
    item_number: int = Field(description="Number of the offer or need")
    title: Texts
    firm: str | None = Field(description="Whose offer or need it is; null as long as it stays unnamed to you")
    asker: str = Field(description="Identifier of the firm that is interested")
    agreement: str
    cooperation: str
    unclear: str
    about: str
    state: str = Field(description="open, accepted, declined or withdrawn")
    answer: str
    said_at: datetime
    answered_at: datetime | None
    quotation: QuotationShown | None = Field(description="The quotation that stands")


class InterestGiven(Schema):
    """The three questions of the Enterprise Europe Network, and the kind of agreement."""

    firm: For = ""
    cooperation: Annotated[str, StringConstraints(pattern=SEEN, max_length=1000)] = Field(
        description="What kind of cooperation you mean"
    )
    about: Annotated[str, StringConstraints(pattern=SEEN, max_length=2000)] = Field(
        description="Who you are; your firm is named to the other side"
    )
    unclear: Annotated[Words, Field(max_length=1000)] = Field("", description="What is unclear to you")
    agreement: Annotated[str, one_of(Agreement.values, blank=True)] = ""


class InterestAnswer(Schema):
    words: Annotated[Words, Field(max_length=1000)] = ""


def shown_to(own: Participation, row: Interest) -> InterestShown:
    """An expression of interest as one of its two sides reads it."""
    item = row.item
    named = item.participation_id == own.pk or not item.anonymous or row.state == Interest.State.ACCEPTED
    return shown(
        InterestShown,
        row,
        item="need" if row.need_id else "offer",
        item_number=item.pk,
        title=item.title,
        firm=item.participation.firm.identifier if named else None,
        asker=row.asker.firm.identifier,
        quotation=next((shown(QuotationShown, kept) for kept in row.standing), None),  # type: ignore[attr-defined]  # of `with_standing`
    )


def _with_firms(rows: QuerySet[Interest]) -> QuerySet[Interest]:
    related = ("asker__firm", "offer__participation__firm", "need__participation__firm")
    return with_standing(rows.select_related(*related))


@room.get("/my/interests/received", _("Interest in what is mine"), Page[InterestShown], scope=READ)
def interests_received(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """What others said of your offers and needs, those that wait for an answer first."""
    return _listed(acting_for(request, edition, mine.firm).participation, interest.received, mine)


@room.get("/my/interests/sent", _("Interest that I have expressed"), Page[InterestShown], scope=READ)
def interests_sent(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """What you said of others' offers and needs. Who stays unnamed is named to you when it accepts."""
    return _listed(acting_for(request, edition, mine.firm).participation, interest.sent, mine)


type Side = Callable[[Participation], QuerySet[Interest]]


def _listed(own: Participation, side: Side, cut: Cut) -> Any:
    rows = list(_with_firms(side(own)))
    return page_of(rows, lambda row: shown_to(own, row), cut)


def _mine(request: Call, edition: Edition, number: int, side: Side) -> tuple[Interest, Acting]:
    """An expression of interest on that side of those for whom the caller acts. Raises Http404."""
    for own in desks_of(request.user, edition):
        if (row := side(own).filter(pk=number).first()) is not None:
            return row, acting(request.user, own)
    raise Http404(_("There is no such expression of interest of yours."))


def _again(by: Acting, row: Interest) -> InterestShown:
    return shown_to(by.participation, _with_firms(Interest.objects.filter(pk=row.pk)).get())


def declare(kind: Kind, title: Promise) -> None:
    """The operation that expresses interest in an offer, or in a need."""
    name = kind.name

    @room.post(f"/{name}s/{{number}}/interest", title, InterestShown, status=201, name=f"express_interest_in_{name}")
    def say(request: Call, edition: Edition, number: int, given: InterestGiven) -> Any:
        """Once for each; one withdrawn can be said again."""
        by = acting_for(request, edition, given.firm)
        item = Items(request, edition, kind).one(number)
        return _again(by, interest.say(by, item, given.model_dump(exclude={"firm"})))


declare(OFFER, _("Express interest in an offer"))
declare(NEED, _("Express interest in a need"))


@room.post("/my/interests/{number}/accept", _("Accept an interest"), InterestShown)
def accept_interest(request: Call, edition: Edition, number: int, given: InterestAnswer) -> Any:
    """It tells who is interested whose offer or need it is."""
    row, by = _mine(request, edition, number, interest.received)
    interest.answer(by, row, accept=True, words=given.words)
    return _again(by, row)


@room.post("/my/interests/{number}/decline", _("Decline an interest"), InterestShown)
def decline_interest(request: Call, edition: Edition, number: int, given: InterestAnswer) -> Any:
    """It names nobody."""
    row, by = _mine(request, edition, number, interest.received)
    interest.answer(by, row, accept=False, words=given.words)
    return _again(by, row)


@room.post("/my/interests/{number}/withdraw", _("Withdraw an interest"), InterestShown)
def withdraw_interest(request: Call, edition: Edition, number: int) -> Any:
    """Before it is answered."""
    row, by = _mine(request, edition, number, interest.sent)
    interest.withdraw(by, row)
    return _again(by, row)
