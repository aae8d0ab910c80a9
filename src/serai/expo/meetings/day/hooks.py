"""What this room tells the registries: its cards on the desk."""

from django.utils.translation import gettext_lazy

from serai.expo.fairs.desk.domain import card

card(
    "live",
    "meetings",
    title=gettext_lazy("The day itself"),
    text=gettext_lazy("Who does not come, comes late or walks in: the timetable mended with the smallest change."),
)
card(
    "arrange-meeting",
    "meetings",
    title=gettext_lazy("Arrange a meeting"),
    text=gettext_lazy("An adviser's meeting, or a table now for two who walk in."),
    order=60,
)
card(
    "no-shows",
    "meetings",
    title=gettext_lazy("No-shows"),
    text=gettext_lazy("A side counts as absent when the other was seen to arrive and it was not."),
    order=70,
)
