"""What is told of sessions: to who has waited for a seat, and to whom a change concerns."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import Place, letter

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

SESSIONS: dict[str, Place] = {
    "sessions": (
        gettext_lazy("the sessions of the reader, by lines"),
        "- 2026-11-28, 10:00-11:00 · Hall B · Batteries after lithium",
    ),
    "agenda": (gettext_lazy("the address of the reader's agenda"), "https://fair.example/agenda/"),
}

letter(
    "session-changed",
    title=gettext_lazy("A session has another time or room"),
    when=gettext_lazy("Once to everybody who has signed up or speaks, and to the host, when the change is made known."),
    places=SESSIONS,
    needed=("sessions",),
    words=lambda: (
        _("Another time or room for sessions of yours"),
        _("These sessions are now held so:") + "\n\n{sessions}\n\n" + _("Your agenda: %s") % "{agenda}",
    ),
)
letter(
    "session-cancelled",
    title=gettext_lazy("A session is cancelled"),
    when=gettext_lazy("At once, to everybody who has signed up or speaks, and to the host."),
    places=SESSIONS | {"reason": (gettext_lazy("the reason, where one was said"), gettext_lazy("The speaker is ill."))},
    needed=("sessions",),
    words=lambda: (
        _("A session of yours is cancelled"),
        _("This session does not take place:") + "\n\n{sessions}\n\n{reason}\n\n" + _("Your agenda: %s") % "{agenda}",
    ),
)
