"""What this room tells the registries: desk."""

from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card

card(
    "live",
    "meetings",
    title=gettext_lazy("The day itself"),
    text=gettext_lazy("Who does not come, comes late or walks in: the timetable mended with the smallest change."),
    page="live",
)
