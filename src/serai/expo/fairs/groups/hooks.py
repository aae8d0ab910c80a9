"""What this room adds to the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card

card(
    "country-groups",
    "build",
    title=_("Groups of countries"),
    text=_("Who belongs to which group on the opening day, from which source, and corrections."),
    order=90,
)
