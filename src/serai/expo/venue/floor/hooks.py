"""Halls and booths on the organiser's desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import Todo, card, check
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.venue.halls.models import Booth

card(
    "floor",
    "build",
    title=_("Halls and booths"),
    text=_("The ground plan: by form, in rows, or from a workbook."),
    order=40,
)


@check
def without_halls(edition: Edition) -> Iterator[Todo]:
    """A fair that has firms and no booth."""
    if Participation.objects.filter(edition=edition).exists() and not Booth.objects.filter(edition=edition).exists():
        yield Todo(_("Draw the halls"), _("There are firms and no booth for them yet."), "floor")
