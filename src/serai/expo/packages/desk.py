"""Packages on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "packages",
    "people",
    title=_("Packages"),
    text=_("What exhibitors get for their fee: meetings, seats, badges, offers, launches, events at the booth."),
    page="packages",
    order=35,
)
