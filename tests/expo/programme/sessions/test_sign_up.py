"""Signing up: a seat while there is one, then the line in order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import User
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
