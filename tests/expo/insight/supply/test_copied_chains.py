"""A copy of a built-in chain keeps what is known of the makers of its nodes, as long as a node is the same product."""

from dataclasses import replace

import pytest

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.lab.domain import runs
from serai.expo.insight.lab.domain.runs import compute
from serai.expo.insight.lab.domain.scenarios import ON_CHAIN, ON_FAIR, Written
from serai.expo.insight.supply.domain import networks
from serai.expo.insight.supply.domain.networks import shares_of_copy
from serai.expo.offers.chains.domain.own_chains import copy_builtin
from serai.expo.people.account.models import User
from serai.world.chains import builtin_chains
from serai.world.progress import silent
from serai.world.supply import shipped_shares, supply_network

pytestmark = pytest.mark.any_database


def test_a_copy_has_the_makers_of_its_original_but_where_a_node_is_another_product() -> None:
    (original,) = builtin_chains(("clean-energy",))
    changed = "separators"
    nodes = tuple(replace(node, hs=("0901",)) if node.code == changed else node for node in original.nodes)
    copy = replace(original, slug="own-energy", nodes=nodes)
    shares = shares_of_copy(copy, original.slug)
    of_original = [row for row in shipped_shares() if row.node.startswith("clean-energy/")]
    expected = {row.node.removeprefix("clean-energy/") for row in of_original} - {changed}
    assert {row.node.removeprefix("own-energy/") for row in shares} == expected
    assert "polysilicon" in expected
    built, own = supply_network(original), supply_network(copy, shares=shares)
    place = original.nodes.index(original.node("polysilicon"))
    assert own.makers[place] == built.makers[place]


@pytest.mark.django_db
@pytest.mark.parametrize("on", [ON_CHAIN, ON_FAIR])
def test_a_run_of_the_lab_on_a_copy_loses_what_the_original_loses(
    on: str, edition: Edition, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "world_table", lambda: None)  # it takes a second to read, and is the same for both
    monkeypatch.setattr(networks, "_network", networks._network.__wrapped__)  # which keeps those with a table
    monkeypatch.setattr(runs, "makers_at", lambda _edition, _slug: {("separators", "a firm", "JP")})
    copy = copy_builtin(edition, "clean-energy", user=organiser)
    original, own = (
        compute(edition, Written(on, "supply-stop", {"countries": ["CHN", "JPN"], "weeks": 4}, chain=slug), silent)
        for slug in ("clean-energy", copy.slug)
    )
    assert "polysilicon" in {row["node"] for row in original["nodes"]}
    told = ("nodes", "countries", "total", "end_low", "end_high", "over_time", "bound")
    assert {name: own[name] for name in told} == {name: original[name] for name in told}
