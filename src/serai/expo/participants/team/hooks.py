"""What this room tells the registries: letters, limits of packages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.packages.domain import limit
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.team.domain import seats_taken

letter(
    "team-invitation",
    title=gettext_lazy("An invitation into a firm's team"),
    when=gettext_lazy("To the address that a firm gives, with a link that is secret."),
    places={
        "firm": (gettext_lazy("the firm that invites"), "Huanghe Cells"),
        "person": (gettext_lazy("who invites"), "Lin Xiaolan"),
        "role": (gettext_lazy("the role in the team"), gettext_lazy("Sales")),
        "days": (gettext_lazy("for how many days the link is good"), "14"),
        "address": (gettext_lazy("the link"), "https://fair.example/…"),
    },
    needed=("address",),
    words=lambda: (
        _("Join the team of %(firm)s: %(fair)s") % {"firm": "{firm}", "fair": "{fair}"},
        _("%(person)s asks you to join the team of %(firm)s for %(fair)s as: %(role)s.")
        % {"person": "{person}", "firm": "{firm}", "fair": "{fair}", "role": "{role}"}
        + "\n\n"
        + _("Accept here, within {days} days:")
        + "\n\n{address}",
    ),
)

limit("seats", gettext_lazy("Seats of the team"), seats_taken, order=10)

entry("desk-team", "firm", title=gettext_lazy("Team"), duty="team", of_firm=True, kinds=EXHIBITING, order=30)
