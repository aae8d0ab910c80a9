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

letter(
    "co-exhibitor-parted",
    title=gettext_lazy("Two firms exhibit together no more"),
    when=gettext_lazy("To the people of the side that did not end it, to both where the organiser does."),
    places={
        "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
        "other": (gettext_lazy("the firm that it stood with"), "Huanghe Motors"),
    },
    needed=("other",),
    words=lambda: (
        _("%(fair)s: %(other)s and you exhibit together no more") % {"fair": "{fair}", "other": "{other}"},
        _(
            "Dear {name},\n\n{firm} and {other} no longer stand together at {fair}. Each takes part for itself from now"
            " on.\n\n{link}"
        ),
    ),
)
