"""Offers and needs on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import queue
from serai.expo.editions.models import Edition
from serai.expo.market.reviewing import count_waiting


@queue(
    "items",
    title=_("Offers and needs to review"),
    text=_("What exhibitors have handed in, and what they changed after its approval."),
    page="market-review",
)
def _waiting(edition: Edition) -> int:
    return count_waiting(edition)
