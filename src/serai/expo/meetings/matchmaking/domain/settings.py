"""The organiser's choice about matching: the floor for protected exhibitors, and the weights of a link.

A curve shows what each floor gives and costs. It takes too long for a page, so a job computes and stores it.
"""

from collections.abc import Mapping
from dataclasses import asdict

from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.matchmaking.domain.matching import choice_of, trade_off_of_edition
from serai.expo.meetings.matchmaking.domain.value_curve import LIST
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.people.account.models import User

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
