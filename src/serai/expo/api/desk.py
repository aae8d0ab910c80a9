"""What this room adds to the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "webhooks",
    "after",
    title=_("Other systems"),
    text=_("Tell your other systems of events at once, each message signed."),
    page="webhooks",
    order=80,
)
