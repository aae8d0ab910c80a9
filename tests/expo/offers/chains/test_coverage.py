"""Every exhibitor stands to the chains in one way, and one whose trade is on none is found as 'other trade'."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.domain import start
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts
from serai.expo.offers.chains.domain.chain_maps import (
    OTHER_TRADE,
    SILENT,
    SURE,
    UNSURE,
    WAITING,
    awaits_placing,
    coverage,
    in_standing,
    links,
    missing,
    standing,
    standings,
)
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Node, Placement
from serai.expo.site.directory.domain.directory import Filter, facets, find
from tests.expo.conftest import make_firm


@pytest.fixture
def four(
    edition: Edition, take_part: Callable[..., Participation], offer: Callable[..., Any]
) -> dict[str, Participation]:
    """An exhibitor of each standing."""
    set_sections(edition, ["clean-energy"])
    described = {"description": {"en": "Something."}}
    firms = {name: take_part(edition, make_firm(name, **described)) for name in (SURE, UNSURE, OTHER_TRADE)}
    firms[SILENT] = take_part(edition, make_firm(SILENT))
    node = Node.objects.get(chain__slug="clean-energy", code="battery-cells")
    with scope(edition=edition):
        for name, confidence in ((SURE, 0.5), (UNSURE, 0.49)):
            Placement.objects.create(
                edition=edition, participation=firms[name], side="offer", node=node, confidence=confidence
            )
    return firms


def test_every_exhibitor_stands_in_one_way(edition: Edition, four: dict[str, Participation]) -> None:
    with scope(edition=edition):
        assert {name: in_standing(edition, name).get() for name in four} == four
        assert standings(edition) == dict.fromkeys((SURE, UNSURE, OTHER_TRADE, SILENT), 1) | {WAITING: 0}


def test_a_firm_with_an_offer_that_fits_nowhere_is_of_another_trade(
    edition: Edition, four: dict[str, Participation], offer: Callable[..., Any]
) -> None:
    offer(four[SILENT], "Opera tickets")
    with scope(edition=edition):
        assert standings(edition)[SILENT] == 0
        assert standings(edition)[OTHER_TRADE] == 2


def test_no_more_offers_are_placed_than_are_published(
    edition: Edition, four: dict[str, Participation], offer: Callable[..., Any]
) -> None:
    node = Node.objects.get(chain__slug="clean-energy", code="battery-cells")
    with scope(edition=edition):
        for state in ("published", "draft"):
            row = offer(four[SURE], f"Cells that are {state}")
            Placement.objects.create(
                edition=edition, participation=four[SURE], offer=row, side="offer", node=node, confidence=1
            )
            type(row).objects.filter(pk=row.pk).update(review=state)
        counted = coverage(edition)
    assert (counted.offers, counted.offers_placed) == (1, 1)


def test_the_directory_finds_and_counts_who_is_surely_on_no_chain(
    edition: Edition, four: dict[str, Participation], anonymous_client: Client
) -> None:
    with scope(edition=edition):
        assert set(find(edition, Filter(chain="other"))) == {four[OTHER_TRADE]}
        assert set(find(edition, Filter(chain="unsure"))) == {four[UNSURE], four[SILENT]}
        (chain,) = (
            facet for facet in facets(edition, Filter(), load_builtin_chains(["clean-energy"])) if facet.name == "chain"
        )
        assert [(choice.value, choice.count) for choice in chain.choices] == [
            ("clean-energy", 1),
            ("other", 1),
            ("unsure", 2),
        ]
    assert "?chain=other" in anonymous_client.get("/en/fair-2026/chains/").text
    assert anonymous_client.get("/en/fair-2026/firms/?chain=other").status_code == 200


def test_the_desk_counts_what_is_true(
    edition: Edition, four: dict[str, Participation], organiser_client: Client
) -> None:
    page = "/en/fair-2026/organiser/matching/"
    assert "are on no chain" not in organiser_client.get(page).text
    for name, participation in four.items():
        assert f"/firms/{participation.firm.identifier}/" in organiser_client.get(page, {"standing": name}).text


def test_before_a_placing_and_while_one_is_asked_for_nobody_is_of_another_trade(
    edition: Edition, take_part: Callable[..., Participation], anonymous_client: Client
) -> None:
    set_sections(edition, ["clean-energy"])
    firm = take_part(edition, make_firm("A maker", description={"en": "Something."}))
    with scope(edition=edition):
        assert in_standing(edition, WAITING).get() == firm
        assert standings(edition)[OTHER_TRADE] == 0
        shown = anonymous_client.get("/en/fair-2026/chains/").text
        assert "?chain=unsure" in shown
        assert "?chain=other" not in shown
        job = start(edition, "placing", user=None)
        assert not awaits_placing(edition)
        assert in_standing(edition, OTHER_TRADE).get() == firm
        type(job).objects.filter(pk=job.pk).update(ended="")
        assert awaits_placing(edition)


@pytest.fixture
def battery_cells(edition: Edition, four: dict[str, Participation]) -> Node:
    """A node at which only one firm stands, and only perhaps."""
    node = Node.objects.get(chain__slug="clean-energy", code="battery-cells")
    with scope(edition=edition):
        Placement.objects.filter(participation=four[SURE]).delete()
    return node


def test_a_node_where_somebody_stands_perhaps_is_not_missing(edition: Edition, battery_cells: Node) -> None:
    with scope(edition=edition):
        places = standing(edition, battery_cells.chain)
        (place,) = (place for place in places if place.node == battery_cells)
        assert (place.exhibitors, place.perhaps, place.is_gap, place.is_undecided) == (0, 1, False, True)
        assert missing(edition, [battery_cells.chain]) == len(places) - 1
        assert links(edition, [battery_cells.chain]) == (0, len(places))
        facts = ChainFacts({place.node.code: place for place in places}, {})
        told = {code: LAYERS["firms"].tell(facts, code).words for code in facts.places}
        assert [code for code, words in told.items() if words != "nobody here"] == ["battery-cells"]


def test_the_organiser_decides_who_stands_there_and_the_public_reads_neither_a_name_nor_that_nobody_does(
    edition: Edition, battery_cells: Node, four: dict[str, Participation], organiser_client: Client, client: Client
) -> None:
    page, queue = "/en/fair-2026/chains/clean-energy/", f"/en/fair-2026/organiser/placements/?node={battery_cells.pk}"
    mine, public = organiser_client.get(page).text, client.get(page).text
    assert "Perhaps 1 firm: please decide" in mine
    assert queue.removeprefix("/en/fair-2026") in mine
    assert four[UNSURE].firm.identifier not in public
    assert "please decide" not in public
    gaps = public.partition('id="gaps"')[2].partition("</section>")[0]
    assert gaps
    assert "#node-battery-cells" not in gaps
    assert f"/firms/{four[UNSURE].firm.identifier}/" in organiser_client.get(queue).text
