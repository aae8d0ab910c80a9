"""Those who try every page, and a thing of each kind for them to find."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.badges.models import Badge
from serai.expo.chains.domain import load_builtin_chains
from serai.expo.editions.models import Edition, Participation
from serai.expo.halls.models import Hall
from serai.expo.meetings.models import Meeting, MeetingRequest
from serai.expo.outcomes.models import Outcome, OutcomeParty
from serai.expo.people.models import Role, User
from serai.expo.programme.models import Forum, Session


@pytest.fixture
def visitors(
    organiser_client: Client,
    member_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> dict[str, Client]:
    return {
        "organiser": organiser_client,
        "member": member_client,
        "other organiser": other_organiser_client,
        "stranger": stranger_client,
        "anonymous": anonymous_client,
    }


@pytest.fixture
def things(edition: Edition, member: User, take_part: Callable[..., Participation]) -> Mapping[str, Any]:
    """What the addresses in rights.toml may name with a dollar sign. Add here what a new page needs to be found."""
    load_builtin_chains()
    firm = member.roles.get().firm
    assert firm is not None
    owner = User.objects.create_user("owner@example.org", "correct horse battery", name="Owner")
    Role.objects.create(user=owner, firm=firm, kind=Role.Kind.OWNER)
    now = timezone.now() + timedelta(days=1)
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony", title={"en": "Opening"})
        session = Session.objects.create(
            edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1), capacity=9
        )
        hall = Hall.objects.create(edition=edition, code="W1", title={"en": "Hall W1"}, width_m=60, depth_m=40)
        own = Participation.objects.get(firm=firm)
        meeting = Meeting.objects.create(
            edition=edition,
            host=own,
            guest=take_part(edition),
            state=Meeting.State.SCHEDULED,
            starts_at=now,
            ends_at=now + timedelta(minutes=30),
        )
        other = take_part(edition)
        outcome = Outcome.objects.create(edition=edition, kind=Outcome.Kind.SAMPLE, meeting=meeting)
        OutcomeParty.objects.create(outcome=outcome, participation=own)
        badge = Badge.objects.create(edition=edition, participation=own, name="Li Wei")
        request = MeetingRequest.objects.create(
            edition=edition, asker=other, asked=own, awaiting=own, expires_at=now + timedelta(days=1)
        )
    return {
        "owner": owner,
        "firm": firm.identifier,
        "session": session.pk,
        "hall": hall.code,
        "exhibitor": other.firm.identifier,
        "meeting": meeting.pk,
        "request": request.pk,
        "outcome": outcome.pk,
        "badge": badge.pk,
    }
