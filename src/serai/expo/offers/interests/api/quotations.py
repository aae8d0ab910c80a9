"""Quotations in answer to needs and offers: said by who would sell, replaced, withdrawn, read and compared."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.files.domain import KINDS
from serai.expo.base.files.pages.response import handed_out
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Key, Of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.files import FileGiven, Sent
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, page_of
from serai.expo.fairs.interface.domain.values import Line, decimal, one_of
from serai.expo.offers.interests.domain import quotations
from serai.expo.offers.interests.domain.interests import InterestRefusedError
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.units import UNITS
from serai.expo.offers.market.models import Incoterm, Interest, Need
from serai.expo.participants.participation.domain.representation import Acting, acted_for, acting, desks_of

room = Room(_("Quotations"), InterestRefusedError)


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
    order: Annotated[str, one_of(list(quotations.ORDERS))] = Field(
        "price", description="By price, lead time, or the day until which it holds"
    )


def _interest(request: Call, edition: Edition, number: int) -> tuple[Interest, Acting]:
    """An expression of interest of those for whom the caller acts, on the side that would sell if it acts for both.

    Raises Http404.
    """
    able = desks_of(request.user, edition)
    for own in able:
        if (interest := quotations.of_side(own, number)) is not None:
            seller = next((desk for desk in able if desk.pk == quotations.seller_of(interest).pk), own)
            return interest, acting(request.user, seller)
    raise Http404(_("There is no such expression of interest of yours."))


class QuotationsShown(Page[QuotationShown]):
    """All that was ever said, the newest first."""


def _history(interest: Interest, cut: Cut | None = None) -> QuotationsShown:
    rows: Sequence[Quotation] = quotations.history(interest)
    return QuotationsShown.model_validate(page_of(rows, partial(shown, QuotationShown), cut or Cut()))


@room.get("/my/interests/{number}/quotations", _("Quotations in answer to an interest"), QuotationsShown, scope=READ)
def quotations_(request: Call, edition: Edition, number: int, cut: Query[Cut]) -> Any:
    """What stands, and what was said before it: for the two sides alone."""
    return _history(_interest(request, edition, number)[0], cut)


@room.post("/my/interests/{number}/quotations", _("Make a quotation"), QuotationShown, status=201)
def quote(request: Call, edition: Edition, number: int, given: Annotated[QuotationGiven, Sent(...)]) -> Any:
    """By the side that would sell. What stood before is replaced, and stays in the history.

    With If-Match it holds only while the first page of the quotations is as it was read.
    """
    interest, by = _interest(request, edition, number)
    require_unchanged(request, _history(interest))
    terms = given.model_dump(exclude={"file"})
    terms |= {name: decimal(terms[name], 4) for name in ("price", "per")} | {"quantity": decimal(given.quantity)}
    row = quotations.quote(by, interest, terms, file=given.file.upload if given.file else None)
    return shown(QuotationShown, row)


@room.post("/my/interests/{number}/quotations/withdraw", _("Withdraw a quotation"), QuotationShown)
def withdraw_quotation(request: Call, edition: Edition, number: int) -> Any:
    """The one that stands; the other side is told."""
    interest, by = _interest(request, edition, number)
    require_unchanged(request, _history(interest))
    quotations.withdraw_quotation(by, interest)
    return shown(QuotationShown, quotations.history(interest)[0])


@room.get("/my/quotations/{number}/file", _("The document of a quotation"), None, scope=READ, media=tuple(KINDS))
def quotation_file(request: Call, edition: Edition, number: int) -> FileResponse:
    """For its two sides."""
    row = Quotation.objects.filter(pk=number, file__isnull=False).select_related("file", "interest").first()
    if row is None or row.file is None:
        raise Http404(_("There is no such file."))
    _interest(request, edition, row.interest_id)
    return handed_out(row.file)


@room.list("/my/needs/{number}/quotations", _("Quotations compared"), QuotationCompared, scope=READ)
def compare_quotations(request: Call, edition: Edition, number: int, wanted: Query[ComparisonWanted]) -> Any:
    """Those that stand for a need of your own.

    Prices are put in order within a currency and a unit, and none is converted; what has run out comes last.
    """
    own = acted_for(request.user, edition)
    need = Need.objects.filter(participation__in=own, pk=number).select_related("participation").first()
    if need is None:
        raise Http404(_("There is no such offer or need."))
    return quotations.compared(need, need.participation, order=wanted.order)
