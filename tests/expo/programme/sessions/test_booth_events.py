"""Exhibitors propose events at their booths, up to a limit; the organiser decides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.packages.models import Package
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.domain import changes as editing
from serai.expo.programme.sessions.domain.booth_events import (
    NotProposedError,
    events_of,
    most_events,
    propose,
    proposed_events,
    withdraw_proposal,
)
from serai.expo.programme.sessions.domain.releases import released_sessions
from serai.expo.programme.sessions.models import Session
from serai.expo.venue.halls.models import Booth, Hall, Stand


def at(hour: int, minute: int = 0, day: int = 28) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


type Make = Callable[..., Participation]


@pytest.fixture
def exhibitor(edition: Edition, take_part: Make) -> Participation:
    """An exhibitor with a booth."""
    participation = take_part(edition)
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="E1")
        booth = Booth.objects.create(edition=edition, hall=hall, code="E1-07")
        Stand.objects.create(edition=edition, booth=booth, participation=participation)
    return participation


def proposal(participation: Participation, by: User, **changes: Any) -> Session:
    given = {
        "title": {"en": "Tasting"},
        "summary": {},
        "starts_at": at(3),
        "ends_at": at(4),
        "capacity": 20,
        "languages": ["en"],
    }
    with scope(edition=participation.edition):
        return propose(participation, by=by, **given | changes)


def test_an_event_is_public_once_the_organiser_confirms_it(
    edition: Edition, exhibitor: Participation, member: User, organiser: User
) -> None:
    made = proposal(exhibitor, member)
    with scope(edition=edition):
        assert [each.pk for each in proposed_events(edition)] == [made.pk]
        assert list(released_sessions(edition)) == []
        editing.confirm(made, by=organiser)
        [shown] = released_sessions(edition)
        assert (shown.place, shown.forum.kind, proposed_events(edition)) == ({"en": "E1-07"}, "booth_event", [])


def test_an_exhibitor_holds_no_more_than_the_fair_allows(
    edition: Edition, exhibitor: Participation, member: User
) -> None:
    for number in range(edition.booth_events_maximum):
        proposal(exhibitor, member, starts_at=at(1 + number), ends_at=at(2 + number))
    with pytest.raises(NotProposedError, match="at most 3 events"):
        proposal(exhibitor, member, starts_at=at(7), ends_at=at(8))
    with scope(edition=edition):
        withdraw_proposal(events_of(exhibitor)[0], by=member)
    assert proposal(exhibitor, member, starts_at=at(7), ends_at=at(8)).state == "proposed"


def test_who_has_bought_a_number_of_events_is_told_that_number(edition: Edition, exhibitor: Participation) -> None:
    with scope(edition=edition):
        assert most_events(exhibitor) == edition.booth_events_maximum
        exhibitor.package = Package.objects.create(edition=edition, code="gold", title={"en": "Gold"}, booth_events=7)
        assert most_events(exhibitor) == 7


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ({"starts_at": at(3, 30), "ends_at": at(5)}, "at this time already"),
        ({"starts_at": at(6), "ends_at": at(5)}, "end before it begins"),
        ({"starts_at": at(3, day=27), "ends_at": at(4, day=27)}, "within one day of the fair"),
        ({"starts_at": at(15), "ends_at": at(17)}, "within one day of the fair"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_the_reason(
    edition: Edition, exhibitor: Participation, member: User, times: dict[str, Any], sentence: str
) -> None:
    proposal(exhibitor, member)
    with pytest.raises(NotProposedError, match=sentence):
        proposal(exhibitor, member, **times)
    with scope(edition=edition):
        assert len(events_of(exhibitor)) == 1


def test_without_a_booth_there_is_no_event(edition: Edition, take_part: Make, member: User) -> None:
    with pytest.raises(NotProposedError, match="no booth yet"):
        proposal(take_part(edition), member)


def test_what_was_decided_is_not_withdrawn(
    edition: Edition, exhibitor: Participation, member: User, organiser: User
) -> None:
    made = proposal(exhibitor, member)
    with scope(edition=edition):
        editing.confirm(made, by=organiser)
        with pytest.raises(NotProposedError, match="has decided"):
            withdraw_proposal(made, by=member)
        assert made.ends_at - made.starts_at == timedelta(hours=1)


def test_the_desk_proposes_and_withdraws_and_says_what_is_wrong(
    edition: Edition, exhibitor: Participation, new_user: Callable[..., User]
) -> None:
    owner = new_user("owner", firm=exhibitor.firm)
    Role.objects.filter(user=owner).update(kind=Role.Kind.OWNER)
    client = Client()
    client.force_login(owner)
    page = f"/en/{edition.slug}/desk/{exhibitor.firm.identifier}/events/"
    given = {"title_en": "Tasting", "starts_at": "2026-11-28T11:00", "ends_at": "2026-11-28T12:00", "languages": "en"}
    assert client.post(page, given).status_code == 302
    refused = client.post(page, given)
    assert refused.status_code == 400
    assert "at this time already" in refused.text
    with scope(edition=edition):
        [made] = events_of(exhibitor)
    assert made.starts_at == at(3)
    client.post(f"{page}{made.pk}/withdraw/")
    with scope(edition=edition):
        assert list(events_of(exhibitor)) == []
