"""Setting up on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card

card(
    "setup",
    "build",
    title=_("Set up the fair"),
    text=_("Name, days, sections, phases, halls, firms and programme, step by step; then publish."),
    order=10,
)
card(
    "clone",
    "after",
    title=_("The next fair"),
    text=_("A copy of what was set up, with its dates moved and the exhibitors invited again if you like."),
    order=60,
)
