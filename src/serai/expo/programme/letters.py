"""What is told of sessions: to who has waited for a seat, to whom a change concerns, and to who has proposed one."""

from collections.abc import Callable

from django.utils.functional import Promise
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


PROPOSAL: dict[str, Place] = {
    "title": (gettext_lazy("the title of the session"), gettext_lazy("Batteries after lithium")),
    "proposals": (gettext_lazy("the address of the reader's proposals"), "https://fair.example/programme/proposals/"),
}
ANSWER: dict[str, Place] = {
    "answer": (gettext_lazy("the answer, where one was written"), gettext_lazy("We look forward to it."))
}


def _of_proposal(
    key: str,
    title: Promise,
    when: Promise,
    places: dict[str, Place],
    subject: Callable[[], str],
    body: Callable[[], str],
) -> None:
    said = "{title}\n\n{answer}" if "answer" in places else "{title}"
    letter(
        key,
        title=title,
        when=when,
        places=places,
        needed=("title",),
        words=lambda: (
            subject(),
            f"{body()}\n\n{said}\n\n" + _("Your proposals: %s") % "{proposals}",
        ),
    )


_of_proposal(
    "proposal-received",
    gettext_lazy("A proposal of a session has come"),
    gettext_lazy("To who has proposed it, at once."),
    PROPOSAL,
    lambda: _("Proposed: %s") % "{title}",
    lambda: _("The organiser has your proposal and will answer:"),
)
_of_proposal(
    "proposal-accepted",
    gettext_lazy("A proposal of a session is accepted"),
    gettext_lazy("To who has proposed it."),
    PROPOSAL | ANSWER,
    lambda: _("Accepted: %s") % "{title}",
    lambda: _("Your proposal becomes a session of the programme. Its time and room stand among your proposals:"),
)
_of_proposal(
    "proposal-declined",
    gettext_lazy("A proposal of a session is declined"),
    gettext_lazy("To who has proposed it, with the reason."),
    PROPOSAL | ANSWER,
    lambda: _("Declined: %s") % "{title}",
    lambda: _("Your proposal does not become a session of the programme:"),
)
