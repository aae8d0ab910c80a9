"""Before the timetable opens its times and places are for organisers: on no page, in no calendar, in no call."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import closed_sentence, set_phases
from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.agenda.domain import agenda, new_feed
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.meetings.requests.domain.exchanges import ask_exchange
from serai.expo.meetings.requests.domain.requests import accept, ask
from serai.expo.people.account.models import User

PLACE = "Table 4711"


@pytest.fixture
def seated(published: Any) -> Meeting:
    """A meeting of seller and buyer that the timetable has given the second time."""
    fair = published
    with scope(edition=fair.edition):
        return Meeting.objects.create(
            edition=fair.edition,
            host=fair.seller.participation,
            guest=fair.buyer.participation,
            state=Meeting.State.SCHEDULED,
            starts_at=fair.times[1],
            ends_at=fair.times[1] + timedelta(minutes=30),
            place=PLACE,
        )


def open_at(fair: Any, at: datetime) -> str:
    set_phases(fair.edition, {Phase.Kind.TIMETABLE: (at, None)})
    return closed_sentence(fair.edition, Phase.Kind.TIMETABLE)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(fair: Any, meeting: Meeting) -> list[str]:
    seller = fair.seller.participation.firm.identifier
    return [f"meetings/{rest}" for rest in ("", f"{meeting.pk}/", f"ask/{seller}/")] + ["agenda/"]


@pytest.mark.parametrize("days", [5, -1])
def test_a_side_reads_time_and_place_once_the_timetable_has_opened(published: Any, seated: Meeting, days: int) -> None:
    fair, hidden = published, days > 0
    sentence = open_at(fair, timezone.now() + timedelta(days=days))
    assert bool(sentence) == hidden
    client = client_of(fair.buyer.user)
    with scope(edition=fair.edition):
        entries = agenda(fair.buyer.user, fair.edition)
        feed = new_feed(fair.buyer.user)
    assert bool(entries) != hidden
    for page in pages(fair, seated):
        answer = client.get(f"/en/{fair.edition.slug}/{page}")
        assert answer.status_code == 200, page
        assert (PLACE in answer.text) != hidden, page
        assert (sentence in answer.text) if hidden else True, page
    calendar = client.get(f"/en/{fair.edition.slug}/agenda/{feed.token}.ics")
    assert calendar.status_code == 200
    assert (PLACE in calendar.text) != hidden
    desk = client_of(fair.seller.user).get(f"/en/{fair.edition.slug}/desk/{fair.seller.participation.firm.identifier}/")
    assert desk.status_code == 200
    assert (PLACE in desk.text) != hidden


def test_an_organiser_reads_it_at_any_time(
    published: Any, seated: Meeting, organiser_client: Client, organiser: User
) -> None:
    open_at(published, timezone.now() + timedelta(days=5))
    page = organiser_client.get(f"/en/{published.edition.slug}/organiser/timetable/")
    assert page.status_code == 200
    assert PLACE in page.text


def test_the_time_that_two_agreed_on_is_theirs_to_read(published: Any) -> None:
    fair = published
    open_at(fair, timezone.now() + timedelta(days=5))
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0], now=fair.now)
        meeting = accept(request, fair.seller, now=fair.now)
        assert (meeting.state, len(agenda(fair.buyer.user, fair.edition))) == ("confirmed", 1)


def test_a_time_that_they_did_not_name_is_given_and_not_read_before(published: Any) -> None:
    fair = published
    open_at(fair, timezone.now() + timedelta(days=5))
    with scope(edition=fair.edition):
        meeting = accept(ask(fair.buyer, fair.seller.participation, now=fair.now), fair.seller, now=fair.now)
        assert (meeting.state, meeting.starts_at) == ("scheduled", fair.times[0])
        assert agenda(fair.buyer.user, fair.edition) == []
        times = MeetingEvent.objects.filter(kind=MeetingEvent.Kind.ACCEPTED).values_list("starts_at", flat=True)
        assert list(times) == [None, None]


def test_no_times_are_exchanged_that_nobody_may_read(published: Any, seated: Meeting) -> None:
    fair = published
    sentence = open_at(fair, timezone.now() + timedelta(days=5))
    with scope(edition=fair.edition):
        request = ask(fair.rival, fair.seller.participation, starts_at=fair.times[5], now=fair.now)
        other = accept(request, fair.seller, now=fair.now)
        with pytest.raises(MeetingRefusedError) as refusal:
            ask_exchange(fair.seller, seated, other, now=fair.now)
    assert str(refusal.value) == sentence
