"""From wishes to outcomes: how many pairs of firms reach each step, and the rates that organisers compare."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from serai.expo.base.revisions import by_revision
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import Outcome

R = MeetingRequest.State
TIMED = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD, Meeting.State.MISSED)
"""Meetings that stand in the timetable, whether or not they were held."""
AGREED = (Outcome.State.CONFIRMED, Outcome.State.EVIDENCED, Outcome.State.FULFILLED)


@dataclass(frozen=True)
class Step:
    """A step on the way from a wish to an outcome, and how many pairs of firms have reached it."""

    code: str
    title: Text
    count: int


@dataclass(frozen=True)
class Rate:
    """A rate of this fair beside the one that vendors of such software publish."""

    title: Text
    value: float | None
    """In per cent, or in meetings; None while there is nothing to divide by."""
    unit: str
    usual: Text
    is_below: bool
    """Whether it is below the usual range."""


@dataclass(frozen=True)
class Funnel:
    """The steps, and the rates between them."""

    steps: tuple[Step, ...]
    rates: tuple[Rate, ...]

    @property
    def widest(self) -> int:
        return max((step.count for step in self.steps), default=0) or 1


def funnel(edition: Edition) -> Funnel:
    """The funnel of the edition as of now."""
    counted = funnel_counts(edition)
    steps = (
        Step("wish", _("Pairs of which one side wishes to meet"), counted.wished),
        Step("request", _("Pairs of which one side has asked"), counted.asked),
        Step("accepted", _("Requests accepted"), counted.accepted),
        Step("timed", _("Meetings with a time"), counted.timed),
        Step("held", _("Meetings held"), counted.held),
        Step("outcome", _("Outcomes confirmed by both sides"), counted.outcomes),
    )
    meetings_a_firm = 2 * counted.timed / counted.meeting if counted.meeting else None
    rates = (
        _rate(_("Requests accepted, of those closed"), _share(counted.accepted, counted.closed), 40, _("40 to 60 %")),
        _rate(_("Meetings a firm that meets"), meetings_a_firm, 2, _("at least 2"), unit=""),
        _rate(_("Meetings held, of those over"), _share(counted.held, counted.held + counted.missed), 80, _("80 %")),
    )
    return Funnel(steps, rates)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _rate(title: Text, value: float | None, least: float, usual: Text, unit: str = "%") -> Rate:
    return Rate(title, value, unit, usual, value is not None and value < least)


@dataclass(frozen=True)
class FunnelCounts:
    """How many pairs, requests and meetings there are, and how many participants meet."""

    wished: int
    asked: int
    accepted: int
    closed: int
    timed: int
    held: int
    missed: int
    meeting: int
    outcomes: int


def funnel_counts(edition: Edition) -> FunnelCounts:
    """The counts of the funnel, kept until a table changes that was read for them."""
    counted: FunnelCounts = by_revision("funnel", [edition], partial(_count, edition))
    return counted


def _count(edition: Edition) -> FunnelCounts:
    wishes = Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS)
    wished = {frozenset(pair) for pair in wishes.order_by().values_list("wisher_id", "wished_id")}
    requests = MeetingRequest.objects.filter(edition=edition)
    asked = {frozenset(pair) for pair in requests.order_by().values_list("asker_id", "asked_id")}
    answered = requests.aggregate(
        accepted=Count("pk", filter=Q(state=R.ACCEPTED)),
        closed=Count("pk", filter=Q(state__in=[R.ACCEPTED, R.DECLINED, R.EXPIRED])),
    )
    timed = Meeting.objects.filter(edition=edition, state__in=TIMED, starts_at__isnull=False)
    states = dict(timed.order_by().values_list("state").annotate(Count("pk")))
    sides = {side for pair in timed.order_by().values_list("host_id", "guest_id") for side in pair}
    return FunnelCounts(
        wished=len(wished),
        asked=len(asked),
        accepted=answered["accepted"],
        closed=answered["closed"],
        timed=sum(states.values()),
        held=states.get(Meeting.State.HELD, 0),
        missed=states.get(Meeting.State.MISSED, 0),
        meeting=len(sides),
        outcomes=Outcome.objects.filter(edition=edition, state__in=AGREED).count(),
    )
