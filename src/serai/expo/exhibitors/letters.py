"""What a firm reads that is asked to exhibit with another."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "co-exhibitor-invitation",
    title=gettext_lazy("An invitation to exhibit with a chain leader"),
    when=gettext_lazy("To the address that the leader gives, with a link that is secret."),
    places={
        "leader": (gettext_lazy("the firm that invites"), "Huanghe Motors"),
        "firm": (gettext_lazy("the firm that is invited"), "Huanghe Cells"),
        "address": (gettext_lazy("the link"), "https://fair.example/…"),
    },
    needed=("address",),
    words=lambda: (
        _("%(leader)s asks you to exhibit with it: %(fair)s") % {"leader": "{leader}", "fair": "{fair}"},
        _("%(leader)s invites %(firm)s to stand with it at %(fair)s.")
        % {"leader": "{leader}", "firm": "{firm}", "fair": "{fair}"}
        + "\n\n"
        + _("Answer here:")
        + "\n\n{address}",
    ),
)
