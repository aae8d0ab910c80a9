"""The lists follow what participants said and did, once there is enough of it, and not before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.matchmaking.domain import learned_weights as learning
from serai.expo.meetings.matchmaking.domain.learned_weights import (
    TooFewAnswersError,
    answers_of,
    enough,
    forget,
    learn,
    learned_weights,
)
from serai.expo.meetings.matchmaking.domain.matching import choice_of, partners_of, weights_of
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingNote, MeetingRequest, Wish
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.people.account.models import User
from serai.match.ranking import JUDGED, Signal

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def fair(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Any], offer: Make[Any], need: Make[Any]
) -> tuple[Participation, list[Participation], list[Participation]]:
    """A buyer of separators; three makers who say what it says, and three who name the same goods in other words."""
    load_builtin_chains()
    buyer = take_part(edition, kind="buyer")
    need(buyer, "Lithium battery separator film")
    near = [take_part(edition, a_firm(country="CN")) for _ in range(3)]
    far = [take_part(edition, a_firm(country="DE")) for _ in range(3)]
    for maker in near:
        offer(maker, "Lithium battery separator film")
    for maker in far:
        offer(maker, "Battery separator, wet process")
    place_edition(edition)
    return buyer, near, far


def wish(one: Participation, other: Participation, strength: str) -> None:
    Wish.objects.create(edition=one.edition, wisher=one, wished=other, strength=strength)


def test_what_was_said_and_done_are_answers_and_what_was_done_counts_before(
    edition: Edition, fair: tuple[Participation, list[Participation], list[Participation]]
) -> None:
    buyer, near, far = fair
    with scope(edition=edition):
        wish(buyer, near[0], "must")
        wish(buyer, near[1], "no_thanks")
        wish(buyer, far[2], "would")
        Meeting.objects.create(edition=edition, host=far[0], guest=buyer, state="held")
        Meeting.objects.create(edition=edition, host=far[1], guest=buyer, state="proposed")
        for other, rating in ((near[0], 1), (far[1], 3), (far[2], 5)):
            Lead.objects.create(edition=edition, participation=buyer, other=other, person="A. Person", rating=rating)
        found = answers_of(edition)
    assert found == {
        (buyer.pk, near[0].pk): False,  # wished for, and rated 1 after it
        (buyer.pk, near[1].pk): False,
        (buyer.pk, far[2].pk): True,
        (far[0].pk, buyer.pk): True,
        (buyer.pk, far[0].pk): True,
    }


def test_requests_and_ratings_of_meetings_are_answers_of_who_gave_them(
    edition: Edition, fair: tuple[Participation, list[Participation], list[Participation]]
) -> None:
    buyer, near, far = fair
    now = timezone.now()

    def ask(other: Participation, state: str, reason: str = "", meeting: Meeting | None = None) -> None:
        """The buyer asks the other, who answers an hour after."""
        made = MeetingRequest.objects.create(
            edition=edition,
            asker=buyer,
            asked=other,
            awaiting=other,
            state=state,
            reason=reason,
            meeting=meeting,
            expires_at=now,
        )
        for hours, side, kind in ((0, buyer, "asked"), (1, other, state)):
            MeetingEvent.objects.create(
                edition=edition, request=made, side=side, kind=kind, at=now + timedelta(hours=hours)
            )

    with scope(edition=edition):
        wish(near[0], buyer, "would")
        ask(near[0], "declined", "no_fit")
        ask(near[1], "declined", "no_time")
        ask(near[2], "withdrawn")
        ask(far[0], "accepted")
        stands = Meeting.objects.create(edition=edition, host=far[1], guest=buyer, state="held")
        ask(far[1], "declined", "other", stands)
        rated = Meeting.objects.create(edition=edition, host=far[2], guest=buyer, state="held")
        for side, rating in ((far[2], 5), (buyer, 1)):
            MeetingNote.objects.create(edition=edition, meeting=rated, side=side, rating=rating)
        found = answers_of(edition)
    assert found == {
        (buyer.pk, near[0].pk): True,
        (near[0].pk, buyer.pk): False,  # wished for it, and declined after it
        (buyer.pk, near[1].pk): True,  # who had no time has said nothing of the buyer
        (buyer.pk, far[0].pk): True,
        (far[0].pk, buyer.pk): True,
        (buyer.pk, far[1].pk): True,
        (far[1].pk, buyer.pk): True,  # another hour was declined, not the meeting
        (far[2].pk, buyer.pk): True,
        (buyer.pk, far[2].pk): False,  # held, and rated 1
    }


def test_without_answers_the_judgement_holds(
    edition: Edition, fair: tuple[Participation, list[Participation], list[Participation]], organiser: User
) -> None:
    with scope(edition=edition):
        assert weights_of(edition) == JUDGED
        with pytest.raises(TooFewAnswersError):
            learn(edition, user=organiser)
        assert weights_of(edition) == JUDGED
    assert learned_weights(edition).weights == pytest.approx(JUDGED.weights)


def test_refusals_of_the_same_country_are_learned_and_change_the_order_of_a_list(
    edition: Edition,
    fair: tuple[Participation, list[Participation], list[Participation]],
    take_part: Make[Participation],
    need: Make[Any],
    organiser: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    buyer, near, far = fair
    monkeypatch.setattr(learning, "LEAST_ANSWERS", 3)
    others = [take_part(edition, kind="buyer") for _ in range(4)]
    for other in others:
        need(other, "Lithium battery separator film")
    place_edition(edition)
    with scope(edition=edition):
        before = [each.participation for each in partners_of(buyer, public=False)]
        assert set(before[:3]) == set(near)
        for other in others:
            for maker in near:
                wish(other, maker, "no_thanks")
            for maker in far:
                wish(other, maker, "must")
        assert enough(answers_of(edition))
        learn(edition, user=organiser)
        weights = weights_of(edition)
        assert weights.answers == 24
        assert weights.weights[Signal.WORDS] < JUDGED.weights[Signal.WORDS]
        after = [each.participation for each in partners_of(buyer, public=False)]
        assert set(after[:3]) == set(far)
        assert AuditEntry.objects.filter(action="matching.learned").count() == 1
        forget(edition, user=organiser)
        assert weights_of(edition) == JUDGED
        assert [each.participation for each in partners_of(buyer, public=False)] == before
        assert AuditEntry.objects.filter(action="matching.learned").count() == 2


def test_the_organiser_alone_has_it_learned_and_sees_the_weights(
    edition: Edition,
    fair: tuple[Participation, list[Participation], list[Participation]],
    organiser_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    page = f"/en/{edition.slug}/organiser/matching/"
    refused = [client.post(page + "learning/") for client in (other_organiser_client, stranger_client)]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert anonymous_client.post(page + "learning/").status_code in {302, 404}
    few = organiser_client.post(page + "learning/", follow=True).text
    assert "too few answers to learn from: it takes 20 of each kind" in few
    with scope(edition=edition):
        choice = choice_of(edition)
        kept = {"intercept": -4.0, "weights": {"chain": 3.25, "words": 1.5}, "answers": 40}
        choice.learned = kept
        choice.save()
        assert weights_of(edition).weights[Signal.MEANING] == JUDGED.weights[Signal.MEANING]
    shown = organiser_client.get(page).text
    assert "3.25" in shown
    assert "Follow the judgement again" in shown
    organiser_client.post(page + "learning/", {"forget": "1"})
    with scope(edition=edition):
        assert choice_of(edition).learned == {}
