"""The report builder on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "report-builder",
    "after",
    title=_("Reports of your own"),
    text=_("Choose figures, groups, chains and words; look at them, publish them, as PDF and data."),
    page="report-builder",
    order=15,
)
