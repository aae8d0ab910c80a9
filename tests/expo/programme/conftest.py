"""A programme of three sessions in two rooms on the first day of the fair, whose time is UTC+8."""

from datetime import UTC, datetime

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker


def at(hour: int, minute: int = 0, day: int = 28) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def sessions(edition: Edition) -> list[Session]:
    """Opening (hall, 1 to 2), Batteries (hall, 2 to 4), Coffee (room, 3 to 5); one speaks in the first two."""
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="forum", kind="main_forum", title={"en": "Forum"})
        hall, room = (
            Room.objects.create(edition=edition, title={"en": title}, seats=seats, order=order)
            for order, (title, seats) in enumerate([("Hall", 100), ("Room", 10)])
        )
        held = [("Opening", hall, 1, 2, 100), ("Batteries", hall, 2, 4, 100), ("Coffee", room, 3, 5, 10)]
        made = [
            Session.objects.create(
                edition=edition,
                forum=forum,
                title={"en": title},
                room=where,
                starts_at=at(begins),
                ends_at=at(ends),
                capacity=capacity,
                languages=["en"],
                interpreted=["ar"],
            )
            for title, where, begins, ends, capacity in held
        ]
        ada = Speaker.objects.create(edition=edition, name={"en": "Ada Lindqvist"}, sort_name="ada lindqvist")
        for session in made[:2]:
            Appearance.objects.create(edition=edition, session=session, speaker=ada)
    return made
