"""Signing up: a seat while there is one, then the line in order; the agenda and its secret address."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.agenda.domain import with_clashes
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.calendar import Entry
from serai.expo.programme.sessions.domain.sign_ups import (
    SignUpRefusedError,
    fill_seats,
    place_in_line,
    sign_up,
    withdraw,
)
from serai.expo.programme.sessions.models import Forum, Session, SignUp

type Make[Thing] = Callable[..., Thing]

TOMORROW = timezone.now() + timedelta(days=1)


def make_session(edition: Edition, capacity: int | None = 1, begins: datetime = TOMORROW) -> Session:
    with scope(edition=edition):
        forum, _ = Forum.objects.get_or_create(edition=edition, slug="forum", kind="side_event")
        return Session.objects.create(
            edition=edition,
            forum=forum,
            title={"en": "Batteries"},
            capacity=capacity,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )


def states(session: Session) -> dict[str, str]:
    with scope(edition=session.edition):
        return dict(SignUp.objects.filter(session=session).values_list("user__email", "state"))


def test_the_line_moves_up_in_order(edition: Edition, new_user: Make[User]) -> None:
    session = make_session(edition, capacity=1)
    first, second, third = (new_user(name) for name in ("first", "second", "third"))
    with scope(edition=edition):
        made = [sign_up(user, session) for user in (first, second, third)]
        assert [each.state for each in made] == ["confirmed", "waiting", "waiting"]
        assert place_in_line(made[2]) == 2
        withdraw(first, session)
    assert states(session) == {
        "first@example.org": "withdrawn",
        "second@example.org": "confirmed",
        "third@example.org": "waiting",
    }


def test_who_moves_up_is_written_to_in_the_own_language_and_nobody_else_is(
    edition: Edition, new_user: Make[User]
) -> None:
    session = make_session(edition, capacity=1)
    first, second, third = (new_user(name) for name in ("first", "second", "third"))
    User.objects.filter(pk=second.pk).update(language="fr")
    with scope(edition=edition):
        for user in (first, second, third):
            sign_up(user, session)
        withdraw(third, session)
        assert not Mail.objects.exists()
        withdraw(first, session)
        mail = Mail.objects.get()
    assert (mail.user, mail.language, mail.state) == (second, "fr", "queued")
    assert "Batteries" in mail.subject
    assert f"{session.starts_at.astimezone(ZoneInfo(edition.time_zone)):%H:%M}" in mail.body


def test_of_a_session_that_is_cancelled_or_over_nobody_is_told_of_a_seat(
    edition: Edition, new_user: Make[User]
) -> None:
    cancelled, over = make_session(edition), make_session(edition)
    first, second = new_user("first"), new_user("second")
    with scope(edition=edition):
        for session in (cancelled, over):
            sign_up(first, session)
            sign_up(second, session)
        cancelled.state = Session.State.CANCELLED
        over.starts_at = timezone.now() - timedelta(hours=1)
        for session in (cancelled, over):
            session.save()
            withdraw(first, session)
        assert not Mail.objects.exists()


def test_signing_up_twice_takes_one_seat(edition: Edition, member: User) -> None:
    session = make_session(edition, capacity=2)
    with scope(edition=edition):
        assert sign_up(member, session).pk == sign_up(member, session).pk
        assert SignUp.objects.count() == 1


def test_who_withdrew_comes_back_at_the_end_of_the_line(edition: Edition, new_user: Make[User]) -> None:
    session = make_session(edition, capacity=1)
    first, second, third = (new_user(name) for name in ("first", "second", "third"))
    with scope(edition=edition):
        for user in (first, second, third):
            sign_up(user, session)
        withdraw(second, session)
        again = sign_up(second, session)
        assert (again.state, place_in_line(again)) == ("waiting", 2)


def test_a_larger_room_lets_the_line_in(edition: Edition, new_user: Make[User]) -> None:
    session = make_session(edition, capacity=1)
    with scope(edition=edition):
        for name in ("first", "second", "third"):
            sign_up(new_user(name), session)
        session.capacity = 2
        session.save()
        assert fill_seats(session) == 1
    assert sorted(states(session).values()) == ["confirmed", "confirmed", "waiting"]


def test_a_session_without_a_limit_has_a_seat_for_all(edition: Edition, new_user: Make[User]) -> None:
    session = make_session(edition, capacity=None)
    with scope(edition=edition):
        assert {sign_up(new_user(f"guest{number}"), session).state for number in range(3)} == {"confirmed"}


def test_a_session_that_has_begun_is_closed(edition: Edition, member: User) -> None:
    session = make_session(edition, begins=timezone.now() - timedelta(minutes=1))
    with scope(edition=edition):
        with pytest.raises(SignUpRefusedError, match="has begun"):
            sign_up(member, session)
        assert not SignUp.objects.exists()


def test_every_move_is_in_the_audit_trail(edition: Edition, new_user: Make[User]) -> None:
    session = make_session(edition, capacity=1)
    first, second = new_user("first"), new_user("second")
    with scope(edition=edition):
        sign_up(first, session)
        sign_up(second, session)
        withdraw(first, session)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["sign_up.made", "sign_up.made", "sign_up.withdrawn", "sign_up.confirmed"]


class ThereAreNeverMoreGuestsThanSeats(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(
        capacity=st.integers(1, 3),
        steps=st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=14),
    )
    def test_whatever_people_do(self, capacity: int, steps: list[tuple[bool, int]]) -> None:
        """No more seats are taken than there are, and nobody waits while one is free."""
        from serai.expo.people.account.models import Organisation

        organisation, _ = Organisation.objects.get_or_create(slug="body", country="CN")
        edition = Edition.objects.create(
            organisation=organisation,
            slug="fair",
            country="CN",
            time_zone="Asia/Shanghai",
            starts_on=TOMORROW.date(),
            ends_on=TOMORROW.date(),
        )
        session = make_session(edition, capacity)
        users = [User.objects.create(email=f"{number}@example.org") for number in range(5)]
        with scope(edition=edition):
            for coming, number in steps:
                (sign_up if coming else withdraw)(users[number], session)
                taken = SignUp.objects.filter(state="confirmed").count()
                assert taken <= capacity
                assert taken == capacity or not SignUp.objects.filter(state="waiting").exists()


def entry(uid: str, begins: int, ends: int, tentative: bool = False) -> Entry:
    day = datetime(2026, 11, 28, tzinfo=UTC)
    return Entry(
        uid, uid, day + timedelta(hours=begins), day + timedelta(hours=ends), "", "/", "meeting", tentative=tentative
    )


def test_only_entries_at_the_same_time_clash() -> None:
    entries = [entry("a", 1, 2), entry("b", 2, 3), entry("c", 2, 4), entry("d", 2, 4, tentative=True)]
    assert [each.uid for each in with_clashes(entries) if each.clashes] == ["b", "c"]


def test_the_page_of_a_session_is_for_everyone_and_signing_up_for_who_is_signed_in(
    edition: Edition, anonymous_client: Client, member_client: Client, organiser_client: Client, stranger_client: Client
) -> None:
    session = make_session(edition, capacity=5)
    page = f"/en/{edition.slug}/programme/{session.pk}/"
    clients = {
        "anonymous": anonymous_client,
        "member": member_client,
        "organiser": organiser_client,
        "stranger": stranger_client,
    }
    assert {client.get(page).status_code for client in clients.values()} == {200}
    answers = {who: client.post(f"{page}sign-up/") for who, client in clients.items()}
    assert answers["anonymous"]["Location"].startswith("/en/sign-in/")
    assert [answers[who]["Location"] for who in ("member", "organiser", "stranger")] == [page] * 3
    assert sorted(states(session).values()) == ["confirmed"] * 3
    assert "You have a seat" in member_client.get(page).text
    assert member_client.get(f"{page}sign-up/").status_code == 405


def test_an_agenda_is_its_owners_alone(
    edition: Edition,
    member: User,
    member_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
    take_part: Make[Participation],
    a_firm: Make[Firm],
) -> None:
    session = make_session(edition)
    with scope(edition=edition):
        sign_up(member, session)
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
    session = make_session(edition)
    with scope(edition=edition):
        sign_up(member, session)
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
    with django_assert_num_queries(15):
        member_client.get(f"/en/{edition.slug}/agenda/")
