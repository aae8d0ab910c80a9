"""The programme's page: what is chosen, events at booths folded where there are many, and few queries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain import session_list
from serai.expo.programme.sessions.domain.releases import release_programme
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session

type Events = Callable[[int, int], list[Session]]


@pytest.fixture
def events(edition: Edition, sessions: list[Session]) -> Events:
    """Events at booths, a quarter of an hour after one another, on a day of November."""

    def made(count: int, day: int) -> list[Session]:
        begins = datetime(2026, 11, day, 1, tzinfo=UTC)
        with scope(edition=edition):
            forum, _made = Forum.objects.get_or_create(
                edition=edition, slug="booths", kind="booth_event", title={"en": "Events at booths"}
            )
            room = Room.objects.create(edition=edition, title={"en": f"W1-A{day}"})
            return [
                Session.objects.create(
                    edition=edition,
                    forum=forum,
                    title={"en": f"Tasting {day}-{number:02}."},
                    room=room,
                    starts_at=begins + timedelta(minutes=15 * number),
                    ends_at=begins + timedelta(minutes=15 * (number + 1)),
                    languages=["fr"],
                )
                for number in range(count)
            ]

    return made


@pytest.fixture
def three_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_list, "EVENTS_A_PAGE", 3)


def seen(client: Client, edition: Edition, query: str = "") -> str:
    answer = client.get(f"/en/{edition.slug}/programme/{query}")
    assert answer.status_code == 200
    return answer.text


def titles(page: str) -> list[str]:
    """The sessions on the page, each once."""
    known = [
        "Opening",
        "Batteries",
        "Coffee",
        *(f"Tasting {day}-{number:02}." for day in (28, 29) for number in range(9)),
    ]
    return [title for title in known if title in page]


def test_a_few_events_stand_among_the_other_sessions(
    edition: Edition, events: Events, three_a_page: None, anonymous_client: Client
) -> None:
    events(3, 28)
    page = seen(anonymous_client, edition)
    assert titles(page) == ["Opening", "Batteries", "Coffee", *(f"Tasting 28-0{number}." for number in range(3))]


def test_many_are_counted_for_each_day_even_for_one_that_has_nothing_else(
    edition: Edition, events: Events, three_a_page: None, anonymous_client: Client
) -> None:
    events(2, 28)
    events(3, 29)
    page = seen(anonymous_client, edition)
    assert titles(page) == ["Opening", "Batteries", "Coffee"]
    assert page.index("2 events at booths on this day") < page.index("3 events at booths on this day")
    assert "?day=2026-11-29&amp;kind=booth_event" in page


def test_who_asks_for_them_gets_them_a_page_at_a_time(
    edition: Edition, events: Events, three_a_page: None, anonymous_client: Client
) -> None:
    events(4, 28)
    events(1, 29)
    first = seen(anonymous_client, edition, "?kind=booth_event")
    assert titles(first) == ["Tasting 28-00.", "Tasting 28-01.", "Tasting 28-02."]
    second = seen(anonymous_client, edition, "?kind=booth_event&page=2")
    assert titles(second) == ["Tasting 28-03.", "Tasting 29-00."]
    day = seen(anonymous_client, edition, "?day=2026-11-28")
    assert titles(day) == ["Opening", "Batteries", "Coffee", "Tasting 28-00.", "Tasting 28-01.", "Tasting 28-02."]
    assert titles(seen(anonymous_client, edition, "?day=2026-11-28&page=2")) == ["Tasting 28-03."]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=coffee", ["Coffee"]),
        ("q=lindqvist", ["Opening", "Batteries"]),
        ("q=forum%20hall", ["Opening", "Batteries"]),
        ("q=nothing", []),
        ("language=fr", ["Tasting 29-00."]),
        ("language=ar&day=2026-11-28", ["Opening", "Batteries", "Coffee"]),
        ("day=2026-11-29", ["Tasting 29-00."]),
        ("day=yesterday", ["Opening", "Batteries", "Coffee", "Tasting 29-00."]),
        ("kind=themed_forum", []),
        ("q=%00", ["Opening", "Batteries", "Coffee", "Tasting 29-00."]),
    ],
)
@pytest.mark.parametrize("released", [False, True])
def test_a_choice_leaves_what_it_is_about(
    query: str,
    found: list[str],
    released: bool,
    edition: Edition,
    events: Events,
    organiser: User,
    anonymous_client: Client,
) -> None:
    events(1, 29)
    if released:
        with scope(edition=edition):
            release_programme(edition, note={}, by=organiser)
            Session.objects.update(title={"en": "Not known yet"})
    assert titles(seen(anonymous_client, edition, f"?{query}")) == found


def test_a_session_that_ends_after_midnight_stands_on_the_day_on_which_it_begins(
    edition: Edition, sessions: list[Session], anonymous_client: Client
) -> None:
    """15:30 UTC is half past eleven at night in Beijing."""
    with scope(edition=edition):
        late = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
        Session.objects.filter(pk=sessions[2].pk).update(starts_at=late, ends_at=late + timedelta(hours=2))
    assert titles(seen(anonymous_client, edition, "?day=2026-11-28")) == ["Opening", "Batteries", "Coffee"]
    assert titles(seen(anonymous_client, edition, "?day=2026-11-29")) == []
    page = seen(anonymous_client, edition)
    assert page.count("the next day") == 2  # once in the table, once in the list
    assert page.count("<h2") == 1


@pytest.mark.parametrize("address", ["programme/", "programme/?q=tasting", "programme/speakers/", "programme/{pk}/"])
def test_the_number_of_queries_does_not_grow_with_the_programme(
    address: str, edition: Edition, events: Events, sessions: list[Session], organiser: User, anonymous_client: Client
) -> None:
    path = f"/en/{edition.slug}/{address.format(pk=sessions[0].pk)}"
    counts = []
    for more in (1, 3):
        for number, event in enumerate(events(more, 28 + (more > 1))):
            with scope(edition=edition):
                Appearance.objects.create(
                    edition=edition,
                    session=event,
                    speaker=sessions[0].appearances.get().speaker,
                    order=number,
                )
        with scope(edition=edition):
            release_programme(edition, note={}, by=organiser, despite_conflicts=True)
        with CaptureQueriesContext(connection) as queries:
            assert anonymous_client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
