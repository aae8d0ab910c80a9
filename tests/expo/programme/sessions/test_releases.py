"""The public sees the last release; what has changed between two releases is told; a cancellation is told at once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain import changes as editing
from serai.expo.programme.sessions.domain.releases import (
    Change,
    ConflictingReleaseError,
    NothingToReleaseError,
    changes_of,
    changes_to_release,
    release_programme,
    released_sessions,
    snapshot,
)
from serai.expo.programme.sessions.domain.sign_ups import sign_up
from serai.expo.programme.sessions.models import Release, Room, Session


def release(edition: Edition, by: User) -> Release:
    with scope(edition=edition):
        return release_programme(edition, note={"en": "News."}, by=by)


def shown(edition: Edition) -> dict[str, int]:
    """The sessions that the public sees, by the hour (UTC) at which they begin."""
    with scope(edition=edition):
        return {session.title["en"]: session.starts_at.hour for session in released_sessions(edition)}


def move(session: Session, hours: int, by: User) -> None:
    with scope(edition=session.edition):
        found = Session.objects.get(pk=session.pk)
        found.starts_at += timedelta(hours=hours)
        found.ends_at += timedelta(hours=hours)
        editing.keep(found, by=by)


def test_before_the_first_release_the_programme_is_seen_as_it_stands(
    edition: Edition, sessions: list[Session], organiser: User
) -> None:
    move(sessions[2], 2, organiser)
    with scope(edition=edition):
        Session.objects.filter(pk=sessions[0].pk).update(state=Session.State.PROPOSED)
    assert shown(edition) == {"Batteries": 2, "Coffee": 5}


def test_a_change_is_seen_with_the_next_release(edition: Edition, sessions: list[Session], organiser: User) -> None:
    release(edition, organiser)
    move(sessions[2], 2, organiser)
    assert shown(edition) == {"Opening": 1, "Batteries": 2, "Coffee": 3}
    release(edition, organiser)
    assert shown(edition) == {"Opening": 1, "Batteries": 2, "Coffee": 5}


def test_what_a_release_changes_is_told_by_kind(edition: Edition, sessions: list[Session], organiser: User) -> None:
    first = release(edition, organiser)
    move(sessions[2], 2, organiser)
    with scope(edition=edition):
        editing.cancel(Session.objects.get(pk=sessions[0].pk), "The speaker is ill.", by=organiser)
        Session.objects.filter(pk=sessions[1].pk).update(title={"en": "Cells"})
        Session.objects.create(
            edition=edition,
            forum=sessions[0].forum,
            title={"en": "Tea"},
            starts_at=sessions[2].ends_at,
            ends_at=sessions[2].ends_at + timedelta(hours=1),
        )
        told = {each.session.title["en"]: each.change for each in changes_to_release(edition).first}
        assert told == {
            "Opening": Change.CANCELLED,
            "Cells": Change.REWORDED,
            "Coffee": Change.MOVED,
            "Tea": Change.NEW,
        }
        second = release_programme(edition, note={}, by=organiser)
        assert not changes_to_release(edition)
        [moved] = [each for each in changes_of(second).first if each.change == Change.MOVED]
        assert moved.before is not None
        assert (moved.before.starts_at.hour, moved.session.starts_at.hour) == (3, 5)
        assert len(changes_of(first).first) == 3
        assert (len(changes_of(first, 2).first), changes_of(first, 2).more) == (2, 1)
        assert (first.number, second.number) == (1, 2)


def test_another_room_is_a_move(edition: Edition, sessions: list[Session], organiser: User) -> None:
    release(edition, organiser)
    with scope(edition=edition):
        Session.objects.filter(pk=sessions[2].pk).update(
            room=Room.objects.create(edition=edition, title={"en": "Yard"})
        )
        [change] = changes_to_release(edition).first
    assert change.change == Change.MOVED
    assert change.before is not None
    assert (change.before.place, change.session.place) == ({"en": "Room"}, {"en": "Yard"})


def test_the_same_moment_in_another_time_zone_is_no_change(edition: Edition, sessions: list[Session]) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    there = [Session(pk=each.pk, starts_at=each.starts_at.astimezone(zone), ends_at=each.ends_at) for each in sessions]
    assert [each["starts_at"] for each in snapshot(there).values()] == [
        each["starts_at"] for each in snapshot(sessions).values()
    ]


def test_nothing_new_is_no_release(edition: Edition, sessions: list[Session], organiser: User) -> None:
    release(edition, organiser)
    with pytest.raises(NothingToReleaseError):
        release(edition, organiser)
    assert AuditEntry.objects.filter(action="programme.released").count() == 1


def test_a_cancelled_session_is_told_as_cancelled_at_once_and_after(
    edition: Edition, sessions: list[Session], organiser: User, anonymous_client: Client
) -> None:
    release(edition, organiser)
    with scope(edition=edition):
        editing.cancel(Session.objects.get(pk=sessions[0].pk), "The speaker is ill.", by=organiser)
    page = f"/en/{edition.slug}/programme/"
    assert "Cancelled" in anonymous_client.get(page).text
    release(edition, organiser)
    assert "Opening" not in anonymous_client.get(page).text
    told = anonymous_client.get(f"{page}{sessions[0].pk}/").text
    assert "This session is cancelled. The speaker is ill." in " ".join(told.split())
    assert "The speaker is ill." in anonymous_client.get(f"{page}changes/").text


def test_a_calendar_that_subscribes_moves_and_cancels_its_entries(
    edition: Edition, sessions: list[Session], organiser: User, anonymous_client: Client
) -> None:
    release(edition, organiser)
    move(sessions[2], 2, organiser)
    with scope(edition=edition):
        editing.cancel(Session.objects.get(pk=sessions[0].pk), "", by=organiser)
    release(edition, organiser)
    answer = anonymous_client.get(f"/en/{edition.slug}/programme/programme.ics")
    events = {str(each["summary"]): each for each in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}
    assert {title: str(event["status"]) for title, event in events.items()} == {
        "Opening": "CANCELLED",
        "Batteries": "CONFIRMED",
        "Coffee": "CONFIRMED",
    }
    assert {title: int(event["sequence"]) for title, event in events.items()} == {
        "Opening": 2,
        "Batteries": 0,
        "Coffee": 1,
    }


def test_an_agenda_says_that_a_session_has_moved(
    edition: Edition, sessions: list[Session], organiser: User, member: User, member_client: Client
) -> None:
    release(edition, organiser)
    with scope(edition=edition):
        sign_up(member, sessions[2], sessions[0].starts_at)
    move(sessions[2], 2, organiser)
    page = f"/en/{edition.slug}/agenda/"
    assert "Changed since" not in member_client.get(page).text
    release(edition, organiser)
    assert "Changed since" in member_client.get(page).text


def test_what_people_know_of_is_cancelled_and_not_removed(
    edition: Edition, sessions: list[Session], organiser: User
) -> None:
    release(edition, organiser)
    with scope(edition=edition):
        with pytest.raises(editing.KeptError, match="Cancel it"):
            editing.remove(sessions[0], by=organiser)
        with pytest.raises(editing.KeptError, match="Sessions are held in it"):
            editing.remove(sessions[0].forum, by=organiser)
        assert Session.objects.count() == 3


@pytest.mark.parametrize("page", ["programme/", "programme/speakers/", "programme/changes/", "organiser/programme/"])
def test_more_sessions_need_no_more_queries(
    page: str,
    edition: Edition,
    sessions: list[Session],
    organiser: User,
    organiser_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with scope(edition=edition):
        Session.objects.exclude(pk=sessions[0].pk).update(state=Session.State.PROPOSED)
    release(edition, organiser)
    address = f"/en/{edition.slug}/{page}"
    organiser_client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert organiser_client.get(address).status_code == 200
    with scope(edition=edition):
        Session.objects.update(state=Session.State.CONFIRMED)
        Release.objects.all().delete()
    release(edition, organiser)
    with django_assert_num_queries(len(one)):
        organiser_client.get(address)


def test_a_release_with_two_sessions_in_one_room_at_once_names_both_and_waits_for_a_word(
    edition: Edition, sessions: list[Session], organiser: User, organiser_client: Client
) -> None:
    with scope(edition=edition):
        Session.objects.filter(pk=sessions[1].pk).update(starts_at=sessions[0].starts_at)
        with pytest.raises(ConflictingReleaseError, match="Hall holds “Opening” and “Batteries” at the same time"):
            release_programme(edition, note={}, by=organiser)
    page = f"/en/{edition.slug}/organiser/programme/"
    assert "Release it all the same" in organiser_client.get(page).text
    refused = organiser_client.post(f"{page}release/", {})
    assert refused.status_code == 400
    assert "Hall holds “Opening” and “Batteries” at the same time." in refused.text
    with scope(edition=edition):
        assert not Release.objects.exists()
    assert organiser_client.post(f"{page}release/", {"despite_conflicts": "on"}).status_code == 302
    with scope(edition=edition):
        assert Release.objects.get().number == 1
    shown_page = organiser_client.get(f"/en/{edition.slug}/programme/").text
    assert 'colspan="2"' in shown_page
    table = shown_page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Opening" in table
    assert "Batteries" in table


def test_a_theme_shared_at_once_does_not_stop_a_release(
    edition: Edition, sessions: list[Session], organiser: User
) -> None:
    with scope(edition=edition):
        Session.objects.filter(pk__in=[session.pk for session in sessions[1:]]).update(themes=["batteries"])
        assert release_programme(edition, note={}, by=organiser).number == 1
