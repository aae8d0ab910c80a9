"""The programme on the organiser's desk, and the proposals of sessions that wait for an answer."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card, queue
from serai.expo.editions.models import Edition
from serai.expo.programme.reviewing import count_waiting


@queue(
    "proposals",
    title=_("Proposals of sessions"),
    text=_("What people have proposed for the programme waits for your answer."),
    page="proposals",
)
def _waiting(edition: Edition) -> int:
    return count_waiting(edition)


card(
    "programme",
    "build",
    title=_("Programme"),
    text=_("Forums, sessions and speakers; conflicts, proposals and releases."),
    page="organiser-programme",
    order=45,
)
