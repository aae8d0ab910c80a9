"""What this room tells the registries: letters, leaving."""

from collections.abc import Callable
from copy import copy
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.meetings.requests.domain.disclosure import showing
from serai.expo.meetings.requests.domain.life import COMING, UNTOLD, K, agreed, happened, move, of_either
from serai.expo.meetings.requests.domain.notification import tell_answer, tell_cancelled
from serai.expo.meetings.requests.models import Meeting, MeetingEvent, MeetingRequest, Suggestion, Wish
from serai.expo.meetings.requests.models.exchanges import MeetingExchange
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import User

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


def _agenda() -> str:
    return _("Your agenda: %s") % "{agenda}"


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

AGENDA: dict[str, Place] = {
    "agenda": (gettext_lazy("the address of the reader's agenda"), "https://fair.example/agenda/")
}
WHEN: dict[str, Place] = {
    "when": (gettext_lazy("the day, the hour and the place of the meeting"), "2026-11-28, 10:00-10:30 · T12")
}
REASON: dict[str, Place] = {
    "reason": (gettext_lazy("the reason, where one was said"), gettext_lazy("Our plant is audited on that day."))
}

letter(
    "timetable-told",
    title=gettext_lazy("The timetable of meetings is told or changed"),
    when=gettext_lazy(
        "Once to each person whose meetings are new, moved or without a time, when a timetable is published, when it "
        "opens to the participants, and with each change on the day."
    ),
    places={
        "meetings": (
            gettext_lazy("what is new, moved and without a time, by lines"),
            "- 2026-11-28, 10:00-10:30 · T12 · Huanghe Cells",
        )
    }
    | AGENDA,
    needed=("meetings",),
    words=lambda: (_("Your meetings at %s: what is new") % "{fair}", "{meetings}\n\n" + _agenda()),
)
letter(
    "meeting-arranged",
    title=gettext_lazy("An adviser arranges a meeting"),
    when=gettext_lazy("To the people of both sides, but for the one who arranges it."),
    places=OTHER | WHEN | REASON | AGENDA,
    needed=("other", "when"),
    words=lambda: (_("A meeting with %s is arranged for you") % "{other}", "{when}\n\n{reason}\n\n" + _agenda()),
)
letter(
    "meeting-changed",
    title=gettext_lazy("A meeting has another time or place"),
    when=gettext_lazy("To the people of both sides, but for the one who moves it."),
    places=OTHER | WHEN | AGENDA,
    needed=("other", "when"),
    words=lambda: (_("Your meeting with %s has another time") % "{other}", "{when}\n\n" + _agenda()),
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


S, R, E = Meeting.State, MeetingRequest.State, MeetingExchange.State


def _by(leaving: Leaving) -> Acting | None:
    """The side that ends it, where the firm itself does; the organiser is no side."""
    return Acting(leaving.user, leaving.participation) if leaving.is_own else None


def _exchanges(one: Participation, _at: datetime) -> QuerySet[MeetingExchange]:
    in_first = Q(first__host=one) | Q(first__guest=one)
    in_second = Q(second__host=one) | Q(second__guest=one)
    return MeetingExchange.objects.filter(Q(asker=one) | in_first | in_second, state=E.OPEN)


def _end_exchanges(leaving: Leaving, found: list[MeetingExchange]) -> None:
    for one in found:
        before = state(one)
        one.state = E.WITHDRAWN if one.asker_id == leaving.participation.pk else E.DECLINED
        one.answered_at = leaving.at
        one.save(update_fields=["state", "answered_at"])
        record(
            f"meeting_exchange.{one.state}",
            one,
            before=before,
            after=state(one),
            user=leaving.user,
            edition=leaving.participation.edition,
        )


def _requests(one: Participation, _at: datetime) -> QuerySet[MeetingRequest]:
    found = MeetingRequest.objects.filter(Q(asker=one) | Q(asked=one), state=R.OPEN)
    return found.select_related("asker__firm", "asked__firm", "asker__edition", "asked__edition")


def _end_requests(leaving: Leaving, found: list[MeetingRequest]) -> None:
    """What it asked for is taken back; what it was asked is declined, and who asked is told."""
    own = leaving.participation
    for one in found:
        before = state(one)
        sent = one.asker_id == own.pk
        one.state, one.answered_at = R.WITHDRAWN if sent else R.DECLINED, leaving.at
        one.reason = "" if sent else MeetingRequest.Reason.ABSENT
        one.save(update_fields=["state", "answered_at", "reason"])
        happened(K.WITHDRAWN if sent else K.DECLINED, _by(leaving), request=one, user=leaving.user)
        action = f"meeting_request.{one.state}"
        record(action, one, before=before, after=state(one), user=leaving.user, edition=own.edition)
        if not sent:
            tell_answer(one, own)


def _coming(one: Participation, at: datetime) -> QuerySet[Meeting]:
    """Those that have a time to come, or are agreed on and wait for one. What has begun is for its sides to settle."""
    timed = Q(state__in=COMING) & (Q(starts_at__gt=at) | Q(starts_at__isnull=True))
    found = Meeting.objects.filter(of_either(one)).filter(timed | (Q(state=S.WISHED) & Q(agreed())))
    return found.select_related("host__firm", "guest__firm", "host__edition", "guest__edition", "edition")


def _cancel(leaving: Leaving, found: list[Meeting]) -> None:
    """The other side is told that, and not why: the reason is for the firm that leaves."""
    own = leaving.participation
    may_read = showing(own.edition, leaving.at)
    for one in found:
        known = copy(may_read.to_a_side(one))
        move(one, S.CANCELLED, K.CANCELLED, _by(leaving), user=leaving.user)
        tell_cancelled(known, Acting(leaving.user, own), "")


def _seated_untold(one: Participation, _at: datetime) -> QuerySet[Meeting]:
    return Meeting.objects.filter(of_either(one), state__in=UNTOLD, starts_at__isnull=False)


def _unseat(leaving: Leaving, _found: list[Meeting]) -> None:
    """What a draft of the timetable has seated and told to nobody: the slots are free at once."""
    _seated_untold(leaving.participation, leaving.at).update(starts_at=None, ends_at=None, place="", run=None)


def _suggestions(one: Participation, _at: datetime) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(Q(participation=one) | Q(partner=one))


def _forget(leaving: Leaving, _found: list[Suggestion]) -> None:
    """The lists of the next day are made without it."""
    _suggestions(leaving.participation, leaving.at).delete()


ends(
    "exchanges",
    rows=_exchanges,
    end=_end_exchanges,
    words=lambda count: (
        ngettext(
            "%d exchange of times that waits for an answer ends.",
            "%d exchanges of times that wait for an answer end.",
            count,
        )
        % count
    ),
)
ends(
    "requests",
    rows=_requests,
    end=_end_requests,
    words=lambda count: (
        ngettext("%d open request for a meeting ends.", "%d open requests for meetings end.", count) % count
    ),
)
ends(
    "meetings",
    rows=_coming,
    end=_cancel,
    words=lambda count: (
        ngettext(
            "%d meeting to come is cancelled, and the other side is told.",
            "%d meetings to come are cancelled, and the other sides are told.",
            count,
        )
        % count
    ),
)
ends("seats", rows=_seated_untold, end=_unseat)
ends("suggestions", rows=_suggestions, end=_forget)


@privacy.erasing.register
def forget_names_in_history(_user: User) -> None:
    """Empty the words of all assignments: they once named a person, and nobody knows any more which."""
    MeetingEvent.objects.filter(kind=MeetingEvent.Kind.ASSIGNED).exclude(words="").update(words="")


@condition("no_wishes", gettext_lazy("without a wish to meet"), order=40)
def without_wishes(_edition: Edition) -> Q:
    return Q(~Exists(Wish.objects.filter(wisher=OuterRef("pk"))))


@condition("no_meetings", gettext_lazy("without a meeting"), order=50)
def without_meetings(edition: Edition) -> Q:
    either = Q(host=OuterRef("pk")) | Q(guest=OuterRef("pk"))
    seated = Meeting.objects.filter(either, edition=edition, state__in=(S.SCHEDULED, S.CONFIRMED, S.HELD))
    return Q(~Exists(seated))
