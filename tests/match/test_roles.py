"""What a clause speaks of by itself, what it names aside, and what its firm buys, in six languages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.placing import Item, Side, place
from serai.match.roles import clauses_of
from serai.match.text import clauses
from serai.world.chains import builtin_chains

BUYS = {
    "en": "Lithium cells of our own. We use battery separators and copper foil from Japan",
    "zh": "锂离子电芯。公司采购电池隔膜和铜箔",
    "fr": "Des cellules. Nous achetons des séparateurs",
    "es": "Celdas. Compramos separadores",
    "ru": "Элементы. Мы закупаем сепараторы",
    "ar": "خلايا. نشتري الفواصل",
}


@pytest.mark.parametrize("text", BUYS.values(), ids=BUYS)
def test_what_a_firm_buys_is_no_part_of_its_offer_and_all_of_its_need(text: str) -> None:
    offered, needed = ([one.whole for one in clauses_of(text, offered=offers)] for offers in (True, False))
    assert len(offered) < len(needed) or sum(map(len, offered)) < sum(map(len, needed))
    assert needed == list(clauses(text))


@pytest.mark.parametrize(
    ("text", "itself", "aside"),
    [
        ("Film for cells", ("film",), ("cell",)),
        ("Film made of cells", ("film",), ("cell",)),
        ("Films pour cellules", ("film",), ("cellule",)),
        ("Láminas para celdas", ("lamina",), ("celda",)),
        ("Плёнка для ячеек", ("пленка",), ("ячеек",)),
        ("أغشية مع خلايا", ("اغشيه",), ("خلايا",)),
        ("用于电池的膜", ("膜",), ("电", "池", "电池")),
        ("电池用膜片", ("膜", "片", "膜片"), ("电", "池", "电池")),
    ],
)
def test_what_stands_behind_with_and_for_is_aside(text: str, itself: tuple[str, ...], aside: tuple[str, ...]) -> None:
    (clause,) = clauses_of(text, offered=True)
    assert (clause.itself, clause.aside) == (itself, aside)


def test_who_makes_again_offers_again_and_looking_for_is_not_for() -> None:
    assert "cell" in [word for one in clauses_of("We buy film to make cells", offered=True) for word in one.whole]
    (clause,) = clauses_of("We look for film", offered=False)
    assert clause.aside == ()


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_word_is_invented_and_a_need_keeps_all(text: str, offers: bool) -> None:
    words = {word for clause in clauses(text) for word in clause}
    read = list(clauses_of(text, offered=offers))
    assert all(set(part.whole) <= words for part in read)
    assert all(part.itself == part.aside == () or not part.aside or part.whole for part in read)


def nodes_of(side: str, text: str, *hs: str) -> dict[str, float]:
    chains = [chain for chain in builtin_chains() if chain.slug == "clean-energy"]
    return {one.node: one.confidence for one in place([Item("one", Side(side), text, hs)], chains)}


@pytest.mark.parametrize(
    "text",
    [
        "Lithium-ion battery cells with ceramic coated separators for electric buses",
        "Lithium-ion battery cells. We use wet process separators from Japan, copper foil and electrolyte.",
        "Lithium-ion battery cells, battery separators bought in",
        "采用陶瓷涂覆隔膜的锂离子电芯",
        "磷酸铁锂方形电芯。公司采购湿法隔膜和铜箔。",
    ],
)
def test_a_cell_maker_that_speaks_of_separators_makes_cells(text: str) -> None:
    nodes = nodes_of("offer", text, "8507")
    assert nodes.pop("battery-cells") > 0.7
    assert nodes.pop("separators", 0) < 0.6


@pytest.mark.parametrize("side", ["offer", "need"])
@pytest.mark.parametrize("text", ["Battery separators for lithium-ion battery cells", "用于锂离子电芯的电池隔膜"])
def test_separators_for_cells_are_separators(side: str, text: str) -> None:
    found = nodes_of(side, text)
    assert found["separators"] > 0.8 > 0.5 > found.get("battery-cells", 0)


def test_a_thing_that_is_named_aside_alone_counts_in_full() -> None:
    nodes = nodes_of("offer", "Our best solutions for battery separators")
    assert max(nodes, key=nodes.__getitem__) == "separators"
    assert nodes["separators"] > 0.8
