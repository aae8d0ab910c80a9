"""The front page of a fair knows its day: what it shows before the fair, on its days, and after it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.programme.initiatives.models import Initiative
from serai.expo.programme.sessions.domain.session_list import now_and_next
from serai.expo.programme.sessions.models import Forum, Session
from serai.expo.site.web.pages import kept_pages

MIDNIGHT = datetime(2026, 11, 27, 16, tzinfo=UTC)  # in Shanghai the first day begins, the 28th
NOON = MIDNIGHT + timedelta(hours=12)
AFTER = MIDNIGHT + timedelta(days=3)


@pytest.fixture
def sessions(edition: Edition) -> list[Session]:
    """On the first day: one from 11 to 13 o'clock, one each hour from 12 on, and a tasting at a booth at noon."""
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="main", kind="main", title={"en": "Main forum"})
        booths = Forum.objects.create(edition=edition, slug="booths", kind="booth_event", title={"en": "At booths"})
        planned = [(forum, "Opening", -1, 2), (booths, "Tasting", -0.5, 1)]
        planned += [(forum, f"Talk {hour}", hour, 1) for hour in range(8)]
        return [
            Session.objects.create(
                edition=edition,
                forum=of,
                title={"en": title},
                starts_at=NOON + timedelta(hours=begins),
                ends_at=NOON + timedelta(hours=begins + hours),
                languages=["en"],
            )
            for of, title, begins, hours in planned
        ]


def page_at(edition: Edition, client: Client, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        answer = client.get(f"/en/{edition.slug}/")
    assert answer.status_code == 200
    return answer.text


def test_before_the_fair_it_counts_the_days_and_says_who_is_coming(
    edition: Edition, anonymous_client: Client, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    for day in range(8):
        firm = a_firm(f"Firm {day}", name={"en": f"Firm {day}"})
        take_part(edition, firm, entered_at=timezone.now() - timedelta(days=day))
    page = page_at(edition, anonymous_client, MIDNIGHT - timedelta(days=9, seconds=1))
    assert "Opens in 10 days" in page
    assert "Apply or register" in page
    newest = [f"Firm {day}" for day in range(8) if f">Firm {day}<" in page]
    assert newest == [f"Firm {day}" for day in range(6)]
    assert "What the fair achieved" not in page


def test_who_comes_too_early_reads_when_applications_open(edition: Edition, anonymous_client: Client) -> None:
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind="apply", opens_at=MIDNIGHT - timedelta(days=2))
    page = page_at(edition, anonymous_client, MIDNIGHT - timedelta(days=3))
    assert "Applications open on" in page
    assert "Apply or register" not in page


def test_during_the_fair_it_says_what_is_on_and_what_comes_next_on_the_clock_of_the_fair(
    edition: Edition, anonymous_client: Client, sessions: list[Session]
) -> None:
    page = page_at(edition, anonymous_client, NOON)
    assert "Open now: day 1 of 3" in page
    now, following = page.split('id="now"')[1].split("</section>")[0].split("<h3>")
    assert [title for title in ("Opening", "Tasting", "Talk 0", "Talk 1") if title in now] == [
        "Opening",
        "Tasting",
        "Talk 0",
    ]
    assert ">11:00</time>" in now
    assert [hour for hour in range(8) if f"Talk {hour}<" in following] == [1, 2, 3, 4, 5]
    assert "Apply or register" not in page


def test_a_stage_comes_before_a_booth_and_what_has_ended_is_not_on(edition: Edition, sessions: list[Session]) -> None:
    with scope(edition=edition):
        titles = [session.title["en"] for session in now_and_next(edition, NOON, shown=3).now]
        assert titles == ["Opening", "Talk 0", "Tasting"]
        later = now_and_next(edition, NOON + timedelta(hours=1))
        assert [session.title["en"] for session in later.now] == ["Talk 1"]
        assert now_and_next(edition, NOON + timedelta(days=1)).now == []


def test_after_the_fair_it_tells_what_came_of_it_and_leads_to_the_next(
    edition: Edition, anonymous_client: Client, new_edition: Callable[..., Edition]
) -> None:
    page = page_at(edition, anonymous_client, AFTER)
    assert "This fair has ended." in page
    assert "What the fair achieved" in page
    assert "The next fair" not in page
    assert "Apply or register" not in page
    new_edition(edition.organisation, "fair-2027", starts_on=date(2027, 11, 28), ends_on=date(2027, 11, 30))
    page = page_at(edition, anonymous_client, AFTER)
    assert "The next fair" in page
    assert "/en/fair-2027/apply/" in page


def test_what_was_launched_is_named_from_the_first_day_once_it_is_published(
    edition: Edition, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        initiative = Initiative.objects.create(edition=edition, kind="statement", title={"en": "On resilient chains"})
    assert "On resilient chains" not in page_at(edition, anonymous_client, AFTER)
    with scope(edition=edition):
        Initiative.objects.update(state=Initiative.State.PUBLISHED)
    for at in (NOON, AFTER):
        assert f'/en/{edition.slug}/initiatives/{initiative.pk}/">On resilient chains</a>' in page_at(
            edition, anonymous_client, at
        )
    assert "On resilient chains" not in page_at(edition, anonymous_client, MIDNIGHT - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_a_kept_front_page_never_shows_the_day_before(edition: Edition, client: Client) -> None:
    kept_pages._pages.clear()
    for at, told in (
        (MIDNIGHT - timedelta(seconds=1), "Opens in 1 day<"),
        (MIDNIGHT, "Open now: day 1 of 3"),
        (MIDNIGHT + timedelta(days=1), "Open now: day 2 of 3"),
        (AFTER - timedelta(seconds=1), "Open now: day 3 of 3"),
        (AFTER, "This fair has ended."),
    ):
        first, again = page_at(edition, client, at), page_at(edition, client, at)
        assert told in first
        assert again == first
    kept_pages._pages.clear()


@pytest.mark.parametrize("at", [MIDNIGHT - timedelta(days=1), NOON, AFTER], ids=["before", "during", "after"])
def test_it_asks_as_often_at_a_large_fair_as_at_a_small_one(
    at: datetime,
    edition: Edition,
    anonymous_client: Client,
    sessions: list[Session],
    take_part: Callable[..., Participation],
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_at(edition, anonymous_client, at)
        return len(queries)

    take_part(edition)
    few = asked()
    for _ in range(3):
        take_part(edition)
    assert asked() == few
