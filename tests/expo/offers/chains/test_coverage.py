"""Every exhibitor stands to the chains in one way, and one whose trade is on none is found as 'other trade'."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.domain.coverage import OTHER_TRADE, SILENT, SURE, UNSURE, coverage, in_standing, standings
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.domain.sections import set_sections
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
        assert standings(edition) == dict.fromkeys((SURE, UNSURE, OTHER_TRADE, SILENT), 1)


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
        others = find(edition, Filter(chain="other"))
        assert set(others) == {four[UNSURE], four[OTHER_TRADE], four[SILENT]}
        (chain,) = (
            facet for facet in facets(edition, Filter(), load_builtin_chains(["clean-energy"])) if facet.name == "chain"
        )
        assert [(choice.value, choice.count) for choice in chain.choices] == [("clean-energy", 1), ("other", 3)]
    assert "?chain=other" in anonymous_client.get("/en/fair-2026/chains/").text
    assert anonymous_client.get("/en/fair-2026/firms/?chain=other").status_code == 200


def test_the_desk_counts_what_is_true(
    edition: Edition, four: dict[str, Participation], organiser_client: Client
) -> None:
    page = "/en/fair-2026/organiser/matching/"
    assert "are on no chain" not in organiser_client.get(page).text
    for name, participation in four.items():
        assert f"/firms/{participation.firm.identifier}/" in organiser_client.get(page, {"standing": name}).text
