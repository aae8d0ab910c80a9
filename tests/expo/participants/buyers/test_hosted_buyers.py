"""The organiser sees who accepted which terms, how its meetings went, and who has earned the hosting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.participants.buyers.domain.hosted_buyers import (
    HostedFilter,
    MeetingCounts,
    Standing,
    accept_terms,
    hosted_buyers,
    narrowed,
    publish_terms,
    set_targets,
)
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.people.account.models import User

type Make[Thing] = Callable[..., Thing]

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def accepting(
    edition: Edition, organiser: User, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User]
) -> Callable[[str], Participation]:
    """A function that makes a buyer who has accepted terms that suggest two meetings."""
    with scope(edition=edition):
        publish_terms(edition, {"en": "Three nights"}, suggested=2, maximum=8, by=organiser)

    def make(name: str) -> Participation:
        firm = a_firm(f"{name} Ltd", name={"en": name})
        with scope(edition=edition):
            by = acting(new_user(name.lower(), firm=firm), take_part(edition, firm, "buyer"))
            accept_terms(by, 1)
            set_targets(by, 1, 5)
        return by.participation

    return make


@pytest.fixture
def meet(edition: Edition, take_part: Make[Participation]) -> Callable[..., Meeting]:
    """A function that makes a meeting of a buyer with a new exhibitor, an hour ago."""

    def make(
        buyer: Participation, state: str, *, came: bool = True, other: bool = True, hosts: bool = False
    ) -> Meeting:
        begins = NOW + timedelta(hours=5 if state in {"scheduled", "confirmed"} else -1)
        sides = {"host": buyer, "guest": take_part(edition)} if hosts else {"host": take_part(edition), "guest": buyer}
        arrived = {"host": came, "guest": other} if hosts else {"host": other, "guest": came}
        with scope(edition=edition):
            return Meeting.objects.create(
                edition=edition,
                **sides,
                state=state,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=30),
                **{f"{side}_arrived_at": begins if there else None for side, there in arrived.items()},
            )

    return make


def listed(edition: Edition) -> dict[str, tuple[MeetingCounts, Standing]]:
    with scope(edition=edition):
        return {one.participation.firm.name["en"]: (one.met, one.standing) for one in hosted_buyers(edition, now=NOW)}


def test_a_meeting_held_and_one_come_to_in_vain_count_for_the_buyer_as_host_and_as_guest(
    edition: Edition, accepting: Callable[[str], Participation], meet: Callable[..., Meeting]
) -> None:
    kept, absent, planned = accepting("Kept"), accepting("Absent"), accepting("Planned")
    meet(kept, "held")
    meet(kept, "missed", other=False, hosts=True)
    meet(absent, "held")
    meet(absent, "missed", came=False)
    meet(planned, "held", hosts=True)
    meet(planned, "confirmed", came=False, other=False)
    meet(planned, "cancelled")
    meet(planned, "declined")
    assert listed(edition) == {
        "Absent": (MeetingCounts(told=2, held=1, missed=1), Standing.BELOW),
        "Kept": (MeetingCounts(told=2, held=1, in_vain=1), Standing.EARNED),
        "Planned": (MeetingCounts(told=2, held=1, to_come=1), Standing.ON_THE_WAY),
    }


def test_a_meeting_whose_hour_has_passed_without_a_word_is_neither_held_nor_to_come(
    edition: Edition, accepting: Callable[[str], Participation], meet: Callable[..., Meeting]
) -> None:
    silent = meet(accepting("Silent"), "scheduled")
    with scope(edition=edition):
        Meeting.objects.filter(pk=silent.pk).update(starts_at=NOW - timedelta(2), ends_at=NOW - timedelta(1))
    assert listed(edition) == {"Silent": (MeetingCounts(told=1), Standing.BELOW)}


def test_what_counts_is_the_version_that_was_accepted_last(
    edition: Edition, organiser: User, accepting: Callable[[str], Participation], meet: Callable[..., Meeting]
) -> None:
    buyer = accepting("Kept")
    meet(buyer, "held")
    meet(buyer, "held")
    with scope(edition=edition):
        publish_terms(edition, {"en": "Four nights"}, suggested=5, maximum=8, by=organiser)
        assert [(one.terms and one.terms.version, one.missing) for one in hosted_buyers(edition)] == [(1, 0)]
        user = User.objects.get(email="kept@example.org")
        accept_terms(acting(user, buyer), 2)
        assert [(one.terms and one.terms.version, one.missing) for one in hosted_buyers(edition)] == [(2, 3)]


def test_who_was_let_in_as_a_hosted_buyer_and_has_not_accepted_is_listed_too(
    edition: Edition, take_part: Make[Participation]
) -> None:
    with scope(edition=edition):
        for state, hosted in (("confirmed", True), ("applied", True), ("confirmed", False)):
            one = take_part(edition, kind="buyer", state=state)
            Vetting.objects.create(edition=edition, participation=one, purpose="resale", hosted=hosted)
        found = hosted_buyers(edition)
    assert [(one.participation.state, one.standing) for one in found] == [("confirmed", Standing.NOT_ACCEPTED)]


def test_the_page_shows_those_below_the_minimum_alone_where_they_are_asked_for(
    edition: Edition, organiser_client: Client, accepting: Callable[[str], Participation], meet: Callable[..., Meeting]
) -> None:
    earned = accepting("Earned")
    meet(earned, "held")
    meet(earned, "held")
    accepting("Lagging")
    address = f"/en/{edition.slug}/organiser/buyers/hosted/"
    everyone = organiser_client.get(address).text
    assert "Earned" in everyone
    assert "Lagging" in everyone
    assert "version 1" in everyone
    below = organiser_client.get(f"{address}?standing=below").text
    assert '<th scope="row">Lagging' in below
    assert '<th scope="row">Earned' not in below
    assert "2 missing" in below
    assert '<th scope="row">Earned' in organiser_client.get(f"{address}?q=earn&standing=nonsense").text
    assert "Nobody yet." in organiser_client.get(f"{address}?q=nothing").text
    with scope(edition=edition):
        found = narrowed(hosted_buyers(edition), HostedFilter(words="LAGGING ltd", standing="below"))
    assert [one.participation.firm.name["en"] for one in found] == ["Lagging"]


def test_the_list_takes_the_same_number_of_queries_for_one_as_for_three(
    edition: Edition,
    organiser_client: Client,
    accepting: Callable[[str], Participation],
    meet: Callable[..., Meeting],
) -> None:
    address = f"/en/{edition.slug}/organiser/buyers/hosted/"

    def queries() -> int:
        organiser_client.get(address)
        with CaptureQueriesContext(connection) as asked:
            organiser_client.get(address)
        return len(asked)

    meet(accepting("One"), "held")
    before = queries()
    for name in ("Two", "Three"):
        meet(accepting(name), "held")
    assert queries() == before


def test_a_fair_lists_its_own_hosted_buyers_only(
    edition: Edition,
    other_edition: Edition,
    accepting: Callable[[str], Participation],
    meet: Callable[..., Meeting],
    take_part: Make[Any],
) -> None:
    buyer = accepting("Kept")
    meet(buyer, "held")
    with scope(edition=other_edition):
        there = take_part(other_edition, buyer.firm, kind="buyer")
        Vetting.objects.create(edition=other_edition, participation=there, purpose="resale", hosted=True)
        assert [(one.met, one.standing) for one in hosted_buyers(other_edition)] == [
            (MeetingCounts(), Standing.NOT_ACCEPTED)
        ]
