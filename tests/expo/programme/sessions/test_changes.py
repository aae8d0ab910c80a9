"""The organiser edits the parts of a programme; bad input changes nothing and says what was wrong."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.sign_ups import sign_up
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, SignUp, Speaker


def page(edition: Edition, rest: str) -> str:
    return f"/en/{edition.slug}/organiser/programme/{rest}"


def said(session: Session, **changes: Any) -> dict[str, Any]:
    """What the form of a session says when nothing but `changes` is changed. The fair's time is UTC+8."""
    return {
        "forum": session.forum_id,
        "title_en": session.title["en"],
        "starts_at": "2026-11-28T09:00",
        "ends_at": "2026-11-28T10:30",
        "room": session.room_id,
        "capacity": session.capacity,
        "languages": ["en", "zh-hans"],
        "themes": "storage, trade，storage",
    } | changes


def stored(session: Session) -> Session:
    with scope(edition=session.edition):
        return Session.objects.get(pk=session.pk)


def test_a_session_is_edited_in_the_fairs_own_time(
    edition: Edition, sessions: list[Session], organiser_client: Client
) -> None:
    address = page(edition, f"session/{sessions[0].pk}/")
    assert 'value="2026-11-28T09:00"' in organiser_client.get(address).text
    with scope(edition=edition):
        ada = Speaker.objects.get()
    answer = organiser_client.post(
        address, said(sessions[0], title_ar="الافتتاح", **{"speaker-0": ada.pk, "role-0": "moderator"})
    )
    assert answer.status_code == 302
    kept = stored(sessions[0])
    assert (kept.starts_at.hour, kept.ends_at.hour, kept.ends_at.minute) == (1, 2, 30)
    assert kept.title == {"en": "Opening", "ar": "الافتتاح"}
    assert (kept.languages, kept.themes) == (["en", "zh-hans"], ["storage", "trade"])
    with scope(edition=edition):
        assert [each.role for each in Appearance.objects.filter(session=kept)] == ["moderator"]
    entry = AuditEntry.objects.get(action="session.changed")
    assert entry.before is not None
    assert entry.before["title"] == {"en": "Opening"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_at": "2026-11-28T08:00"}, "A session ends after it begins."),
        ({"title_en": ""}, "This field is required."),
        ({"starts_at": "tomorrow"}, "Enter a valid date/time."),
        ({"capacity": -1}, "greater than or equal to 0"),
        ({"room": 987654}, "Select a valid choice"),
    ],
)
def test_a_form_that_is_wrong_changes_nothing_and_says_why(
    edition: Edition, sessions: list[Session], organiser_client: Client, changes: dict[str, Any], sentence: str
) -> None:
    answer = organiser_client.post(page(edition, f"session/{sessions[0].pk}/"), said(sessions[0], **changes))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert stored(sessions[0]).ends_at == sessions[0].ends_at
    assert not AuditEntry.objects.exists()


def test_a_speaker_stands_once_in_a_session(
    edition: Edition, sessions: list[Session], organiser_client: Client
) -> None:
    with scope(edition=edition):
        ada = Speaker.objects.get()
    twice = said(sessions[2], **{"speaker-0": ada.pk, "speaker-1": ada.pk})
    assert "stands twice" in organiser_client.post(page(edition, f"session/{sessions[2].pk}/"), twice).text


def test_a_new_forum_room_speaker_and_session_make_a_programme(edition: Edition, organiser_client: Client) -> None:
    forms = {
        "forum": {"kind": "side_event", "slug": "tea", "title_en": "Tea", "order": 1},
        "room": {"title_en": "Pavilion", "seats": 30, "order": 1},
        "speaker": {"name_zh-hans": "宋文清", "country": "CN"},
    }
    for word, given in forms.items():
        assert organiser_client.post(page(edition, f"{word}/new/"), given).status_code == 302
    with scope(edition=edition):
        forum, room, speaker = Forum.objects.get(), Room.objects.get(), Speaker.objects.get()
    assert speaker.sort_name == "song wen qing"
    given = {"forum": forum.pk, "room": room.pk, "title_en": "Leaves", "speaker-0": speaker.pk, "role-0": "speaker"}
    times = {"starts_at": "2026-11-28T09:00", "ends_at": "2026-11-28T10:00"}
    assert organiser_client.post(page(edition, "session/new/"), given | times).status_code == 302
    shown = organiser_client.get(f"/zh-hans/{edition.slug}/programme/speakers/{speaker.pk}/").text
    assert "宋文清" in shown
    assert "Leaves" in shown


def test_two_forums_of_a_fair_have_two_addresses(
    edition: Edition, sessions: list[Session], organiser_client: Client
) -> None:
    again = {"kind": "side_event", "slug": "forum", "title_en": "Again", "order": 1}
    assert "Another forum of this fair" in organiser_client.post(page(edition, "forum/new/"), again).text


def test_more_seats_let_in_who_waits(
    edition: Edition, sessions: list[Session], organiser_client: Client, member: User, stranger: User
) -> None:
    with scope(edition=edition):
        Session.objects.filter(pk=sessions[2].pk).update(capacity=1)
        for user in (member, stranger):
            sign_up(user, stored(sessions[2]), sessions[0].starts_at)
    organiser_client.post(page(edition, f"session/{sessions[2].pk}/"), said(sessions[2], capacity=2))
    with scope(edition=edition):
        assert {each.state for each in SignUp.objects.all()} == {"confirmed"}


def test_a_cancellation_needs_a_reason(edition: Edition, sessions: list[Session], organiser_client: Client) -> None:
    address = page(edition, f"session/{sessions[0].pk}/cancel/")
    organiser_client.post(address, {"reason": " "})
    assert stored(sessions[0]).state == "confirmed"
    organiser_client.post(address, {"reason": "Storm."})
    assert (stored(sessions[0]).state, stored(sessions[0]).reason) == ("cancelled", "Storm.")


def test_parts_of_another_fair_are_not_found(
    sessions: list[Session], other_edition: Edition, other_organiser_client: Client
) -> None:
    address = page(other_edition, f"session/{sessions[0].pk}/")
    assert other_organiser_client.get(address).status_code == 404
    assert other_organiser_client.post(address, said(sessions[0])).status_code == 404


def test_what_nobody_knows_of_is_removed(edition: Edition, sessions: list[Session], organiser_client: Client) -> None:
    organiser_client.post(page(edition, f"session/{sessions[0].pk}/remove/"))
    organiser_client.post(page(edition, f"room/{sessions[1].room_id}/remove/"))
    with scope(edition=edition):
        assert (Session.objects.count(), Room.objects.count()) == (2, 2)
