"""Before a timetable is made its page says what it will do, with counts and warnings."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Wish
from serai.expo.meetings.timetable.domain.forecast import forecast
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun

type Make = Callable[..., Participation]


@pytest.fixture
def firms(edition: Edition, take_part: Make) -> list[Participation]:
    """Three exhibitors and a buyer."""
    return [*(take_part(edition) for _number in range(3)), take_part(edition, kind="buyer")]


def wish(wisher: Participation, wished: Participation, strength: str = "would") -> None:
    Wish.objects.create(edition=wisher.edition, wisher=wisher, wished=wished, strength=strength)


def test_without_a_wish_the_page_says_that_the_best_matches_are_proposed(
    edition: Edition, firms: list[Participation], organiser_client: Client
) -> None:
    page = organiser_client.get(f"/en/{edition.slug}/organiser/timetable/").text
    assert "Nobody has wished yet: the best matches will be proposed instead, at most 3 for each of the 4" in page
    assert "4 participants did not say who takes meetings and when" in page
    assert "No buyer" not in page


def test_pairs_are_counted_once_by_kind_and_with_a_buyer(edition: Edition, firms: list[Participation]) -> None:
    first, second, third, buyer = firms
    with scope(edition=edition):
        wish(buyer, first)
        wish(first, buyer, "must")
        wish(first, second)
        wish(first, third, "no_thanks")
        wish(third, first)
        MeetingTerms.objects.create(edition=edition, participation=first)
        told = forecast(edition)
    assert (told.pairs, told.with_buyer, told.without_presence) == (2, 1, 2)
    assert dict(told.kinds) == {"Buyer – Exhibitor": 1, "Exhibitor – Exhibitor": 1}
    assert told.sentence.startswith("2 pairs of participants wish to meet")


def test_a_fair_without_buyers_or_tables_is_warned(edition: Edition, take_part: Make) -> None:
    first, second = take_part(edition), take_part(edition)
    Edition.objects.filter(pk=edition.pk).update(meeting_tables=0)
    edition.refresh_from_db()
    with scope(edition=edition):
        wish(first, second)
        warnings = " ".join(forecast(edition).warnings)
    assert "No buyer is confirmed" in warnings
    assert "hold 0 meetings" in warnings


def test_the_result_counts_the_meetings_with_a_buyer(
    edition: Edition, firms: list[Participation], organiser_client: Client
) -> None:
    first, second, _third, buyer = firms
    with scope(edition=edition):
        wish(buyer, first)
        wish(first, second)
    page = f"/en/{edition.slug}/organiser/timetable/"
    done = organiser_client.post(page, follow=True).text
    assert "1 of them is with a buyer." in done
    with scope(edition=edition):
        assert TimetableRun.objects.get().proof["with_buyer"] == 1
    assert "Of them with a buyer" in organiser_client.get(page).text
