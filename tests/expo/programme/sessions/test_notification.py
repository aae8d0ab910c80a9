"""Who is written to when a session is moved or cancelled: whom it concerns, once, when the change is made known."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain import changes as editing
from serai.expo.programme.sessions.domain.releases import release_programme
from serai.expo.programme.sessions.models import Session, SignUp, Speaker


def told(edition: Edition) -> dict[str, str]:
    with scope(edition=edition):
        mails = list(Mail.objects.select_related("user"))
        Mail.objects.all().delete()
    assert len({mail.address for mail in mails}) == len(mails)
    return {mail.address.split("@")[0]: mail.body for mail in mails}


@pytest.fixture
def concerned(
    edition: Edition,
    sessions: list[Session],
    new_user: Callable[..., User],
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:
    """Of the first: one who has a seat, one in the line, one who has given the seat up, the speaker and the host."""
    firm = a_firm()
    new_user("host", firm=firm)
    with scope(edition=edition):
        for name, state in (("seated", "confirmed"), ("waiting", "waiting"), ("gone", "withdrawn")):
            SignUp.objects.create(edition=edition, session=sessions[0], user=new_user(name), state=state)
        SignUp.objects.create(
            edition=edition, session=sessions[1], user=User.objects.get(name="Seated"), state="confirmed"
        )
        Speaker.objects.update(user=new_user("speaker"))
        Session.objects.filter(pk=sessions[0].pk).update(host=take_part(edition, firm), capacity=1)


def again(session: Session) -> Any:
    return Session.objects.get(pk=session.pk)


def test_a_cancelled_session_is_told_at_once_with_the_reason_and_held_after_all_too(
    edition: Edition, sessions: list[Session], concerned: None, organiser: User
) -> None:
    with scope(edition=edition):
        release_programme(edition, note={}, by=organiser)
        editing.cancel(again(sessions[0]), "The hall is flooded.", by=organiser)
    said = told(edition)
    assert set(said) == {"seated", "waiting", "speaker", "host"}
    assert "Hall · Opening" in said["host"]
    assert "The hall is flooded." in said["seated"]
    assert f"/en/{edition.slug}/agenda/" in said["seated"]
    with scope(edition=edition):
        editing.cancel(again(sessions[0]), "The hall is flooded still.", by=organiser)
        assert told(edition) == {}
        editing.confirm(again(sessions[0]), by=organiser)
    assert set(told(edition)) == {"seated", "waiting", "speaker", "host"}


def test_moved_sessions_are_told_with_the_release_that_makes_it_known_in_one_letter(
    edition: Edition, sessions: list[Session], concerned: None, organiser: User
) -> None:
    with scope(edition=edition):
        release_programme(edition, note={}, by=organiser)
        assert told(edition) == {}
        for session in sessions[:2]:
            moved = again(session)
            moved.starts_at, moved.ends_at = (at + timedelta(hours=5) for at in (moved.starts_at, moved.ends_at))
            editing.keep(moved, by=organiser)
        reworded = again(sessions[2])
        reworded.title = {"en": "Tea"}
        editing.keep(reworded, by=organiser)
        assert told(edition) == {}
        release_programme(edition, note={}, by=organiser)
    said = told(edition)
    assert set(said) == {"seated", "waiting", "speaker", "host"}
    assert ("Opening" in said["seated"], "Batteries" in said["seated"], "Tea" in said["seated"]) == (True, True, False)
    assert ("Opening" in said["host"], "Batteries" in said["host"]) == (True, False)


def test_before_the_first_release_a_move_is_told_at_once_and_not_to_who_has_made_it(
    edition: Edition, sessions: list[Session], concerned: None, organiser: User
) -> None:
    with scope(edition=edition):
        SignUp.objects.create(edition=edition, session=sessions[0], user=organiser, state="confirmed")
        session = again(sessions[0])
        editing.keep(session, by=organiser)
        assert told(edition) == {}
        session.starts_at -= timedelta(minutes=30)
        editing.keep(session, by=organiser)
    assert set(told(edition)) == {"seated", "waiting", "speaker", "host"}
