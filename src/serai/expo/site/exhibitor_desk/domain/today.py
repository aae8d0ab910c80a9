"""The first page of a desk: today's meetings and messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.market.models import Need, Offer, Review
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation
from serai.expo.participants.questions.domain.answers import unanswered

STANDING = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)
EXPIRY_NOTICE = timedelta(days=30)


@dataclass(frozen=True)
class Message:
    """A message for the exhibitor, and the page on which it can act."""

    text: str | Promise
    page: str
    kind: str = "notice"


def meetings_of_the_day(participation: Participation, today: date) -> tuple[date | None, list[Meeting]]:
    """The meetings of today, else those of the next day with meetings.

    Meetings whose times are not announced yet are left out.
    """
    edition = participation.edition
    since = datetime.combine(today, time.min, ZoneInfo(edition.time_zone))
    own = (Q(host=participation) | Q(guest=participation)) & showing(edition).known
    coming = Meeting.objects.filter(own, edition=edition, state__in=STANDING, starts_at__gte=since)
    listed = list(coming.select_related("host__firm", "guest__firm").order_by("starts_at")[:60])
    if not listed:
        return None, []
    day = _day(listed[0], edition)
    return day, [meeting for meeting in listed if _day(meeting, edition) == day]


def _day(meeting: Meeting, edition: Edition) -> date:
    assert meeting.starts_at is not None  # the query asks for it
    return meeting.starts_at.astimezone(ZoneInfo(edition.time_zone)).date()


def messages_for(participation: Participation, today: date) -> list[Message]:
    """Messages for the exhibitor, the most urgent first."""
    return list(_messages(participation, today))


def _messages(participation: Participation, today: date) -> Iterator[Message]:
    if participation.state == Participation.State.APPLIED:
        yield Message(_("Your application waits for the organiser."), "desk-application")
    else:
        decision = participation.decisions.order_by("-decided_at", "-pk").first()
        if decision is not None and decision.reason and decision.state == participation.state:
            reason = in_language(decision.reason).text
            yield Message(_("The organiser writes: %s") % reason, "desk-application", "warning")
    if waiting := len(unanswered(participation)):
        yield Message(
            ngettext_lazy(
                "%d question of the organiser waits for your answer.",
                "%d questions of the organiser wait for your answer.",
                waiting,
            )
            % waiting,
            "registration-answers",
            "warning",
        )
    for model, page in ((Offer, "desk-offers"), (Need, "desk-needs")):
        rows = list(model.objects.filter(participation=participation).values_list("review", "valid_until"))
        returned = sum(review == Review.RETURNED for review, _until in rows)
        if returned:
            yield Message(
                ngettext_lazy("%d came back from the review.", "%d came back from the review.", returned) % returned,
                page,
                "warning",
            )
        ending = sum(
            review == Review.EXPIRED
            or (review == Review.PUBLISHED and until is not None and until - today <= EXPIRY_NOTICE)
            for review, until in rows
        )
        if ending:
            yield Message(
                ngettext_lazy(
                    "%d has run out or soon will; renew it.", "%d have run out or soon will; renew them.", ending
                )
                % ending,
                page,
                "warning",
            )
    waiting = CoExhibitorInvitation.objects.filter(leader=participation, state="sent").count()
    if waiting:
        yield Message(
            ngettext_lazy("%d invited firm has not answered.", "%d invited firms have not answered.", waiting)
            % waiting,
            "desk-co-exhibitors",
        )
