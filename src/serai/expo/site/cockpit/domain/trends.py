"""Figures of the running fair with their trend: how many were added on each of the last fourteen days."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest
from serai.expo.meetings.outcomes.domain.ledger import LIVE
from serai.expo.meetings.outcomes.models import Outcome

type Rows = Callable[[], QuerySet[Any]]

DAYS = 14
WEEK = 7


@dataclass(frozen=True)
class Series:
    """Rows that are counted, the time by which they are sorted into days, and the page that lists them."""

    code: str
    title: str | Promise
    rows: Rows
    time: str
    page: str


SERIES = (
    Series(
        "participants",
        _("Firms that take part"),
        lambda: Participation.objects.filter(state=Participation.State.CONFIRMED),
        "entered_at",
        "participant-list",
    ),
    Series("requests", _("Requests to meet"), MeetingRequest.objects.all, "said_at", "timetable"),
    Series(
        "accepted",
        _("Requests accepted"),
        lambda: MeetingRequest.objects.filter(state=MeetingRequest.State.ACCEPTED),
        "answered_at",
        "timetable",
    ),
    Series(
        "held",
        _("Meetings held"),
        lambda: Meeting.objects.filter(state=Meeting.State.HELD),
        "starts_at",
        "timetable",
    ),
    Series(
        "claimed",
        _("Outcomes entered"),
        lambda: Outcome.objects.filter(state__in=LIVE),
        "claimed_at",
        "ledger",
    ),
    Series(
        "confirmed",
        _("Outcomes confirmed by both sides"),
        lambda: Outcome.objects.filter(state__in=LIVE, confirmed_at__isnull=False),
        "confirmed_at",
        "ledger",
    ),
)


@dataclass(frozen=True)
class Bar:
    """A day of a trend, drawn in a picture of 24 units of height."""

    x: int
    height: float
    day: date
    count: int

    @property
    def y(self) -> float:
        return HEIGHT - self.height


HEIGHT = 24
STEP = 8


@dataclass(frozen=True)
class Trend:
    """A figure, how many were added on each of the last days, and on the seven days before."""

    series: Series
    total: int
    days: tuple[tuple[date, int], ...]

    @property
    def this_week(self) -> int:
        return sum(count for _day, count in self.days[-WEEK:])

    @property
    def week_before(self) -> int:
        return sum(count for _day, count in self.days[:-WEEK])

    @property
    def bars(self) -> list[Bar]:
        most = max((count for _day, count in self.days), default=0) or 1
        return [
            Bar(number * STEP, max(HEIGHT * count / most, 1), day, count)
            for number, (day, count) in enumerate(self.days)
        ]


def trends(edition: Edition, today: date) -> list[Trend]:
    """The figures of the cockpit as of ``today``, in the fair's own days."""
    return [
        by_revision("trend", [edition, series.code, today], partial(_trend, edition, series, today))
        for series in SERIES
    ]


def _trend(edition: Edition, series: Series, today: date) -> Trend:
    zone = ZoneInfo(edition.time_zone)
    rows = series.rows().filter(edition=edition)
    by_day = rows.order_by().annotate(day=TruncDate(series.time, tzinfo=zone)).values_list("day").annotate(Count("pk"))
    counts: Counter[date | None] = Counter(dict(by_day))
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return Trend(series, counts.total(), tuple((day, counts[day]) for day in days))
