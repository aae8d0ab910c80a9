"""Offers and needs: listed, read, entered, changed, handed in, renewed, taken back, reviewed, removed.

The operations of the two are the same but for what they are about, and so are made by one function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from serai.expo.api.caller import Call
from serai.expo.api.pages import (
    Amount,
    Code,
    Country,
    Cut,
    GivenTexts,
    HsCode,
    Language,
    Line,
    Page,
    Reasoned,
    Texts,
    asked_by,
    decimal,
    filter_of,
    page_of,
    require_unchanged,
    row_of,
    shown,
    slice_of,
)
from serai.expo.api.problems import ProblemError
from serai.expo.api.room import DECIDE, Room
from serai.expo.api.whose import desk_of
from serai.expo.buyers.acting import acted_for, acting
from serai.expo.buyers.sourcing import NeedRefusedError, change_need
from serai.expo.certificates import canonical_list
from serai.expo.editions.models import Edition, Phase
from serai.expo.editions.phases import require_open
from serai.expo.firms.directory import EXHIBITING
from serai.expo.firms.models import Firm
from serai.expo.market import renewing, reviewing
from serai.expo.market.asking import usual_musts
from serai.expo.market.checking import ItemFaultError, check_item
from serai.expo.market.keeping import ItemRefusedError, keep_item, remove_item, submit_for_review
from serai.expo.market.models import (
    Agreement,
    Development,
    Family,
    Incoterm,
    MarketItem,
    Need,
    Offer,
    PartnerKind,
    Period,
    Review,
    Rights,
)
from serai.expo.market.visible import ItemFilter, answering, named_to, narrowed, visible_to
from serai.expo.market.withdrawing import withdraw_item
from serai.match.requirements import Requirement

room = Room(_("Offers and needs"), ItemRefusedError, NeedRefusedError)


class ItemShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: str | None = Field(description="Identifier of the firm; null where it stays unnamed until it accepts")
    family: str
    title: Texts
    summary: Texts
    text: Texts
    hs: list[str] = Field(description="HS 2022 codes")
    cpc: list[str] = Field(description="CPC 2.1 codes")
    isic: list[str] = Field(description="ISIC Rev.4 classes")
    certificates: list[str] = Field(description="Schemes: of a need those required, of an offer those stated")
    attributes: list[list[str]] = Field(description="Name, sign, value and unit of each")
    currency: str
    price_low: Decimal | None
    price_high: Decimal | None
    incoterms: list[str]
    delivery_place: str
    delivery_from: date | None
    delivery_until: date | None
    development: str
    rights: str
    agreements: list[str]
    partner_kinds: list[str]
    partner_sizes: list[str]
    partner_role: Texts
    countries_wanted: list[str]
    countries_excluded: list[str]
    languages: list[str]
    musts: list[str] = Field(description="What of that which it asks is a must; all else is a wish")
    anonymous: bool
    valid_until: date | None
    renewed_on: date | None
    review: str = Field(description="draft, submitted, returned, published or expired")
    review_note: str = Field(description="Why it was returned; told to its firm only")
    unit: str = Field(description="UN/CEFACT Recommendation 20")


class CarriedShown(Schema):
    scheme: str
    number: str = Field(description="Empty where the offer goes without the name of its firm")
    body: str
    valid_until: date | None
    verified: bool = Field(description="Whether an organiser has looked at it")


class OfferShown(ItemShown):
    launch: bool = Field(description="Shown here for the first time")
    launch_at: datetime | None
    minimum_order: Decimal | None
    capacity: Decimal | None
    capacity_period: str
    lead_time_days: int | None
    gtin: str = Field(description="Article number; empty where the offer goes without the name of its firm")
    carried: list[CarriedShown] = Field(description="Certificates of the firm that the offer carries")


class NeedShown(ItemShown):
    quantity: Decimal | None
    frequency: str
    budget_low: Decimal | None
    budget_high: Decimal | None


SEEN = r"^[^\x00]*[^\x00-\x20\x85\xa0][^\x00]*$"
"""Of a text with at least one character that is seen."""

Said = Annotated[str, StringConstraints(pattern=SEEN, max_length=4000)]
Scheme = Annotated[str, StringConstraints(pattern=SEEN, max_length=100)]


MUSTS = "What of that which it asks is a must; all else is a wish, which counts and shuts nobody out"


class ItemGiven(Schema):
    """What is left out is empty in a new one, and stays as it is in one that is changed."""

    title: GivenTexts = Field(default_factory=dict)
    summary: GivenTexts = Field(default_factory=dict, description="In a sentence or two, for lists")
    text: GivenTexts = Field(default_factory=dict)
    family: Family = Family.GOODS
    hs: list[HsCode] = Field(default_factory=list, max_length=20, description="HS 2022 codes of 2, 4 or 6 digits")
    isic: list[str] = Field(default_factory=list, max_length=20)
    cpc: list[Code] = Field(default_factory=list, max_length=20, description="CPC 2.1 codes")
    certificates: list[Scheme] = Field(default_factory=list, max_length=30, description="Schemes, as in ISO 9001")
    attributes: list[tuple[Line, Line, Line, Line]] = Field(default_factory=list, max_length=60)
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    price_low: Amount | None = None
    price_high: Amount | None = None
    incoterms: list[Incoterm] = Field(default_factory=list, max_length=11)
    delivery_place: Line = ""
    delivery_from: date | None = None
    delivery_until: date | None = None
    development: Development | str = Field("", json_schema_extra={"enum": ["", *Development.values]})
    rights: Rights | str = Field("", json_schema_extra={"enum": ["", *Rights.values]})
    agreements: list[Agreement] = Field(default_factory=list, max_length=20)
    partner_kinds: list[PartnerKind] = Field(default_factory=list, max_length=20)
    partner_sizes: list[Firm.Size] = Field(default_factory=list, max_length=4)
    partner_role: GivenTexts = Field(default_factory=dict)
    countries_wanted: list[Country] = Field(default_factory=list, max_length=250)
    countries_excluded: list[Country] = Field(default_factory=list, max_length=250)
    languages: list[Language] = Field(default_factory=list, max_length=30)
    anonymous: bool = False
    valid_until: date | None = None
    unit: str = Field("", pattern=r"^[A-Z0-9]{0,3}$", description="UN/CEFACT Recommendation 20")


class OfferGiven(ItemGiven):
    launch: bool = Field(False, description="Shown here for the first time")
    launch_at: datetime | None = None
    minimum_order: Amount | None = None
    capacity: Amount | None = None
    capacity_period: Period | str = Field("", json_schema_extra={"enum": ["", *Period.values]})
    lead_time_days: int | None = Field(None, ge=0, le=3650)
    musts: list[Requirement] = Field(default_factory=list, max_length=11, description=MUSTS)
    gtin: str = Field("", pattern="^([0-9]{8}|[0-9]{12,14})?$", description="Article number (GS1 GTIN)")


class NeedGiven(ItemGiven):
    musts: list[Requirement] = Field(default_factory=usual_musts, max_length=11, description=MUSTS)
    quantity: Amount | None = None
    frequency: Period | str = Field("", json_schema_extra={"enum": ["", *Period.values]})
    budget_low: Amount | None = None
    budget_high: Amount | None = None


class New(Schema):
    """A new one has a title."""

    title: dict[Language, Said] = Field(
        min_length=1,
        description="Language to text, as in {'en': 'Separator film', 'zh-hans': '隔膜'}",
        json_schema_extra={"additionalProperties": False},
    )


class OfferNew(New, OfferGiven):
    """A new offer."""


class NeedNew(New, NeedGiven):
    """A new need."""


class Verdict(Reasoned):
    publish: bool = Field(description="Publish it; else return it with the reason")


@asked_by(ItemFilter)
class ItemsWanted(Cut):
    """The filter of lists of offers and of needs."""


@dataclass(frozen=True)
class Kind:
    """What the operations of offers and of needs differ in: names, titles, schemas, and the phase that opens them."""

    name: str
    model: type[Offer] | type[Need]
    shown: type[OfferShown] | type[NeedShown]
    phase: str
    titles: Mapping[str, Promise]


OFFER = Kind(
    "offer",
    Offer,
    OfferShown,
    Phase.Kind.PROFILE,
    {
        "list": _("Offers"),
        "one": _("An offer"),
        "enter": _("Enter an offer"),
        "change": _("Change an offer"),
        "remove": _("Remove an offer"),
        "submit": _("Hand an offer in for review"),
        "renew": _("Renew an offer"),
        "withdraw": _("Take an offer back"),
        "review": _("Decide on an offer"),
    },
)
NEED = Kind(
    "need",
    Need,
    NeedShown,
    Phase.Kind.NEEDS,
    {
        "list": _("Needs"),
        "one": _("A need"),
        "enter": _("Enter a need"),
        "change": _("Change a need"),
        "remove": _("Remove a need"),
        "submit": _("Hand a need in for review"),
        "renew": _("Renew a need"),
        "withdraw": _("Take a need back"),
        "review": _("Decide on a need"),
    },
)


class Items:
    """Offers or needs as the caller sees them."""

    def __init__(self, request: Call, edition: Edition, kind: Kind) -> None:
        self.request, self.edition, self.kind = request, edition, kind
        self.organises = request.user.has_perm("expo.organise_edition", edition)
        self.is_named = named_to(request.user, edition)
        self.own = frozenset(acted_for(request.user, edition).values_list("pk", flat=True))

    def show(self, row: MarketItem) -> OfferShown | NeedShown:
        named = self.is_named(row)
        own = row.participation_id in self.own
        derived: dict[str, Any] = {
            "number": row.pk,
            "firm": row.participation.firm.identifier if named else None,
            "review_note": row.review_note if own else "",
            # Whom a firm excludes is its own affair.
            "countries_excluded": row.countries_excluded if own or self.organises else [],
        }
        if isinstance(row, Offer):
            # The number of a certificate or of an article would name who stays unnamed.
            derived["gtin"] = row.gtin if named else ""
            derived["carried"] = [
                shown(CarriedShown, one, number=one.number if named else "", verified=one.verified_at is not None)
                for one in row.certifications.all()
            ]
        return shown(self.kind.shown, row, **derived)

    def visible(self) -> Any:
        rows: Any = visible_to(self.request.user, self.edition, self.kind.model)
        rows = rows.select_related("participation__firm", "participation__edition")
        return rows.prefetch_related("certifications") if self.kind.model is Offer else rows

    def one(self, number: int) -> MarketItem:
        """The item. Raises Http404 where the caller may not see it."""
        found: MarketItem = row_of(self.visible(), number, _("There is no such offer or need."))
        return found

    def own_one(self, number: int) -> MarketItem:
        """The item, to change. Raises Http404, and a problem 403 where the caller may not, or 409 out of season."""
        found = self.one(number)
        if not self.request.user.has_perm("expo.edit_market", found.participation):
            raise ProblemError(403, _("You may not do this for this firm."))
        require_open(self.edition, self.kind.phase)
        require_unchanged(self.request, self.show(found))
        return found

    def again(self, item: MarketItem) -> OfferShown | NeedShown:
        """The item as it is now."""
        return self.show(self.visible().get(pk=item.pk))


DECIMALS = {
    **dict.fromkeys(("price_low", "price_high"), 4),
    **dict.fromkeys(("minimum_order", "capacity", "quantity", "budget_low", "budget_high"), 2),
}


def fill(item: MarketItem, given: ItemGiven, *, new: bool) -> None:
    """Write what is given into the item and check it. Raises a problem 422 that names the fields at fault."""
    for name, value in given.model_dump(exclude_unset=not new).items():
        plain = decimal(value, DECIMALS[name]) if name in DECIMALS else value
        if name == "attributes":
            plain = [list(one) for one in value]
        elif name == "certificates":
            plain = canonical_list(value)
        setattr(item, name, plain)
    try:
        check_item(item)
    except ItemFaultError as fault:
        errors = [{"at": f"body/given/{name}", "fault": sentence} for name, sentence in fault.faults.items()]
        raise ProblemError(422, _("This cannot be kept; see 'errors'. Nothing was changed."), errors=errors) from None


ACTS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("submit", submit_for_review, "Hand in a draft, what was returned, or what has run out."),
    ("renew", renewing.renew, "Valid for half a year more; what had run out is shown again."),
    ("withdraw", withdraw_item, "Make it a draft again: it is shown and found no more."),
)


def _act(kind: Kind, does: Callable[..., None], text: str) -> Callable[..., Any]:
    def act(request: Call, edition: Edition, number: int) -> Any:
        items = Items(request, edition, kind)
        item = items.own_one(number)
        does(item, user=request.user)
        return items.again(item)

    act.__doc__ = text
    return act


def _kept(items: Items, item: MarketItem) -> MarketItem:
    """The changed item. What a buyer stated for its own eyes nobody has read: it comes to the market by review only."""
    is_own = item.participation_id in items.own and item.participation.kind not in EXHIBITING
    if isinstance(item, Need) and is_own and item.review in (Review.PUBLISHED, Review.EXPIRED):
        return change_need(acting(items.request.user, item.participation), item)
    return keep_item(item, user=items.request.user)


def declare(kind: Kind, new: type[OfferNew] | type[NeedNew], given_: type[OfferGiven] | type[NeedGiven]) -> None:
    """The operations of one kind."""
    name, titles, answer = kind.name, kind.titles, kind.shown
    one = f"/editions/{{slug}}/{name}s/{{number}}"

    @room.get(f"/editions/{{slug}}/{name}s", f"{name}s", titles["list"], Page[answer])  # type: ignore[valid-type]
    def list_items(request: Call, edition: Edition, wanted: Query[ItemsWanted]) -> Any:
        """What exhibitors have published; with a key also what is your own, and for the organiser all.

        A buyer's need is its own affair. The best answers first where there are words.
        """
        items, asked = Items(request, edition, kind), filter_of(ItemFilter, wanted)
        rows = narrowed(items.visible(), asked, edition, request.user)
        if not asked.words:
            return page_of(rows, items.show, cursor=wanted.cursor, limit=wanted.limit)
        page = slice_of(answering(edition, rows, asked.words), int, cursor=wanted.cursor, limit=wanted.limit)
        known = items.visible().in_bulk(page["items"])
        return page | {"items": [items.show(known[key]) for key in page["items"]]}

    @room.get(one, name, titles["one"], answer)
    def one_item(request: Call, edition: Edition, number: int) -> Any:
        items = Items(request, edition, kind)
        return items.show(items.one(number))

    @room.post(f"/editions/{{slug}}/firms/{{identifier}}/{name}s", f"enter_{name}", titles["enter"], answer, status=201)
    def enter(request: Call, edition: Edition, identifier: str, given: new) -> Any:  # type: ignore[valid-type]
        """A draft. Only what is handed in and approved is shown."""
        participation = desk_of(request, edition, identifier, "expo.edit_market")
        require_open(edition, kind.phase)
        item = kind.model(edition=edition, participation=participation)
        fill(item, given, new=True)
        return Items(request, edition, kind).again(keep_item(item, user=request.user))

    @room.patch(one, f"change_{name}", titles["change"], answer)
    def change(request: Call, edition: Edition, number: int, given: given_) -> Any:  # type: ignore[valid-type]
        """Change what is given. What is published stays so, and comes to the organiser's queue again.

        What a buyer changes of a need without its name is on the market again when the organiser has read it.
        """
        items = Items(request, edition, kind)
        item = items.own_one(number)
        fill(item, given, new=False)
        return items.again(_kept(items, item))

    @room.delete(one, f"remove_{name}", titles["remove"])
    def remove(request: Call, edition: Edition, number: int) -> Any:
        """Delete it with its files."""
        remove_item(Items(request, edition, kind).own_one(number), user=request.user)

    for act, does, text in ACTS:
        room.post(f"{one}/{act}", f"{act}_{name}", titles[act], answer)(_act(kind, does, text))

    @room.post(f"{one}/review", f"review_{name}", titles["review"], answer, scope=DECIDE)
    def review(request: Call, edition: Edition, number: int, verdict: Verdict) -> Any:
        """Publish what was handed in or changed, or return it with a reason."""
        items = Items(request, edition, kind)
        item = items.one(number)
        require_unchanged(request, items.show(item))
        if verdict.publish:
            reviewing.approve_item(item, user=request.user)
        else:
            reviewing.return_item(item, verdict.reason[:1000], user=request.user)
        return items.again(item)


declare(OFFER, OfferNew, OfferGiven)
declare(NEED, NeedNew, NeedGiven)
