"""What this room tells the registries: letters, cloning, counts of meetings, vetoes, erasure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.meetings.meeting.domain.life import COMING, lock_with_partners
from serai.expo.meetings.meeting.domain.notification import AGENDA, agenda_line
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRule, RequestLimit, Wish
from serai.expo.offers.interests.domain import vetoes
from serai.expo.participants.buyers.domain.hosted_buyers import MeetingCounts, meetings_counted
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.participation.domain.decisions import have_met, withdrawal_begins
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import Role, User

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

# A rule on a section without its section would be a rule on everybody.
copied(MeetingRule, "rules", whole=True)
copied(RequestLimit, "rules")


@have_met.register
def _have_met(participation: Participation, user: User) -> bool:
    own = Role.objects.filter(user=user, firm__isnull=False).values("firm")
    met = Meeting.objects.filter(state__in=(Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD))
    return met.filter(Q(host=participation, guest__firm__in=own) | Q(guest=participation, host__firm__in=own)).exists()


@meetings_counted.register
def _meetings_counted(participations: QuerySet[Participation], now: datetime) -> dict[int, MeetingCounts]:
    """Meetings of each, as host and as guest, in two queries."""
    counts: dict[int, MeetingCounts] = {}
    for side in ("host", "guest"):
        told = Meeting.objects.filter(state__in=Meeting.TOLD, starts_at__isnull=False)
        came = Q(**{f"{side}_arrived_at__isnull": False})
        missed = Q(state=Meeting.State.MISSED)
        numbers = {
            "told": Count("pk"),
            "held": Count("pk", filter=Q(state=Meeting.State.HELD)),
            "missed": Count("pk", filter=missed & ~came),
            "in_vain": Count("pk", filter=missed & came),
            "to_come": Count("pk", filter=Q(state__in=COMING, ends_at__gte=now)),
        }
        rows = told.filter(**{f"{side}__in": participations.order_by().values("pk")}).order_by()
        for pk, *of_side in rows.values_list(side).annotate(**numbers):
            counts[pk] = counts.get(pk, MeetingCounts()) + MeetingCounts(*of_side)
    return counts


@privacy.erasing.register
def forget_names_in_history(_user: User) -> None:
    """Empty the words of all assignments: they once named a person, and nobody knows any more which."""
    MeetingEvent.objects.filter(kind=MeetingEvent.Kind.ASSIGNED).exclude(words="").update(words="")


@vetoes.register
def _vetoes(wisher: Any, wished: Any) -> QuerySet[Wish]:
    return Wish.objects.filter(wisher=wisher, wished=wished, strength=Wish.Strength.NO_THANKS)


withdrawal_begins.register(lock_with_partners)

entry("my-wishes", "meetings", title=gettext_lazy("Wishes"), duty="meet", order=20)
