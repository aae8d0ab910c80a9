"""A chain is changed beside its map: small edits of one node, undone by one click, by those who may."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain import map_edits
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError, copy_builtin
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain, Edge, Node
from serai.expo.people.account.models import User
from serai.world.chains import builtin_chains, wrong_in

(DOCUMENT,) = builtin_chains(("clean-energy",))


def test_each_edit_changes_its_node_and_leaves_the_rest() -> None:
    named = map_edits.renamed(DOCUMENT, "separators", "Films", "materials", language="en")
    assert (named.node("separators").title["en"], set(named.edges)) == ("Films", set(DOCUMENT.edges))
    (users, others) = DOCUMENT.users_of("separators"), [node.code for node in DOCUMENT.nodes]
    assert set(map_edits.parted(DOCUMENT, "separators", users[0]).users_of("separators")) == {*users} - {users[0]}
    far = next(code for code in others if code not in {"separators", *users})
    assert far in map_edits.joined(DOCUMENT, "separators", far, "goes_into").users_of("separators")
    more, code = map_edits.with_neighbour(
        DOCUMENT, "separators", "Ceramic coating", "materials", "made_from", language="en"
    )
    assert (code, more.suppliers_of("separators")) == ("ceramic-coating", ("ceramic-coating",))
    assert not wrong_in(more)
    assert "separators" not in {node.code for node in map_edits.removed(DOCUMENT, "separators").nodes}


def test_a_name_left_out_and_a_stage_or_node_that_is_not_there_are_refused() -> None:
    for edit in (
        lambda: map_edits.renamed(DOCUMENT, "separators", " ", "materials", language="en"),
        lambda: map_edits.renamed(DOCUMENT, "separators", "Films", "nowhere", language="en"),
        lambda: map_edits.joined(DOCUMENT, "separators", "nothing", "goes_into"),
    ):
        with pytest.raises(ChainRefusedError):
            edit()


@pytest.fixture
def chain(edition: Edition) -> Chain:
    """A copy of clean energy that the organiser's fair uses."""
    chains = load_builtin_chains(("clean-energy",))
    with scope(edition=edition):
        set_sections(edition, chains, user=None)
    return copy_builtin(edition, "clean-energy", user=None)


def test_an_organiser_changes_a_node_on_the_map_and_takes_it_back(
    chain: Chain, organiser_client: Client, edition: Edition
) -> None:
    page = f"/en/{edition.slug}/chains/{chain.slug}/?node=separators"
    assert "Change this node" in organiser_client.get(page).text
    address = f"/en/{edition.slug}/organiser/chains/{chain.slug}/map/separators/"
    stage = chain.nodes.get(code="separators").stage.code
    sent = {"act": "keep", "title": "Films for cells", "stage": stage, "after": chain.versions.first().number}
    answer = organiser_client.post(address, sent, follow=True)
    assert answer.redirect_chain[-1][0].endswith("?node=separators#node")
    assert chain.nodes.get(code="separators").title["en"] == "Films for cells"
    assert "has changed this chain meanwhile" in organiser_client.post(address, sent, follow=True).text
    organiser_client.post(address, {"undo": "1"})
    assert chain.nodes.get(code="separators").title["en"] == DOCUMENT.node("separators").title["en"]


def test_a_new_neighbour_stands_in_the_chain_and_a_removed_edge_is_gone(
    chain: Chain, organiser_client: Client, edition: Edition
) -> None:
    address = f"/en/{edition.slug}/organiser/chains/{chain.slug}/map/separators/"
    stage = chain.nodes.get(code="separators").stage.code
    organiser_client.post(address, {"act": "add", "title": "Ceramic coating", "stage": stage, "way": "made_from"})
    assert Edge.objects.filter(supplier__code="ceramic-coating", user__code="separators", user__chain=chain).exists()
    left_alone = organiser_client.post(address, {"act": "remove"}, follow=True)  # its new neighbour would stand alone
    assert "The chain is not in use yet" in left_alone.text
    assert Node.objects.filter(chain=chain, code="separators").exists()
    organiser_client.post(address, {"undo": str(chain.versions.all()[1].number)})
    organiser_client.post(address.replace("separators", "ceramic-coating"), {"act": "remove"})
    assert not Node.objects.filter(chain=chain, code="ceramic-coating").exists()
    before = str(chain.versions.all()[1].number)
    organiser_client.post(address.replace("separators", "ceramic-coating"), {"undo": before})
    assert Node.objects.filter(chain=chain, code="ceramic-coating").exists()


def test_others_see_no_form_and_a_chain_of_serai_is_copied_first(
    edition: Edition, chain: Chain, organiser_client: Client, anonymous_client: Client, new_user: Callable[..., User]
) -> None:
    member = Client()
    member.force_login(new_user("somebody"))
    page = f"/en/{edition.slug}/chains/{chain.slug}/?node=separators"
    for client in (anonymous_client, member):
        assert "Change this node" not in client.get(page).text
    others = load_builtin_chains(("green-agriculture",))
    with scope(edition=edition):
        set_sections(edition, [*others], user=None)
    builtin = f"/en/{edition.slug}/chains/green-agriculture/"
    assert "Copy and change" not in anonymous_client.get(builtin).text
    assert "Copy and change" in organiser_client.get(builtin).text
    copied = organiser_client.post(
        f"/en/{edition.slug}/organiser/chains/", {"copy": "green-agriculture", "map": "1"}, follow=True
    )
    assert "/chains/green-agriculture-" in copied.redirect_chain[-1][0]
