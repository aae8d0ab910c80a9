"""The link of a match as a link of cells, on the built-in table."""

import pytest

from serai.match.link_values import ASPECT, link_values
from serai.match.partners import Firm, LinkValues, Match, partners
from serai.match.placing import Item, Placement, Side
from serai.world.chains import Chain, Node, Position, Stage
from serai.world.links import links_between, value_of_links
from serai.world.measures import PROPERTIES
from serai.world.readers import read

COUNTRIES = {"buyer": "DE", "seller": "IN", "island": "MU"}


CHAIN = Chain(
    slug="steel",
    title={"en": "Steel"},
    summary={"en": "Steel"},
    stages=(Stage("all", Position.MIDSTREAM, {"en": "All"}),),
    nodes=(
        Node("ore", "all", {"en": "Ore"}, ("2601",), ("0710",), {}),
        Node("steel", "all", {"en": "Steel"}, ("7206",), ("2410",), {}),
    ),
    edges=(("ore", "steel"),),
)


@pytest.fixture(scope="module")
def matches() -> list[Match]:
    """A buyer of iron ore, and two that offer some."""
    items = [Item(firm, Side.NEED if firm == "buyer" else Side.OFFER, "ore") for firm in COUNTRIES]
    placed = [Placement(firm, "steel", "ore", 0.9, ()) for firm in COUNTRIES]
    by_firm = partners([Firm(firm, (firm,)) for firm in COUNTRIES], items, placed, [CHAIN])
    return [match for of_firm in by_firm.values() for match in of_firm]


def test_a_match_has_the_vector_of_the_link_of_its_cells_for_the_better_from_both_sides(matches: list[Match]) -> None:
    table = read()
    values = link_values(matches, COUNTRIES, [CHAIN], table)
    assert isinstance(values, LinkValues)
    assert values.vectors.keys() == {("buyer", "seller"), ("seller", "buyer")}
    assert values.of("buyer", "seller") == pytest.approx(values.of("seller", "buyer"))
    value = value_of_links(table, links_between(table.cell("DEU", "C"), table.cell("IND", "B"), 0.05))
    for aspect in value.aspects:
        (name,) = [name for name, what in ASPECT.items() if what == aspect.name] or [None]
        if name:
            assert values.vectors["buyer", "seller"][name] == pytest.approx(value.of(aspect.name)[0] * aspect.sense)
            assert aspect.property == name


def test_each_property_of_the_mission_has_its_aspect() -> None:
    assert tuple(ASPECT) == PROPERTIES


def test_where_the_table_lacks_the_country_there_is_no_vector(matches: list[Match]) -> None:
    assert link_values(matches, {"buyer": "MU"}, [CHAIN], read()) == LinkValues({}, {})
