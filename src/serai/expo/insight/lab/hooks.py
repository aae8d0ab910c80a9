"""The lab in the registries: the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.insight.lab.domain import files

__all__ = ["files"]

card(
    "lab",
    "meetings",
    title=_("Lab"),
    text=_("What happens when a country, a node, a firm or a strait stops. Choose who may run scenarios."),
    page="lab-settings",
    order=60,
)
