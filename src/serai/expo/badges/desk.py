"""Badges on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.badges.keeping import to_decide, to_print
from serai.expo.editions.board import card, queue
from serai.expo.editions.models import Edition


@queue(
    "badges",
    title=_("Badges to print"),
    text=_("Granted, of those who take part, entered or made anew since badges were last printed."),
    page="badges-to-print",
)
def _waiting(edition: Edition) -> int:
    return to_print(edition).count()


@queue(
    "badges-asked",
    title=_("Badges to decide on"),
    text=_("Of kinds on which you decide: by default the press and delegations."),
    page="badges-to-print",
)
def _asked(edition: Edition) -> int:
    return to_decide(edition).count()


card(
    "badges",
    "people",
    title=_("Badges"),
    text=_("Of everybody who comes, by kind: decide, print, and read at the door."),
    page="badges-to-print",
    order=60,
)
