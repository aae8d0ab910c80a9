"""The first page of an exhibitor's desk: the meetings of the day, and the organiser's decision."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.disclosure import showing
from serai.expo.meetings.meeting.models import Meeting

STANDING = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)
EXPIRY_NOTICE = timedelta(days=30)


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


def decision_on(participation: Participation) -> str:
    """The organiser's last decision on the participation in its words, or that the application waits; else empty."""
    if participation.state == Participation.State.APPLIED:
        return _("Your application waits for the organiser.")
    decision = participation.decisions.order_by("-decided_at", "-pk").first()
    if decision is None or not decision.reason or decision.state != participation.state:
        return ""
    return _("The organiser writes: %s") % in_language(decision.reason).text
