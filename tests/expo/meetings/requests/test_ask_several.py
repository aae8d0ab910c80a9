"""Several firms are asked at once, each sees its own request, and what is asked is shown instead of asking again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.meeting.domain.life import PartnerStatus, partner_statuses
from serai.expo.meetings.meeting.domain.permission import closed_to_requests
from serai.expo.meetings.meeting.domain.wishes import wish
from serai.expo.meetings.meeting.models import MeetingRequest, Wish
from serai.expo.meetings.requests.domain.requests import accept, ask


@pytest.fixture
def sellers(fair: Any, a_firm: Callable[..., Any], take_part: Callable[..., Any]) -> list[Any]:
    """The seller of the fair and two more."""
    more = [take_part(fair.edition, a_firm(f"{name} Ltd", name={"en": name})) for name in ("Cathodes", "Foils")]
    return [fair.seller.participation, *more]


@pytest.fixture
def buyer(fair: Any) -> Client:
    client = Client()
    client.force_login(fair.buyer.user)
    return client


def test_each_firm_has_a_request_of_its_own_with_the_message(fair: Any, sellers: list[Any], buyer: Client) -> None:
    given = {"firm": [seller.firm.identifier for seller in sellers], "message": "LFP for 2027"}
    answer = buyer.post(f"/en/{fair.edition.slug}/meetings/ask/", given, follow=True)
    assert "3 firms are asked." in answer.text
    with scope(edition=fair.edition):
        made = MeetingRequest.objects.filter(asker=fair.buyer.participation, state="open")
        assert {request.asked_id for request in made} == {seller.pk for seller in sellers}
        assert {request.message for request in made} == {"LFP for 2027"}


def test_one_that_is_refused_keeps_no_other_from_being_asked(fair: Any, sellers: list[Any], buyer: Client) -> None:
    with scope(edition=fair.edition):
        ask(fair.buyer, sellers[0])
    given = {"firm": [seller.firm.identifier for seller in sellers]}
    answer = buyer.post(f"/en/{fair.edition.slug}/meetings/ask/", given, follow=True)
    assert "2 firms are asked." in answer.text
    assert "open request" in answer.text
    with scope(edition=fair.edition):
        assert MeetingRequest.objects.count() == len(sellers)


def test_nobody_is_asked_where_nobody_is_chosen_or_the_phase_is_closed(
    fair: Any, sellers: list[Any], buyer: Client
) -> None:
    address = f"/en/{fair.edition.slug}/meetings/ask/"
    assert "Choose the firms" in buyer.post(address, follow=True).text
    with scope(edition=fair.edition):
        closes = fair.now - timedelta(days=1)
        Phase.objects.update_or_create(edition=fair.edition, kind="requests", defaults={"closes_at": closes})
        assert closed_to_requests(fair.edition)
    buyer.post(address, {"firm": [sellers[0].firm.identifier]})
    with scope(edition=fair.edition):
        assert not MeetingRequest.objects.exists()


def test_a_firm_that_the_buyer_may_not_know_is_not_found(fair: Any, buyer: Client) -> None:
    given = {"firm": [fair.rival.participation.firm.identifier]}
    assert buyer.post(f"/en/{fair.edition.slug}/meetings/ask/", given).status_code == 404


def test_what_stands_between_two_firms_is_seen_by_each_as_it_may(fair: Any, sellers: list[Any]) -> None:
    buyer = fair.buyer.participation
    with scope(edition=fair.edition):
        request = ask(fair.buyer, sellers[0], now=fair.now)
        ask(fair.buyer, sellers[1], now=fair.now)
        assert partner_statuses(buyer) == {sellers[0].pk: PartnerStatus.ASKED, sellers[1].pk: PartnerStatus.ASKED}
        assert partner_statuses(sellers[0]) == {buyer.pk: PartnerStatus.TO_ANSWER}
        accept(request, fair.seller, now=fair.now)
        assert partner_statuses(buyer)[sellers[0].pk] == PartnerStatus.AGREED
        assert partner_statuses(sellers[0]) == {buyer.pk: PartnerStatus.AGREED}


def test_a_refused_firm_s_request_stays_unseen(fair: Any) -> None:
    with scope(edition=fair.edition):
        wish(fair.seller, fair.rival.participation, Wish.Strength.NO_THANKS)
        ask(fair.rival, fair.seller.participation, now=fair.now)
        assert partner_statuses(fair.seller.participation) == {}
        assert partner_statuses(fair.rival.participation) == {fair.seller.participation.pk: PartnerStatus.ASKED}


def test_the_page_of_wishes_shows_what_is_asked_instead_of_asking_again(
    fair: Any, sellers: list[Any], buyer: Client
) -> None:
    with scope(edition=fair.edition):
        for seller in sellers[:2]:
            wish(fair.buyer, seller, Wish.Strength.WOULD)
        ask(fair.buyer, sellers[0])
    page = buyer.get(f"/en/{fair.edition.slug}/meetings/wishes/").text
    first, second = (f'name="firm" value="{seller.firm.identifier}"' for seller in sellers[:2])
    assert first not in page
    assert second in page
    assert "Asked; their answer is awaited" in page
