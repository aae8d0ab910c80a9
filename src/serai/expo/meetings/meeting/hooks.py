"""What this room tells the registries: letters about requests, exchanges and meetings, cloning."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.edition.domain.cloning import copied
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.meetings.meeting.domain.notification import AGENDA, agenda_line
from serai.expo.meetings.meeting.models import MeetingRule, RequestLimit

OTHER: dict[str, Place] = {"other": (gettext_lazy("the firm on the other side"), "Huanghe Cells")}


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

WHEN: dict[str, Place] = {
    "when": (gettext_lazy("the day, the hour and the place of the meeting"), "2026-11-28, 10:00-10:30 · T12")
}
REASON: dict[str, Place] = {
    "reason": (gettext_lazy("the reason, where one was said"), gettext_lazy("Our plant is audited on that day."))
}

letter(
    "meeting-arranged",
    title=gettext_lazy("An adviser arranges a meeting"),
    when=gettext_lazy("To the people of both sides, but for the one who arranges it."),
    places=OTHER | WHEN | REASON | AGENDA,
    needed=("other", "when"),
    words=lambda: (_("A meeting with %s is arranged for you") % "{other}", "{when}\n\n{reason}\n\n" + agenda_line()),
)
letter(
    "meeting-changed",
    title=gettext_lazy("A meeting has another time or place"),
    when=gettext_lazy("To the people of both sides, but for the one who moves it."),
    places=OTHER | WHEN | AGENDA,
    needed=("other", "when"),
    words=lambda: (_("Your meeting with %s has another time") % "{other}", "{when}\n\n" + agenda_line()),
)
letter(
    "meeting-cancelled",
    title=gettext_lazy("A meeting is cancelled"),
    when=gettext_lazy("To the people of the other side, and to the colleague who was to go."),
    places=OTHER
    | WHEN
    | REASON
    | {"contact": (gettext_lazy("whom to ask: who was to come, or the organiser"), "Li Wei <li.wei@example.org>")},
    needed=("other",),
    words=lambda: (
        _("Your meeting with %s is cancelled") % "{other}",
        "{when}\n\n{reason}\n\n" + _("It will not take place. You can ask: %s") % "{contact}",
    ),
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

# A rule on a section without its section would be a rule on everybody.
copied(MeetingRule, "rules", whole=True)
copied(RequestLimit, "rules")
