"""A firm says where it stands; what it says goes before a guess, and what an organiser checked is told apart."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import merge
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.domain.placements import (
    load_builtin_chains,
    place_edition,
    place_items,
    place_participation,
)
from serai.expo.offers.chains.domain.positions import (
    PositionError,
    check,
    deny,
    positions_of,
    say,
    stands,
    take_away,
    uncheck,
)
from serai.expo.offers.chains.models import ChainPosition, Node, Placement
from serai.expo.people.account.models import Role, User


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    load_builtin_chains()
    with scope(edition=edition):
        yield


@pytest.fixture
def maker(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Any], offer: Any) -> Participation:
    """An exhibitor whose offer is guessed to stand at battery cells."""
    firm = a_firm("Cell Works Ltd", description={"en": "We make lithium-ion battery cells."})
    participation: Participation = take_part(edition, firm)
    offer(participation, "Lithium-ion battery cells", hs=["8507"])
    place_edition(edition)
    return participation


def node(code: str = "battery-cells", chain: str = "clean-energy") -> Node:
    return Node.objects.get(code=code, chain__slug=chain)


def how(edition: Edition, code: str = "battery-cells", chain: str = "clean-energy") -> dict[str, int]:
    (found,) = [one for one in standing(edition, node(code, chain).chain) if one.node.code == code]
    return {name: number for name, number in found.known.items() if number}


def test_the_map_says_what_is_guessed_confirmed_and_checked(
    edition: Edition, maker: Participation, organiser: User
) -> None:
    assert how(edition) == {"guessed": 1}
    said = say(maker.firm, node(), "maker", user=None)
    assert how(edition) == {"confirmed": 1}
    check(said, edition, user=organiser, how="seen at the plant")
    assert how(edition) == {"checked": 1}
    uncheck(said, edition, user=organiser)
    assert how(edition) == {"confirmed": 1}
    take_away(ChainPosition.objects.get(), user=None)
    assert how(edition) == {"guessed": 1}
    assert [one.action for one in AuditEntry.objects.filter(object_type="chainposition").order_by("pk")] == [
        "chainposition.said",
        "chainposition.checked",
        "chainposition.unchecked",
        "chainposition.removed",
    ]


def test_what_the_firm_denies_is_guessed_no_more_by_any_way_of_placing(edition: Edition, maker: Participation) -> None:
    offer = maker.offers.get()
    assert Placement.objects.filter(node=node()).exists()
    deny(maker.firm, node(), user=None)
    for place in (
        lambda: place_edition(edition),
        lambda: place_participation(maker),
        lambda: place_items(edition, [offer]),
    ):
        place()
        assert not Placement.objects.filter(node=node(), side="offer").exists()
    assert node() not in [one.node for one in stands(maker.firm, edition)]
    deny(maker.firm, node(), user=None)
    assert ChainPosition.objects.count() == 1


def test_a_firm_that_names_its_place_stands_there_whatever_its_words_are(
    edition: Edition, maker: Participation
) -> None:
    elsewhere = Node.objects.filter(chain__slug="clean-energy").exclude(placements__isnull=False).first()
    assert elsewhere
    say(maker.firm, elsewhere, "trader", user=None)
    place_edition(edition)
    (found,) = [one for one in stands(maker.firm, edition) if one.node == elsewhere]
    assert (found.how_sure, found.role) == ("confirmed", "Trades in it")
    assert not Placement.objects.filter(participation=maker, offer=None, position=None).exists()
    assert Placement.objects.filter(participation=maker).exclude(offer=None).exists()


def test_what_the_firm_changes_is_checked_no_longer_and_what_it_repeats_stays_checked(
    edition: Edition, maker: Participation, organiser: User
) -> None:
    said = say(maker.firm, node(), "maker", user=None)
    check(said, edition, user=organiser, how="seen")
    say(maker.firm, node(), "maker", user=None)
    assert ChainPosition.objects.get().state == "checked"
    say(maker.firm, node(), "trader", user=None)
    again = ChainPosition.objects.get()
    assert (again.state, again.checked_at, again.checked_how, again.organisation) == ("confirmed", None, "", None)


def test_a_check_says_how_and_none_is_made_of_what_the_firm_denies(
    edition: Edition, maker: Participation, organiser: User, other_edition: Edition
) -> None:
    said = say(maker.firm, node(), "maker", user=None)
    with pytest.raises(PositionError, match="how it was checked"):
        check(said, edition, user=organiser, how=" ")
    check(said, edition, user=organiser, how="seen")
    with pytest.raises(PositionError, match="Only who checked"):
        uncheck(said, other_edition, user=organiser)
    denied = deny(maker.firm, node(), user=None)
    with pytest.raises(PositionError, match="does not stand there"):
        check(denied, edition, user=organiser, how="seen")


def test_of_two_records_that_become_one_the_positions_become_one_set(
    edition: Edition, maker: Participation, a_firm: Callable[..., Firm]
) -> None:
    other = a_firm("Cell Works Limited")
    say(maker.firm, node(), "maker", user=None)
    say(other, node(), "maker", user=None)
    say(other, node("separators"), "maker", user=None)
    merge(maker.firm, other)
    assert {one.node.code for one in maker.firm.positions.all()} == {"battery-cells", "separators"}


def test_the_firm_confirms_and_denies_on_its_page_and_the_public_sees_it(
    edition: Edition, maker: Participation, member: User, member_client: Client, anonymous_client: Client
) -> None:
    Role.objects.filter(user=member).update(firm=maker.firm, kind="owner")
    page = f"/en/{edition.slug}/firms/{maker.firm.identifier}/positions/"
    assert "guessed from codes and words" in member_client.get(page).content.decode()
    assert member_client.post(page, {"node": node().pk, "role": "maker", "answer": "say"}).status_code == 302
    public = anonymous_client.get(f"/en/{edition.slug}/firms/{maker.firm.identifier}/").content.decode()
    assert "confirmed by the firm" in public
    assert (
        "confirmed by the firm: 1" in anonymous_client.get(f"/en/{edition.slug}/chains/clean-energy/").content.decode()
    )
    member_client.post(page, {"node": node().pk, "answer": "deny"})
    assert ChainPosition.objects.get().state == "denied"
    member_client.post(page, {"node": node().pk, "answer": "forget"})
    assert not ChainPosition.objects.exists()
    assert member_client.post(page, {"node": "x", "answer": "say"}, follow=True).status_code == 200
    assert not ChainPosition.objects.exists()


def test_an_organiser_checks_firms_of_its_own_fair_only(
    edition: Edition, maker: Participation, organiser_client: Client, a_firm: Callable[..., Firm], take_part: Any,
    other_edition: Edition,
) -> None:  # fmt: skip
    said = say(maker.firm, node(), "maker", user=None)
    foreign = a_firm("Foreign Cells Ltd")
    take_part(other_edition, foreign)
    not_here = say(foreign, node(), "maker", user=None)
    page = f"/en/{edition.slug}/organiser/positions/"
    assert set(positions_of(edition)) == {said}
    assert organiser_client.post(page, {"number": not_here.pk, "how": "seen"}).status_code == 404
    assert organiser_client.post(page, {"number": said.pk, "how": "seen on paper"}).status_code == 302
    assert "seen on paper" in organiser_client.get(page).content.decode()
    said.refresh_from_db()
    assert (said.state, said.organisation) == ("checked", edition.organisation)
