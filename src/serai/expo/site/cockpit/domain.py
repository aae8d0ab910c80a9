"""The organiser's first page: what is wrong or missing in the fair's own data, and figures with the trend of
fourteen days.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base.revisions import by_revision
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules.roles import Rights
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.outcomes.domain.ledger import LIVE
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.people.account.models import Role
from serai.expo.programme.sessions.models import Session
from serai.expo.venue.halls.models import Booth, Stand

type Find = Callable[[Edition], QuerySet[Any]]

OF_ROW = OuterRef("pk")


@dataclass(frozen=True)
class Flaw:
    """A kind of flaw: what it is, what follows from it, and the rows that have it."""

    code: str
    area: str
    """The area of the organiser's work in which it is mended; one of those of ``fairs/edition/rules``."""
    title: Text
    text: Text
    rows: Find


FLAWS: list[Flaw] = []


def flaw(code: str, area: str, title: Text, text: Text) -> Callable[[Find], Find]:
    """Declare the function below as one that finds the rows with a flaw."""

    def declare(find: Find) -> Find:
        FLAWS.append(Flaw(code, area, title, text, find))
        return find

    return declare


@dataclass(frozen=True)
class Found:
    """A flaw, and how many rows have it now."""

    flaw: Flaw
    count: int


def _confirmed(edition: Edition, *kinds: Participation.Kind) -> QuerySet[Participation]:
    return Participation.objects.filter(edition=edition, kind__in=kinds, state=Participation.State.CONFIRMED)


@flaw(
    "no-offer", "people", _("Exhibitors with neither an offer nor a description"), _("Nobody can be told to meet them.")
)
def _without_offer(edition: Edition) -> QuerySet[Participation]:
    """Of whom nothing is known to suggest them by: a description is matched as offers are."""
    return exhibitors(edition).filter(firm__description={}).filter(~Exists(Offer.objects.filter(participation=OF_ROW)))


@flaw(
    "no-place",
    "meetings",
    _("Exhibitors on no chain"),
    _("Neither codes nor words of theirs point to a node of a chain."),
)
def _placed_nowhere(edition: Edition) -> QuerySet[Participation]:
    offers = Offer.objects.filter(participation=OF_ROW)
    placed = Placement.objects.filter(edition=edition, participation=OF_ROW, side=Placement.Side.OFFER)
    return exhibitors(edition).filter(Exists(offers), ~Exists(placed))


@flaw("no-booth", "floor", _("Exhibitors without a booth"), _("Visitors do not find them in the halls."))
def _without_booth(edition: Edition) -> QuerySet[Participation]:
    """Nobody is without a booth at a fair that has drawn none."""
    stands = Stand.objects.filter(participation=OF_ROW)
    drawn = Booth.objects.filter(edition=edition)
    return exhibitors(edition).filter(Exists(drawn), ~Exists(stands))


@flaw(
    "no-people",
    "people",
    _("Firms for which nobody can sign in"),
    _("They answer no request. Invite somebody of theirs."),
)
def _without_people(edition: Edition) -> QuerySet[Participation]:
    confirmed = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    return confirmed.filter(~Exists(Role.objects.filter(firm=OuterRef("firm"))))


@flaw(
    "no-description",
    "people",
    _("Exhibitors without a description"),
    _("Their page is empty, and they are found by their name only."),
)
def _without_description(edition: Edition) -> QuerySet[Participation]:
    return exhibitors(edition).filter(firm__description={})


@flaw(
    "silent-buyers", "meetings", _("Buyers without a need and without a wish"), _("No meeting can be proposed to them.")
)
def _silent_buyers(edition: Edition) -> QuerySet[Participation]:
    needs = Need.objects.filter(participation=OF_ROW)
    wishes = Wish.objects.filter(wisher=OF_ROW)
    return _confirmed(edition, Participation.Kind.BUYER).filter(~Exists(needs), ~Exists(wishes))


def _sessions(edition: Edition) -> QuerySet[Session]:
    return Session.objects.filter(edition=edition, state=Session.State.CONFIRMED)


@flaw("no-room", "programme", _("Sessions without a room"), _("Visitors do not know where to go."))
def _without_room(edition: Edition) -> QuerySet[Session]:
    return _sessions(edition).filter(room__isnull=True, host__isnull=True)


@flaw("no-speaker", "programme", _("Sessions without a speaker"), _("The programme names nobody."))
def _without_speaker(edition: Edition) -> QuerySet[Session]:
    return _sessions(edition).filter(appearances__isnull=True, host__isnull=True)


@flaw("one-room", "programme", _("Sessions at the same time in one room"), _("One of them has to move."))
def _in_one_room(edition: Edition) -> QuerySet[Session]:
    at_once = Q(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    others = _sessions(edition).filter(at_once, room=OuterRef("room")).exclude(pk=OF_ROW)
    return _sessions(edition).filter(Exists(others), room__isnull=False)


@flaw("two-meetings", "meetings", _("Firms with two meetings at the same time"), _("One of them has to move."))
def _two_meetings_at_once(edition: Edition) -> QuerySet[Participation]:
    coming = Meeting.objects.filter(
        edition=edition, state__in=(Meeting.State.SCHEDULED, Meeting.State.CONFIRMED), starts_at__isnull=False
    )
    own = Q(host=OuterRef(OuterRef("pk"))) | Q(guest=OuterRef(OuterRef("pk")))
    other = coming.filter(own, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    clashing = coming.filter(Q(host=OF_ROW) | Q(guest=OF_ROW)).filter(Exists(other.exclude(pk=OuterRef("pk"))))
    return Participation.objects.filter(Exists(clashing), edition=edition)


def flaws(edition: Edition, rights: Rights) -> list[Found]:
    """The kinds of flaws that the fair has now, with counts, as far as who has these rights reads of them."""
    counted = [
        Found(flaw, by_revision("flaw", [edition, flaw.code], partial(_count, flaw, edition)))
        for flaw in FLAWS
        if rights.may(flaw.area)
    ]
    return [flaw for flaw in counted if flaw.count]


def _count(flaw: Flaw, edition: Edition) -> int:
    return flaw.rows(edition).distinct().count()


def flaw_of(code: str) -> Flaw | None:
    """The kind of flaw with this code."""
    return next((flaw for flaw in FLAWS if flaw.code == code), None)


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
        "held", _("Meetings held"), lambda: Meeting.objects.filter(state=Meeting.State.HELD), "starts_at", "timetable"
    ),
    Series("claimed", _("Outcomes entered"), lambda: Outcome.objects.filter(state__in=LIVE), "claimed_at", "ledger"),
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
