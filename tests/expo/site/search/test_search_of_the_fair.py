"""One search finds everything of a fair, and tells each reader only what it may see."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules import organiser_role
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.market.models import Need, Offer, Review
from serai.expo.offers.search.domain.index import refresh_tokens
from serai.expo.offers.search.domain.search import catch_up
from serai.expo.people.account.domain.consents import give
from serai.expo.people.account.models import User
from serai.expo.site.search.domain import Asked, results

type Make[Thing] = Callable[..., Thing]


def found(edition: Edition, reader: User | AnonymousUser, words: str, most: int = 10) -> dict[str, list[str]]:
    """The names of what a reader finds, by kind."""
    with scope(edition=edition):
        asked = Asked(edition, reader, words, most, role=organiser_role(reader, edition))
        return {kind.key: [str(result.title) for result in listed] for kind, listed in results(asked)}


@pytest.fixture
def fair(
    edition: Edition,
    desk: Participation,
    owner: User,
    member: User,
    a_firm: Make[Firm],
    take_part: Make[Participation],
    offer: Make[Offer],
    need: Make[Need],
) -> Edition:
    """An exhibitor with an offer, a draft and an unnamed need; a buyer with a need; a firm that has only applied."""
    load_builtin_chains()
    offer(desk, "Separator film of ceramics")
    offer(desk, "Separator film of graphene", review=Review.DRAFT)
    need(desk, "Separator powder", anonymous=True)
    buyer = take_part(edition, a_firm("Separator Buyers Ltd"), kind="buyer")
    need(buyer, "Separator for trucks")
    take_part(edition, a_firm("Separator Applicants Ltd"), state=Participation.State.APPLIED)
    User.objects.filter(pk=owner.pk).update(name="Separa Owner")
    User.objects.filter(pk=member.pk).update(name="Separa Member")
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
        catch_up(edition)
    return edition


def test_the_public_finds_what_is_published_and_nothing_else(fair: Edition, stranger: User) -> None:
    for reader in (AnonymousUser(), stranger):
        assert found(fair, reader, "separator") == {
            "firms": ["Owned Materials"],
            "offers": ["Separator film of ceramics"],
            "nodes": ["Battery separators"],
        }
        assert "people" not in found(fair, reader, "separa")
        assert "firms" not in found(fair, reader, "applicants")


def test_an_organiser_finds_all_who_take_part_and_its_own_pages(fair: Edition, organiser: User) -> None:
    assert set(found(fair, organiser, "separator")["firms"]) == {
        "Owned Materials", "Separator Buyers Ltd", "Separator Applicants Ltd"
    }  # fmt: skip
    assert found(fair, organiser, "separator")["needs"] == ["Separator for trucks"]
    assert found(fair, organiser, "separa")["people"] == ["Separa Member", "Separa Owner"]
    assert "Participants" in found(fair, organiser, "partici")["pages"]


def test_an_organiser_of_another_fair_finds_no_more_than_the_public(fair: Edition, other_organiser: User) -> None:
    assert found(fair, other_organiser, "separator") == found(fair, AnonymousUser(), "separator")
    assert "Participants" not in found(fair, other_organiser, "partici").get("pages", [])


def test_the_people_of_a_firm_find_their_own_and_who_agreed_to_be_named(
    fair: Edition, owner: User, member: User
) -> None:
    assert found(fair, owner, "separa")["people"] == ["Separa Owner"]
    give(member, "publish_name")
    assert found(fair, owner, "separa")["people"] == ["Separa Member", "Separa Owner"]
    assert found(fair, AnonymousUser(), "separa")["people"] == ["Separa Member"]
    assert "needs" not in found(fair, owner, "trucks")
    assert "Offers" in found(fair, owner, "offer")["pages"]


def test_a_word_is_found_before_it_is_finished_and_in_the_languages_of_the_chains(fair: Edition) -> None:
    assert found(fair, AnonymousUser(), "sep")["offers"] == ["Separator film of ceramics"]
    assert found(fair, AnonymousUser(), "隔膜")["nodes"]


@pytest.mark.parametrize("words", ["锂离子蓄电池", "مدخرات", "Acumuladores eléctricos", "аккумуляторы электрич"])
def test_a_node_is_found_by_what_its_heading_is_called_in_any_language(fair: Edition, words: str) -> None:
    assert "Battery cells" in found(fair, AnonymousUser(), words)["nodes"]


def test_the_queries_of_a_search_do_not_grow_with_what_it_finds(
    fair: Edition,
    stranger: User,
    a_firm: Make[Firm],
    take_part: Make[Participation],
    offer: Make[Offer],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    found(fair, stranger, "separator")
    with django_assert_max_num_queries(60) as few:
        found(fair, stranger, "separator")
    for number in range(3):
        offer(take_part(fair, a_firm(f"Separator Works {number}")), f"Separator {number}")
    with scope(edition=fair):
        refresh_tokens(Participation.objects.all())
        catch_up(fair)
    found(fair, stranger, "separator")
    with django_assert_max_num_queries(len(few)):
        assert len(found(fair, stranger, "separator")["firms"]) == 4


def test_the_page_and_the_list_while_typing_show_the_same(fair: Edition, anonymous_client: Client) -> None:
    for page in ("search/", "search/suggestions/"):
        answer = anonymous_client.get(f"/en/{fair.slug}/{page}", {"q": "separator"})
        assert answer.status_code == 200
        assert "Separator film of ceramics" in answer.text
        assert "graphene" not in answer.text
        assert "Separator Buyers" not in answer.text
    assert "Nothing is found" in anonymous_client.get(f"/en/{fair.slug}/search/", {"q": "zzzz\0zz"}).text
    assert anonymous_client.get(f"/en/{fair.slug}/search/suggestions/").status_code == 200


def test_every_page_of_a_fair_has_the_field(fair: Edition, anonymous_client: Client) -> None:
    page = anonymous_client.get(f"/en/{fair.slug}/firms/").text
    assert f'action="/en/{fair.slug}/search/"' in page
    assert f'hx-get="/en/{fair.slug}/search/suggestions/"' in page
