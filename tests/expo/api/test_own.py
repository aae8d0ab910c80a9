"""A program enters what its owner's firm offers and needs, and reads its leads: as its owner may at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.audit.models import AuditEntry
from serai.expo.editions.models import Edition, Participation, Phase
from serai.expo.leads.models import Lead
from serai.expo.market.models import Need, Offer
from serai.expo.people.models import Role, User

GIVEN = {"title": {"en": "Separator film", "zh-hans": "隔膜"}, "hs": ["392020"], "family": "goods"}


@pytest.fixture
def identifier(member: User) -> str:
    firm = member.roles.get().firm
    assert firm is not None
    return str(firm.identifier)


@pytest.fixture
def seller(member: User) -> User:
    Role.objects.filter(user=member).update(kind=Role.Kind.SALES)
    return member


def test_an_offer_is_entered_as_a_draft_or_handed_in(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    call = program_of(seller, "write")
    assert call(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN).json()["review"] == "draft"
    handed_in = call(f"/editions/{edition.slug}/firms/{identifier}/needs", "post", GIVEN | {"submit": True})
    assert handed_in.json()["review"] == "submitted"
    with scope(edition=edition):
        assert Offer.objects.get().title["zh-hans"] == "隔膜"
        assert Need.objects.get().pk == handed_in.json()["number"]
    assert AuditEntry.objects.filter(action="offer.entered", user=seller).count() == 1


def test_who_may_not_at_the_desk_may_not_here(
    edition: Edition,
    member: User,
    stranger: User,
    other_organiser: User,
    identifier: str,
    program_of: Callable[..., Any],
) -> None:
    path = f"/editions/{edition.slug}/firms/{identifier}/offers"
    for user in (member, stranger, other_organiser):  # a plain member sees the desk and changes nothing
        assert program_of(user, "read", "write")(path, "post", GIVEN).status_code == 403
    assert program_of()(path, "post", GIVEN).status_code == 401
    Role.objects.filter(user=member).update(kind=Role.Kind.OWNER)
    assert program_of(member, "read")(path, "post", GIVEN).status_code == 403
    with scope(edition=edition):
        assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {}},
        {"hs": ["39"] * 21},
        {"hs": ["39-20"]},
        {"family": "gifts"},
        {"title": {"English": "Film"}},
        {"title": {"en": "a\0b"}},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    wrong: dict[str, Any], edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    answer = program_of(seller, "write")(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    with scope(edition=edition):
        assert not Offer.objects.exists()


def test_a_phase_that_is_closed_is_closed_here(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROFILE, closes_at=timezone.now() - timedelta(days=1))
    answer = program_of(seller, "write")(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN)
    assert answer.status_code == 409
    assert "closed" in answer.json()["detail"]


def test_leads_are_read_by_those_who_keep_them(
    edition: Edition, seller: User, organiser: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__identifier=identifier)
        Lead.objects.create(edition=edition, participation=own, person="Amina Okoye", met_by=seller)

    def read(user: User) -> list[str]:
        items = program_of(user, "read", "organise")(f"/editions/{edition.slug}/my/leads").json()["items"]
        return [row["person"] for row in items]

    assert read(seller) == ["Amina Okoye"]
    assert read(organiser) == []
    Role.objects.filter(user=seller).update(kind=Role.Kind.MEMBER)
    assert read(seller) == []
