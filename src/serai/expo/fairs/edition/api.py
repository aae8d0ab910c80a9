"""Fairs, their sections and phases."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.domain.phases import Standing, standings
from serai.expo.fairs.edition.domain.slots import visible_to
from serai.expo.fairs.edition.models import Edition, Section
from serai.expo.fairs.interface.domain.caller import Call, caller_of
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, Texts, shown, slice_of

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
    chain: str | None = Field(description="Slug of the chain that it stands for")


class PhaseShown(Schema):
    kind: str
    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    sentence: str = Field(description="Why it is closed; empty where it is open")


def phase(row: Standing) -> PhaseShown:
    return shown(PhaseShown, row)


@room.get("/editions", "editions", _("Fairs"), Page[EditionShown])
def list_editions(request: Call, cut: Query[Cut]) -> Any:
    """Every fair that you may see, the newest first."""
    rows = visible_to(request.user)
    key = caller_of(request).key
    if key is not None and key.only_in_id is not None:
        rows = rows.filter(pk=key.only_in_id)
    return slice_of(list(rows), lambda row: shown(EditionShown, row), cursor=cut.cursor, limit=cut.limit)


@room.get("/editions/{slug}", "edition", _("A fair"), EditionShown)
def one_edition(_request: Call, edition: Edition) -> Any:
    return shown(EditionShown, edition)


@room.get("/editions/{slug}/sections", "sections", _("Sections of a fair"), Page[SectionShown])
def list_sections(_request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Its themed areas, in their order."""
    rows = Section.objects.filter(edition=edition).select_related("chain")

    def show(row: Section) -> SectionShown:
        return shown(SectionShown, row, chain=row.chain.slug if row.chain else None)

    return slice_of(list(rows), show, cursor=cut.cursor, limit=cut.limit)


@room.get("/editions/{slug}/phases", "phases", _("What is open"), Page[PhaseShown])
def list_phases(_request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """The parts of a fair that open and close by themselves, as they stand now."""
    return slice_of(list(standings(edition).values()), phase, cursor=cut.cursor, limit=cut.limit)
