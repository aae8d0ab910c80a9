"""Who takes part: lists, one participation, what its firm and the organiser change of it; and applications to
exhibit: handed in, withdrawn, decided.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation, Section
from serai.expo.fairs.interface.domain.answers import Code, GivenTexts, Texts, Words, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Page, asked_by, filter_of, page_of
from serai.expo.fairs.interface.domain.problems import TOLD, ProblemError, problem
from serai.expo.firms.identity.domain.merges import leading, survivor_of
from serai.expo.firms.record.api import FirmInFull, FirmReader, FirmShown, own_firm
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import duties_in
from serai.expo.participants.exhibitors.domain.application import KINDS, apply
from serai.expo.participants.exhibitors.domain.co_exhibitors import InvitationRefusedError, part
from serai.expo.participants.participation.domain.applications import ApplicationRefusedError, withdraw
from serai.expo.participants.participation.domain.changes import MOST as MOST_NUMBER
from serai.expo.participants.participation.domain.changes import MOST_M2, EditRefusedError, edit, leaders_for
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, answer_invitation, decide
from serai.expo.participants.participation.domain.exhibitors import ParticipationFilter, narrowed, visible_to
from serai.expo.participants.participation.domain.representation import NotTheirsError, acted_for
from serai.expo.participants.participation.domain.withdrawal import cancel, owns, restore, step_back, what_ends
from serai.expo.participants.questions.api import MOST, AnswerGiven, by_number
from serai.expo.participants.questions.domain.answers import AnswerRefusedError

room = Room(
    _("Taking part"),
    ApplicationRefusedError,
    DecisionRefusedError,
    AnswerRefusedError,
    EditRefusedError,
    InvitationRefusedError,
)
TOLD[NotTheirsError] = lambda _fault: problem(403, gettext("You may not act for this participant."))


class ParticipationShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: FirmShown
    kind: str
    state: str
    section: str | None
    pavilion: str
    lead: str | None = Field(description="Identifier of the exhibitor with which it stands")
    booths: list[str] = Field(description="Hall and booth, as in W1-A01")


class ParticipationInFull(ParticipationShown):
    firm: FirmInFull


def with_firm(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """With all that is shown of a participation, in a fixed number of queries."""
    return rows.select_related("firm__parent", "section", "lead__firm").prefetch_related("booths")


def participation(row: Participation, reader: FirmReader) -> ParticipationShown:
    return shown(ParticipationShown, row, firm=FirmShown.model_validate(reader.fields(row.firm)), **_of_fair(row))


def _of_fair(row: Participation) -> dict[str, Any]:
    return {
        "number": row.pk,
        "section": row.section.slug if row.section else None,
        "lead": row.lead.firm.identifier if row.lead else None,
        "booths": [booth.code for booth in row.booths.all()],
    }


def page_of_participations(request: Call, rows: QuerySet[Participation], cut: Cut) -> Any:
    """A page of participations, each with what the caller may read of its firm."""
    page = page_of(with_firm(rows), lambda row: row, cut)
    reader = FirmReader(request, [row.firm for row in page["items"]])
    return page | {"items": [participation(row, reader) for row in page["items"]]}


def in_full(request: Call, edition: Edition, identifier: str) -> ParticipationInFull:
    """The participant with all that the caller may read of its firm. Raises Http404."""
    row = participation_of(request, edition, identifier)
    firm = FirmReader(request, [row.firm]).in_full(row.firm)
    return shown(ParticipationInFull, row, firm=firm, **_of_fair(row))


def participation_of(request: Call, edition: Edition, identifier: str) -> Participation:
    """The participation of a firm that the caller may see. Raises Http404."""
    firm = Firm.objects.filter(identifier=identifier.upper()).select_related("merged_into").first()
    if firm is not None:
        row = with_firm(visible_to(request.user, edition)).filter(firm=survivor_of(firm)).order_by("pk").first()
        if row is not None:
            return row
    raise Http404(_("No exhibitor of this fair has this identifier."))


class ParticipationManaged(ParticipationShown):
    """With what the organiser sets of it."""

    area_m2: int | None
    seats: int = Field(description="Of its team")
    meetings_minimum: int
    meetings_maximum: int


class ParticipationChange(Schema):
    """What is left out stays as it is."""

    kind: Annotated[str, one_of(Participation.Kind.values)] | None = Field(
        None, description="Exhibitors may change among themselves, buyers and delegations too"
    )
    section: Code | None = Field(None, description="Slug of a section; empty for none")
    pavilion: str | None = Field(None, pattern="^([A-Z]{2})?$", description="ISO 3166 alpha-2; empty for none")
    area_m2: int | None = Field(None, ge=1, le=MOST_M2, description="Granted; null for none")
    lead: str | None = Field(
        None,
        max_length=16,
        pattern="^[A-Za-z0-9]*$",
        description="Identifier of the exhibitor with which it stands; empty where it stands for itself",
    )
    seats: int | None = Field(None, ge=0, le=MOST_NUMBER)
    meetings_minimum: int | None = Field(None, ge=0, le=MOST_NUMBER)
    meetings_maximum: int | None = Field(None, ge=0, le=MOST_NUMBER)


class Cancellation(Schema):
    reason: GivenTexts = Field(description="Its people read it")


class Withdrawal(Schema):
    sure: Literal[True] = Field(description="Say so: only the organiser can undo it, and not all comes back")
    reason: Words = Field("", description="For the organiser")


class Restoration(Schema):
    state: Annotated[str, one_of((Participation.State.CONFIRMED.value, Participation.State.APPLIED.value))] = Field(
        description="Confirmed again, or an application to decide on"
    )


class Endings(Schema):
    sentences: list[str] = Field(description="What ends with the participation, in the language of the call")


@asked_by(ParticipationFilter)
class ParticipationsWanted(Cut):
    """The filter of the organiser's list."""


@room.get("/participations", _("Everyone who takes part"), Page[ParticipationShown], scope=ORGANISE)
def participations(request: Call, edition: Edition, wanted: Query[ParticipationsWanted]) -> Any:
    """Of every kind and in every state, buyers and delegations too."""
    rows = narrowed(visible_to(request.user, edition), filter_of(ParticipationFilter, wanted))
    return page_of_participations(request, rows, wanted)


@room.get("/my/participations", _("As what I take part"), Page[ParticipationShown], scope=READ)
def my_participations(request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Of your firms, and of those for whom you act as the leader of a delegation."""
    return page_of_participations(request, acted_for(request.user, edition), cut)


def numbered(request: Call, edition: Edition, number: int) -> Participation:
    """The participation with this number, if the caller may see it. Raises Http404."""
    return row_of(with_firm(visible_to(request.user, edition)), number, _("There is no such participant."))


def shown_to(request: Call, row: Participation) -> ParticipationShown:
    """The participation as it is stored now, with what the caller may read of its firm."""
    row = with_firm(Participation.objects.filter(pk=row.pk)).get()
    return participation(row, FirmReader(request, [row.firm]))


def own(request: Call, edition: Edition, number: int) -> Participation:
    """A participation of a firm for which the caller may edit. Raises Http404, and a problem 403."""
    row = numbered(request, edition, number)
    if "edit" not in duties_in(request.user, row.firm_id):
        raise ProblemError(403, _("You may not do this for this firm."))
    return row


def _managed(request: Call, row: Participation) -> ParticipationManaged:
    row = with_firm(Participation.objects.filter(pk=row.pk)).get()
    named = ("area_m2", "seats", "meetings_minimum", "meetings_maximum")
    plain = participation(row, FirmReader(request, [row.firm]))
    return ParticipationManaged(**plain.model_dump(), **{name: getattr(row, name) for name in named})


@room.get(
    "/participations/{number}", _("A participation as the organiser keeps it"), ParticipationManaged, scope=ORGANISE
)
def participation_(request: Call, edition: Edition, number: int) -> Any:
    return _managed(request, numbered(request, edition, number))


@room.patch("/participations/{number}", _("Change a participation"), ParticipationManaged, scope=DECIDE)
def change_participation(request: Call, edition: Edition, number: int, given: ParticipationChange) -> Any:
    """As what, where, with whom, on how much ground and with how many meetings it takes part."""
    row = numbered(request, edition, number)
    require_unchanged(request, _managed(request, row))
    changes: dict[str, Any] = given.model_dump(exclude_unset=True)
    nothing = {name for name, value in changes.items() if value is None and name != "area_m2"}
    changes = {name: value for name, value in changes.items() if name not in nothing}
    if "section" in changes:
        changes["section"] = section_of(edition, changes["section"])
    if "lead" in changes:
        changes["lead"] = _leader(row, changes["lead"])
    edit(row, changes, by=request.user)
    return _managed(request, row)


def section_of(edition: Edition, slug: str) -> Section | None:
    """The section with this slug, None for an empty one. Raises a problem 409."""
    section = Section.objects.filter(edition=edition, slug=slug).first() if slug else None
    if slug and section is None:
        raise ProblemError(409, _("This fair has no such section."))
    return section


def _leader(row: Participation, identifier: str) -> Participation | None:
    if not identifier or (row.lead is not None and row.lead.firm.identifier == leading(identifier)):
        return row.lead if identifier else None
    leader = leaders_for(row).filter(firm__identifier=leading(identifier)).first()
    if leader is None:
        raise ProblemError(409, _("No confirmed exhibitor of this fair who could be its leader has this identifier."))
    return leader


@room.get("/participations/{number}/endings", _("What would end with a participation"), Endings, scope=READ)
def endings(request: Call, edition: Edition, number: int) -> Any:
    """For its firm and the organiser, before one of them ends it."""
    row = numbered(request, edition, number)
    if not request.user.has_perm("expo.edit_desk", row):
        raise ProblemError(403, _("This is for the firm and the organiser."))
    return Endings(sentences=what_ends(row))


@room.post("/participations/{number}/cancel", _("Cancel a confirmed participation"), ParticipationManaged, scope=DECIDE)
def cancel_participation(request: Call, edition: Edition, number: int, given: Cancellation) -> Any:
    """By the organiser, with a reason. All that 'endings' names ends with it, and its people are told."""
    row = numbered(request, edition, number)
    cancel(row, given.reason, by=request.user)
    return _managed(request, row)


@room.post(
    "/participations/{number}/restore", _("Undo that a participation was cancelled"), ParticipationManaged, scope=DECIDE
)
def restore_participation(request: Call, edition: Edition, number: int, given: Restoration) -> Any:
    """Offers and needs, badges and wishes count again. Meetings, requests, booth, events and seats stay ended."""
    row = numbered(request, edition, number)
    restore(row, given.state, by=request.user)
    return _managed(request, row)


@room.post("/participations/{number}/leave", _("Withdraw from a fair"), ParticipationShown)
def leave_fair(request: Call, edition: Edition, number: int, given: Withdrawal) -> Any:
    """An owner of the firm ends its confirmed participation. All that 'endings' names ends with it."""
    row = own(request, edition, number)
    if not owns(request.user, row):
        raise ProblemError(403, _("You may not do this for this firm."))
    words = given.reason.strip()
    step_back(row, {get_language() or "en": words} if words else {}, by=request.user)
    return shown_to(request, row)


@room.post("/participations/{number}/part", _("Let a co-exhibitor stand for itself"), ParticipationShown)
def part_co_exhibitor(request: Call, edition: Edition, number: int) -> Any:
    """Said by the co-exhibitor, by its leader or by the organiser; who did not say it is told."""
    row = numbered(request, edition, number)
    sides = [side for side in (row, row.lead) if side is not None]
    own = next((side for side in sides if "edit" in duties_in(request.user, side.firm_id)), None)
    if own is None and not request.user.has_perm("expo.change_people", edition):
        raise ProblemError(403, _("You may not do this for this firm."))
    part(row, user=request.user, by=own)
    return shown_to(request, row)


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
