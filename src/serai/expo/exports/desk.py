"""The exports on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "exports",
    "after",
    title=_("Exports"),
    text=_("Every table as a workbook, CSV or JSON, and all of the fair as one archive."),
    page="export-list",
    order=30,
)
