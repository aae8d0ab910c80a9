"""People decide where unsure texts stand; others like them follow, and a decision that is taken back leaves nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain import decisions
from serai.expo.offers.chains.domain.decisions import Subject
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition, visible_to
from serai.expo.offers.chains.models import CONFIDENT, Node, Placement, PlacementDecision
from serai.expo.people.account.models import User

FIRM, ORGANISER = decisions.By.FIRM, decisions.By.ORGANISER


@pytest.fixture(autouse=True)
def in_scope(edition: Edition) -> Iterator[None]:
    load_builtin_chains(["green-agriculture"])
    with scope(edition=edition):
        yield


def node(code: str = "fruit-and-nuts") -> Node:
    return Node.objects.get(code=code)


@pytest.fixture
def wine(edition: Edition, desk: Participation, offer: Any) -> Subject:
    """An offer of the firm ``desk``."""
    return Subject(desk, offer(desk, "Plum wine and fruit liqueur from our own orchard"))


@pytest.fixture
def like(edition: Edition, take_part: Callable[..., Any], offer: Any) -> Subject:
    """An offer of another firm that is like the first."""
    participation = take_part(edition)
    return Subject(participation, offer(participation, "Fruit liqueurs and plum wines in small bottles"))


def rows(subject: Subject) -> list[tuple[str, float]]:
    return sorted(Placement.objects.filter(offer=subject.item).values_list("node__code", "confidence"))


def test_a_decision_places_its_offer_at_once_and_a_like_one_with_the_next_placing(
    edition: Edition, wine: Subject, like: Subject, organiser: User
) -> None:
    place_edition(edition)
    before, of_like = rows(wine), rows(like)
    decision = decisions.decide(wine, node(), by=ORGANISER, user=organiser)
    assert rows(wine) == [("fruit-and-nuts", 0.97)]
    assert rows(like) == of_like
    place_edition(edition)
    assert rows(wine) == [("fruit-and-nuts", 0.97)]
    assert dict(rows(like)).get("fruit-and-nuts", 0) > dict(of_like).get("fruit-and-nuts", 0)
    decisions.take_back(decision, user=organiser)
    place_edition(edition)
    assert (rows(wine), rows(like)) == (before, of_like)
    assert list(AuditEntry.objects.filter(action__startswith="placementdecision").values_list("action", flat=True)) in (
        ["placementdecision.made", "placementdecision.removed"],
        ["placementdecision.removed", "placementdecision.made"],
    )


def test_none_of_these_places_it_nowhere(edition: Edition, wine: Subject, organiser: User) -> None:
    place_edition(edition)
    assert rows(wine)
    decisions.decide(wine, None, by=ORGANISER, user=organiser)
    assert rows(wine) == []
    place_edition(edition)
    assert rows(wine) == []


def test_what_the_firm_states_itself_goes_before_and_is_not_decided(
    edition: Edition, wine: Subject, organiser: User
) -> None:
    assert wine.item is not None
    decisions.decide(wine, node(), by=ORGANISER, user=organiser)
    wine.item.node = node("coffee-and-drinks")
    wine.item.save()
    place_edition(edition)
    assert rows(wine) == [("coffee-and-drinks", 0.99)]
    with pytest.raises(decisions.DecisionError, match="named a node"):
        decisions.decide(wine, node(), by=ORGANISER, user=organiser)
    load_builtin_chains(["healthy-life"])
    foreign = Node.objects.filter(chain__slug="healthy-life").first()
    edition.sections.create(slug="a", title={"en": "A"}, chain=node().chain)
    wine.item.node = None
    with pytest.raises(decisions.DecisionError, match="on no chain of this fair"):
        decisions.decide(wine, foreign, by=ORGANISER, user=organiser)


def test_the_most_worthwhile_comes_first_and_what_is_decided_is_asked_no_more(
    edition: Edition, wine: Subject, like: Subject, organiser: User, take_part: Any, need: Any
) -> None:
    coffee, fruit = node("coffee-and-drinks"), node()
    for subject, where, confidence in ((wine, coffee, 0.5), (like, fruit, 0.5)):
        Placement.objects.create(
            edition=edition,
            participation=subject.participation,
            offer=subject.item,
            side="offer",
            node=where,
            confidence=confidence,
        )
    buyer = take_part(edition, kind="buyer")
    wanted = need(buyer, "Fruit")
    Placement.objects.create(edition=edition, participation=buyer, need=wanted, side="need", node=fruit, confidence=0.9)
    assert [(key, round(worth, 6)) for key, worth in decisions.queue(edition)] == [(like.key, 2.0), (wine.key, 1.0)]
    PlacementDecision.objects.create(
        edition=edition, participation=like.participation, offer=like.item, by="organiser", node=fruit
    )
    assert [key for key, _worth in decisions.queue(edition)] == [wine.key]


def test_an_organiser_decides_several_at_once_and_takes_one_back(
    edition: Edition, wine: Subject, like: Subject, organiser_client: Client, owner_client: Client
) -> None:
    page = reverse("placement-queue", args=[edition.slug])
    for subject in (wine, like):
        Placement.objects.create(
            edition=edition,
            participation=subject.participation,
            offer=subject.item,
            side="offer",
            node=node(),
            confidence=0.5,
        )
    text = organiser_client.get(page).text
    assert text.count('value="none"') == 2
    assert "divided by one more than the firms at the node" in text
    given = {f"node-{wine.key}": str(node().pk), f"node-{like.key}": "none"}
    assert owner_client.post(page, given).status_code == 403
    assert organiser_client.post(page, given).status_code == 302
    assert {row.node and row.node.code for row in PlacementDecision.objects.all()} == {"fruit-and-nuts", None}
    assert (rows(wine), rows(like)) == ([("fruit-and-nuts", 0.97)], [])
    organiser_client.post(page, {"take_back": str(PlacementDecision.objects.get(offer=like.item).pk)})
    assert PlacementDecision.objects.get().offer == wine.item
    assert rows(like) != []
    for bad in ({f"node-{like.key}": "garden"}, {f"node-{like.key}": ""}, {}, {"node-offer-x": "none"}):
        assert "Choose" in organiser_client.post(page, bad, follow=True).text
    assert organiser_client.post(page, {"take_back": "0"}).status_code == 404
    assert PlacementDecision.objects.count() == 1


def test_a_firm_takes_a_node_with_a_click_and_takes_it_back(
    edition: Edition, desk: Participation, wine: Subject, like: Subject, owner_client: Client, stranger_client: Client
) -> None:
    place_edition(edition)
    before = rows(wine)
    page = reverse("firm-positions", args=[edition.slug, desk.firm.identifier])
    text = owner_client.get(page).text
    assert "Plum wine" in text
    assert "Fruit and nuts" in text
    given = {"item": wine.key, "node": str(node().pk)}
    assert stranger_client.post(page, given).status_code == 403
    owner_client.post(page, given)
    assert rows(wine) == [("fruit-and-nuts", 0.99)]
    assert "You decided" in owner_client.get(page).text
    owner_client.post(page, {"item": wine.key, "take_back": "1"})
    assert rows(wine) == before
    owner_client.post(page, {"item": wine.key, "node": "none"})
    assert rows(wine) == []
    assert "not there any more" in owner_client.post(page, {"item": like.key, "node": "none"}, follow=True).text
    assert not PlacementDecision.objects.filter(offer=like.item).exists()


def test_the_words_that_led_to_a_node_are_told(edition: Edition, desk: Participation, offer: Any) -> None:
    subject = Subject(desk, offer(desk, "Roasted coffee beans", hs=["0901"]))
    likely = decisions.likeliest(edition, [subject])[subject.key]
    assert likely[0].node.code.startswith("coffee")
    assert any("coffee" in word.lower() for guess in likely for word in guess.words)
    assert any(word.startswith("HS ") for guess in likely for word in guess.words)
    assert [guess.confidence for guess in likely] == sorted((guess.confidence for guess in likely), reverse=True)
    assert len(likely) <= decisions.MOST_LIKELY


def test_a_described_firm_takes_a_node_and_teaches_by_it(
    edition: Edition, desk: Participation, owner_client: Client
) -> None:
    firm, client = desk.firm, owner_client
    Firm.objects.filter(pk=firm.pk).update(description={"en": "We make plum wine and fruit liqueur."})
    page = reverse("firm-positions", args=[edition.slug, firm.identifier])
    assert "Where your description may belong" in client.get(page).text
    client.post(page, {"node": str(node().pk), "answer": "say", "role": "maker"})
    assert firm.positions.get().node == node()
    (learned,) = decisions.learned_from(edition)
    assert (learned.node, learned.right) == (("green-agriculture", "fruit-and-nuts"), True)
    client.post(page, {"node": str(node().pk), "answer": "forget"})
    assert decisions.learned_from(edition) == []


def test_the_public_is_told_of_nothing_below_one_half(
    edition: Edition, wine: Subject, anonymous_client: Client, owner: User
) -> None:
    for code, confidence in (("fruit-and-nuts", CONFIDENT - 0.01), ("coffee-and-drinks", CONFIDENT)):
        Placement.objects.create(
            edition=edition,
            participation=wine.participation,
            offer=wine.item,
            side="offer",
            node=node(code),
            confidence=confidence,
        )
    for address in (
        reverse("firm", args=[edition.slug, wine.participation.firm.identifier]),
        reverse("directory", args=[edition.slug]),
        f"/api/v1/editions/{edition.slug}/placements",
        reverse("chain", args=[edition.slug, "green-agriculture"]),
    ):
        text = anonymous_client.get(address).text
        assert text
        assert "fruit-and-nuts" not in text or address.endswith("green-agriculture/"), address
    assert "coffee-and-drinks" in anonymous_client.get(f"/api/v1/editions/{edition.slug}/placements").text
    own = visible_to(owner, edition).values_list("node__code", flat=True)
    assert set(own) == {"fruit-and-nuts", "coffee-and-drinks"}
    standing = anonymous_client.get(reverse("node", args=[edition.slug, "green-agriculture", "fruit-and-nuts"])).text
    assert str(wine.participation.firm) not in standing
