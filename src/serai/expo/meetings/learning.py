"""What speaks for a match, learned from what the participants said and did.

A yes is a wish to meet, a meeting that both confirmed or held, and a lead that its firm rated 4 or 5; a no is a refusal
and a lead rated 1 or 2. A wish is one side's, a meeting both sides', a lead that of the firm that keeps it. Only the
weights are kept, from all answers together, so that nobody's answer is told to anybody.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django_scopes import scope

from serai.expo.audit.domain import record
from serai.expo.editions.models import Edition
from serai.expo.leads.models import Lead
from serai.expo.meetings.matching import choice_of, read_edition
from serai.expo.meetings.models import Meeting, Wish
from serai.expo.people.models import User
from serai.match import partners as matcher
from serai.match.ranking import JUDGED, Weights, calibrated

LEAST_ANSWERS = 20
"""Yeses and noes, of each, from which weights are learned for the lists; below, chance would move them."""

GOOD_RATING, BAD_RATING = 4, 2

type Answers = Mapping[tuple[int, int], bool]
"""Whether the first participant said yes to the second."""


def answers_of(edition: Edition) -> Answers:
    """The answers that were given, by primary keys; what was done counts before what was said. In the scope."""
    said = Wish.objects.filter(edition=edition).order_by("pk").values_list("wisher_id", "wished_id", "strength")
    found = {(one, other): strength != Wish.Strength.NO_THANKS for one, other, strength in said}
    rated = Lead.objects.filter(edition=edition, other__isnull=False, rating__gt=0).order_by("pk")
    for one, other, rating in rated.values_list("participation_id", "other_id", "rating"):
        if rating >= GOOD_RATING or rating <= BAD_RATING:
            found[one, other] = rating >= GOOD_RATING
    met = Meeting.objects.filter(edition=edition, state__in=(Meeting.State.CONFIRMED, Meeting.State.HELD))
    for host, guest in met.order_by("pk").values_list("host_id", "guest_id"):
        found.setdefault((host, guest), True)
        found.setdefault((guest, host), True)
    return found


def learned_weights(edition: Edition, *, meaning: bool = False) -> Weights:
    """The weights of the signals after all answers.

    Only pairs of which somebody said something count, so what is learned is what parts a yes from a no.
    """
    with scope(edition=edition):
        read = read_edition(edition, meaning=meaning)
        there = set(read.market.firms)
        known = {(str(a), str(b)): yes for (a, b), yes in answers_of(edition).items() if {str(a), str(b)} <= there}
        signals = matcher.signals_for(read.market, list(known))
        return calibrated(signals, np.array(list(known.values()), dtype=np.bool_))


def enough(answers: Answers) -> bool:
    """Whether there are so many of each kind that lists may follow them."""
    count = Counter(answers.values())
    return min(count[True], count[False]) >= LEAST_ANSWERS


@transaction.atomic
def forget(edition: Edition, *, user: User) -> None:
    """Go back to the judgement. Call inside of the edition's scope."""
    _keep(edition, {}, user)


@task
def learn(edition_pk: int, user_pk: int | None = None) -> bool:
    """Learn the weights that the lists of an edition follow from now on. Returns whether there were enough answers."""
    edition = Edition.objects.get(pk=edition_pk)
    with scope(edition=edition):
        if not enough(answers_of(edition)):
            return False
        weights = learned_weights(edition)
        kept = {"intercept": weights.intercept, "weights": dict(weights.weights), "answers": weights.answers}
        with transaction.atomic():
            _keep(edition, kept, User.objects.filter(pk=user_pk).first() if user_pk else None)
    return True


def judged() -> Mapping[str, float]:
    """The weights before anybody answered, for comparison."""
    return asdict(JUDGED)["weights"]  # type: ignore[no-any-return]


def _keep(edition: Edition, weights: Mapping[str, object], user: User | None) -> None:
    choice = choice_of(edition)
    before = {"learned": choice.learned} if choice.pk else None
    choice.learned, choice.learned_at = dict(weights), timezone.now() if weights else None
    choice.save()
    record("matching.learned", choice, before=before, after={"learned": choice.learned}, user=user, edition=edition)
