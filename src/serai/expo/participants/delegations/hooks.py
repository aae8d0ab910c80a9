"""What this room tells the registries: its card on the desk."""

from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card

card(
    "delegations",
    "people",
    title=gettext_lazy("Delegations"),
    text=gettext_lazy("Who comes together, when, and which letters for visas are wanted."),
    order=54,
)
