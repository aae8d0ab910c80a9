"""The organiser's questions on the desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "questions",
    "build",
    title=_("Questions at registration"),
    text=_("What you ask exhibitors, buyers, delegations and the press when they register, and what they answered."),
    page="registration-questions",
    order=25,
)
