"""Badges on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.badges.keeping import to_print
from serai.expo.editions.board import queue
from serai.expo.editions.models import Edition


@queue(
    "badges",
    title=_("Badges to print"),
    text=_("Of confirmed exhibitors, entered or made anew since badges were last printed."),
    page="badges-to-print",
)
def _waiting(edition: Edition) -> int:
    return to_print(edition).count()
