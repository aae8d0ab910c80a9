"""The stage on the organiser's desk, and its screens at the next fair."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.site.stage.models import Screen

card(
    "screens",
    "build",
    title=_("Stage and screens"),
    text=_("Slides for the opening ceremony and for screens in the halls, which move by themselves."),
    order=48,
)
copied(Screen, "rooms")
