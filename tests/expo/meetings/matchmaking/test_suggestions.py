"""The suggestions of a day: kept, spread, and owing what the days before promised and did not give."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries

from serai.expo.base.daily import run_jobs
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain import suggestions as suggesting
from serai.expo.meetings.matchmaking.domain.matching import lists_of_edition
from serai.expo.meetings.matchmaking.domain.suggestions import suggest, suggested_to
from serai.expo.meetings.matchmaking.models import Exposure, MatchingChoice, Suggestion
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.people.account.models import User

type Make[Thing] = Callable[..., Thing]

SEPARATORS = "Lithium battery separator film"
DAY = date(2026, 11, 20)


@pytest.fixture
def crowd(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Any], need: Make[Any]
) -> tuple[list[Participation], list[Participation]]:
    """Five large makers of separators and a small one, who says less of it, and six buyers."""
    load_builtin_chains()
    sizes = ["large"] * 5 + ["small"]
    makers = [take_part(edition, a_firm(size=size)) for size in sizes]
    buyers = [take_part(edition, kind="buyer") for _ in range(6)]
    for maker in makers:
        offer(maker, SEPARATORS if maker != makers[-1] else "Battery separator")
    for buyer in buyers:
        need(buyer, SEPARATORS)
    place_edition(edition)
    with scope(edition=edition):
        MatchingChoice.objects.create(edition=edition, floor=2)
    return makers, buyers


def given(edition: Edition, small: Participation, *, on: date) -> tuple[int, int]:
    """In how many lists the small one was to stand, and stood."""
    with scope(edition=edition):
        row = Exposure.objects.get(participation=small, day=on)
    return row.promised, row.given


def test_the_lists_of_a_day_take_the_place_of_those_before_and_are_counted(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "MOST", 1)
    makers, _buyers = crowd
    for _again in range(2):
        assert suggest(edition, on=DAY) == 12
    promised, stood = given(edition, makers[-1], on=DAY)
    assert promised == 2
    with scope(edition=edition):
        assert Suggestion.objects.filter(partner=makers[-1]).count() == stood >= 2
        assert Exposure.objects.count() == 1


def test_a_day_that_missed_the_floor_makes_the_next_one_owe_more_and_one_that_gave_more_less(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    small = crowd[0][-1]

    def stands(on: date) -> int:
        with scope(edition=edition):
            matches = lists_of_edition(edition, most=1, on=on).matches
        return sum(match.partner == str(small.pk) for of_firm in matches.values() for match in of_firm)

    usual = stands(DAY)
    with scope(edition=edition):
        row = Exposure.objects.create(edition=edition, participation=small, day=DAY, promised=2, given=0)
    assert stands(DAY) == usual  # a day does not owe for itself
    assert usual < stands(DAY + timedelta(days=1))
    assert stands(DAY + timedelta(days=1)) >= 4
    with scope(edition=edition):
        Exposure.objects.filter(pk=row.pk).update(given=9)
        MatchingChoice.objects.update(floor=4)
    assert stands(DAY) >= 4
    assert stands(DAY + timedelta(days=1)) < 4


def test_a_participant_sees_whom_it_has_said_nothing_to_with_the_reasons(
    edition: Edition,
    crowd: tuple[list[Participation], list[Participation]],
    new_user: Make[User],
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    _makers, buyers = crowd
    suggest(edition)
    with scope(edition=edition):
        first, second, third, *_rest = [one.participation for one in suggested_to(buyers[0], most=6)]
        Wish.objects.create(edition=edition, wisher=buyers[0], wished=first, strength="would")
        Wish.objects.create(edition=edition, wisher=second, wished=buyers[0], strength="no_thanks")
        left = suggested_to(buyers[0], most=6)
    assert third in [one.participation for one in left]
    assert not {first, second} & {one.participation for one in left}
    assert all("needs Lithium battery separator film" in one.reasons[0] for one in left)
    client.force_login(new_user("buyer", firm=buyers[0].firm))
    page = f"/en/{edition.slug}/meetings/"
    assert "Suggested for today" in client.get(page).text
    with scope(edition=edition), django_assert_max_num_queries(26) as asked:
        assert len(suggested_to(buyers[0], most=3)) == 3
    with scope(edition=edition), django_assert_num_queries(len(asked)):
        assert len(suggested_to(buyers[0], most=1)) == 1


def test_they_are_made_every_day_for_fairs_that_are_not_over(
    edition: Edition, crowd: tuple[list[Participation], list[Participation]]
) -> None:
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=8))
    assert run_jobs() == []
    with scope(edition=edition):
        assert not Suggestion.objects.exists()
    Edition.objects.filter(pk=edition.pk).update(ends_on=today)
    assert run_jobs() == []
    with scope(edition=edition):
        assert Suggestion.objects.exists()
        assert set(Exposure.objects.values_list("day", flat=True)) == {today}
