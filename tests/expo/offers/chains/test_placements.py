"""Built-in chains become rows once; an edition's offers and needs are placed on them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.chain_maps import chain_counts, links, standing
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import (
    as_world_chain,
    chains_of_edition,
    load_builtin_chains,
    place_edition,
)
from serai.expo.offers.chains.models import Chain, Placement
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import Organisation
from serai.expo.results.exports.domain.records import models_by_name, rows_of
from serai.world.chains import BUILTIN, MISSION, builtin_chains


def test_loading_the_built_in_chains_twice_makes_them_once(db: None) -> None:
    load_builtin_chains()
    load_builtin_chains()
    assert list(Chain.objects.values_list("slug", flat=True)) == [chain.slug for chain in builtin_chains()]


def test_what_an_organiser_edited_is_left_alone(db: None) -> None:
    load_builtin_chains()
    Chain.objects.filter(slug="clean-energy").update(title={"en": "Our energy"})
    load_builtin_chains()
    assert Chain.objects.get(slug="clean-energy").title == {"en": "Our energy"}


def test_the_chains_of_another_organisation_are_nobody_elses(
    edition: Edition, organisation: Organisation, other_organisation: Organisation
) -> None:
    load_builtin_chains()
    Chain.objects.create(slug="ours", title={"en": "Ours"}, organisation=organisation)
    Chain.objects.create(slug="theirs", title={"en": "Theirs"}, organisation=other_organisation)
    used = {chain.slug for chain in chains_of_edition(edition)}
    assert used == {chain.slug for chain in builtin_chains()} | {"ours"}


def test_a_chain_comes_back_from_the_database_as_it_went_in(db: None) -> None:
    load_builtin_chains()
    for chain in builtin_chains():
        returned = as_world_chain(Chain.objects.get(slug=chain.slug))
        # What the supply network needs beside the nodes stands in the file only.
        told = [replace(node, spare_capacity=None, final_use=None, reason="") for node in chain.nodes]
        assert list(returned.nodes) == told
        assert returned.stages == chain.stages
        assert set(returned.edges) == set(chain.edges)


def test_an_edition_has_the_chains_of_its_sections(edition: Edition) -> None:
    load_builtin_chains()
    assert len(chains_of_edition(edition)) == len(builtin_chains())
    with scope(edition=edition):
        Section.objects.update(chain=Chain.objects.get(slug="clean-energy"))
    assert [chain.slug for chain in chains_of_edition(edition)] == ["clean-energy"]


def test_a_fair_that_chose_none_has_the_six_of_the_mission_and_a_fair_that_chose_has_its_own(
    edition: Edition, other_edition: Edition
) -> None:
    load_builtin_chains()
    set_sections(other_edition, ["minerals-and-metals", "clean-energy"])
    assert [chain.slug for chain in chains_of_edition(edition)] == list(MISSION)
    assert [chain.slug for chain in chains_of_edition(other_edition)] == ["minerals-and-metals", "clean-energy"]
    for name in ("Chain", "Node"):
        chain = "slug" if name == "Chain" else "chain__slug"
        rows = {fair.pk: rows_of(models_by_name()[name], fair) for fair in (edition, other_edition)}
        exported = {pk: set(found.values_list(chain, flat=True)) for pk, found in rows.items() if found is not None}
        assert exported == {edition.pk: set(MISSION), other_edition.pk: {*MISSION, "minerals-and-metals"}}


def test_an_offer_is_placed_on_a_chain_that_the_fair_chose_and_on_no_other(
    edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Offer]
) -> None:
    made = offer(take_part(edition), {"en": "CNC lathe and machining centre", "zh-hans": "数控车床、加工中心"})
    load_builtin_chains(BUILTIN)
    for chosen, nodes in ((["advanced-manufacturing"], {"advanced-manufacturing/machine-tools"}), (MISSION, set())):
        set_sections(edition, chosen)
        place_edition(edition)
        with scope(edition=edition):
            sure = Placement.objects.filter(offer=made, confidence__gte=0.5)
            assert {str(placement.node) for placement in sure} == nodes


def test_an_offer_lands_on_its_node_by_code_and_words(
    edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Offer], need: Callable[..., Need]
) -> None:
    load_builtin_chains()
    maker, user = take_part(edition), take_part(edition, kind="buyer")
    made = offer(maker, {"en": "Lithium battery separator film", "zh-hans": "锂电池隔膜"})
    wanted = need(user, "Battery separator, 9 micrometres")
    assert place_edition(edition) > 0
    with scope(edition=edition):
        best = Placement.objects.filter(offer=made).select_related("node").first()
        assert best is not None
        assert "separator" in best.node.code
        assert best.evidence
        assert Placement.objects.filter(need=wanted, node=best.node).exists()
        energy = next(chain for chain in chains_of_edition(edition) if chain.slug == "clean-energy")
        place = next(place for place in standing(edition, energy, examples=1) if place.node == best.node)
        assert (place.exhibitors, place.needs, place.is_single_source) == (1, 1, True)
        assert place.examples == (maker,)
        assert chain_counts(edition)["clean-energy"] == 1
        everywhere = [place for chain in chains_of_edition(edition) for place in standing(edition, chain)]
        gaps = sum(place.is_gap for place in everywhere)
        assert links(edition, chains_of_edition(edition)) == (len(everywhere) - gaps, gaps)


def test_placing_again_changes_nothing_and_keeps_what_a_person_confirmed(
    edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Offer]
) -> None:
    load_builtin_chains()
    made = offer(take_part(edition), "Lithium battery separator film")
    offer(take_part(edition), "Wind turbine blade")
    first = place_edition(edition)
    assert place_edition(edition) == first
    with scope(edition=edition):
        kept = Placement.objects.filter(offer=made).first()
        assert kept is not None
        Placement.objects.filter(offer=made).exclude(pk=kept.pk).delete()
        Placement.objects.filter(pk=kept.pk).update(confirmed=True)
    place_edition(edition)
    with scope(edition=edition):
        assert list(Placement.objects.filter(offer=made)) == [kept]


def test_a_firm_is_placed_by_its_own_description_too(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    load_builtin_chains()
    firm = a_firm(description={"en": "We roll and slit battery separator film for cell makers."})
    take_part(edition, firm)
    take_part(edition, a_firm(description={"en": "We look for battery separator film."}), kind="buyer")
    place_edition(edition)
    with scope(edition=edition):
        placed = Placement.objects.select_related("node", "participation")
        assert {row.participation.firm_id for row in placed} == {firm.pk}
        assert "separator" in placed[0].node.code
        assert (placed[0].side, placed[0].offer_id, placed[0].need_id) == ("offer", None, None)


@pytest.mark.django_db(transaction=True)
def test_where_exhibitors_stand_is_counted_again_only_when_it_changes(
    edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    django_assert_num_queries: Any,
) -> None:
    load_builtin_chains()
    for title in ("Lithium battery separator film", "Battery separator film for lithium cells"):
        offer(take_part(edition), title)
    with scope(edition=edition):
        place_edition(edition)
        chain = next(chain for chain in chains_of_edition(edition) if chain_counts(edition).get(chain.slug))
        stand = {place.node.code: place.exhibitors for place in standing(edition, chain)}
        assert max(stand.values()) == 2
        with django_assert_num_queries(2):  # for the revisions and the nodes
            assert {place.node.code: place.exhibitors for place in standing(edition, chain)} == stand
        Placement.objects.all().delete()
        assert not any(place.exhibitors for place in standing(edition, chain))
        assert chain_counts(edition) == {}
