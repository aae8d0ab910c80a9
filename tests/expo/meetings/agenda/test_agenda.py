"""The agenda of a person: its entries, its clashes, and its secret address."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.agenda.domain import with_clashes
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.calendar import Entry
from serai.expo.programme.sessions.domain.sign_ups import sign_up
from serai.expo.programme.sessions.models import Forum, Session

type Make[Thing] = Callable[..., Thing]

TOMORROW = timezone.now() + timedelta(days=1)


def make_session(edition: Edition) -> Session:
    forum, _ = Forum.objects.get_or_create(edition=edition, slug="forum", kind="side_event")
    begins, ends = TOMORROW, TOMORROW + timedelta(hours=1)
    return Session.objects.create(
        edition=edition, forum=forum, title={"en": "Batteries"}, capacity=1, starts_at=begins, ends_at=ends
    )


def entry(uid: str, begins: int, ends: int, tentative: bool = False) -> Entry:
    day = datetime(2026, 11, 28, tzinfo=UTC)
    return Entry(
        uid, uid, day + timedelta(hours=begins), day + timedelta(hours=ends), "", "/", "meeting", tentative=tentative
    )


def test_only_entries_at_the_same_time_clash() -> None:
    entries = [entry("a", 1, 2), entry("b", 2, 3), entry("c", 2, 4), entry("d", 2, 4, tentative=True)]
    assert [each.uid for each in with_clashes(entries) if each.clashes] == ["b", "c"]


def test_an_agenda_is_its_owners_alone(
    edition: Edition,
    member: User,
    member_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
    take_part: Make[Participation],
    a_firm: Make[Firm],
) -> None:
    with scope(edition=edition):
        sign_up(member, make_session(edition))
        own = Participation.objects.get(firm__roles__user=member)
        other = take_part(edition, a_firm("Nordwind Rotor", name={"en": "Nordwind Rotor"}))
        Meeting.objects.create(
            edition=edition,
            host=own,
            guest=other,
            state="scheduled",
            starts_at=TOMORROW,
            ends_at=TOMORROW + timedelta(minutes=20),
        )
    page = f"/en/{edition.slug}/agenda/"
    mine = member_client.get(page).text
    assert "Batteries" in mine
    assert "Meeting: Nordwind Rotor" in mine
    assert "At the same time as another entry" in mine
    assert "Batteries" not in stranger_client.get(page).text
    assert anonymous_client.get(page)["Location"].startswith("/en/sign-in/")


def feed(client: Client, edition: Edition) -> str:
    client.post(f"/en/{edition.slug}/agenda/feed/", {"make": ""})
    text = client.get(f"/en/{edition.slug}/agenda/").text
    return text.split('id="feed-address"')[1].split('value="http://testserver')[1].split('"')[0]


def test_a_secret_address_serves_a_calendar_until_it_is_ended(
    edition: Edition, member: User, member_client: Client, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        sign_up(member, make_session(edition))
    first = feed(member_client, edition)
    answer = anonymous_client.get(first)
    [event] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), str(event["status"])) == ("Batteries", "CONFIRMED")
    second = feed(member_client, edition)
    assert anonymous_client.get(first).status_code == 404
    assert anonymous_client.get(second).status_code == 200
    member_client.post(f"/en/{edition.slug}/agenda/feed/", {"end": ""})
    assert anonymous_client.get(second).status_code == 404


def test_a_user_who_may_not_sign_in_any_more_has_no_feed(
    edition: Edition, member: User, member_client: Client, anonymous_client: Client
) -> None:
    address = feed(member_client, edition)
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert anonymous_client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_an_agenda_asks_as_often_for_three_sessions_as_for_one(
    count: int, edition: Edition, member: User, member_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with scope(edition=edition):
        for _ in range(count):
            sign_up(member, make_session(edition))
    with django_assert_num_queries(32):  # with what waits on each page of the desk
        member_client.get(f"/en/{edition.slug}/agenda/")
