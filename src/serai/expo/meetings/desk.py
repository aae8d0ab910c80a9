"""The day itself on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "live",
    "meetings",
    title=_("The day itself"),
    text=_("Who does not come, comes late or walks in: the timetable mended with the smallest change."),
    page="live",
)
