"""What this room tells the registries: requests that run out, withdrawal."""

from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy, ngettext
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.daily import daily
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.domain.life import COMING, K, agreed, happened, lock_with_partners, move, of_either
from serai.expo.meetings.meeting.domain.notification import tell_answer, tell_cancelled
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.requests.domain.requests import expire_due
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.offers.interests.domain.interests import vetoes
from serai.expo.participants.buyers.domain.hosted_buyers import MeetingCounts, meetings_counted
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.domain.signals import have_met, withdrawal_begins
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import Role, User


@daily("let requests to meet run out")
def _expire() -> None:
    for edition in Edition.objects.all():
        with scope(edition=edition):
            expire_due(edition)


S, R, E = Meeting.State, MeetingRequest.State, MeetingExchange.State


def _by(leaving: Leaving) -> Acting | None:
    """The side that ends it, if the firm itself withdraws; None for an organiser."""
    return Acting(leaving.user, leaving.participation) if leaving.is_own else None


def _exchanges(participation: Participation, _at: datetime) -> QuerySet[MeetingExchange]:
    in_first = Q(first__host=participation) | Q(first__guest=participation)
    in_second = Q(second__host=participation) | Q(second__guest=participation)
    return MeetingExchange.objects.filter(Q(asker=participation) | in_first | in_second, state=E.OPEN)


def _end_exchanges(leaving: Leaving, exchanges: list[MeetingExchange]) -> None:
    for exchange in exchanges:
        before = state(exchange)
        exchange.state = E.WITHDRAWN if exchange.asker_id == leaving.participation.pk else E.DECLINED
        exchange.answered_at = leaving.at
        exchange.save(update_fields=["state", "answered_at"])
        record(
            f"meeting_exchange.{exchange.state}",
            exchange,
            before=before,
            after=state(exchange),
            user=leaving.user,
            edition=leaving.participation.edition,
        )


def _requests(participation: Participation, _at: datetime) -> QuerySet[MeetingRequest]:
    requests = MeetingRequest.objects.filter(Q(asker=participation) | Q(asked=participation), state=R.OPEN)
    return requests.select_related("asker__firm", "asked__firm", "asker__edition", "asked__edition")


def _end_requests(leaving: Leaving, requests: list[MeetingRequest]) -> None:
    """Withdraw its own requests; decline those of others and notify them."""
    own = leaving.participation
    for request in requests:
        before = state(request)
        sent = request.asker_id == own.pk
        request.state, request.answered_at = R.WITHDRAWN if sent else R.DECLINED, leaving.at
        request.reason = "" if sent else MeetingRequest.Reason.ABSENT
        request.save(update_fields=["state", "answered_at", "reason"])
        happened(K.WITHDRAWN if sent else K.DECLINED, _by(leaving), request=request, user=leaving.user)
        action = f"meeting_request.{request.state}"
        record(action, request, before=before, after=state(request), user=leaving.user, edition=own.edition)
        if not sent:
            tell_answer(request, own)


def _coming(participation: Participation, at: datetime) -> QuerySet[Meeting]:
    """Meetings to come, and agreed ones without a time. Meetings that have begun are for their sides to settle."""
    timed = Q(state__in=COMING) & (Q(starts_at__gt=at) | Q(starts_at__isnull=True))
    meetings = Meeting.objects.filter(of_either(participation)).filter(timed | (Q(state=S.WISHED) & Q(agreed())))
    return meetings.select_related("host__firm", "guest__firm", "host__edition", "guest__edition", "edition")


def _cancel(leaving: Leaving, meetings: list[Meeting]) -> None:
    """Cancel the meetings and notify the other sides, without the reason: it is for the firm that leaves."""
    own = leaving.participation
    may_read = showing(own.edition, leaving.at)
    for meeting in meetings:
        as_read = copy(may_read.to_a_side(meeting))
        move(meeting, S.CANCELLED, K.CANCELLED, _by(leaving), user=leaving.user)
        tell_cancelled(as_read, Acting(leaving.user, own), "")


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


withdrawal_begins.register(lock_with_partners)


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


@condition("no_wishes", gettext_lazy("without a wish to meet"), order=40)
def without_wishes(_edition: Edition) -> Q:
    return Q(~Exists(Wish.objects.filter(wisher=OuterRef("pk"))))


@condition("no_meetings", gettext_lazy("without a meeting"), order=50)
def without_meetings(edition: Edition) -> Q:
    either = Q(host=OuterRef("pk")) | Q(guest=OuterRef("pk"))
    seated = Meeting.objects.filter(either, edition=edition, state__in=(S.SCHEDULED, S.CONFIRMED, S.HELD))
    return Q(~Exists(seated))
