"""What buyers and delegations ask of the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.buyers.registering import queue as to_vet
from serai.expo.editions.board import card, queue
from serai.expo.editions.models import Edition


@queue(
    "buyers",
    title=_("Buyers to vet"),
    text=_("Who wants to buy here, what for, and the terms for those you host."),
    page="buyers",
)
def count_buyers(edition: Edition) -> int:
    return to_vet(edition).count()


card(
    "buyers",
    "people",
    title=_("Buyers to vet"),
    text=_("Who wants to buy here, what for, and the terms for those you host."),
    page="buyers",
)
card(
    "hosted-buyers",
    "people",
    title=_("Hosted buyers"),
    text=_("Who accepted which terms, and whose meetings have earned the hosting."),
    page="hosted-buyers",
)
card(
    "delegations",
    "people",
    title=_("Delegations"),
    text=_("Who comes together, when, and which letters for visas are wanted."),
    page="delegations",
)
card(
    "arrange-meeting",
    "meetings",
    title=_("Bring two together"),
    text=_("An adviser's meeting, or a table now for two who walk in."),
    page="arrange-meeting",
    order=60,
)
card(
    "no-shows",
    "meetings",
    title=_("Who did not come"),
    text=_("A side counts as absent when the other was seen to arrive and it was not."),
    page="no-shows",
    order=70,
)
