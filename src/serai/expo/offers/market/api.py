"""Offers and needs: listed, read, entered, changed, handed in, renewed, taken back, reviewed, removed.

The operations of the two are the same but for what they are about, and so are made by one function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from django.db.models import DecimalField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from serai.expo.base.certificates import canonical_list
from serai.expo.base.files.models import Audience
from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.fairs.interface.domain.answers import Language, Reasoned, decimal, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.kinds import SEEN, as_new, as_shown, with_fields
from serai.expo.fairs.interface.domain.operations import DECIDE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, asked_by, filter_of, page_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.offers.market.domain import items as market_items
from serai.expo.offers.market.domain.buyer_needs import NeedRefusedError, change_need
from serai.expo.offers.market.domain.item_fields import FIELDS, NAMES_THE_FIRM, ItemFaultError, check_item
from serai.expo.offers.market.domain.items import (
    ItemRefusedError,
    keep_item,
    remove_item,
    submit_for_review,
    withdraw_item,
)
from serai.expo.offers.market.domain.visibility import ItemFilter, answering, named_to, narrowed, visible_to
from serai.expo.offers.market.models import MarketItem, Need, Offer, Review
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import acted_for, acting

room = Room(_("Offers and needs"), ItemRefusedError, NeedRefusedError)


TOLD = {model: [field for field in fields.values() if field.kind != "node"] for model, fields in FIELDS.items()}
"""The fields that the interface shows and takes."""


class ItemShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: str | None = Field(description="Identifier of the firm; null where it stays unnamed until it accepts")
    renewed_on: date | None
    review: str = Field(description="draft, submitted, returned, published or expired")
    review_note: str = Field(description="Why it was returned; told to its firm only")


class CarriedShown(Schema):
    scheme: str
    number: str = Field(description="Empty where the offer goes without the name of its firm")
    body: str
    valid_until: date | None
    verified: bool = Field(description="Whether an organiser has looked at it")


@with_fields(TOLD[Offer], as_shown)
class OfferShown(ItemShown):
    carried: list[CarriedShown] = Field(description="Certificates of the firm that the offer carries")


@with_fields(TOLD[Need], as_shown)
class NeedShown(ItemShown):
    pass


class ItemGiven(Schema):
    """What is left out is empty in a new one, and stays as it is in one that is changed."""


@with_fields(TOLD[Offer], as_new)
class OfferGiven(ItemGiven):
    pass


@with_fields(TOLD[Need], as_new)
class NeedGiven(ItemGiven):
    pass


Said = Annotated[str, StringConstraints(pattern=SEEN, max_length=FIELDS[Offer]["title"].most)]


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
        self.organises = request.user.has_perm("expo.read_meetings", edition)
        self.is_named = named_to(request.user, edition)
        self.own = frozenset(acted_for(request.user, edition).values_list("pk", flat=True))

    def show(self, row: MarketItem) -> OfferShown | NeedShown:
        named = self.is_named(row)
        own = row.participation_id in self.own
        derived: dict[str, Any] = {
            "number": row.pk,
            "firm": row.participation.firm.identifier if named else None,
            "review_note": row.review_note if own else "",
        }
        inside = own or self.organises
        for name, field in FIELDS[type(row)].items():
            if (field.audience != Audience.PUBLIC and not inside) or (name in NAMES_THE_FIRM and not named):
                derived[name] = field.default()
        if isinstance(row, Offer):
            # The number of a certificate would name who stays unnamed.
            derived["carried"] = [
                shown(
                    CarriedShown,
                    certification,
                    number=certification.number if named else "",
                    verified=certification.verified_at is not None,
                )
                for certification in row.certifications.all()
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
        item = self.one(number)
        if not self.request.user.has_perm("expo.edit_market", item.participation):
            raise ProblemError(403, _("You may not do this for this firm."))
        require_open(self.edition, self.kind.phase)
        require_unchanged(self.request, self.show(item))
        return item

    def again(self, item: MarketItem) -> OfferShown | NeedShown:
        """The item as it is now."""
        return self.show(self.visible().get(pk=item.pk))


def fill(item: MarketItem, given: ItemGiven, *, new: bool) -> None:
    """Write what is given into the item and check it. Raises a problem 422 that names the fields at fault."""
    for name, value in given.model_dump(exclude_unset=not new).items():
        kept, column, kind = value, item._meta.get_field(name), FIELDS[type(item)][name].kind
        if isinstance(column, DecimalField):
            kept = decimal(value, column.decimal_places)
        elif kind == "attributes":
            kept = [list(attribute) for attribute in value]
        elif kind == "schemes":
            kept = canonical_list(value)
        setattr(item, name, kept)
    try:
        check_item(item)
    except ItemFaultError as fault:
        errors = [{"at": f"body/given/{name}", "fault": sentence} for name, sentence in fault.faults.items()]
        raise ProblemError(422, _("This cannot be kept; see 'errors'. Nothing was changed."), errors=errors) from None


ACTS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("submit", submit_for_review, "Hand in a draft, what was returned, or what has run out."),
    ("renew", market_items.renew, "Valid for half a year more; what had run out is shown again."),
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
    one = f"/{name}s/{{number}}"

    @room.get(f"/{name}s", titles["list"], Page[answer], name=f"{name}s")  # type: ignore[valid-type]
    def list_items(request: Call, edition: Edition, wanted: Query[ItemsWanted]) -> Any:
        """What exhibitors have published; with a key also what is your own, and for the organiser all.

        A buyer's need is its own affair. The best answers first where there are words.
        """
        items, asked = Items(request, edition, kind), filter_of(ItemFilter, wanted)
        rows = narrowed(items.visible(), asked, edition, request.user)
        if not asked.words:
            return page_of(rows, items.show, wanted)
        page = page_of(answering(edition, rows, asked.words), int, wanted)
        known = items.visible().in_bulk(page["items"])
        return page | {"items": [items.show(known[key]) for key in page["items"]]}

    @room.get(one, titles["one"], answer, name=name)
    def one_item(request: Call, edition: Edition, number: int) -> Any:
        items = Items(request, edition, kind)
        return items.show(items.one(number))

    @room.post(f"/firms/{{identifier}}/{name}s", titles["enter"], answer, status=201, name=f"enter_{name}")
    def enter(request: Call, edition: Edition, identifier: str, given: new) -> Any:  # type: ignore[valid-type]
        """A draft. Only what is handed in and approved is shown."""
        participation = desk_of(request, edition, identifier, "expo.edit_market")
        require_open(edition, kind.phase)
        item = kind.model(edition=edition, participation=participation)
        fill(item, given, new=True)
        return Items(request, edition, kind).again(keep_item(item, user=request.user))

    @room.patch(one, titles["change"], answer, name=f"change_{name}")
    def change(request: Call, edition: Edition, number: int, given: given_) -> Any:  # type: ignore[valid-type]
        """Change what is given. What is published stays so, and comes to the organiser's queue again.

        What a buyer changes of a need without its name is on the market again when the organiser has read it.
        """
        items = Items(request, edition, kind)
        item = items.own_one(number)
        fill(item, given, new=False)
        return items.again(_kept(items, item))

    @room.delete(one, titles["remove"], name=f"remove_{name}")
    def remove(request: Call, edition: Edition, number: int) -> Any:
        """Delete it with its files."""
        remove_item(Items(request, edition, kind).own_one(number), user=request.user)

    for act, does, text in ACTS:
        room.post(f"{one}/{act}", titles[act], answer, name=f"{act}_{name}")(_act(kind, does, text))

    @room.post(f"{one}/review", titles["review"], answer, name=f"review_{name}", scope=DECIDE)
    def review(request: Call, edition: Edition, number: int, verdict: Verdict) -> Any:
        """Publish what was handed in or changed, or return it with a reason."""
        items = Items(request, edition, kind)
        item = items.one(number)
        require_unchanged(request, items.show(item))
        if verdict.publish:
            market_items.approve_item(item, user=request.user)
        else:
            market_items.return_item(item, verdict.reason[:1000], user=request.user)
        return items.again(item)


declare(OFFER, OfferNew, OfferGiven)
declare(NEED, NeedNew, NeedGiven)
