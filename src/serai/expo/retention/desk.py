"""What is kept of persons, on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "retention",
    "after",
    title=_("How long data of persons are kept"),
    text=_("Each kind ends by itself after the fair; another time needs a reason that everyone reads."),
    page="retention",
    order=50,
)
