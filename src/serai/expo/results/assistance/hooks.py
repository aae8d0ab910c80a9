"""The assistance desk in the registries: the organiser's desk, and the end of a participation."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from serai.expo.fairs.desk.domain import Todo, card, check, queue
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.results.assistance.domain import OPEN, late, save_case
from serai.expo.results.assistance.models import AssistanceCase

card(
    "assistance",
    "people",
    title=gettext_lazy("Assistance desk"),
    text=gettext_lazy("Help for exhibitors from least developed countries, with budget and results."),
    order=60,
)


@queue(
    "assistance",
    title=gettext_lazy("Requests for assistance"),
    text=gettext_lazy("Exhibitors from least developed countries ask for help."),
)
def count_asked(edition: Edition) -> int:
    """How many cases wait to be granted or refused."""
    return AssistanceCase.objects.filter(edition=edition, state=AssistanceCase.State.ASKED).count()


@check
def late_cases(edition: Edition) -> Iterator[Todo]:
    """Cases that should be done by now."""
    if count := late(edition).count():
        yield Todo(
            ngettext_lazy("See to %d case of assistance overdue", "See to %d cases of assistance overdue", count)
            % count,
            gettext_lazy("Their day has passed and they are still open."),
            "assistance",
            count,
        )


def _open(participation: Participation, _at: datetime) -> QuerySet[AssistanceCase]:
    return AssistanceCase.objects.filter(participation=participation, state__in=OPEN).select_related("edition")


def _close(leaving: Leaving, cases: list[AssistanceCase]) -> None:
    for case in cases:
        case.state = AssistanceCase.State.REFUSED
        case.answer = case.answer or _("The exhibitor takes no part in the fair any more.")
        save_case(case, user=leaving.user)


ends(
    "assistance",
    rows=_open,
    end=_close,
    words=ngettext_lazy("%d open case of assistance is closed.", "%d open cases of assistance are closed."),
)
