"""The team of a firm: its seats and roles, and who is asked to join."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Key, Mail, Of, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.participants.exhibitors.api.represented import desk_of
from serai.expo.participants.team import domain as joining
from serai.expo.participants.team.domain import invite_by_mail
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role

room = Room(_("Team"), joining.TeamRefusedError)


RoleKind = Annotated[str, one_of([kind.value for kind in Role.IN_A_FIRM])]


class SeatsShown(Schema):
    seats: int = Field(description="As many may be in the team")
    taken: int = Field(description="By who is in it, and by invitations that can still be accepted")
    free: int


class RoleShown(Schema):
    number: Key
    mail: Annotated[str, Of("user.email")]
    name: Annotated[str, Of("user.name")]
    kind: str = Field(description="owner, manager, sales, scanner or member")


class RoleGiven(Schema):
    kind: RoleKind


class InvitationShown(Schema):
    number: Key
    mail: Annotated[str, Of("email")]
    kind: str
    sent_at: datetime
    expires_at: datetime


class InvitationGiven(Schema):
    mail: Mail
    kind: RoleKind = Role.Kind.SALES.value


def _team(request: Call, edition: Edition, identifier: str) -> Participation:
    return desk_of(request, edition, identifier, "expo.manage_team")


def _role(request: Call, edition: Edition, identifier: str, number: int) -> Role:
    firm = _team(request, edition, identifier).firm
    rows = Role.objects.filter(firm=firm).select_related("user", "firm")
    row = row_of(rows, number, _("There is no such person in the team."))
    require_unchanged(request, shown(RoleShown, row))
    return row


@room.get("/firms/{identifier}/seats", _("Seats of the team"), SeatsShown, scope=READ)
def seats(request: Call, edition: Edition, identifier: str) -> Any:
    """How many may be in the team, by the firm's package."""
    participation = _team(request, edition, identifier)
    return SeatsShown(
        seats=participation.seats, taken=joining.seats_taken(participation), free=joining.seats_free(participation)
    )


@room.list("/firms/{identifier}/team", _("The team"), RoleShown, scope=READ)
def team(request: Call, edition: Edition, identifier: str) -> Any:
    """Who may do what for the firm; for its owners."""
    return Role.objects.filter(firm=_team(request, edition, identifier).firm).select_related("user")


@room.patch("/firms/{identifier}/team/{number}", _("Change a role"), RoleShown)
def change_role(request: Call, edition: Edition, identifier: str, number: int, given: RoleGiven) -> Any:
    """A firm keeps at least one owner."""
    row = _role(request, edition, identifier, number)
    joining.change_role(row, given.kind, user=request.user)
    return shown(RoleShown, row)


@room.delete("/firms/{identifier}/team/{number}", _("Take out of the team"))
def remove_from_team(request: Call, edition: Edition, identifier: str, number: int) -> Any:
    """The person has no role in the firm any more."""
    joining.remove(_role(request, edition, identifier, number), user=request.user)


@room.list("/firms/{identifier}/invitations", _("Invitations to the team"), InvitationShown, scope=READ)
def invitations(request: Call, edition: Edition, identifier: str) -> Any:
    """Those that can still be accepted."""
    return joining.open_invitations(_team(request, edition, identifier).firm)


@room.post("/firms/{identifier}/invitations", _("Ask somebody to join the team"), InvitationShown, status=201)
def invite_to_team(request: Call, edition: Edition, identifier: str, given: InvitationGiven) -> Any:
    """By a letter with a link, which answers for two weeks. One asked before gets a new link."""
    participation, absolute = _team(request, edition, identifier), request.build_absolute_uri
    return shown(
        InvitationShown,
        invite_by_mail(participation, email=given.mail, kind=given.kind, user=request.user, absolute=absolute),
    )


@room.delete("/firms/{identifier}/invitations/{number}", _("Take an invitation back"))
def cancel_invitation(request: Call, edition: Edition, identifier: str, number: int) -> Any:
    """Its link answers no more."""
    firm = _team(request, edition, identifier).firm
    rows = TeamInvitation.objects.filter(firm=firm, accepted_at__isnull=True)
    row = row_of(rows, number, _("There is no such invitation."))
    joining.cancel(row, user=request.user)
