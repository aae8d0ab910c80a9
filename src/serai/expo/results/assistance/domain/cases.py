"""Cases of assistance: asked for, granted, worked on and closed; what was planned and spent; what came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.people.account.models import User
from serai.expo.results.assistance.models import AssistanceCase

State = AssistanceCase.State
OPEN = (State.ASKED, State.GRANTED, State.IN_WORK)
CLOSED = (State.DONE, State.REFUSED)
GIVEN = (State.GRANTED, State.IN_WORK, State.DONE)
"""States of a case in which its exhibitor is given help."""
PROTECTED = "LDC"
"""The group of countries whose exhibitors the desk is for, as of the opening day."""
AGREED = (Outcome.State.CONFIRMED, Outcome.State.EVIDENCED, Outcome.State.FULFILLED)


class CaseError(ValueError):
    """A case can't be so: a sentence."""


@dataclass(frozen=True)
class CaseFilter:
    """By what a list of cases is narrowed. Empty fields do not narrow."""

    state: str = filters.code("Where the case stands", choices=State.choices)
    kind: str = filters.code("Of what help", choices=AssistanceCase.Kind.choices)


def narrowed(rows: QuerySet[AssistanceCase], wanted: CaseFilter) -> QuerySet[AssistanceCase]:
    """The cases that the filter asks for."""
    return rows.filter(**{name: said for name in ("state", "kind") if (said := getattr(wanted, name))})


def staff(edition: Edition) -> QuerySet[User]:
    """Who may see to a case: the organiser's people."""
    return User.objects.filter(roles__organisation=edition.organisation_id).distinct().order_by("name", "pk")


@dataclass(frozen=True)
class BudgetLine:
    """What was planned and spent on a budget line in one currency; sums of currencies are never added up."""

    line: str
    currency: str
    cases: int
    budget: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget - self.spent


@dataclass(frozen=True)
class Helped:
    """An exhibitor that got help, with what came of its fair."""

    participation: Participation
    cases: int
    open: int
    held: int
    claimed: int
    agreed: int


def visible_to(user: User, edition: Edition) -> QuerySet[AssistanceCase]:
    """The cases that a user may see: all to an organiser, those of the own firms to others. Call inside the scope."""
    found = AssistanceCase.objects.filter(edition=edition).select_related("participation__firm", "responsible")
    if user.has_perm("expo.organise_edition", edition):
        return found
    return found.filter(participation__firm__roles__user=user).distinct()


def entitled(edition: Edition) -> QuerySet[Participation]:
    """Exhibitors of the fair from least developed countries, as of the opening day. Call inside of the scope."""
    found = Participation.objects.filter(
        edition=edition,
        kind__in=[Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR],
        firm__country__in=members(PROTECTED, edition.starts_on),
    )
    return found.exclude(state__in=[Participation.State.CANCELLED, Participation.State.REJECTED])


def without_case(edition: Edition) -> QuerySet[Participation]:
    """Those entitled for whom nobody has opened a case yet. Call inside of the scope."""
    return entitled(edition).filter(assistance_cases__isnull=True).select_related("firm")


@transaction.atomic
def ask(participation: Participation, kind: str, note: str, *, user: User) -> AssistanceCase:
    """An exhibitor asks for help. Raises CaseError where it is not entitled or has such a case open."""
    edition = participation.edition
    with scope(edition=edition):
        if not entitled(edition).filter(pk=participation.pk).exists():
            raise CaseError(_("The assistance desk is for exhibitors from least developed countries."))
        if AssistanceCase.objects.filter(participation=participation, kind=kind, state__in=OPEN).exists():
            raise CaseError(_("You have asked for this already; the organiser is on it."))
        return save_case(AssistanceCase(edition=edition, participation=participation, kind=kind, note=note), user=user)


@transaction.atomic
def save_case(case: AssistanceCase, *, user: User | None = None) -> AssistanceCase:
    """Keep a new or changed case. Raises CaseError where money has no currency."""
    if (case.budget is not None or case.spent) and not case.currency:
        raise CaseError(_("Give the currency of the budget and of what was spent."))
    with scope(edition=case.edition):
        known = AssistanceCase.objects.filter(pk=case.pk).first() if case.pk else None
        before = state(known) if known else None
        case.currency = case.currency.upper()
        if case.state in CLOSED:
            case.closed_at = case.closed_at or timezone.now()
        else:
            case.closed_at = None
        case.save()
        after = state(case)
        record("assistance.set", case, before=before, after=after, user=user, edition=case.edition)
    return case


def budget_lines(edition: Edition) -> list[BudgetLine]:
    """What was planned and spent, line by line and currency by currency, by one query. Call inside of the scope."""
    found = (
        AssistanceCase.objects.filter(edition=edition)
        .exclude(currency="")
        .order_by("budget_line", "currency")
        .values("budget_line", "currency")
        .annotate(cases=Count("pk"), planned=Sum("budget"), used=Sum("spent"))
    )
    return [
        BudgetLine(
            row["budget_line"], row["currency"], row["cases"], row["planned"] or Decimal(), row["used"] or Decimal()
        )
        for row in found
    ]


def counts(edition: Edition) -> list[tuple[str, Mapping[str, int]]]:
    """How many cases of each kind there are, by state. Call inside of the scope."""
    found = AssistanceCase.objects.filter(edition=edition).order_by().values_list("kind", "state").annotate(Count("pk"))
    by_kind: dict[str, dict[str, int]] = {}
    for kind, of_state, number in found:
        by_kind.setdefault(kind, {})[of_state] = number
    return [(kind, by_kind[kind]) for kind in AssistanceCase.Kind.values if kind in by_kind]


def late(edition: Edition) -> QuerySet[AssistanceCase]:
    """Open cases whose day has passed on the calendar of the fair's own place. Call inside of the scope."""
    today = today_at(edition)
    return AssistanceCase.objects.filter(edition=edition, state__in=OPEN, due_on__lt=today)


def helped(edition: Edition) -> list[Helped]:
    """Every exhibitor with a case: meetings held, outcomes claimed and agreed, by four queries. Call in scope."""
    found = list(
        Participation.objects.filter(edition=edition, assistance_cases__isnull=False)
        .select_related("firm")
        .annotate(
            cases=Count("assistance_cases", distinct=True),
            open_cases=Count("assistance_cases", Q(assistance_cases__state__in=OPEN), distinct=True),
        )
        .order_by("firm__sort_name", "pk")
    )
    numbers = [one.pk for one in found]
    held = _meetings_held(edition, numbers)
    agreed, claimed = _outcomes(edition, numbers)
    return [
        Helped(one, one.cases, one.open_cases, held.get(one.pk, 0), claimed.get(one.pk, 0), agreed.get(one.pk, 0))
        for one in found
    ]


def _meetings_held(edition: Edition, numbers: Iterable[int]) -> Mapping[int, int]:
    wanted = set(numbers)
    held: dict[int, int] = {}
    sides = Meeting.objects.filter(edition=edition, state=Meeting.State.HELD).filter(
        Q(host__in=wanted) | Q(guest__in=wanted)
    )
    for host, guest in sides.values_list("host_id", "guest_id"):
        for one in {host, guest} & wanted:
            held[one] = held.get(one, 0) + 1
    return held


def _outcomes(edition: Edition, numbers: Iterable[int]) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Agreed and claimed outcomes by participation; what is only claimed is never counted as agreed."""
    agreed: dict[int, int] = {}
    claimed: dict[int, int] = {}
    found = OutcomeParty.objects.filter(outcome__edition=edition, participation__in=list(numbers))
    for participation, of_state in found.values_list("participation_id", "outcome__state"):
        into = agreed if of_state in AGREED else claimed
        if of_state in AGREED or of_state == Outcome.State.CLAIMED:
            into[participation] = into.get(participation, 0) + 1
    return agreed, claimed


def assisted(edition: Edition) -> QuerySet[Participation]:
    """The exhibitors of the fair who are given help: by a case that is granted, in work or done, or by support that
    is recorded with their participation, as an import brings it. Call inside of the scope."""
    given = AssistanceCase.objects.filter(participation=OuterRef("pk"), state__in=GIVEN)
    return exhibitors(edition).filter(Exists(given) | ~Q(support=[]))
