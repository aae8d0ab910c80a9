"""Badges: of those who stand at a booth, and for the organiser of everybody who comes."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Key, Language, Line, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, asked_by, filter_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.programme.badges.domain import badges as domain
from serai.expo.programme.badges.domain.badges import BadgeFilter
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge

room = Room(_("Badges"), domain.BadgeRefusedError)


class BadgeShown(Schema):
    number: Key
    kind: str = Field(description="As what the person comes, as in `exhibitor`, `buyer`, `press` or `speaker`")
    state: str = Field(description="`asked`, `granted` or `refused`; only what is granted is printed")
    firm: str = Field(description="Empty for who comes through no participant")
    affiliation: str
    name: str
    language: str
    name_latin: str
    position: str
    code: str = Field(description="What is printed on it; void when it is made anew")
    printed_at: datetime | None


class BadgeGiven(Schema):
    name: Annotated[Line, Field(max_length=120, pattern=r"^[^\x00\r\n]*[^\x00-\x20\x85\xa0][^\x00\r\n]*$")] = Field(
        min_length=1
    )
    language: Language = "en"
    name_latin: Annotated[Line, Field(max_length=120)] = ""
    position: Annotated[Line, Field(max_length=120)] = ""


@asked_by(BadgeFilter)
class BadgesWanted(Cut):
    """The filter of the organiser's list."""


class BadgeDecision(Schema):
    granted: bool
    reason: Annotated[Line, Field(max_length=500)] = Field("", description="Why it is refused")


def badge(row: Badge) -> BadgeShown:
    firm = row.participation.firm.identifier if row.participation else ""
    return shown(BadgeShown, row, firm=firm, code=token_of(row))


def _own(request: Call, edition: Edition, number: int, permission: str = "expo.edit_desk") -> Badge:
    rows = domain.visible_to(request.user, edition)
    rows = rows.select_related("participation__firm", "participation__edition", "edition")
    row = row_of(rows, number, _("There is no such badge."))
    if row.participation is not None and row.participation.kind in EXHIBITING:
        desk_of(request, edition, row.participation.firm.identifier, permission)
    return row


@room.list("/badges", _("Badges of everybody"), BadgeShown, badge, scope=READ)
def all_badges(request: Call, edition: Edition, wanted: Query[BadgesWanted]) -> Any:
    """All badges of the fair for its organiser; for others those that they ask for."""
    rows = domain.visible_to(request.user, edition).select_related("participation__firm", "edition")
    return domain.narrowed(rows, filter_of(BadgeFilter, wanted))


@room.post("/badges/{number}/decision", _("Grant or refuse a badge"), BadgeShown, scope=DECIDE)
def decide_badge(request: Call, edition: Edition, number: int, given: BadgeDecision) -> Any:
    """For kinds on which the organiser decides; refusing takes a reason."""
    if not request.user.has_perm("expo.change_entrance", edition):
        raise ProblemError(403, _("The organiser decides on badges."))
    row = _own(request, edition, number)
    domain.decide([row], Badge.State.GRANTED if given.granted else Badge.State.REFUSED, given.reason, user=request.user)
    return badge(row)


@room.list("/firms/{identifier}/badges", _("Badges"), BadgeShown, badge, scope=READ)
def badges(request: Call, edition: Edition, identifier: str) -> Any:
    """Who stands at the booth."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    rows = domain.visible_to(request.user, edition).filter(participation=participation)
    return rows.select_related("participation__firm", "edition")


@room.post("/firms/{identifier}/badges", _("Make a badge"), BadgeShown, status=201)
def make_badge(request: Call, edition: Edition, identifier: str, given: BadgeGiven) -> Any:
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    made = Badge(edition=edition, participation=participation, kind=participation.kind, **given.model_dump())
    return badge(domain.keep_badge(made, user=request.user))


@room.put("/badges/{number}", _("Change a badge"), BadgeShown)
def change_badge(request: Call, edition: Edition, number: int, given: BadgeGiven) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, badge(row))
    for name, value in given.model_dump().items():
        setattr(row, name, value)
    return badge(domain.keep_badge(row, user=request.user))


@room.post("/badges/{number}/anew", _("Make a badge anew"), BadgeShown)
def make_badge_anew(request: Call, edition: Edition, number: int) -> Any:
    """After a loss: the code that is printed on it answers no more."""
    row = _own(request, edition, number)
    domain.make_anew(row, user=request.user)
    return badge(row)


@room.delete("/badges/{number}", _("Remove a badge"))
def remove_badge(request: Call, edition: Edition, number: int) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, badge(row))
    domain.remove_badge(row, user=request.user)
