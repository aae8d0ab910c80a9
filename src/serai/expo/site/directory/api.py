"""The directory of a fair: its exhibitors, and one of them with all that the caller may read."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, asked_by, filter_of, page_of
from serai.expo.firms.record.api import FirmReader
from serai.expo.participants.participation.api import (
    ParticipationInFull,
    ParticipationShown,
    in_full,
    page_of_participations,
    participation,
    with_firm,
)
from serai.expo.site.directory.domain.directory import Filter, answer, find

room = Room(_("Firms"))


@asked_by(Filter)
class FirmsWanted(Cut):
    """The filter of the directory's page, by the same names."""


@room.get("/firms", _("Exhibitors"), Page[ParticipationShown])
def firms(request: Call, edition: Edition, wanted: Query[FirmsWanted]) -> Any:
    """Who exhibits, by the filter of the directory; the best answers first where there are words."""
    asked = filter_of(Filter, wanted)
    answered = answer(edition, asked)
    if answered is None:
        return page_of_participations(request, find(edition, asked), wanted)
    kept = {row.pk: row for row in with_firm(find(edition, asked, answered.participations))}
    best = [kept[key] for key in answered.participations if key in kept]
    page = page_of(best, lambda row: row, wanted)
    reader = FirmReader(request, [row.firm for row in page["items"]])
    return page | {"items": [participation(row, reader) for row in page["items"]]}


@room.get("/firms/{identifier}", _("A participant"), ParticipationInFull)
def firm(request: Call, edition: Edition, identifier: str) -> Any:
    """With all that you may read of the firm. An identifier that was merged leads to the firm that it is now."""
    return in_full(request, edition, identifier)
