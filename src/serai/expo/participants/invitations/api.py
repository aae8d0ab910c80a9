"""Invitations of contact persons to the desks of their firms."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Key, Line, Mail, Number, Of, one_of, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, asked_by, filter_of, page_of
from serai.expo.fairs.jobs.api import JobShown, shown_job
from serai.expo.fairs.mailing.models import Segment
from serai.expo.participants.invitations.domain import invitations as domain
from serai.expo.participants.invitations.domain.invitations import KINDS, InvitationFilter, InvitationRefusedError
from serai.expo.participants.invitations.domain.jobs import start_inviting, start_reminding

room = Room(_("Invitations to desks"), InvitationRefusedError)


class DeskInvitationShown(Schema):
    number: Key
    contact: Annotated[int, Of("contact_id")] = Field(description="Number of the contact person")
    mail: Annotated[str, Of("contact.email")]
    firm: Annotated[str, Of("contact.participation.firm.identifier")]
    kind: str = Field(description="As what it joins the team: owner, manager, sales or member")
    state: str = Field(description="queued, sent, opened, joined or bounced")
    reason: str = Field(description="Why the letter came back")
    invited_at: datetime
    sent_at: datetime = Field(description="When the link was made that is good now")
    expires_at: datetime
    reminders: int
    opened_at: datetime | None
    joined_at: datetime | None


class InvitingGiven(Schema):
    segment: Number | None = Field(None, description="Number of the segment; null for everyone")
    kind: Annotated[str, one_of([kind.value for kind in KINDS])] = KINDS[0].value
    consent: Annotated[Line, Field(max_length=200)] = Field(
        "", description="Where the consent of those comes from of whom no source is known; empty: they get no letter"
    )


class ReachShown(Schema):
    """How many contact persons are in each group; nobody is in two."""

    contacts: int
    to_write: int
    joined: int
    asked: int = Field(description="Who has a link that is still good")
    bounced: int
    refused: int
    without_consent: int
    without_mail: int


class BounceGiven(Schema):
    mail: Mail
    reason: Annotated[Line, Field(max_length=200)] = ""


class BouncesCounted(Schema):
    invitations: int = Field(description="How many were marked")


class PlanGiven(Schema):
    days: list[Annotated[int, Field(ge=1, le=365)]] = Field(
        max_length=domain.LONGEST_PLAN, description="Days after the invitation, one for each reminder"
    )


@asked_by(InvitationFilter)
class InvitationsWanted(Cut):
    """The filter of the organiser's list."""


def _filters(edition: Edition, number: int | None) -> dict[str, Any]:
    if number is None:
        return {}
    return dict(row_of(Segment.objects.filter(edition=edition), number, _("There is no such segment.")).filters)


@room.get("/desk-invitations", _("Invitations to desks"), Page[DeskInvitationShown], scope=ORGANISE)
def desk_invitations(_request: Call, edition: Edition, wanted: Query[InvitationsWanted]) -> Any:
    rows = domain.invitations(edition, filter_of(InvitationFilter, wanted)).order_by("pk")
    return page_of(rows, lambda row: shown(DeskInvitationShown, row), wanted)


@room.post("/desk-invitations/reach", _("Count whom invitations would reach"), ReachShown, scope=DECIDE)
def desk_invitations_reach(_request: Call, edition: Edition, given: InvitingGiven) -> Any:
    """Nothing is sent."""
    return shown(ReachShown, domain.reach(edition, _filters(edition, given.segment), consent=bool(given.consent)))


@room.post("/desk-invitations", _("Invite a segment"), JobShown, scope=DECIDE, status=202)
def invite_to_desks(request: Call, edition: Edition, given: InvitingGiven) -> Any:
    """By a letter with a link that opens the desk of the firm once."""
    filters = _filters(edition, given.segment)
    return shown_job(start_inviting(edition, filters, kind=given.kind, consent=given.consent, user=request.user))


@room.post("/desk-invitations/remind", _("Remind who has not joined"), JobShown, scope=DECIDE, status=202)
def remind_invited(request: Call, edition: Edition) -> Any:
    """By a letter with a new link; the old one answers no more."""
    return shown_job(start_reminding(edition, user=request.user))


@room.post("/desk-invitations/{number}/again", _("Send an invitation again"), DeskInvitationShown, scope=DECIDE)
def send_desk_invitation_again(request: Call, edition: Edition, number: int) -> Any:
    """With a new link; the old one answers no more."""
    row = row_of(domain.invitations(edition), number, _("There is no such invitation."))
    domain.send_again(row, user=request.user)
    return shown(DeskInvitationShown, domain.invitations(edition).get(pk=row.pk))


@room.post("/desk-invitations/bounces", _("Tell that a letter came back"), BouncesCounted, scope=DECIDE)
def tell_bounce(request: Call, edition: Edition, given: BounceGiven) -> Any:
    """For the program that reads what mail servers send back: nothing more is written to the address."""
    return BouncesCounted(invitations=domain.bounced(edition, given.mail, given.reason, user=request.user))


@room.put("/desk-invitations/reminders", _("Say when to remind"), PlanGiven, scope=DECIDE)
def plan_reminders(request: Call, edition: Edition, given: PlanGiven) -> Any:
    return shown(PlanGiven, domain.set_plan(edition, given.days, user=request.user))
