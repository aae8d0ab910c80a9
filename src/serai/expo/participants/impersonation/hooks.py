"""What this room adds to the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card

card(
    "act-for",
    "people",
    title=_("Act for somebody"),
    text=_("See and do what a person of a firm does, when asked for help; it is recorded."),
    page="act-for",
    order=90,
)
