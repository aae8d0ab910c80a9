"""Expressions of interest in offers and needs: said, read by each side, accepted or declined, withdrawn.

The quotations in answer to them: said by who would sell, replaced, withdrawn, read and compared.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from serai.expo.base.files.domain import KINDS
from serai.expo.base.files.pages import handed_out
from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import (
    Key,
    Line,
    Of,
    Texts,
    Words,
    decimal,
    one_of,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.kinds import SEEN
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, page_of
from serai.expo.offers.interests import domain as interests
from serai.expo.offers.interests.domain import InterestRefusedError, with_standing
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.api import NEED, OFFER, Items, Kind
from serai.expo.offers.market.domain.specification import UNITS
from serai.expo.offers.market.models import Agreement, Incoterm, Interest, Need
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for
from serai.expo.participants.participation.domain.representation import Acting, acted_for, acting, desks_of

quotations_room = Room(_("Quotations"), InterestRefusedError)


class QuotationShown(Schema):
    number: Key
    version: int
    state: str = Field(description="stands, replaced or withdrawn")
    price: Decimal
    currency: str
    per: Decimal = Field(description="For how many of the unit the price is")
    unit: str = Field(description="UN/CEFACT Recommendation 20")
    price_of_one: Decimal = Field(description="Of one unit, in the same currency")
    incoterm: str
    place: str
    quantity: Decimal | None = Field(description="The quantity that it holds for")
    lead_time_days: int | None
    valid_until: date
    has_run_out: bool
    file: Annotated[str | None, Of("file.name")] = Field(
        description="Name of its document, which has an address of its own"
    )
    said_at: datetime
    ended_at: datetime | None


class QuotationCompared(QuotationShown):
    interest: Annotated[int, Of("interest_id")] = Field(
        description="Number of the expression of interest in which it was said"
    )
    firm: Annotated[str, Of("interest.asker.firm.identifier")] = Field(
        description="Identifier of the firm that would sell"
    )


Price = Annotated[float, Field(ge=0.0001, le=1e11, description="Rounded to four places")]


class QuotationGiven(Schema):
    """A price with its terms. Without a new file that of the quotation before stays with it."""

    price: Price
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217")
    per: Price = Field(1, description="For how many of the unit: 1000 where the price is for a thousand")
    unit: Annotated[str, one_of([code for code, _title in UNITS[1:]])]
    incoterm: Annotated[str, one_of(Incoterm.values, blank=True)] = ""
    place: Line = Field("", description="That the term of delivery names, needed with one")
    quantity: float | None = Field(None, ge=0, le=1e12, description="The quantity that it holds for")
    lead_time_days: int | None = Field(None, ge=0, le=3650)
    valid_until: date
    file: FileGiven | None = Field(None, description="The quotation as a document, PDF or picture")


class ComparisonWanted(Cut):
    order: Annotated[str, one_of(list(interests.ORDERS))] = Field(
        "price", description="By price, lead time, or the day until which it holds"
    )


def _interest(request: Call, edition: Edition, number: int) -> tuple[Interest, Acting]:
    """An expression of interest of those for whom the caller acts, on the side that would sell if it acts for both.

    Raises Http404.
    """
    able = desks_of(request.user, edition)
    for own in able:
        if (interest := interests.of_side(own, number)) is not None:
            seller = next((desk for desk in able if desk.pk == interests.seller_of(interest).pk), own)
            return interest, acting(request.user, seller)
    raise Http404(_("There is no such expression of interest of yours."))


class QuotationsShown(Page[QuotationShown]):
    """All that was ever said, the newest first."""


def _history(interest: Interest, cut: Cut | None = None) -> QuotationsShown:
    rows: Sequence[Quotation] = interests.history(interest)
    return QuotationsShown.model_validate(page_of(rows, partial(shown, QuotationShown), cut or Cut()))


@quotations_room.get(
    "/my/interests/{number}/quotations", _("Quotations in answer to an interest"), QuotationsShown, scope=READ
)
def quotations_(request: Call, edition: Edition, number: int, cut: Query[Cut]) -> Any:
    """What stands, and what was said before it: for the two sides alone."""
    return _history(_interest(request, edition, number)[0], cut)


@quotations_room.post("/my/interests/{number}/quotations", _("Make a quotation"), QuotationShown, status=201)
def quote(request: Call, edition: Edition, number: int, given: Annotated[QuotationGiven, Sent(...)]) -> Any:
    """By the side that would sell. What stood before is replaced, and stays in the history.

    With If-Match it holds only while the first page of the quotations is as it was read.
    """
    interest, by = _interest(request, edition, number)
    require_unchanged(request, _history(interest))
    terms = given.model_dump(exclude={"file"})
    terms |= {name: decimal(terms[name], 4) for name in ("price", "per")} | {"quantity": decimal(given.quantity)}
    row = interests.quote(by, interest, terms, file=given.file.upload if given.file else None)
    return shown(QuotationShown, row)


@quotations_room.post("/my/interests/{number}/quotations/withdraw", _("Withdraw a quotation"), QuotationShown)
def withdraw_quotation(request: Call, edition: Edition, number: int) -> Any:
    """The one that stands; the other side is told."""
    interest, by = _interest(request, edition, number)
    require_unchanged(request, _history(interest))
    interests.withdraw_quotation(by, interest)
    return shown(QuotationShown, interests.history(interest)[0])


@quotations_room.get(
    "/my/quotations/{number}/file", _("The document of a quotation"), None, scope=READ, media=tuple(KINDS)
)
def quotation_file(request: Call, edition: Edition, number: int) -> FileResponse:
    """For its two sides."""
    row = Quotation.objects.filter(pk=number, file__isnull=False).select_related("file", "interest").first()
    if row is None or row.file is None:
        raise Http404(_("There is no such file."))
    _interest(request, edition, row.interest_id)
    return handed_out(row.file)


@quotations_room.list("/my/needs/{number}/quotations", _("Quotations compared"), QuotationCompared, scope=READ)
def compare_quotations(request: Call, edition: Edition, number: int, wanted: Query[ComparisonWanted]) -> Any:
    """Those that stand for a need of your own.

    Prices are put in order within a currency and a unit, and none is converted; what has run out comes last.
    """
    own = acted_for(request.user, edition)
    needs = Need.objects.filter(participation__in=own).select_related("participation")
    need = row_of(needs, number, _("There is no such offer or need."))
    return interests.compared(need, need.participation, order=wanted.order)


room = Room(_("Expressions of interest"), interests.InterestRefusedError)


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
    return _listed(acting_for(request, edition, mine.firm).participation, interests.received, mine)


@room.get("/my/interests/sent", _("Interest that I have expressed"), Page[InterestShown], scope=READ)
def interests_sent(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """What you said of others' offers and needs. Who stays unnamed is named to you when it accepts."""
    return _listed(acting_for(request, edition, mine.firm).participation, interests.sent, mine)


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
        return _again(by, interests.say(by, item, given.model_dump(exclude={"firm"})))


declare(OFFER, _("Express interest in an offer"))
declare(NEED, _("Express interest in a need"))


@room.post("/my/interests/{number}/accept", _("Accept an interest"), InterestShown)
def accept_interest(request: Call, edition: Edition, number: int, given: InterestAnswer) -> Any:
    """It tells who is interested whose offer or need it is."""
    row, by = _mine(request, edition, number, interests.received)
    interests.answer(by, row, accept=True, words=given.words)
    return _again(by, row)


@room.post("/my/interests/{number}/decline", _("Decline an interest"), InterestShown)
def decline_interest(request: Call, edition: Edition, number: int, given: InterestAnswer) -> Any:
    """It names nobody."""
    row, by = _mine(request, edition, number, interests.received)
    interests.answer(by, row, accept=False, words=given.words)
    return _again(by, row)


@room.post("/my/interests/{number}/withdraw", _("Withdraw an interest"), InterestShown)
def withdraw_interest(request: Call, edition: Edition, number: int) -> Any:
    """Before it is answered."""
    row, by = _mine(request, edition, number, interests.sent)
    interests.withdraw(by, row)
    return _again(by, row)
