"""Packages of participation: what each holds, to whom it is given, and what an exhibitor has left of its own."""

from decimal import Decimal
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import (
    Code,
    Currency,
    GivenTexts,
    Slug,
    Texts,
    decimal,
    one_of,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.packages import domain as granting
from serai.expo.participants.packages.models import Package
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING

room = Room(_("Packages"), granting.PackageRefusedError)

Limit = Annotated[int, Field(ge=0, le=32_767)]
Price = Annotated[float, Field(ge=0, le=9_999_999_999, description="Rounded to two places")]


class PackageShown(Schema):
    code: str
    title: Texts
    text: Texts
    price: Decimal | None
    currency: str
    meetings_minimum: int
    meetings_maximum: int
    seats: int = Field(description="Seats of the team")
    badges: int | None = Field(description="null does not bind")
    offers: int | None
    launches: int | None
    booth_events: int | None
    order: int


class PackageCounted(PackageShown):
    exhibitors: int = Field(description="How many have it")


class PackageGiven(Schema):
    code: Slug
    title: GivenTexts = Field(min_length=1)
    text: GivenTexts = Field(default_factory=dict)
    price: Price | None = None
    currency: Currency = ""
    meetings_minimum: Limit = 0
    meetings_maximum: Limit = 40
    seats: Limit = 5
    badges: Limit | None = None
    offers: Limit | None = None
    launches: Limit | None = None
    booth_events: Limit | None = None
    order: Limit = 0


class PackageChange(Schema):
    """The fields to change; those left out stay, and null takes a limit away."""

    title: GivenTexts | None = Field(None, min_length=1)
    text: GivenTexts | None = None
    price: Price | None = None
    currency: Currency | None = None
    meetings_minimum: Limit | None = None
    meetings_maximum: Limit | None = None
    seats: Limit | None = None
    badges: Limit | None = None
    offers: Limit | None = None
    launches: Limit | None = None
    booth_events: Limit | None = None
    order: Limit | None = None


NULLABLE = frozenset({"price", "badges", "offers", "launches", "booth_events"})


class Giving(Schema):
    firms: list[Code] = Field(default_factory=list, max_length=1000, description="Identifiers of firms")
    kind: Annotated[str, one_of([kind.value for kind in EXHIBITING], blank=True)] = Field(
        "", description="All of this kind that have no package yet"
    )


class GivenTo(Schema):
    given: int = Field(description="To how many exhibitors it was given")


class ShareShown(Schema):
    name: str = Field(description="seats, badges, offers, launches or booth_events")
    used: int
    most: int | None = Field(description="null does not bind")
    full: bool


class SharesShown(Schema):
    package: PackageShown | None = Field(description="null where the exhibitor has none, and nothing binds")
    shares: list[ShareShown]


def _package(edition: Edition, code: str) -> Package:
    package = Package.objects.filter(edition=edition, code=code).first()
    if package is None:
        raise Http404(_("This fair has no such package."))
    return package


def _filled(package: Package, values: dict[str, Any]) -> Package:
    for name, value in values.items():
        setattr(package, name, decimal(value) if name == "price" else value)
    return package


@room.list("/packages", _("Packages"), PackageCounted, scope=ORGANISE)
def packages(_request: Call, edition: Edition) -> Any:
    """In the order in which they are offered, each with how many exhibitors have it."""
    return granting.packages_with_counts(edition)


@room.post("/packages", _("Make a package"), PackageShown, scope=DECIDE, status=201)
def make_package(request: Call, edition: Edition, given: PackageGiven) -> Any:
    made = _filled(Package(edition=edition), given.model_dump())
    granting.keep_package(made, user=request.user)
    return shown(PackageShown, _package(edition, made.code))  # with its price as it is kept


@room.patch("/packages/{code}", _("Change a package"), PackageShown, scope=DECIDE)
def change_package(request: Call, edition: Edition, code: Slug, given: PackageChange) -> Any:
    """Who has it and nothing of its own gets what changed."""
    package = _package(edition, code)
    require_unchanged(request, shown(PackageShown, package))
    values = given.model_dump(exclude_unset=True)
    values = {name: value for name, value in values.items() if value is not None or name in NULLABLE}
    granting.keep_package(_filled(package, values), user=request.user)
    return shown(PackageShown, _package(edition, code))


@room.delete("/packages/{code}", _("Remove a package"), scope=DECIDE)
def remove_package(request: Call, edition: Edition, code: Slug) -> Any:
    """Who had it keeps its seats and meetings."""
    package = _package(edition, code)
    require_unchanged(request, shown(PackageShown, package))
    granting.remove_package(package, user=request.user)


@room.post("/packages/{code}/give", _("Give a package"), GivenTo, scope=DECIDE)
def give_package(request: Call, edition: Edition, code: Slug, given: Giving) -> Any:
    """To exhibitors by identifier, to all of a kind that have none, or to both."""
    package = _package(edition, code)
    chosen = granting.exhibitors_named(edition, given.firms)
    chosen += granting.without_package(edition, given.kind) if given.kind else []
    return GivenTo(given=granting.give(package, chosen, user=request.user))


@room.get("/firms/{identifier}/package", _("What is left of a package"), SharesShown, scope=READ)
def firm_package(request: Call, edition: Edition, identifier: str) -> Any:
    """What the exhibitor has of its package, and has used of it."""
    participation = desk_of(request, edition, identifier, "expo.see_desk")
    return SharesShown(
        package=shown(PackageShown, participation.package) if participation.package else None,
        shares=[shown(ShareShown, share, full=share.is_full) for share in granting.shares_of(participation)],
    )
