"""The booths on the organiser's desk."""

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.board import card

card(
    "booth-allocation",
    "build",
    title=_("Who stands where"),
    text=_("Booth states and wishes, and an allocation by links of the chains, with the price of each deviation."),
    page="booth-allocation",
)

card(
    "booth-contracts",
    "build",
    title=_("Contracts of booths"),
    text=_("Offered to confirmed exhibitors to print and sign, in two languages, with the terms of exhibiting."),
    page="booth-contracts",
)
