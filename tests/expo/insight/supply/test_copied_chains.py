"""A copy of a built-in chain keeps what is known of the makers of its nodes, as long as a node is the same product."""

from dataclasses import replace

import pytest

from serai.expo.insight.supply.domain.networks import shares_of_copy
from serai.world.chains import builtin_chains
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
