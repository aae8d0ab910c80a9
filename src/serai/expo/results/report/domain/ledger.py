"""Figures of the ledger: wishes, meetings, outcomes. Claimed, confirmed and evidenced are never added up."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.results.figures.domain import figure

of_ledger = partial(figure, group="ledger")
MINIMUM_CELL = 5
"""A sum over fewer outcomes is not published: it would reveal the affairs of one firm."""


@of_ledger(
    "wishes",
    title=_("Wishes to meet"),
    text=_("Wishes of one participant to meet another (must or would), before any timetable."),
    unit=_("wishes"),
    version=2,  # the first counted those of who takes no part any more
)
def count_wishes(edition: Edition) -> int:
    both = {"wisher__state": Participation.State.CONFIRMED, "wished__state": Participation.State.CONFIRMED}
    return Wish.objects.filter(edition=edition, **both).exclude(strength=Wish.Strength.NO_THANKS).count()


@of_ledger(
    "scheduled",
    title=_("Meetings with a time and a place"),
    text=_("Meetings that stand in the timetable, whether or not they were held."),
    unit=_("meetings"),
)
def count_scheduled(edition: Edition) -> int:
    return Meeting.objects.filter(
        edition=edition,
        starts_at__isnull=False,
        state__in=[Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD, Meeting.State.MISSED],
    ).count()


@of_ledger(
    "held",
    title=_("Meetings held"),
    text=_("Meetings for which both sides were seen to arrive (two scans). One scan alone does not count."),
    unit=_("meetings"),
)
def count_held(edition: Edition) -> int:
    return Meeting.objects.filter(
        edition=edition, state=Meeting.State.HELD, host_arrived_at__isnull=False, guest_arrived_at__isnull=False
    ).count()


def _outcomes(states: Sequence[Outcome.State], edition: Edition) -> int:
    return Outcome.objects.filter(edition=edition, state__in=states).count()


for _code, _title, _text, _states in (
    (
        "outcomes_claimed",
        _("Outcomes claimed by one side"),
        _("Entered by one party and not yet confirmed by the others. An agreement of several parties is one outcome."),
        [Outcome.State.CLAIMED],
    ),
    (
        "outcomes_confirmed",
        _("Outcomes confirmed without a document"),
        _("Confirmed by every party, without a document seen by the organiser."),
        [Outcome.State.CONFIRMED],
    ),
    (
        "outcomes_evidenced",
        _("Outcomes confirmed with a document"),
        _("Confirmed by every party and proved by a document that the organiser has seen."),
        [Outcome.State.EVIDENCED, Outcome.State.FULFILLED],
    ),
):
    of_ledger(_code, title=_title, text=_text, unit=_("outcomes"))(partial(_outcomes, _states))


@of_ledger(
    "value_confirmed",
    title=_("Value of confirmed and evidenced outcomes in US dollars"),
    text=_("Sum over outcomes valued in US dollars that every party confirmed; not published for fewer than five."),
    unit=_("US$"),
    currency="USD",
)
def value_confirmed(edition: Edition) -> float | None:
    counted = Outcome.objects.filter(
        edition=edition,
        currency="USD",
        value__isnull=False,
        state__in=[Outcome.State.CONFIRMED, Outcome.State.EVIDENCED, Outcome.State.FULFILLED],
    )
    told = counted.aggregate(sum=Sum("value", default=Decimal(0)), n=Count("pk"))
    return float(told["sum"]) if told["n"] >= MINIMUM_CELL else None
