"""The fixtures that every test of the fair stands on."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules import is_organiser
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User


def test_organisers_organise_their_own_fair_only(
    edition: Edition, other_edition: Edition, organiser: User, other_organiser: User, member: User, stranger: User
) -> None:
    def may_organise(edition: Edition) -> set[User]:
        people = (organiser, other_organiser, member, stranger)
        return {user for user in people if is_organiser(user, edition)}

    assert may_organise(edition) == {organiser}
    assert may_organise(other_edition) == {other_organiser}


def test_rows_of_a_fair_show_in_its_scope_only(
    edition: Edition,
    other_edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    need: Callable[..., Need],
) -> None:
    here, there = take_part(edition), take_part(other_edition, kind="buyer")
    offered, needed = offer(here), need(there, {"zh-hans": "隔膜"})
    with scope(edition=edition):
        assert list(Participation.objects.all()) == [here]
        assert list(Offer.objects.all()) == [offered]
        assert not Need.objects.exists()
    with scope(edition=other_edition):
        assert list(Participation.objects.all()) == [there]
        assert list(Need.objects.all()) == [needed]
    with pytest.raises(ScopeError):
        Participation.objects.count()


def test_clients_are_signed_in_as_their_user(
    organiser_client: Client, organiser: User, anonymous_client: Client
) -> None:
    assert organiser_client.session["_auth_user_id"] == str(organiser.pk)
    assert "_auth_user_id" not in anonymous_client.session
