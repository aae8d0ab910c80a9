"""What the front page of a fair tells on its day: before the fair, on one of its days, or after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.domain.fair_day import FairDay, Period, fair_day, later_editions
from serai.expo.fairs.edition.domain.phases import is_open, standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.insight.supply.domain import fair_difference
from serai.expo.insight.supply.domain.stored import last_data
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.sessions.domain.now_and_next import NowAndNext, now_and_next
from serai.expo.results.figures.domain import Figure
from serai.expo.results.report.domain.builder import public_issues
from serai.expo.results.report.domain.findings import Finding, effects_told
from serai.expo.results.report.domain.summary import figures

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

    @property
    def is_after(self) -> bool:
        return self.day.period == Period.AFTER


def front_page(edition: Edition, now: datetime | None = None) -> FrontPage:
    """The front page of a fair as of now, in a number of queries that does not grow with the fair."""
    now = now or timezone.now()
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
