"""A firm with an owner, a member without duties, and a desk."""

from collections.abc import Callable

import pytest
from django.test import Client

from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.models import Firm
from serai.expo.people.models import Role, User


@pytest.fixture
def firm(a_firm: Callable[..., Firm]) -> Firm:
    return a_firm("Owned Materials Ltd", name={"en": "Owned Materials"})


@pytest.fixture
def owner(firm: Firm) -> User:
    user = User.objects.create_user("owner@example.org", name="Owner")
    Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    return user


@pytest.fixture
def owner_client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def desk(edition: Edition, firm: Firm, take_part: Callable[..., Participation]) -> Participation:
    return take_part(edition, firm)


@pytest.fixture
def address(edition: Edition, firm: Firm) -> str:
    return f"/en/{edition.slug}/desk/{firm.identifier}/"
