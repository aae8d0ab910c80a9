"""What this room tells the registries: desk, cloning."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.participants.packages.models import Package

card(
    "packages",
    "people",
    title=_("Packages"),
    text=_("What exhibitors get for their fee: meetings, seats, badges, offers, launches, events at the booth."),
    order=35,
)


copied(Package, "packages")
