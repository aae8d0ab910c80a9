"""The front page of a fair: what it shows before, during and after the fair, and its pictograms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.domain.phases import FairDay, Period, fair_day, is_open, later_editions, standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.insight.supply.domain import fair_difference
from serai.expo.insight.supply.domain.stored_results import last_data
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.sessions.domain.session_list import NowAndNext, now_and_next
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.results.report.domain.findings import Finding, effects_told
from serai.expo.results.report.domain.properties import figures

HEADLINES = ("exhibitors", "countries", "area", "buyers", "needs", "sessions")
HELD = (
    "scheduled",
    "held",
    "outcomes_claimed",
    "outcomes_confirmed",
    "outcomes_evidenced",
    "initiatives",
    "signatures",
)
RESULTS = ("held", "outcomes_confirmed", "outcomes_evidenced", "value_confirmed", "initiatives", "signatures")
NEWEST = 6


@dataclass(frozen=True)
class Issued:
    """A published report, without its content."""

    slug: str
    title: Mapping[str, str]
    published_at: datetime


@dataclass(frozen=True)
class Launched:
    """A published initiative or statement, without its text."""

    number: int
    title: Mapping[str, str]
    kind: str


@dataclass(frozen=True)
class FrontPage:
    """The day, the figures that are shown on it, and what belongs to it; what belongs to another day is empty."""

    day: FairDay
    headlines: Sequence[Figure]
    results: Sequence[Figure] = ()
    """From meeting to outcome: live during the fair, final after it."""
    newest: Sequence[Participation] = ()
    """Exhibitors, those who came last first."""
    closed: str = ""
    """Why nobody can apply; empty while applications are open."""
    programme: NowAndNext = field(default_factory=lambda: NowAndNext([], []))
    effects: Sequence[Finding] = ()
    """What the confirmed links did to the chains, where it can be told."""
    launched: Sequence[Launched] = ()
    """Initiatives and statements."""
    issues: Sequence["Issued"] = ()
    """The latest issue of each published report."""
    next_edition: Edition | None = None
    takes_applications: bool = False
    """Whether the next edition does."""

    @property
    def is_before(self) -> bool:
        return self.day.period == Period.BEFORE

    @property
    def is_during(self) -> bool:
        return self.day.period == Period.DURING


def front_page(edition: Edition) -> FrontPage:
    """The front page of a fair as of now, in a number of queries that does not grow with the fair."""
    now = timezone.now()
    day = fair_day(edition, now)
    if day.period == Period.BEFORE:
        newest = by_revision("newest exhibitors", [edition], lambda: _newest(edition))
        closed = standing(edition, Phase.Kind.APPLY, now).sentence
        return FrontPage(day, _with_value(edition, HEADLINES), newest=newest, closed=closed)
    counted = _with_value(edition, (*HEADLINES, *HELD) if day.period == Period.DURING else (*HEADLINES, *RESULTS))
    headlines = [figure for figure in counted if figure.code in HEADLINES]
    results = [figure for figure in counted if figure.code not in HEADLINES]
    if day.period == Period.DURING:
        return FrontPage(
            day,
            headlines,
            results,
            effects=_effects(edition),
            programme=now_and_next(edition, now),
            launched=_launched(edition),
        )
    later = later_editions(edition).first()
    takes_applications = later is not None and is_open(later, Phase.Kind.APPLY, now)
    return FrontPage(
        day,
        headlines,
        results,
        effects=_effects(edition),
        launched=_launched(edition),
        issues=by_revision("issues of the front page", [edition], lambda: _issued(edition)),
        next_edition=later,
        takes_applications=takes_applications,
    )


def _with_value(edition: Edition, codes: Sequence[str]) -> list[Figure]:
    """The figures that have a value above zero, in the order of the codes."""
    by_code = {figure.code: figure for figure in figures(edition, codes=codes)}
    return [by_code[code] for code in codes if code in by_code and by_code[code].value]


def _effects(edition: Edition) -> list[Finding]:
    """The findings on what the fair did to its chains, from what was computed last."""
    return by_revision("effects of the front page", [edition], lambda: effects_told(_whole(edition)))


def _whole(edition: Edition) -> Mapping[str, Any] | None:
    return (last_data(edition, fair_difference.KIND) or {}).get("whole")


_READ = ("edition_id", "firm__identifier", "firm__name", "firm__country")
"""What is shown of an exhibitor: a firm is a long record."""


def _newest(edition: Edition) -> list[Participation]:
    """The exhibitors that came last."""
    latest = exhibitors(edition).order_by("-entered_at", "-pk").values_list("pk", flat=True)[:NEWEST]
    shown = exhibitors(edition).filter(pk__in=list(latest)).select_related("firm").only(*_READ)
    return list(shown.order_by("-entered_at", "-pk"))


def _issued(edition: Edition) -> list[Issued]:
    """The latest public issue of each report."""
    latest: dict[str, Issued] = {}
    for issue in public_issues(edition):
        slug = issue.report.slug
        latest.setdefault(slug, Issued(slug, issue.content["title"], issue.published_at))
    return list(latest.values())


def _launched(edition: Edition) -> list[Launched]:
    """The published initiatives and statements, the latest first."""

    def read() -> list[Launched]:
        rows = published(edition).order_by("-launched_on", "pk")
        return [Launched(row.pk, row.title, row.get_kind_display()) for row in rows]

    return by_revision("initiatives of the front page", [edition, get_language()], read)


PICTOGRAMS: Mapping[str, str] = {
    "smart-vehicle": (
        "M3 16v-3l2-5h11l3 5h2v3h-2M9 16h6M5 16H3M7 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
        "M17 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM10 8v5h9"
    ),
    "green-agriculture": "M12 21V10M12 13c-5 0-7-3-7-7 5 0 7 3 7 7zM12 11c0-5 3-7 7-7 0 5-3 7-7 7zM6 21h12",
    "clean-energy": "M13 2 5 14h6l-1 8 9-13h-6z",
    "digital-technology": "M7 7h10v10H7zM10 10h4v4h-4zM9 7V3M15 7V3M9 21v-4M15 21v-4M7 9H3M7 15H3M21 9h-4M21 15h-4",
    "healthy-life": (
        "M12 21C6 16 3 12.5 3 9a4.5 4.5 0 0 1 9-1 4.5 4.5 0 0 1 9 1c0 3.5-3 7-9 12zM6 12h3l2-3 2 5 1.5-2H18"
    ),
    "supply-chain-services": (
        "M2 7h12v9H2zM14 10h4l4 3v3h-8zM6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
    ),
    "minerals-and-metals": "M3 20 9 8l4 6 3-5 5 11zM14 4l4 4M18 4l-8 0M18 4v6",
    "advanced-manufacturing": "M3 21V11l6 4v-4l6 4V3h4l2 18zM8 18h2M13 18h2",
    "textiles-and-apparel": "M8 3 3 6l2 5 2-1v11h10V10l2 1 2-5-5-3c-1 3-7 3-8 0z",
}

OWN_CHAIN = "M9 12a4 4 0 0 1 4-4h3a4 4 0 0 1 0 8h-2M15 12a4 4 0 0 1-4 4H8a4 4 0 0 1 0-8h2"
"""Two members of a chain, for one that an organisation has written."""
