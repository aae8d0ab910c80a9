"""Fairs, their sections and phases."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.domain.phases import standings, visible_to
from serai.expo.fairs.edition.models import Edition, Section
from serai.expo.fairs.interface.domain.answers import Of, Texts, shown
from serai.expo.fairs.interface.domain.caller import Call, caller_of
from serai.expo.fairs.interface.domain.operations import Room

room = Room(_("Fairs"))


class EditionShown(Schema):
    slug: str
    name: Texts
    theme: Texts
    city: Texts
    venue: Texts
    country: str = Field(description="ISO 3166 alpha-2")
    time_zone: str
    starts_on: date
    ends_on: date
    area_m2: int | None
    state: str = Field(description="draft, published or closed")
    fictional: bool = Field(description="A demonstration: no firm in it exists")
    meeting_minutes: int


class SectionShown(Schema):
    slug: str
    title: Texts
    chain: Annotated[str | None, Of("chain.slug")] = Field(description="Slug of the chain that it stands for")


class PhaseShown(Schema):
    kind: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    sentence: str = Field(description="Why it is closed; empty where it is open")


@room.list("/editions", _("Fairs"), EditionShown)
def editions(request: Call) -> Any:
    """Every fair that you may see, the newest first."""
    rows = visible_to(request.user)
    key = caller_of(request).key
    if key is not None and key.only_in_id is not None:
        rows = rows.filter(pk=key.only_in_id)
    return list(rows)


@room.get("", _("A fair"), EditionShown)
def edition_(_request: Call, edition: Edition) -> Any:
    return shown(EditionShown, edition)


@room.list("/sections", _("Sections of a fair"), SectionShown)
def sections(_request: Call, edition: Edition) -> Any:
    """Its themed areas, in their order."""
    rows = Section.objects.filter(edition=edition).select_related("chain")

    return list(rows)


@room.list("/phases", _("What is open"), PhaseShown)
def phases(_request: Call, edition: Edition) -> Any:
    """The parts of a fair that open and close by themselves, as they stand now."""
    return list(standings(edition).values())
