"""The wishes of a participant for whom one acts."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Of, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.meetings.meeting.domain import wishes as wishing
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.domain.wishes import partner_or_404
from serai.expo.meetings.meeting.models import Wish
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for

room = Room(_("Meetings"), MeetingRefusedError, wishing.WishRefusedError)


class ForFirm(Schema):
    firm: For = ""


class WishShown(Schema):
    firm: Annotated[str, Of("wished.firm.identifier")] = Field(description="Whom one means")
    strength: str = Field(description="must, would or no_thanks")
    said_at: datetime


class WishGiven(ForFirm):
    strength: Wish.Strength = Field(description="must, would, or no_thanks, which nothing overrides")


@room.list("/my/wishes", _("My wishes"), WishShown, scope=READ)
def my_wishes(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """Whom you must, would or do not want to meet. The other side never sees it."""
    rows = wishing.wishes_of(acting_for(request, edition, mine.firm).participation).select_related("wished__firm")
    return list(rows)


@room.put("/my/wishes/{identifier}", _("Express a wish"), WishShown)
def wish_(request: Call, edition: Edition, identifier: str, given: WishGiven) -> Any:
    """Said again it replaces what was said."""
    by = acting_for(request, edition, given.firm)
    return shown(WishShown, wishing.wish(by, partner_or_404(by, identifier), given.strength))


@room.delete("/my/wishes/{identifier}", _("Take a wish back"))
def take_wish_back(request: Call, edition: Edition, identifier: str, mine: Query[ForFirm]) -> Any:
    by = acting_for(request, edition, mine.firm)
    wishing.take_back(by, partner_or_404(by, identifier))
