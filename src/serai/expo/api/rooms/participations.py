"""Taking part: who does, applying, and the organiser's decision."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.api.caller import Call
from serai.expo.api.pages import (
    Code,
    Cut,
    GivenTexts,
    Page,
    Texts,
    Words,
    asked_by,
    filter_of,
    row_of,
    shown,
    slice_of,
)
from serai.expo.api.problems import ProblemError
from serai.expo.api.room import DECIDE, ORGANISE, READ, Room
from serai.expo.api.rooms.firms import (
    ParticipationShown,
    Reader,
    own_firm,
    page_of_participations,
    participation,
    with_firm,
)
from serai.expo.api.rooms.questions import MOST, AnswerGiven, by_number
from serai.expo.buyers.acting import acted_for
from serai.expo.editions.approving import (
    DecisionRefusedError,
    ParticipationFilter,
    answer_invitation,
    decide,
    narrowed,
)
from serai.expo.editions.models import ApplicationDecision, Edition, Participation, Section
from serai.expo.exhibitors.applying import KINDS, ApplicationRefusedError, apply, withdraw
from serai.expo.exhibitors.rules import duties_in
from serai.expo.firms.directory import visible_to
from serai.expo.questions.answering import AnswerRefusedError

room = Room(_("Taking part"), ApplicationRefusedError, DecisionRefusedError, AnswerRefusedError)


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


@asked_by(ParticipationFilter)
class ParticipationsWanted(Cut):
    """The filter of the organiser's list."""


@room.get(
    "/editions/{slug}/participations",
    "participations",
    _("Everyone who takes part"),
    Page[ParticipationShown],
    scope=ORGANISE,
)
def list_participations(request: Call, edition: Edition, wanted: Query[ParticipationsWanted]) -> Any:
    """Of every kind and in every state, buyers and delegations too."""
    rows = narrowed(visible_to(request.user, edition), filter_of(ParticipationFilter, wanted))
    return page_of_participations(request, rows, wanted)


@room.get(
    "/editions/{slug}/my/participations",
    "my_participations",
    _("As what I take part"),
    Page[ParticipationShown],
    scope=READ,
)
def my_participations(request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Of your firms, and of those for whom you act as the leader of a delegation."""
    return page_of_participations(request, acted_for(request.user, edition), cut)


def _one(request: Call, edition: Edition, number: int) -> Participation:
    return row_of(with_firm(visible_to(request.user, edition)), number, _("There is no such participant."))


def _shown(request: Call, row: Participation) -> ParticipationShown:
    row = with_firm(Participation.objects.filter(pk=row.pk)).get()
    return participation(row, Reader(request, [row.firm]))


@room.post("/editions/{slug}/participations", "apply", _("Apply to exhibit"), ParticipationShown, status=201)
def apply_to_exhibit(request: Call, edition: Edition, given: Application) -> Any:
    """For a firm that you own or manage. The organiser decides."""
    firm = own_firm(request, given.firm, "edit")
    section = Section.objects.filter(edition=edition, slug=given.section).first() if given.section else None
    if given.section and section is None:
        raise ProblemError(409, _("This fair has no such section."))
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
    return _shown(request, made)


def _own(request: Call, edition: Edition, number: int) -> Participation:
    row = _one(request, edition, number)
    if "edit" not in duties_in(request.user, row.firm_id):
        raise ProblemError(403, _("You may not do this for this firm."))
    return row


@room.post(
    "/editions/{slug}/participations/{number}/withdraw",
    "withdraw_application",
    _("Withdraw an application"),
    ParticipationShown,
)
def withdraw_application(request: Call, edition: Edition, number: int) -> Any:
    """As long as the organiser has not decided."""
    row = _own(request, edition, number)
    withdraw(row, user=request.user)
    return _shown(request, row)


@room.post(
    "/editions/{slug}/participations/{number}/answer",
    "answer_invitation",
    _("Answer an invitation"),
    ParticipationShown,
)
def answer(request: Call, edition: Edition, number: int, given: InvitationAnswer) -> Any:
    """Of an organiser who invites your firm again."""
    row = _own(request, edition, number)
    answer_invitation(row, given.accepts, user=request.user)
    return _shown(request, row)


@room.post(
    "/editions/{slug}/participations/{number}/decision",
    "decide_application",
    _("Decide on an application"),
    ParticipationShown,
    scope=DECIDE,
)
def decide_application(request: Call, edition: Edition, number: int, given: Decision) -> Any:
    row = _one(request, edition, number)
    decide(row, given.state, given.reason, user=request.user)
    return _shown(request, row)


@room.get(
    "/editions/{slug}/participations/{number}/decisions",
    "decisions",
    _("Decisions on an application"),
    Page[DecisionShown],
    scope=READ,
)
def list_decisions(request: Call, edition: Edition, number: int, cut: Query[Cut]) -> Any:
    """For its firm and the organiser, the newest first."""
    row = _one(request, edition, number)
    if not request.user.has_perm("expo.see_participation_in_full", row):
        raise ProblemError(403, _("This is for the firm and the organiser."))
    rows = list(ApplicationDecision.objects.filter(edition=edition, participation=row))
    return slice_of(rows, lambda one: shown(DecisionShown, one), cursor=cut.cursor, limit=cut.limit)
