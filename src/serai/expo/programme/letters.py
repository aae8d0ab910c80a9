"""What somebody is told who has waited for a seat."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "seat-free",
    title=gettext_lazy("A seat of a session becomes free"),
    when=gettext_lazy("To the first in the line, who has the seat from then on."),
    places={
        "session": (gettext_lazy("the title of the session"), gettext_lazy("Batteries after lithium")),
        "begins": (gettext_lazy("when it begins"), "2026-11-28, 10:00"),
    },
    needed=("session",),
    words=lambda: (
        _("You have a seat: %s") % "{session}",
        _(
            "Dear {name},\n\na seat has become free, and it is yours:\n\n{session}\n{begins}\n\n"
            "If you can't come, give it up on the page of the session, so that the next in the line has it.\n\n{link}"
        ),
    ),
)
