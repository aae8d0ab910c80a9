"""One room and one speaker at a time, on a day of the fair, with no more seats than the room has."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.domain.conflicts import conflicts, conflicts_of
from serai.expo.programme.sessions.models import Appearance, Room, Session, Speaker

START = datetime(2026, 11, 28, tzinfo=UTC)


def sentences(edition: Edition) -> list[str]:
    with scope(edition=edition):
        return [conflict.sentence for conflict in conflicts_of(edition)]


def change(session: Session, **values: object) -> None:
    with scope(edition=session.edition):
        Session.objects.filter(pk=session.pk).update(**values)


def test_sessions_one_after_the_other_do_not_clash(edition: Edition, sessions: list[Session]) -> None:
    assert sentences(edition) == []


def test_a_room_holds_one_session_at_a_time(edition: Edition, sessions: list[Session]) -> None:
    change(sessions[2], room=sessions[1].room)
    assert sentences(edition) == ["Hall holds “Batteries” and “Coffee” at the same time."]


def test_a_speaker_is_in_one_session_at_a_time(edition: Edition, sessions: list[Session]) -> None:
    with scope(edition=edition):
        Appearance.objects.create(edition=edition, session=sessions[2], speaker=Speaker.objects.get())
    assert sentences(edition) == ["Ada Lindqvist is in “Batteries” and “Coffee” at the same time."]


def test_sessions_of_a_theme_are_not_held_at_once(edition: Edition, sessions: list[Session]) -> None:
    change(sessions[1], themes=["storage", "trade"])
    change(sessions[2], themes=["trade"])
    assert sentences(edition) == ["“Batteries” and “Coffee” share the theme trade and are held at the same time."]


def test_a_session_is_on_a_day_of_the_fair(edition: Edition, sessions: list[Session]) -> None:
    """At 17:00 UTC it is the next day in the fair's own time."""
    late = sessions[0].starts_at + timedelta(days=2, hours=16)
    change(sessions[0], starts_at=late, ends_at=late + timedelta(hours=1))
    assert sentences(edition) == ["“Opening” is not on a day of the fair."]


def test_no_more_can_sign_up_than_the_room_seats(edition: Edition, sessions: list[Session]) -> None:
    change(sessions[2], capacity=12)
    assert sentences(edition) == ["“Coffee” offers 2 seats more than there are in Room."]


@pytest.mark.parametrize("state", ["cancelled"])
def test_what_is_cancelled_clashes_with_nothing(edition: Edition, sessions: list[Session], state: str) -> None:
    change(sessions[2], room=sessions[1].room, state=state)
    assert sentences(edition) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(0, 2), st.sets(st.integers(0, 2)))))
def test_the_pairs_are_those_that_comparing_each_with_each_finds(held: list[tuple[int, int, int, set[int]]]) -> None:
    """Rooms and themes by number, over quarters of an hour of a day."""
    edition = Edition(starts_on=START.date(), ends_on=START.date(), time_zone="UTC")
    sessions = []
    for number, (begins, length, room, themes) in enumerate(held):
        session = Session(pk=number + 1, room=Room(pk=room, title={"en": f"{room}"}), title={"en": f"{number}"})
        session.themes = [f"{theme}" for theme in sorted(themes)]
        session.starts_at = START + timedelta(minutes=15 * begins)
        session.ends_at = session.starts_at + timedelta(minutes=15 * length)
        sessions.append(session)
    expected = [
        {one.pk, other.pk}
        for one, other in combinations(sessions, 2)
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for _shared in [*({one.room_id} & {other.room_id}), *({*one.themes} & {*other.themes})]
    ]
    found = [{session.pk for session in conflict.sessions} for conflict in conflicts(edition, sessions, [])]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))
