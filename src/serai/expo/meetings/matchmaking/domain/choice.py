"""The organiser's choice about matching: the floor for protected exhibitors and the weight of sources, with the
curve of what each costs and brings.

A curve takes too long for a page, so a job computes and stores it. Placing and learning are jobs too.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.numbers import in_percent
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.jobs.domain import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.meetings.matchmaking.domain import learned_weights
from serai.expo.meetings.matchmaking.domain.matching import (
    choice_of,
    lists_of_read,
    read_edition,
    trade_off_of_edition,
    values_for,
    weights_of,
)
from serai.expo.meetings.matchmaking.domain.source_values import renewing
from serai.expo.meetings.matchmaking.models import MatchingChoice, usual_weights
from serai.expo.offers.chains.domain.placements import place_edition
from serai.expo.people.account.models import User
from serai.match.partners import LinkValues, Match, Relation
from serai.world.classifications.country_groups import members
from serai.world.progress import Progress

SHARES = (0.0, 0.0025, 0.005, 0.01, 0.02, 0.05)
"""Relevance that a list may lose at most, by point."""

LIST, FIRST = 10, 5
WIDTH, HEIGHT, MARGIN = 480, 220, 44


@dataclass(frozen=True)
class ValuePoint:
    """A point of the curve: what lists may lose, the relevance that they keep (nDCG by their own scores, 1 without the
    weight), and of the first five what a source takes off the worst loss of the input in the mean, how many of them
    take something off, and what they add to the share of least developed, landlocked and small island countries.

    Of the firms among the first five that could supply the reader of the list: ``countries``, the number of their
    countries, in the mean over the lists that have such a firm, and ``least_developed``, the share of them that have
    their seat in a least developed country. None where no list has one."""

    most_lost: float
    kept: float
    relief: float
    safer: float
    inclusive: float
    countries: float | None
    least_developed: float | None

    @property
    def lost_label(self) -> str:
        return per_cent(self.most_lost)

    @property
    def relief_label(self) -> str:
        return per_cent(self.relief)

    @property
    def safer_label(self) -> str:
        return per_cent(self.safer)

    @property
    def inclusive_label(self) -> str:
        return per_cent(self.inclusive)

    @property
    def least_developed_label(self) -> str:
        return "" if self.least_developed is None else per_cent(self.least_developed)


def per_cent(share: float) -> str:
    """A small share in per cent, to two digits behind the point."""
    return in_percent(f"{100 * share:.2f}")


def compute_value_curve(edition: Edition) -> None:
    """Compute and store the curve of an edition, with the values of sources as they are now."""
    with scope(edition=edition):
        renewing.call(edition)
        points = [asdict(point) for point in points_of(edition, SHARES)]
        curve = {"value_curve": points, "value_curve_at": timezone.now()}
        MatchingChoice.objects.update_or_create(edition=edition, defaults=curve)


def points_of(edition: Edition, shares: Iterable[float]) -> list[ValuePoint]:
    """The points of the curve, with the organiser's weights, or the usual ones where all are 0. None where nothing is
    stored of sources."""
    choice, weights = choice_of(edition), weights_of(edition)
    if not any(choice.link_weights.values()):
        choice.link_weights = usual_weights()
    read = read_edition(edition)
    values = values_for(read, choice, weights, LIST)
    if values is None:
        return []
    plain = lists_of_read(edition, read, weights, LIST, None)
    country = dict(zip(read.market.firms, read.market.countries, strict=True))
    least_developed = members("LDC", edition.starts_on)
    points = []
    for share in shares:
        of_share = replace(values, most_lost=share) if share else None
        lists = plain if of_share is None else lists_of_read(edition, read, weights, LIST, of_share)
        countries, share_of_these = sources_of(lists, country, least_developed)
        points.append(_point(share, lists, plain, values, countries, share_of_these))
    return points


def sources_of(
    lists: Mapping[str, Sequence[Match]], country: Mapping[str, str], these: Collection[str]
) -> tuple[float | None, float | None]:
    """Of the suppliers among the first five of each list the number of countries, in the mean over the lists that have
    one, and the share that is in ``these`` countries. ``country`` is that of each firm by its key."""
    by_list = [
        [country[match.partner] for match in matches[:FIRST] if match.relation is Relation.SUPPLIER]
        for matches in lists.values()
    ]
    by_list = [sources for sources in by_list if sources]
    if not by_list:
        return None, None
    among = [source in these for sources in by_list for source in sources]
    return float(np.mean([len(set(sources)) for sources in by_list])), float(np.mean(among))


def _point(
    share: float,
    lists: Mapping[str, Sequence[Match]],
    plain: Mapping[str, Sequence[Match]],
    values: LinkValues,
    countries: float | None,
    least_developed: float | None,
) -> ValuePoint:
    kept = [_gain(lists[firm]) / gain for firm, matches in plain.items() if (gain := _gain(matches)) > 0]
    vectors = [values.of(match.firm, match.partner) or {} for matches in lists.values() for match in matches[:FIRST]]
    relief = np.array([vector.get("stable", 0.0) for vector in vectors] or [0.0])
    inclusive = np.array([vector.get("inclusive", 0.0) for vector in vectors] or [0.0])
    mean_kept = float(np.mean(kept)) if kept else 1.0
    return ValuePoint(
        most_lost=share,
        kept=mean_kept,
        relief=float(relief.mean()),
        safer=float((relief > 0).mean()),
        inclusive=float(inclusive.mean()),
        countries=countries,
        least_developed=least_developed,
    )


def _gain(matches: Sequence[Match]) -> float:
    """Discounted cumulative gain of a list by the scores of its matches."""
    return float(sum(match.score / np.log2(place + 2) for place, match in enumerate(matches)))


@dataclass(frozen=True)
class Plot:
    """The curve as a picture: points (x, y) in its box, and the labels of its ends."""

    points: tuple[tuple[float, float, ValuePoint], ...]
    line: str
    right: float
    top: float
    width: int = WIDTH
    height: int = HEIGHT
    margin: int = MARGIN

    @property
    def right_label(self) -> str:
        return per_cent(self.right)

    @property
    def top_label(self) -> str:
        return per_cent(self.top)


def plot_of(points: Sequence[Mapping[str, Any]]) -> Plot | None:
    """Relevance lost to the right, relief upwards; None for fewer than two points, or where points were stored with
    other figures than these."""
    names = {field.name for field in fields(ValuePoint)}
    stored = [ValuePoint(**point) for point in points if point.keys() == names]
    if len(stored) < 2:
        return None
    lost = [max(0.0, 1 - point.kept) for point in stored]
    right = max(*lost, 1e-4)
    top = max(*(point.relief for point in stored), 1e-4)
    placed = tuple(
        (
            round(MARGIN + (WIDTH - 2 * MARGIN) * x / right, 1),
            round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * max(point.relief, 0) / top, 1),
            point,
        )
        for x, point in zip(lost, stored, strict=True)
    )
    return Plot(placed, " ".join(f"{x},{y}" for x, y, _point_ in placed), right, top)


FLOORS = (0, 10, 20, 40, 80)


@made_once
def choose(
    edition: Edition, *, floor: int, link_weights: Mapping[str, float], most_lost: float, user: User, table: str = ""
) -> MatchingChoice:
    """Save the organiser's choice."""
    choice = choice_of(edition)
    before = state(choice) if choice.pk else None
    choice.floor, choice.most_lost, choice.table = floor, most_lost, table
    choice.link_weights = dict(link_weights)
    choice.save()
    record("matching.chosen", choice, before=before, after=state(choice), user=user, edition=edition)
    return choice


def compute_curve(edition: Edition) -> None:
    """Compute and store the curve of an edition."""
    points = [asdict(point) for point in trade_off_of_edition(edition, FLOORS, most=LIST)]
    with scope(edition=edition):
        curve = {"curve": points, "curve_at": timezone.now()}
        MatchingChoice.objects.update_or_create(edition=edition, defaults=curve)


def place_job(job: Job, progress: Progress) -> Ended:
    """Place everything on the chains anew."""
    count = place_edition(job.edition, progress)
    return Ended(ngettext("%d placement was made.", "%d placements were made.", count) % count)


def curve_job(job: Job, progress: Progress) -> Ended:
    """Compute what a floor gives and costs."""
    progress(_("Computing the curve"), 0.0)
    compute_curve(job.edition)
    return Ended(_("The curve is computed."))


def value_curve_job(job: Job, progress: Progress) -> Ended:
    """Compute what the weight of sources costs and brings."""
    progress(_("Computing the values of sources"), 0.0)
    compute_value_curve(job.edition)
    return Ended(_("The curve is computed."))


def learn_job(job: Job, progress: Progress) -> Ended:
    """Learn the weights from the participants' answers."""
    progress(_("Learning from the answers"), 0.0)
    learned_weights.learn(job.edition, user=job.asked_by)
    return Ended(_("The weights are learned; the next lists follow them."))
