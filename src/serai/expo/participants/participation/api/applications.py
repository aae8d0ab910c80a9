"""Applications to exhibit: handed in, withdrawn, decided."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, READ
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.interface.domain.values import Code, GivenTexts, Texts, Words
from serai.expo.firms.record.api import own_firm
from serai.expo.participants.exhibitors.domain.application import KINDS, apply, withdraw
from serai.expo.participants.participation.api.participations import (
    ParticipationShown,
    numbered,
    own,
    room,
    section_of,
    shown_to,
)
from serai.expo.participants.participation.domain.decisions import answer_invitation, decide
from serai.expo.participants.questions.api import MOST, AnswerGiven, by_number


class DecisionShown(Schema):
    state: str
    reason: Texts
    decided_at: datetime


class Application(Schema):
    firm: str = Field(max_length=16, pattern="^[A-Za-z0-9]+$", description="Identifier of your firm")
    kind: str = Field(
        Participation.Kind.EXHIBITOR, pattern=f"^({'|'.join(KINDS)})$", json_schema_extra={"enum": list(KINDS)}
    )
    area_wanted_m2: int | None = Field(None, ge=1, le=10_000)
    section: Code = Field("", description="Slug of a section")
    pavilion: str = Field("", pattern="^([A-Z]{2})?$", description="Country pavilion, ISO 3166 alpha-2")
    remarks: Words = ""
    answers: list[AnswerGiven] = Field(
        default_factory=list, max_length=MOST, description="To the organiser's questions at registration"
    )


class Decision(Schema):
    state: str = Field(
        pattern="^(confirmed|waiting|rejected)$", json_schema_extra={"enum": ["confirmed", "waiting", "rejected"]}
    )
    reason: GivenTexts = Field(default_factory=dict, description="The applicant reads it; needed where it is rejected")


class InvitationAnswer(Schema):
    accepts: bool


@room.post("/participations", _("Apply to exhibit"), ParticipationShown, status=201)
def apply_(request: Call, edition: Edition, given: Application) -> Any:
    """For a firm that you own or manage. The organiser decides."""
    firm = own_firm(request, given.firm, "edit")
    section = section_of(edition, given.section)
    made = apply(
        edition,
        firm,
        kind=given.kind,
        user=request.user,
        area_wanted_m2=given.area_wanted_m2,
        section=section,
        pavilion=given.pavilion,
        remarks=given.remarks,
        answers=by_number(given.answers),
    )
    return shown_to(request, made)


@room.post("/participations/{number}/withdraw", _("Withdraw an application"), ParticipationShown)
def withdraw_application(request: Call, edition: Edition, number: int) -> Any:
    """As long as the organiser has not decided."""
    row = own(request, edition, number)
    withdraw(row, user=request.user)
    return shown_to(request, row)


@room.post("/participations/{number}/answer", _("Answer an invitation"), ParticipationShown)
def answer_invitation_(request: Call, edition: Edition, number: int, given: InvitationAnswer) -> Any:
    """Of an organiser who invites your firm again."""
    row = own(request, edition, number)
    answer_invitation(row, given.accepts, user=request.user)
    return shown_to(request, row)


@room.post("/participations/{number}/decision", _("Decide on an application"), ParticipationShown, scope=DECIDE)
def decide_application(request: Call, edition: Edition, number: int, given: Decision) -> Any:
    row = numbered(request, edition, number)
    decide(row, given.state, given.reason, user=request.user)
    return shown_to(request, row)


@room.list("/participations/{number}/decisions", _("Decisions on an application"), DecisionShown, scope=READ)
def decisions(request: Call, edition: Edition, number: int) -> Any:
    """For its firm and the organiser, the newest first."""
    row = numbered(request, edition, number)
    if not request.user.has_perm("expo.see_participation_in_full", row):
        raise ProblemError(403, _("This is for the firm and the organiser."))
    return list(ApplicationDecision.objects.filter(edition=edition, participation=row))
