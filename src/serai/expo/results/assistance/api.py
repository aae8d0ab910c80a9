"""The assistance desk: for its organisers all of it, for an exhibitor from a least developed country its own cases."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import (
    Code,
    Currency,
    Key,
    Line,
    Mail,
    Of,
    decimal,
    one_of,
    require_unchanged,
    shown,
)
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed, Page, asked_by, filter_of, page_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.people.account.models import User
from serai.expo.results.assistance import domain as cases
from serai.expo.results.assistance.models import AssistanceCase

room = Room(_("Assistance desk"), cases.CaseError)

CaseKind = Annotated[str, one_of(AssistanceCase.Kind.values)]
CaseState = Annotated[str, one_of(AssistanceCase.State.values)]
Money = Annotated[float, Field(ge=0, le=99_999_999_999, description="Rounded to two places")]
Long = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class CaseShown(Schema):
    """What is of the budget is null for who does not organise the fair."""

    number: Key
    firm: str
    kind: str
    state: str = Field(description="asked, granted, in_work, done or refused")
    note: str = Field(description="What is needed")
    answer: str
    due_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    budget_line: str | None
    budget: Decimal | None
    spent: Decimal | None
    currency: str | None
    responsible: str = Field(description="Who sees to it; empty where nobody does yet")
    responsible_mail: str | None


class CaseAsked(Schema):
    firm: Annotated[Code, Field(max_length=16)] = Field(min_length=1, description="Identifier of your firm")
    kind: CaseKind
    note: Long = Field("", description="What is needed")


class CaseChange(Schema):
    """What is left out stays."""

    kind: CaseKind | None = None
    state: CaseState | None = None
    note: Long | None = None
    answer: Long | None = Field(None, description="The exhibitor reads it")
    budget_line: Line | None = Field(None, max_length=120)
    budget: Money | None = None
    spent: Money | None = None
    currency: Currency | None = None
    due_on: date | None = None
    responsible: Mail | None = Field(None, description="Mail address of somebody of the organiser's staff")


class CaseGiven(CaseChange):
    """A case that the organiser opens: granted, where nothing else is said."""

    firm: Annotated[Code, Field(max_length=16)] = Field(
        min_length=1, description="Identifier of an exhibitor that is entitled"
    )
    kind: CaseKind


class BudgetLineShown(Schema):
    line: str
    currency: str
    cases: int
    budget: Decimal
    spent: Decimal
    left: Decimal


class HelpedShown(Schema):
    firm: Annotated[str, Of("participation.firm.identifier")]
    cases: int
    open: int = Field(description="Cases that are not closed")
    held: int = Field(description="Meetings held")
    claimed: int = Field(description="Outcomes claimed and not agreed")
    agreed: int = Field(description="Outcomes agreed")


class EntitledShown(Schema):
    firm: str
    legal_name: str
    country: str
    has_case: bool


@asked_by(cases.CaseFilter)
class CasesWanted(Cut):
    """The filter of the desk's page, by the same names."""


NULLABLE = frozenset({"budget", "due_on", "responsible"})
OF_ORGANISER = ("budget_line", "budget", "spent", "currency")


class Desk:
    """Cases as the caller sees them."""

    def __init__(self, request: Call, edition: Edition) -> None:
        self.request, self.edition = request, edition
        self.organises = request.user.has_perm("expo.read_people", edition)

    def rows(self) -> QuerySet[AssistanceCase]:
        return cases.visible_to(self.request.user, self.edition)

    def show(self, row: AssistanceCase) -> CaseShown:
        of_organiser = {name: getattr(row, name) if self.organises else None for name in OF_ORGANISER}
        return shown(
            CaseShown,
            row,
            firm=row.participation.firm.identifier,
            responsible=str(row.responsible or ""),
            responsible_mail=row.responsible.email if row.responsible and self.organises else None,
            **of_organiser,
        )

    def again(self, row: AssistanceCase) -> CaseShown:
        """The case as it is kept."""
        return self.show(self.rows().get(pk=row.pk))


def _fill(case: AssistanceCase, given: CaseChange) -> AssistanceCase:
    values = given.model_dump(exclude_unset=True, exclude={"firm"})
    for name, value in values.items():
        if value is None and name not in NULLABLE:
            continue
        if name == "responsible":
            case.responsible = _staff(case.edition, value) if value else None
        else:
            setattr(case, name, decimal(value) if name in {"budget", "spent"} else value)
    return case


def _staff(edition: Edition, mail: str) -> User:
    user = cases.staff(edition).filter(email=mail.lower()).first()
    if user is None:
        raise ProblemError(409, _("Nobody of the organiser's staff has the mail address %s.") % mail)
    return user


def _entitled(edition: Edition, identifier: str) -> Participation:
    rows = cases.entitled(edition).filter(firm__identifier=leading(identifier)).select_related("firm", "edition")
    participation = rows.order_by("pk").first()
    if participation is None:
        raise ProblemError(409, _("The assistance desk is for exhibitors from least developed countries."))
    return participation


@room.list("/assistance", _("Cases of assistance"), CaseShown, scope=READ)
def assistance(request: Call, edition: Edition, wanted: Query[CasesWanted]) -> Any:
    """Your firms' own; all for an organiser."""
    desk = Desk(request, edition)
    rows = cases.narrowed(desk.rows(), filter_of(cases.CaseFilter, wanted))
    return Listed(rows, desk.show)


@room.post("/assistance", _("Ask for assistance"), CaseShown, status=201)
def ask_for_assistance(request: Call, edition: Edition, given: CaseAsked) -> Any:
    """For a firm of yours that comes from a least developed country."""
    participation = _entitled(edition, given.firm)
    if not request.user.roles.filter(firm=participation.firm).exists():
        raise PermissionDenied
    case = cases.ask(participation, given.kind, given.note, user=request.user)
    return Desk(request, edition).again(case)


@room.post("/assistance/cases", _("Open a case"), CaseShown, scope=DECIDE, status=201)
def open_case(request: Call, edition: Edition, given: CaseGiven) -> Any:
    """For an exhibitor that is entitled."""
    participation = _entitled(edition, given.firm)
    case = AssistanceCase(edition=edition, participation=participation, state=AssistanceCase.State.GRANTED)
    return Desk(request, edition).again(cases.save_case(_fill(case, given), user=request.user))


@room.list("/assistance/budget", _("Budget"), BudgetLineShown, scope=ORGANISE)
def assistance_budget(_request: Call, edition: Edition) -> Any:
    """What was planned and spent by line and currency; currencies are never added up."""
    return cases.budget_lines(edition)


@room.list("/assistance/results", _("Outcomes of assistance"), HelpedShown, scope=ORGANISE)
def assistance_results(_request: Call, edition: Edition) -> Any:
    """Of each exhibitor with a case: meetings held, outcomes claimed and agreed."""
    return cases.helped(edition)


@room.get("/assistance/entitled", _("Who is entitled to assistance"), Page[EntitledShown], scope=ORGANISE)
def assistance_entitled(_request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Exhibitors from least developed countries, as of the opening day, and whether somebody has opened a case."""
    rows = cases.entitled(edition).select_related("firm")
    page = page_of(rows, lambda row: row, cut)
    keys = [row.pk for row in page["items"]]
    opened = AssistanceCase.objects.filter(edition=edition, participation__in=keys).order_by()
    with_case = set(opened.values_list("participation_id", flat=True))
    items = [
        EntitledShown(
            firm=row.firm.identifier,
            legal_name=row.firm.legal_name,
            country=row.firm.country,
            has_case=row.pk in with_case,
        )
        for row in page["items"]
    ]
    return page | {"items": items}


@room.patch("/assistance/{number}", _("Change a case"), CaseShown, scope=DECIDE)
def change_case(request: Call, edition: Edition, number: int, given: CaseChange) -> Any:
    """Grant it, work on it, close it, say what was spent."""
    desk = Desk(request, edition)
    case = row_of(desk.rows(), number, _("No case is like this."))
    require_unchanged(request, desk.show(case))
    return desk.again(cases.save_case(_fill(case, given), user=request.user))
