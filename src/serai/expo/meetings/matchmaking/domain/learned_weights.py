"""Weights of the signals of a match, learned from what participants said and did.

A yes is a wish, a request or its acceptance, a meeting that was confirmed or held, and a rating of 4 or 5 of a lead or
a meeting. A no is a refusal, a request declined for what the other side is, and a rating of 1 or 2. A wish and an
answer count for one side, a meeting for both, a rating for the side that gave it. Only the weights are stored, so that
they reveal nobody's answer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.matchmaking.domain.matching import choice_of, read_edition
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingNote, MeetingRequest, Wish
from serai.expo.people.account.models import User
from serai.match import partners as matcher
from serai.match.ranking import JUDGED, Weights, calibrated

LEAST_ANSWERS = 20
"""Yeses and noes, of each, from which weights are learned for the lists; below, chance would move them."""

GOOD_RATING, BAD_RATING = 4, 2

NO_TIME = (MeetingRequest.Reason.NO_TIME, MeetingRequest.Reason.ABSENT)
"""Why a request was declined that say nothing of who asked."""

type Answers = Mapping[tuple[int, int], bool]
"""Whether the first participant said yes to the second."""


def answers_of(edition: Edition) -> Answers:
    """The answers that were given, by primary keys; what was done counts before what was said."""
    wishes = Wish.objects.filter(edition=edition).order_by("pk")
    on_wishes = [
        (at, side, other, strength != Wish.Strength.NO_THANKS)
        for at, side, other, strength in wishes.values_list("said_at", "wisher_id", "wished_id", "strength")
    ]
    # Of several things that one said of another the last counts.
    last = sorted([*on_wishes, *_on_requests(edition)], key=lambda answer: answer[0])
    answers = {(side, other): yes for _at, side, other, yes in last}
    for side, other, rating in _ratings(edition):
        if rating >= GOOD_RATING or rating <= BAD_RATING:
            answers[side, other] = rating >= GOOD_RATING
    met = Meeting.objects.filter(edition=edition, state__in=(Meeting.State.CONFIRMED, Meeting.State.HELD))
    for host, guest in met.order_by("pk").values_list("host_id", "guest_id"):
        answers.setdefault((host, guest), True)
        answers.setdefault((guest, host), True)
    return answers


def _on_requests(edition: Edition) -> Iterator[tuple[datetime, int, int, bool]]:
    """When who said what to whom by asking to meet, accepting and declining.

    Left out are what was withdrawn, and a no for want of time or to another hour of a meeting that stands.
    """
    kind = MeetingEvent.Kind
    events = MeetingEvent.objects.filter(
        edition=edition, request__isnull=False, side__isnull=False, kind__in=(kind.ASKED, kind.ACCEPTED, kind.DECLINED)
    ).exclude(request__state=MeetingRequest.State.WITHDRAWN)
    fields = ("at", "side_id", "kind", "request__asker_id", "request__asked_id", "request__reason", "request__meeting")
    for at, side, what, asker, asked, reason, meeting in events.order_by("pk").values_list(*fields):
        if what != kind.DECLINED or (reason not in NO_TIME and meeting is None):
            yield at, side, asked if side == asker else asker, what != kind.DECLINED


def _ratings(edition: Edition) -> Iterator[tuple[int, int, int]]:
    """Who rated whom how, from 1 to 5: leads, then meetings."""
    leads = Lead.objects.filter(edition=edition, other__isnull=False, rating__gt=0).order_by("pk")
    yield from leads.values_list("participation_id", "other_id", "rating")
    notes = MeetingNote.objects.filter(edition=edition).order_by("pk")
    for side, host, guest, rating in notes.values_list("side_id", "meeting__host_id", "meeting__guest_id", "rating"):
        if rating is not None:
            yield side, guest if side == host else host, rating


def learned_weights(edition: Edition, *, meaning: bool = True) -> Weights:
    """The weights of the signals after all answers.

    Only pairs of which somebody said something count, so what is learned is what parts a yes from a no.
    """
    with scope(edition=edition):
        read = read_edition(edition, meaning=meaning)
        there = set(read.market.firms)
        answers = {(str(a), str(b)): yes for (a, b), yes in answers_of(edition).items() if {str(a), str(b)} <= there}
        signals = matcher.signals_for(read.market, list(answers))
        return calibrated(signals, np.array(list(answers.values()), dtype=np.bool_))


def enough(answers: Answers) -> bool:
    """Whether there are so many of each kind that lists may follow them."""
    count = Counter(answers.values())
    return min(count[True], count[False]) >= LEAST_ANSWERS


@transaction.atomic
def forget(edition: Edition, *, user: User) -> None:
    """Go back to the judgement."""
    _keep(edition, {}, user)


class TooFewAnswersError(Exception):
    """There is too little to learn from; the message says how much it takes."""


def learn(edition: Edition, *, user: User | None = None) -> None:
    """Learn the weights that the lists of an edition follow from now on. Raises TooFewAnswersError."""
    with scope(edition=edition):
        if not enough(answers_of(edition)):
            text = _("There are too few answers to learn from: it takes %(least)d of each kind.")
            raise TooFewAnswersError(text % {"least": LEAST_ANSWERS})
        weights = learned_weights(edition)
        kept = {"intercept": weights.intercept, "weights": dict(weights.weights), "answers": weights.answers}
        with transaction.atomic():
            _keep(edition, kept, user)


def judged() -> Mapping[str, float]:
    """The weights before anybody answered, for comparison."""
    return asdict(JUDGED)["weights"]  # type: ignore[no-any-return]


def _keep(edition: Edition, weights: Mapping[str, object], user: User | None) -> None:
    choice = choice_of(edition)
    before = {"learned": choice.learned} if choice.pk else None
    choice.learned, choice.learned_at = dict(weights), timezone.now() if weights else None
    choice.save()
    record("matching.learned", choice, before=before, after={"learned": choice.learned}, user=user, edition=edition)
