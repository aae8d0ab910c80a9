"""Figures of the report about assistance and its results."""

from functools import partial

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.results.assistance.domain.cases import AGREED, assisted, entitled
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.figures.domain import figure

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
