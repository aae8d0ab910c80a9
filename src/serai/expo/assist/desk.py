"""The assistance desk on the organiser's desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.assist.helping import late
from serai.expo.assist.models import AssistanceCase
from serai.expo.editions.board import Todo, card, check, queue
from serai.expo.editions.models import Edition

card(
    "assistance",
    "people",
    title=_("Assistance desk"),
    text=_("Help for exhibitors from least developed countries, with budget and results."),
    page="assistance",
    order=60,
)


@queue(
    "assistance",
    title=_("Requests for assistance"),
    text=_("Exhibitors from least developed countries ask for help."),
    page="assistance",
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
            _("Their day has passed and they are still open."),
            "assistance",
            count,
        )
