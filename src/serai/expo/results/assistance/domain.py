"""Cases of assistance: asked for, taken on, answered and counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.groups.domain import members
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.people.account.models import User
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.figures.domain import figure

State = AssistanceCase.State
OPEN = (State.ASKED, State.GRANTED, State.IN_WORK)
CLOSED = (State.DONE, State.REFUSED)
GIVEN = (State.GRANTED, State.IN_WORK, State.DONE)
"""States of a case in which its exhibitor is given help."""
PROTECTED = "LDC"
"""The group of countries whose exhibitors the desk is for, as of the opening day."""
AGREED = (Outcome.State.CONFIRMED, Outcome.State.EVIDENCED, Outcome.State.FULFILLED)


class CaseError(ValueError):
    """A case is refused; the message is a sentence for the reader."""


@dataclass(frozen=True)
class CaseFilter:
    """The filter of a list of cases. Empty fields do not narrow."""

    state: str = filters.code("Where the case stands", choices=State.choices)
    kind: str = filters.code("Of what help", choices=AssistanceCase.Kind.choices)


def narrowed(rows: QuerySet[AssistanceCase], wanted: CaseFilter) -> QuerySet[AssistanceCase]:
    """The cases that the filter asks for."""
    return rows.filter(**{name: value for name in ("state", "kind") if (value := getattr(wanted, name))})


def staff(edition: Edition) -> QuerySet[User]:
    """The people of the organiser, who may be responsible for a case."""
    return User.objects.filter(roles__organisation=edition.organisation_id).distinct().order_by("name", "pk")


@dataclass(frozen=True)
class BudgetLine:
    """Budget and spending of a budget line in one currency; currencies are never added up."""

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
    """An exhibitor with cases, its meetings held and its outcomes."""

    participation: Participation
    cases: int
    open: int
    held: int
    claimed: int
    agreed: int


def visible_to(user: User, edition: Edition) -> QuerySet[AssistanceCase]:
    """The cases that a user may see: all for an organiser, those of their own firms for others."""
    cases = AssistanceCase.objects.filter(edition=edition).select_related("participation__firm", "responsible")
    if user.has_perm("expo.read_people", edition):
        return cases
    return cases.filter(participation__firm__roles__user=user).distinct()


def entitled(edition: Edition) -> QuerySet[Participation]:
    """Exhibitors of the fair from least developed countries, as of the opening day."""
    rows = Participation.objects.filter(
        edition=edition,
        kind__in=[Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR],
        firm__country__in=members(PROTECTED, edition.starts_on),
    )
    return rows.exclude(state__in=Participation.OVER)


def without_case(edition: Edition) -> QuerySet[Participation]:
    """Entitled exhibitors without a case."""
    return entitled(edition).filter(assistance_cases__isnull=True).select_related("firm")


@transaction.atomic
def ask(participation: Participation, kind: str, note: str, *, user: User) -> AssistanceCase:
    """An exhibitor asks for help. Raises CaseError if it is not entitled or has such an open case."""
    edition = participation.edition
    with scope(edition=edition):
        if not entitled(edition).filter(pk=participation.pk).exists():
            raise CaseError(gettext("The assistance desk is for exhibitors from least developed countries."))
        if AssistanceCase.objects.filter(participation=participation, kind=kind, state__in=OPEN).exists():
            raise CaseError(gettext("You have asked for this already; the organiser is on it."))
        return save_case(AssistanceCase(edition=edition, participation=participation, kind=kind, note=note), user=user)


@made_once
def save_case(case: AssistanceCase, *, user: User | None = None) -> AssistanceCase:
    """Keep a new or changed case. Raises CaseError if money has no currency."""
    if (case.budget is not None or case.spent) and not case.currency:
        raise CaseError(gettext("Give the currency of the budget and of what was spent."))
    with scope(edition=case.edition):
        stored = AssistanceCase.objects.filter(pk=case.pk).first() if case.pk else None
        before = state(stored) if stored else None
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
    """What was planned and spent, line by line and currency by currency, in one query."""
    rows = (
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
        for row in rows
    ]


def counts(edition: Edition) -> list[tuple[str, Mapping[str, int]]]:
    """How many cases of each kind there are, by state."""
    rows = AssistanceCase.objects.filter(edition=edition).order_by().values_list("kind", "state").annotate(Count("pk"))
    by_kind: dict[str, dict[str, int]] = {}
    for kind, of_state, number in rows:
        by_kind.setdefault(kind, {})[of_state] = number
    return [(kind, by_kind[kind]) for kind in AssistanceCase.Kind.values if kind in by_kind]


def late(edition: Edition) -> QuerySet[AssistanceCase]:
    """Open cases whose day has passed on the calendar of the fair's own place."""
    today = today_at(edition)
    return AssistanceCase.objects.filter(edition=edition, state__in=OPEN, due_on__lt=today)


def helped(edition: Edition) -> list[Helped]:
    """Every exhibitor with a case: meetings held, outcomes claimed and agreed. Four queries."""
    rows = list(
        Participation.objects.filter(edition=edition, assistance_cases__isnull=False)
        .select_related("firm")
        .annotate(
            cases=Count("assistance_cases", distinct=True),
            open_cases=Count("assistance_cases", Q(assistance_cases__state__in=OPEN), distinct=True),
        )
        .order_by("firm__sort_name", "pk")
    )
    keys = {row.pk for row in rows}
    sides = Meeting.objects.filter(Q(host__in=keys) | Q(guest__in=keys), edition=edition, state=Meeting.State.HELD)
    held = Counter(key for pair in sides.values_list("host_id", "guest_id") for key in keys.intersection(pair))
    parties = OutcomeParty.objects.filter(outcome__edition=edition, participation__in=keys)
    by_state = list(parties.values_list("participation_id", "outcome__state"))
    # Outcomes that are only claimed never count as agreed.
    claimed = Counter(key for key, of_state in by_state if of_state == Outcome.State.CLAIMED)
    agreed = Counter(key for key, of_state in by_state if of_state in AGREED)
    return [Helped(row, row.cases, row.open_cases, held[row.pk], claimed[row.pk], agreed[row.pk]) for row in rows]


def assisted(edition: Edition) -> QuerySet[Participation]:
    """Exhibitors that get help: with a case that is granted, in work or done, or with support recorded in their
    participation, as imports do."""
    given = AssistanceCase.objects.filter(participation=OuterRef("pk"), state__in=GIVEN)
    return exhibitors(edition).filter(Exists(given) | ~Q(support=[]))


of_assistance = partial(figure, group="assist")


@of_assistance(
    "assistance_firms",
    title=_("Exhibitors helped by the assistance desk"),
    text=_(
        "Exhibitors with a case of help that is granted, in work or done, or with support recorded at their"
        " registration: stand, freight, visa, interpreter, mentor, travel. Each firm is counted once."
    ),
    unit=_("firms"),
    version=2,  # the first left out support that came by import
)
def count_assisted(edition: Edition) -> int:
    """How many firms are given help, each counted once."""
    return assisted(edition).order_by().values("firm").distinct().count()


@of_assistance(
    "assistance_share",
    title=_("Share of those entitled who were assisted"),
    text=_("Of the exhibitors from least developed countries, as of the opening day, those assisted."),
    unit="%",
    version=3,  # the first told a share of 1 as 1 %, the second left out support that came by import
)
def share_assisted(edition: Edition) -> float | None:
    helped = Q(pk__in=assisted(edition).order_by().values("pk"))
    counted = entitled(edition).aggregate(some=Count("pk", filter=helped), all=Count("pk"))
    return 100 * counted["some"] / counted["all"] if counted["all"] else None


@of_assistance(
    "assistance_done",
    title=_("Cases of assistance done"),
    text=_("Cases closed as done; a firm may have several, of different kinds."),
    unit=_("cases"),
)
def count_done(edition: Edition) -> int:
    return AssistanceCase.objects.filter(edition=edition, state=AssistanceCase.State.DONE).count()


@of_assistance(
    "assistance_meetings",
    title=_("Meetings held by assisted exhibitors"),
    text=_("Meetings that took place with an assisted exhibitor on at least one side, each counted once."),
    unit=_("meetings"),
    version=2,  # the first left out support that came by import
)
def count_meetings(edition: Edition) -> int:
    firms = assisted(edition)
    held = Meeting.objects.filter(edition=edition, state=Meeting.State.HELD)
    return held.filter(Q(host__in=firms) | Q(guest__in=firms)).count()


@of_assistance(
    "assistance_outcomes",
    title=_("Outcomes of assisted exhibitors, agreed"),
    text=_(
        "Outcomes confirmed by both sides, evidenced or fulfilled, with an assisted exhibitor as a party, each once."
    ),
    unit=_("outcomes"),
    version=2,  # the first left out support that came by import
)
def count_outcomes(edition: Edition) -> int:
    agreed = Outcome.objects.filter(edition=edition, state__in=AGREED, parties__participation__in=assisted(edition))
    return agreed.distinct().count()
