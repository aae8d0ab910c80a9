"""The exhibitors' tasks on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "desk-tasks",
    "people",
    title=_("Tasks for exhibitors"),
    text=_("What each exhibitor has to do by when, and how many have done it."),
    page="desk-tasks",
    order=40,
)
