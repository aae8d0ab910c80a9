"""The return sheet of an exhibitor: its results at the fair, and an application for the next fair."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.fairs.edition.domain.fair_day import later_editions
from serai.expo.fairs.edition.domain.phases import is_open
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.participants.exhibitors.domain.application import KINDS, ApplicationRefusedError, apply
from serai.expo.people.account.models import User

GOOD = 4
"""The least rating of a good lead."""

OVER = ("lapsed", "withdrawn", "disputed")
"""States of outcomes whose value is not summed."""


@dataclass(frozen=True)
class Results:
    """The results of one exhibitor; values are summed by state and currency."""

    held: int
    missed: int
    leads: int
    good_leads: int
    followed_up: int
    open_steps: int
    outcomes: list[Outcome]
    values: list[tuple[str, str, Decimal]]


def results(participation: Participation) -> Results:
    """The results so far."""
    own = Q(host=participation) | Q(guest=participation)
    met = list(Meeting.objects.filter(own, edition=participation.edition).values_list("state", flat=True))
    leads = list(Lead.objects.filter(participation=participation))
    outcomes = list(
        Outcome.objects.filter(edition=participation.edition, parties__participation=participation)
        .prefetch_related("parties__participation__firm")
        .distinct()
    )
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for outcome in outcomes:
        if outcome.value is not None and outcome.state not in OVER:
            sums[str(outcome.get_state_display()), outcome.currency] += outcome.value
    with_step = [lead for lead in leads if lead.next_step or lead.next_on]
    return Results(
        held=met.count(Meeting.State.HELD),
        missed=met.count(Meeting.State.MISSED),
        leads=len(leads),
        good_leads=sum(lead.rating >= GOOD for lead in leads),
        followed_up=sum(lead.done_at is not None for lead in with_step),
        open_steps=sum(lead.done_at is None for lead in with_step),
        outcomes=outcomes,
        values=[(state, currency, value) for (state, currency), value in sorted(sums.items())],
    )


def next_editions(participation: Participation) -> list[Edition]:
    """Later fairs of the same organiser that take applications and in which the firm does not take part yet."""
    later = later_editions(participation.edition)
    return [fair for fair in later if is_open(fair, "apply") and not _takes_part(fair, participation)]


def _takes_part(edition: Edition, participation: Participation) -> bool:
    with scope(edition=edition):
        rows = Participation.objects.filter(edition=edition, firm=participation.firm_id, kind__in=KINDS)
        return rows.exclude(state__in=("cancelled", "rejected")).exists()


@transaction.atomic
def book_again(participation: Participation, slug: str, *, user: User) -> Participation:
    """Apply for a later fair with the same area, section and pavilion. Raises ApplicationRefusedError."""
    edition = next((fair for fair in next_editions(participation) if fair.slug == slug), None)
    if edition is None:
        raise ApplicationRefusedError(_("This fair takes no applications of yours."))
    kind = participation.kind if participation.kind in KINDS else Participation.Kind.EXHIBITOR
    with scope(edition=edition):
        section = participation.section.slug if participation.section else ""
        return apply(
            edition,
            participation.firm,
            kind=kind,
            user=user,
            area_wanted_m2=participation.area_wanted_m2 or participation.area_m2,
            section=Section.objects.filter(edition=edition, slug=section).first(),
            pavilion=participation.pavilion,
        )
