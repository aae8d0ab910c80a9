"""The wishes of a participant for whom one acts."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import (
    Page,
    shown,
    slice_of,
)
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.meeting.models import Wish
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for

room = Room(_("Meetings"), MeetingRefusedError, wishing.WishRefusedError)


class ForFirm(Schema):
    firm: For = ""


class WishShown(Schema):
    firm: str = Field(description="Whom one means")
    strength: str = Field(description="must, would or no_thanks")
    said_at: datetime


class WishGiven(ForFirm):
    strength: Wish.Strength = Field(description="must, would, or no_thanks, which nothing overrides")


def wish(row: Wish) -> WishShown:
    return shown(WishShown, row, firm=row.wished.firm.identifier)


@room.get("/editions/{slug}/my/wishes", "my_wishes", _("My wishes"), Page[WishShown], scope=READ)
def my_wishes(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """Whom you must, would or do not want to meet. The other side never sees it."""
    rows = wishing.wishes_of(acting_for(request, edition, mine.firm).participation).select_related("wished__firm")
    return slice_of(list(rows), wish, cursor=mine.cursor, limit=mine.limit)


@room.put("/editions/{slug}/my/wishes/{identifier}", "wish", _("Say a wish"), WishShown)
def say_wish(request: Call, edition: Edition, identifier: str, given: WishGiven) -> Any:
    """Said again it replaces what was said."""
    by = acting_for(request, edition, given.firm)
    return wish(wishing.wish(by, partner_or_404(by, identifier), given.strength))


@room.delete("/editions/{slug}/my/wishes/{identifier}", "take_wish_back", _("Take a wish back"))
def take_wish_back(request: Call, edition: Edition, identifier: str, mine: Query[ForFirm]) -> Any:
    by = acting_for(request, edition, mine.firm)
    wishing.take_back(by, partner_or_404(by, identifier))
