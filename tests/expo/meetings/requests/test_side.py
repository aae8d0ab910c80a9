"""The side of a desk: who has it, where its reader is, and what waits; a request is answered on the first page."""

from typing import Any

from django.test import Client
from django_scopes import scope

from serai.expo.meetings.meeting.models import MeetingRequest
from serai.expo.meetings.requests.domain.requests import ask, counter

SIDE = '<nav id="side"'


def client(acting: Any) -> Client:
    signed_in = Client()
    signed_in.force_login(acting.user)
    return signed_in


def part(page: str) -> str:
    return page[page.index(SIDE) :].partition("</nav>")[0]


def test_the_side_says_where_the_reader_is_and_how_much_waits_there(fair: Any) -> None:
    with scope(edition=fair.edition):
        ask(fair.buyer, fair.seller.participation, now=fair.now)
    page = client(fair.seller).get(f"/en/{fair.edition.slug}/meetings/").text
    [current] = [line for line in part(page).split("<li>") if "aria-current" in line]
    assert "Meetings" in current
    assert '<span class="count number">1<' in current


def test_a_request_is_accepted_on_the_first_page_and_the_reader_stays_there(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, message="Separators", now=fair.now)
    seller = client(fair.seller)
    desk = f"/en/{fair.edition.slug}/desk/{fair.seller.participation.firm.identifier}/"
    page = seller.get(desk).text
    due = page[page.index('aria-labelledby="dues"') :].partition("</section>")[0]
    assert "Separators" in due
    answer = seller.post(
        f"/en/{fair.edition.slug}/meetings/requests/{request.pk}/", {"act": "accept", "next": desk}, follow=True
    )
    assert answer.redirect_chain == [(desk, 302)]
    with scope(edition=fair.edition):
        request.refresh_from_db()
    assert request.state == MeetingRequest.State.ACCEPTED
    assert "Separators" not in answer.text


def test_no_answer_leads_to_another_site(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, now=fair.now)
    answer = client(fair.seller).post(
        f"/en/{fair.edition.slug}/meetings/requests/{request.pk}/",
        {"act": "accept", "next": "https://elsewhere.example/"},
    )
    assert answer["Location"] == f"/en/{fair.edition.slug}/meetings/"


def test_who_has_no_desk_has_no_side(fair: Any, anonymous_client: Client, stranger_client: Client) -> None:
    address = f"/en/{fair.edition.slug}/"
    assert SIDE not in anonymous_client.get(address).text
    assert SIDE not in stranger_client.get(f"{address}agenda/").text
    assert SIDE not in stranger_client.get(f"{address}organiser/").text
    assert SIDE not in client(fair.seller).get(f"{address}firms/").text


def test_the_organiser_sees_its_desk_and_what_waits(fair: Any, organiser_client: Client) -> None:
    page = organiser_client.get(f"/en/{fair.edition.slug}/organiser/").text
    assert f'href="/en/{fair.edition.slug}/organiser/queues/"' in part(page)


def test_who_proposes_another_time_is_named_on_the_first_page_of_the_asker(fair: Any) -> None:
    with scope(edition=fair.edition):
        request = ask(fair.seller, fair.buyer.participation, now=fair.now)
        counter(request, fair.buyer, starts_at=fair.times[1], now=fair.now)
    desk = client(fair.seller).get(f"/en/{fair.edition.slug}/desk/{fair.seller.participation.firm.identifier}/").text
    assert "Buyer Ltd proposes another time to meet" in desk
    assert "Seller Ltd asks you to meet" not in desk
