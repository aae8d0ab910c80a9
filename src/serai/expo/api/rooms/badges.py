"""Badges of those who stand at a booth."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.api.caller import Call
from serai.expo.api.pages import Cut, Language, Line, Page, page_of, require_unchanged, shown
from serai.expo.api.room import READ, Room
from serai.expo.api.whose import desk_of
from serai.expo.badges.keeping import BadgeRefusedError, keep_badge, make_anew, remove_badge, visible_to
from serai.expo.badges.models import Badge
from serai.expo.badges.tokens import token_of
from serai.expo.editions.models import Edition

room = Room(_("Badges"), BadgeRefusedError)


class BadgeShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: str
    name: str
    language: str
    name_latin: str
    position: str
    code: str = Field(description="What is printed on it; void when it is made anew")
    printed_at: datetime | None


class BadgeGiven(Schema):
    name: Line = Field(min_length=1, max_length=120, pattern=r"^[^\x00\r\n]*[^\x00-\x20\x85\xa0][^\x00\r\n]*$")
    language: Language = "en"
    name_latin: Line = Field("", max_length=120)
    position: Line = Field("", max_length=120)


def badge(row: Badge) -> BadgeShown:
    return shown(BadgeShown, row, number=row.pk, firm=row.participation.firm.identifier, code=token_of(row))


def _own(request: Call, edition: Edition, number: int, permission: str = "expo.edit_desk") -> Badge:
    row = (
        (visible_to(request.user, edition).select_related("participation__firm", "participation__edition", "edition"))
        .filter(pk=number)
        .first()
        if number < 2**63
        else None
    )
    if row is None:
        raise Http404(_("There is no such badge."))
    desk_of(request, edition, row.participation.firm.identifier, permission)
    return row


@room.get("/editions/{slug}/firms/{identifier}/badges", "badges", _("Badges"), Page[BadgeShown], scope=READ)
def list_badges(request: Call, edition: Edition, identifier: str, cut: Query[Cut]) -> Any:
    """Who stands at the booth."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    rows = visible_to(request.user, edition).filter(participation=participation)
    rows = rows.select_related("participation__firm", "edition")
    return page_of(rows, badge, cursor=cut.cursor, limit=cut.limit)


@room.post("/editions/{slug}/firms/{identifier}/badges", "make_badge", _("Make a badge"), BadgeShown, status=201)
def make(request: Call, edition: Edition, identifier: str, given: BadgeGiven) -> Any:
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    made = Badge(edition=edition, participation=participation, **given.model_dump())
    return badge(keep_badge(made, user=request.user))


@room.put("/editions/{slug}/badges/{number}", "change_badge", _("Change a badge"), BadgeShown)
def change(request: Call, edition: Edition, number: int, given: BadgeGiven) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, badge(row))
    for name, value in given.model_dump().items():
        setattr(row, name, value)
    return badge(keep_badge(row, user=request.user))


@room.post("/editions/{slug}/badges/{number}/anew", "make_badge_anew", _("Make a badge anew"), BadgeShown)
def anew(request: Call, edition: Edition, number: int) -> Any:
    """After a loss: the code that is printed on it answers no more."""
    row = _own(request, edition, number)
    make_anew(row, user=request.user)
    return badge(row)


@room.delete("/editions/{slug}/badges/{number}", "remove_badge", _("Remove a badge"))
def remove(request: Call, edition: Edition, number: int) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, badge(row))
    remove_badge(row, user=request.user)
