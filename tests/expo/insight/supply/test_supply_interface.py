"""The interface tells who makes each node, what stops and what the fair did, as the library computes it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.supply.domain import exposures, fair_difference
from serai.expo.insight.supply.domain.networks import network_of
from serai.expo.insight.supply.domain.stored_results import compute, fingerprint_of
from serai.expo.insight.supply.models import StoredResult
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.world.supply import exposure_to_makers

SLUG, CELLS = "clean-energy", "battery-cells"


@pytest.fixture(scope="module")
def computed() -> dict[str, Any]:
    """The stored results of the chain, computed once for all tests of this module."""
    return {}


@pytest.fixture
def asked(client: Client, db: None, computed: dict[str, Any]) -> Callable[[str], Any]:
    """Asks the interface of an instance that has no chain in its database, with the world's results stored."""
    for kind in (exposures.KIND, exposures.STOPS_KIND):
        if kind not in computed:
            compute.call(None, kind, SLUG)
            row = StoredResult.objects.get(kind=kind)
            computed[kind] = {"fingerprint": row.fingerprint, "data": row.data}
        else:
            StoredResult.objects.create(kind=kind, key=SLUG, **computed[kind])
    return lambda path: client.get(f"/api/v1{path}").json()


def test_the_makers_of_a_node_come_with_grade_year_and_source(asked: Callable[[str], Any]) -> None:
    answer = asked(f"/world/chains/{SLUG}")
    (record,) = [row for row in network_of(SLUG).node_records() if row["node"] == CELLS]
    (node,) = [row for row in answer["nodes"] if row["code"] == CELLS]
    assert (answer["state"], answer["slug"]) == ("done", SLUG)
    assert node["makers"][0] == {"country": "CN", "share": pytest.approx(record["first"], abs=1e-4)}
    assert {name: node[name] for name in ("grade", "year", "source")} == {
        name: record[name] for name in ("grade", "year", "source")
    }


def test_the_stop_of_a_maker_takes_what_the_library_says(asked: Callable[[str], Any]) -> None:
    network = network_of(SLUG)
    table = exposure_to_makers(network)
    place = table.names.index(f"{CELLS}/CHN")
    answer = asked(f"/world/chains/{SLUG}/stops?country=CN&node={CELLS}")
    losses = {row["node"]: (row["low"], row["high"]) for row in answer["losses"]}
    assert losses
    for column, end in enumerate(table.ends.tolist()):
        low, high = losses.get(network.nodes[end], (0, 0))
        assert low == pytest.approx(float(table.low[place, column]), abs=6e-4)
        assert high == pytest.approx(float(table.high[place, column]), abs=6e-4)
    assert all(answer[name] for name in ("definition", "unit", "table", "computed_at"))


def test_the_stop_of_a_country_takes_no_less_than_that_of_one_of_its_nodes(asked: Callable[[str], Any]) -> None:
    whole = {row["node"]: row["high"] for row in asked(f"/world/chains/{SLUG}/stops?country=CN")["losses"]}
    for row in asked(f"/world/chains/{SLUG}/stops?country=CN&node={CELLS}")["losses"]:
        assert whole[row["node"]] >= row["high"] - 1e-3


@pytest.mark.parametrize("rest", ["atlantis", "atlantis/stops?country=CN", f"{SLUG}/stops?country=CN&node=nothing"])
def test_what_there_is_not_is_not_found(client: Client, db: None, rest: str) -> None:
    assert client.get(f"/api/v1/world/chains/{rest}").status_code == 404


def test_until_it_is_computed_an_answer_says_so(client: Client, db: None) -> None:
    answer = client.get(f"/api/v1/world/chains/{SLUG}").json()
    assert (answer["state"], answer["nodes"], answer["computed_at"]) == ("waiting", [], None)
    assert SLUG in [row["slug"] for row in client.get("/api/v1/world/chains").json()["items"]]


def test_at_a_fair_its_exhibitors_and_needs_stand_beside_the_world(
    asked: Callable[[str], Any], edition: Edition, take_part: Callable[..., Participation]
) -> None:
    load_builtin_chains()
    answer = asked(f"/editions/{edition.slug}/chains/{SLUG}/supply")
    (node,) = [row for row in answer["nodes"] if row["code"] == CELLS]
    assert (node["exhibitors"], node["needs"], node["unanswered"]) == (0, 0, 0)
    assert node["makers"][0]["country"] == "CN"


def test_what_the_fair_did_is_told_with_its_definitions(client: Client, edition: Edition) -> None:
    numbers = {"before": 0.5, "after": 0.4, "change": -0.1, "low": -0.15, "high": -0.05, "by_chance": -0.01}
    whole = {
        "inputs": 9,
        "links": 3,
        "claimed_links": 2,
        "from_least_developed": 1,
        "from_small_firms": 2,
        "figures": [{"figure": "single", **numbers}, {"figure": "green", **dict.fromkeys(numbers)}],
    }
    fingerprint = fingerprint_of(edition, fair_difference.KIND)
    StoredResult.objects.create(
        edition=edition, kind=fair_difference.KIND, data={"chains": {}, "whole": whole}, fingerprint=fingerprint
    )
    answer = client.get(f"/api/v1/editions/{edition.slug}/difference").json()
    assert (answer["links"], answer["claimed_links"]) == (3, 2)
    single, green = answer["figures"]
    assert {name: single[name] for name in numbers} == numbers
    assert single["definition"]
    assert green["before"] is None
