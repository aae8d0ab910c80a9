"""A buyer's registration, its terms and targets, and the hosted buyers."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import (
    Amount,
    Code,
    Currency,
    Key,
    Language,
    Line,
    Of,
    Texts,
    Words,
    decimal,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed, asked_by, filter_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import duties_in
from serai.expo.participants.buyers.domain import hosted_buyers as hosting
from serai.expo.participants.buyers.domain import registration
from serai.expo.participants.buyers.domain.hosted_buyers import Hosted, HostedFilter, Standing, hosted_buyers, narrowed
from serai.expo.participants.buyers.domain.registration import (
    MOST_INTERESTS,
    VisitRefusedError,
    coming,
    plan_visit,
    visit_of,
)
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.exhibitors.api.represented import For, acting_for
from serai.expo.participants.questions.api import MOST, AnswerGiven, by_number
from serai.expo.participants.questions.domain.answers import AnswerRefusedError

room = Room(
    _("Buyers and delegations"),
    registration.RegistrationRefusedError,
    hosting.TermsRefusedError,
    AnswerRefusedError,
    VisitRefusedError,
)


# Registration


class VettingShown(Schema):
    number: Key
    firm: Annotated[str, Of("participation.firm.identifier")]
    legal_name: Annotated[str, Of("participation.firm.legal_name")]
    participation: Annotated[str, Of("participation.state")] = Field(description="State of its participation")
    state: str = Field(description="waiting, asked, approved or refused")
    purpose: str
    position: str
    hosted: bool
    about: str
    words: str = Field(description="What the organiser asks for, or why it refuses")
    applied_at: datetime


class Registration(Schema):
    """A firm in which you have a role, by its identifier, or another by its name and country."""

    firm: Code = Field("", description="Identifier of your firm")
    legal_name: Annotated[Line, Field(max_length=longest("legal_name"))] = ""
    country: str = Field("", pattern="^([A-Z]{2})?$", description="ISO 3166 alpha-2")
    language: Language = "en"
    website: str = Field("", max_length=longest("website"), pattern="^(https?://[!-~]+)?$")
    purpose: Vetting.Purpose
    position: Annotated[Line, Field(max_length=120)] = ""
    hosted: bool = Field(False, description="Asks to be a hosted buyer")
    about: Annotated[Words, Field(max_length=2000)] = ""
    answers: list[AnswerGiven] = Field(
        default_factory=list, max_length=MOST, description="To the organiser's questions at registration"
    )


class Telling(Schema):
    about: Annotated[Words, Field(max_length=2000)] = Field(min_length=1)


class Vet(Schema):
    state: str = Field(
        pattern="^(confirmed|waiting|rejected|asked)$",
        json_schema_extra={"enum": ["confirmed", "waiting", "rejected", "asked"]},
        description="Let in, put on the waiting list, refused, or asked for more",
    )
    words: Annotated[Words, Field(max_length=1000)] = Field("", description="The reason, or what is asked for")
    language: Language = "en"


def _vetting(rows: QuerySet[Vetting], number: int) -> Vetting:
    related = rows.select_related("participation__firm", "participation__edition", "applicant", "edition")
    return row_of(related, number, _("There is no such registration."))


@room.list("/registrations", _("Registrations of buyers"), VettingShown, scope=READ)
def registrations(request: Call, edition: Edition) -> Any:
    """Your own; all for an organiser."""
    return registration.visible_to(request.user, edition).select_related("participation__firm")


@room.post("/registrations", _("Register as a buyer"), VettingShown, status=201)
def register_buyer(request: Call, edition: Edition, given: Registration) -> Any:
    """The organiser vets it. Nobody comes to act for a firm by writing its name."""
    answers = registration.Answers(given.purpose, given.position, given.hosted, given.about, by_number(given.answers))
    if given.firm:
        firm = Firm.objects.filter(identifier=leading(given.firm)).first()
        if firm is None or not duties_in(request.user, firm.pk):
            raise Http404(_("You have no firm with this identifier."))
        return shown(VettingShown, registration.register(request.user, edition, firm, answers))
    if not given.legal_name.strip() or not given.country:
        raise ProblemError(409, _("Name your firm by its identifier, or another by its legal name and country."))
    made = registration.register_by_name(
        request.user,
        edition,
        legal_name=given.legal_name.strip(),
        country=given.country,
        language=given.language,
        website=given.website,
        answers=answers,
    )
    return shown(VettingShown, made)


@room.post("/registrations/{number}/tell", _("Answer the organiser"), VettingShown)
def tell_more(request: Call, edition: Edition, number: int, given: Telling) -> Any:
    """What was asked of your registration."""
    row = _vetting(registration.vettings_of(request.user, edition), number)
    if row.state != Vetting.State.ASKED:
        raise ProblemError(409, _("Nothing is asked of this registration."))
    registration.tell_more(row, given.about, by=request.user)
    return shown(VettingShown, row)


@room.post("/registrations/{number}/vet", _("Vet a buyer"), VettingShown, scope=DECIDE)
def vet_buyer(request: Call, edition: Edition, number: int, given: Vet) -> Any:
    row = _vetting(registration.visible_to(request.user, edition), number)
    if given.state == "asked":
        registration.ask_more(row, given.words, by=request.user)
    else:
        reason = {given.language: given.words} if given.words else {}
        registration.vet(row, Participation.State(given.state), reason, by=request.user)
    return shown(VettingShown, _vetting(registration.visible_to(request.user, edition), number))


# Terms and targets


class TermsShown(Schema):
    version: int | None = Field(description="null where the fair has no terms")
    text: Texts
    meetings_suggested: int | None
    meetings_maximum: int | None
    accepted: int | None = Field(description="The version that you accepted")
    minimum: int = Field(description="Meetings that you want at least")
    maximum: int = Field(description="Meetings that you want at most")
    ceiling: int = Field(description="The most that you may set")


class Accepting(Schema):
    version: int = Field(ge=1, le=32767)
    firm: For = ""


class Targets(Schema):
    minimum: int = Field(ge=0, le=1000)
    maximum: int = Field(ge=0, le=1000)
    firm: For = ""


class TermsWanted(Schema):
    firm: For = ""


def _terms(request: Call, edition: Edition, firm: str) -> TermsShown:
    own = Participation.objects.get(pk=acting_for(request, edition, firm).participation.pk)
    now, accepted = hosting.current_terms(edition), hosting.accepted_by(own)
    return TermsShown(
        version=now.version if now else None,
        text=now.text if now else {},
        meetings_suggested=now.meetings_suggested if now else None,
        meetings_maximum=now.meetings_maximum if now else None,
        accepted=accepted.terms.version if accepted else None,
        minimum=own.meetings_minimum,
        maximum=own.meetings_maximum,
        ceiling=hosting.ceiling(own),
    )


@room.get("/my/terms", _("Terms of hosted buyers"), TermsShown, scope=READ)
def my_terms(request: Call, edition: Edition, wanted: Query[TermsWanted]) -> Any:
    """The terms, what of them you accepted, and how many meetings you want."""
    return _terms(request, edition, wanted.firm)


@room.put("/my/terms", _("Accept the terms"), TermsShown)
def accept_terms(request: Call, edition: Edition, given: Accepting) -> Any:
    hosting.accept_terms(acting_for(request, edition, given.firm), given.version)
    return _terms(request, edition, given.firm)


@room.put("/my/targets", _("Say how many meetings I want"), TermsShown)
def set_targets(request: Call, edition: Edition, given: Targets) -> Any:
    hosting.set_targets(acting_for(request, edition, given.firm), given.minimum, given.maximum)
    return _terms(request, edition, given.firm)


# Hosted buyers


class HostedShown(Schema):
    firm: str
    legal_name: str
    state: Participation.State
    version: int | None = Field(description="The newest version of the terms that it accepted")
    accepted_at: datetime | None
    accepted_by: str | None = Field(description="Who accepted for the firm")
    suggested: int | None = Field(description="Meetings that this version suggests")
    minimum: int = Field(description="Meetings that it wants itself at least")
    told: int = Field(description="Meetings that had or have a time")
    held: int
    missed: int = Field(description="It did not come")
    came_in_vain: int = Field(description="It came and the other side did not: this counts as held does")
    to_come: int
    missing: int = Field(description="How many meetings there are less than suggested")
    standing: Standing


@asked_by(HostedFilter)
class HostedWanted(Cut):
    """Hosted buyers, narrowed."""


@room.list("/hosted-buyers", _("Hosted buyers"), HostedShown, scope=ORGANISE)
def hosted_buyers_(_request: Call, edition: Edition, wanted: Query[HostedWanted]) -> Any:
    """Which terms each accepted and when, and how its meetings went; by name."""
    rows = narrowed(hosted_buyers(edition), filter_of(HostedFilter, wanted))
    return Listed(rows, hosted)


def hosted(row: Hosted) -> HostedShown:
    own, accepted, met = row.participation, row.accepted, row.met
    return HostedShown(
        firm=own.firm.identifier,
        legal_name=own.firm.legal_name,
        state=Participation.State(own.state),
        version=accepted.terms.version if accepted else None,
        accepted_at=accepted.accepted_at if accepted else None,
        accepted_by=str(accepted.user) if accepted and accepted.user else None,
        suggested=accepted.terms.meetings_suggested if accepted else None,
        minimum=own.meetings_minimum,
        told=met.told,
        held=met.held,
        missed=met.missed,
        came_in_vain=met.in_vain,
        to_come=met.to_come,
        missing=row.missing,
        standing=row.standing,
    )


# What a buyer comes for


class VisitShown(Schema):
    budget: float | None
    currency: str
    interests: list[str]
    arrives_on: date | None
    leaves_on: date | None


class VisitGiven(Schema):
    """What is left out is empty."""

    budget: Amount | None = None
    currency: Currency = ""
    interests: list[Annotated[Line, Field(min_length=1)]] = Field(default_factory=list, max_length=MOST_INTERESTS)
    arrives_on: date | None = None
    leaves_on: date | None = None


def _coming(request: Call, edition: Edition, number: int, permission: str) -> Participation:
    row = row_of(coming(edition), number, _("There is no such buyer."))
    if not request.user.has_perm("expo.see_contact_persons", row):
        raise Http404(_("There is no such buyer."))
    if not request.user.has_perm(permission, row):
        raise ProblemError(403, _("You may not do this for this firm."))
    return row


@room.get("/participations/{number}/visit", _("What a buyer comes for"), VisitShown, scope=READ)
def visit(request: Call, edition: Edition, number: int) -> Any:
    """Budget, interests and days, for its own people and the organiser."""
    return shown(VisitShown, visit_of(_coming(request, edition, number, "expo.see_contact_persons")))


@room.put("/participations/{number}/visit", _("Say what a buyer comes for"), VisitShown)
def plan_visit_(request: Call, edition: Edition, number: int, given: VisitGiven) -> Any:
    row = _coming(request, edition, number, "expo.edit_contact_persons")
    values = given.model_dump() | {"budget": decimal(given.budget)}
    return shown(VisitShown, plan_visit(row, values, user=request.user))
