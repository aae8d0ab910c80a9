"""What the people of a firm are told about meetings."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

OTHER = {"other": (gettext_lazy("the firm on the other side"), "Huanghe Cells")}


def _about(key: str, title: Promise, subject: Callable[[], str], line: Callable[[], str]) -> None:
    letter(
        key,
        title=title,
        when=gettext_lazy("To the people of the firm, and never across a 'no thanks' of theirs."),
        places=OTHER,
        needed=("other",),
        words=lambda: (subject(), line()),
    )


def _look() -> str:
    return _("Look at your page of meetings.")


_about(
    "meeting-asked",
    gettext_lazy("A meeting is asked for"),
    lambda: _("%s asks you to meet") % "{other}",
    lambda: _("Answer on your page of meetings. It blocks no time."),
)
_about(
    "meeting-agreed",
    gettext_lazy("A request to meet is accepted"),
    lambda: _("%s has agreed to meet you") % "{other}",
    _look,
)
_about(
    "meeting-declined",
    gettext_lazy("A request to meet is declined"),
    lambda: _("%s will not meet you this time") % "{other}",
    _look,
)
_about(
    "exchange-asked",
    gettext_lazy("Another time is asked for"),
    lambda: _("%s asks to move your meeting") % "{other}",
    lambda: _("Say on your page of meetings if you agree."),
)
_about(
    "exchange-agreed",
    gettext_lazy("Two meetings exchange their times"),
    lambda: _("%s has agreed: the times are exchanged") % "{other}",
    _look,
)
_about(
    "exchange-declined",
    gettext_lazy("Another time is declined"),
    lambda: _("%s keeps the time of your meeting") % "{other}",
    _look,
)
_about(
    "meeting-moved",
    gettext_lazy("The organiser moves a meeting"),
    lambda: _("Your meeting with %s has another time") % "{other}",
    _look,
)
letter(
    "meeting-places",
    title=gettext_lazy("Meetings are held elsewhere"),
    when=gettext_lazy("To the people of both firms where the host has another booth or none, a letter each."),
    places={
        "meetings": (
            gettext_lazy("the meetings, one a line, with the place and the one before"),
            "28 November, 10:00, Huanghe Cells: W1 A02 (W1 A01)",
        )
    },
    needed=("meetings",),
    words=lambda: (
        _("{fair}: another place for meetings of yours"),
        _("Dear {name},\n\nthese meetings keep their time and are held at another place:\n\n{meetings}\n\n{link}"),
    ),
)
letter(
    "meeting-cancelled",
    title=gettext_lazy("A meeting is cancelled"),
    when=gettext_lazy("To the people of the firm, where the other side takes part no more."),
    places=OTHER | {"reason": (gettext_lazy("why, where that is said"), gettext_lazy("The hall is full."))},
    needed=("other",),
    at_the_end=("reason",),
    words=lambda: (_("Your meeting with %s is cancelled") % "{other}", _look()),
)
