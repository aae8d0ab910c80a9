"""The organiser's first page: its figures are those of the rows, its parts agree, its lists name what is wrong."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.desk.domain import todos
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules.roles import ROLES, Rights
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.people.account.models import Role
from serai.expo.results.report.domain.funnel import funnel
from serai.expo.site.cockpit.domain import DAYS, FLAWS, flaws, trends


@pytest.fixture
def firms(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> list[Participation]:
    """Two exhibitors and two buyers."""
    kinds = ("exhibitor", "exhibitor", "buyer", "buyer")
    return [take_part(edition, a_firm(f"Firm {number} Ltd"), kind) for number, kind in enumerate(kinds)]


def meet(edition: Edition, host: Participation, guest: Participation, at: datetime, state: str) -> Meeting:
    ends = at + timedelta(minutes=30)
    return Meeting.objects.create(edition=edition, host=host, guest=guest, starts_at=at, ends_at=ends, state=state)


def test_a_trend_counts_each_row_on_its_day(edition: Edition, firms: list[Participation]) -> None:
    now = timezone.now()
    with scope(edition=edition):
        for days, asked in ((0, 1), (3, 2), (9, 3), (40, 0)):
            MeetingRequest.objects.create(
                edition=edition,
                asker=firms[2] if asked != 3 else firms[3],
                asked=firms[asked % 2],
                awaiting=firms[asked % 2],
                state=MeetingRequest.State.DECLINED,
                said_at=now - timedelta(days=days),
                expires_at=now,
            )
        [requests] = [trend for trend in trends(edition, today_at(edition)) if trend.series.code == "requests"]
    assert (requests.total, requests.this_week, requests.week_before) == (4, 2, 1)
    assert len(requests.days) == DAYS
    assert [count for _day, count in requests.days][-1] == 1


def test_a_pair_is_counted_once_however_often_it_wishes_or_asks(edition: Edition, firms: list[Participation]) -> None:
    seller, _other, buyer, _second = firms
    now = timezone.now()
    with scope(edition=edition):
        for wisher, wished in ((seller, buyer), (buyer, seller)):
            Wish.objects.create(edition=edition, wisher=wisher, wished=wished, strength=Wish.Strength.WOULD)
        for state in (MeetingRequest.State.DECLINED, MeetingRequest.State.ACCEPTED):
            MeetingRequest.objects.create(
                edition=edition, asker=buyer, asked=seller, awaiting=seller, state=state, expires_at=now
            )
        meet(edition, seller, buyer, now, Meeting.State.HELD)
        counted = funnel(edition)
    assert {step.code: step.count for step in counted.steps} == {
        "wish": 1,
        "request": 1,
        "accepted": 1,
        "timed": 1,
        "held": 1,
        "outcome": 0,
    }
    assert [rate.value for rate in counted.rates] == [50.0, 1.0, 100.0]
    assert [rate.is_below for rate in counted.rates] == [False, True, False]


def test_a_rate_without_anything_to_divide_by_is_not_known(edition: Edition) -> None:
    with scope(edition=edition):
        counted = funnel(edition)
    assert [rate.value for rate in counted.rates] == [None, None, None]
    assert not any(rate.is_below for rate in counted.rates)


def test_where_meetings_have_times_nobody_is_told_that_there_is_no_timetable(
    edition: Edition, firms: list[Participation]
) -> None:
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=firms[2], wished=firms[0], strength=Wish.Strength.MUST)
        assert "timetable" in {todo.page for todo in todos(edition, ROLES[Role.Kind.OWNER])}
        meet(edition, firms[0], firms[2], timezone.now(), Meeting.State.CONFIRMED)
        assert "timetable" not in {todo.page for todo in todos(edition, ROLES[Role.Kind.OWNER])}


def test_each_flaw_is_found_and_gone_once_it_is_mended(
    edition: Edition, firms: list[Participation], offer: Callable[..., Any]
) -> None:
    def found() -> dict[str, int]:
        with scope(edition=edition):
            return {found.flaw.code: found.count for found in flaws(edition, ROLES[Role.Kind.OWNER])}

    at = datetime(2026, 11, 27, 2, tzinfo=UTC)
    assert found()["no-offer"] == 2
    assert found()["silent-buyers"] == 2
    assert found()["no-people"] == 4
    assert "no-booth" not in found()  # nobody lacks a booth where none is drawn
    assert "two-meetings" not in found()
    offer(firms[0])
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=firms[2], wished=firms[0], strength=Wish.Strength.MUST)
        meet(edition, firms[0], firms[2], at, Meeting.State.SCHEDULED)
        meet(edition, firms[0], firms[3], at + timedelta(minutes=15), Meeting.State.CONFIRMED)
        meet(edition, firms[1], firms[3], at + timedelta(minutes=45), Meeting.State.CONFIRMED)
    assert found()["no-offer"] == 1
    assert found()["silent-buyers"] == 1
    assert found()["two-meetings"] == 1
    Firm.objects.filter(pk=firms[1].firm_id).update(description={"en": "We spin cotton yarn."})
    assert "no-offer" not in found()  # it is suggested by its description


@pytest.mark.parametrize("code", [flaw.code for flaw in FLAWS])
def test_the_list_of_a_flaw_names_each_row_and_where_it_is_mended(
    edition: Edition, firms: list[Participation], organiser_client: Client, member_client: Client, code: str
) -> None:
    address = f"/en/{edition.slug}/organiser/flaws/{code}/"
    assert organiser_client.get(address).status_code == 200
    assert member_client.get(address).status_code == 403


def test_a_role_is_told_of_what_it_reads_only(edition: Edition, firms: list[Participation]) -> None:
    with scope(edition=edition):
        assert {found.flaw.area for found in flaws(edition, Rights(reads=frozenset({"people"})))} == {"people"}
        assert {found.flaw.area for found in flaws(edition, ROLES[Role.Kind.OWNER])} == {"people", "meetings"}


def test_who_lacks_an_offer_is_named(edition: Edition, firms: list[Participation], organiser_client: Client) -> None:
    page = organiser_client.get(f"/en/{edition.slug}/organiser/flaws/no-offer/").text
    for exhibitor in firms[:2]:
        assert f"/organiser/participants/{exhibitor.pk}/" in page
    assert f"/organiser/participants/{firms[2].pk}/" not in page
    assert organiser_client.get(f"/en/{edition.slug}/organiser/flaws/unheard-of/").status_code == 404


def test_the_first_page_shows_figures_funnel_and_flaws(
    edition: Edition, firms: list[Participation], organiser_client: Client
) -> None:
    page = organiser_client.get(f"/en/{edition.slug}/organiser/").text
    assert "From wish to outcome" in page
    assert f"/en/{edition.slug}/organiser/flaws/no-offer/" in page
    assert "4 in the last seven days, 0 in the seven before" in page
