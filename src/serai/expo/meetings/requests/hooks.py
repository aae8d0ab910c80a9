"""What this room tells the registries: requests that run out, withdrawal."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.daily import daily
from serai.expo.base.text import in_language, isolated
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.meetings.meeting.domain.life import COMING, K, agreed, happened, move, of_either, showing
from serai.expo.meetings.meeting.domain.notification import tell_answer, tell_cancelled
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.requests.domain.exchanges import to_answer
from serai.expo.meetings.requests.domain.requests import expire_due, other_side, received
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.participants.desk.domain import Answer, Due, dues, entry
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends


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
    words=ngettext_lazy(
        "%d exchange of times that waits for an answer ends.", "%d exchanges of times that wait for an answer end."
    ),
)
ends(
    "requests",
    rows=_requests,
    end=_end_requests,
    words=ngettext_lazy("%d open request for a meeting ends.", "%d open requests for meetings end."),
)
ends(
    "meetings",
    rows=_coming,
    end=_cancel,
    words=ngettext_lazy(
        "%d meeting to come is cancelled, and the other side is told.",
        "%d meetings to come are cancelled, and the other sides are told.",
    ),
)


@condition("no_wishes", gettext_lazy("without a wish to meet"), order=40)
def without_wishes(_edition: Edition) -> Q:
    return Q(~Exists(Wish.objects.filter(wisher=OuterRef("pk"))))


@condition("no_meetings", gettext_lazy("without a meeting"), order=50)
def without_meetings(edition: Edition) -> Q:
    either = Q(host=OuterRef("pk")) | Q(guest=OuterRef("pk"))
    seated = Meeting.objects.filter(either, edition=edition, state__in=(S.SCHEDULED, S.CONFIRMED, S.HELD))
    return Q(~Exists(seated))


entry("my-meetings", "meetings", title=gettext_lazy("Meetings"), duty="meet", order=10)


@dues
def unanswered_requests(participation: Participation, now: datetime) -> Iterator[Due]:
    """Requests to meet and exchanges of times that wait for this side's answer."""
    slug = participation.edition.slug
    for request in received(participation, now):
        other = other_side(request, participation)
        words = _("%s asks you to meet") if other == request.asker else _("%s proposes another time to meet")
        address = reverse("meeting-request", args=[slug, request.pk])
        yield Due(
            "my-meetings",
            words % isolated(in_language(other.firm.name).text),
            lost=_("Without an answer the request runs out."),
            address=address,
            until=request.expires_at,
            about=request.message,
            answers=(Answer(_("Accept"), address, "accept"),),
            duty="meet",
        )
    for exchange in to_answer(participation, now):
        asker = isolated(in_language(exchange.asker.firm.name).text)
        address = reverse("meeting-exchange", args=[slug, exchange.pk])
        yield Due(
            "my-meetings",
            _("%s asks to move your meeting") % asker,
            lost=_("Without an answer your meeting keeps its time."),
            address=reverse("my-meetings", args=[slug]),
            until=exchange.expires_at,
            about=exchange.message,
            answers=(
                Answer(_("Agree"), address, "agree"),
                Answer(_("Keep the time"), address, "decline", is_first=False),
            ),
            duty="meet",
        )
