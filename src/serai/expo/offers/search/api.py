"""Search over a fair, and groups of countries on a day."""

from datetime import date
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.filters import plain
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members, rows
from serai.expo.fairs.interface.domain.answers import Texts, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.offers.market.domain.visibility import shown_to_all
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain.search import search
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.world.classifications.country_groups import groups

room = Room(_("Search and groups"))

MOST_FOUND = 200


class FoundShown(Schema):
    kind: str = Field(description="firm, offer or need")
    firm: str
    name: Texts = Field(description="Of the firm")
    number: int | None = Field(description="Of the offer or the need")
    title: Texts = Field(description="Of the offer or the need")
    words: bool = Field(description="It has words that were looked for; else it is near in meaning")


class SearchWanted(Cut):
    q: str = Field(min_length=1, max_length=200, description="Words in any language")
    kind: str = Field("", pattern="^(firm|offer|need)?$", json_schema_extra={"enum": ["", "firm", "offer", "need"]})


@room.list("/search", _("Search"), FoundShown)
def search_(_request: Call, edition: Edition, wanted: Query[SearchWanted]) -> Any:
    """Exhibitors and what they have published under their names, by words and meaning together, the best first."""
    words = plain(wanted.q)
    kinds = [wanted.kind] if wanted.kind else list(SearchEntry.Kind.values)
    among = exhibitors(edition)
    hits = search(edition, words, kinds=kinds, among=among, most=MOST_FOUND).found if words else ()
    shown_items = {
        kind: model.objects.filter(shown_to_all(), anonymous=False, edition=edition).in_bulk(
            [entry.item for entry in hits if entry.kind == kind]
        )
        for kind, model in (("offer", Offer), ("need", Need))
    }
    firms = Participation.objects.select_related("firm").in_bulk([entry.participation for entry in hits])
    results = [
        FoundShown(
            kind=entry.kind,
            firm=firms[entry.participation].firm.identifier,
            name=firms[entry.participation].firm.name,
            number=entry.item or None,
            title=shown_items[entry.kind][entry.item].title if entry.item else {},
            words=bool(entry.hit.words),
        )
        for entry in hits
        if entry.participation in firms and (not entry.item or entry.item in shown_items[entry.kind])
    ]
    return Listed(results, lambda entry: entry)


class GroupShown(Schema):
    key: str
    titles: Texts
    founded: str
    meaning: str
    source: str


class MembershipShown(Schema):
    country: str = Field(description="ISO 3166 alpha-2")
    since: str
    until: str
    status: str
    source: str
    verified: bool


class GroupInFull(GroupShown):
    on: date
    members: list[str] = Field(description="On that day")
    memberships: list[MembershipShown] = Field(description="All spans, whatever their dates")


class DayWanted(Schema):
    on: date | None = Field(None, description="A day; today where it is left out")


@room.list("/groups", _("Groups of countries"), GroupShown)
def groups_(_request: Call) -> Any:
    """Dated memberships, each with its source; an organiser may have corrected them."""
    return groups()


@room.get("/groups/{key}", _("A group of countries"), GroupInFull)
def group_(_request: Call, key: str, wanted: Query[DayWanted]) -> Any:
    """Its members on a day, and every span with its source."""
    group = next((row for row in groups() if row.key == key), None)
    if group is None:
        raise Http404(_("There is no group of this key."))
    day = wanted.on or timezone.localdate()
    spans = [shown(MembershipShown, row) for row in rows() if row.group == key]
    return shown(GroupInFull, group, on=day, members=sorted(members(key, day)), memberships=spans)
