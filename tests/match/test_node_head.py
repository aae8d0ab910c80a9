"""The trained head: what it was trained on, what it knows of a new node, and that a text is read alone."""

import numpy as np
import pytest

from serai.match.node_head import DIMENSION, SIGNALS, packaged_head, read_texts, score
from serai.match.node_phrases import read_nodes
from serai.world.chains import BUILTIN, MISSION, Node, builtin_chains

NODES = [(chain.slug, node) for chain in builtin_chains() for node in chain.nodes]


def best(text: str, nodes: list[tuple[str, Node]] = NODES) -> tuple[str, float]:
    """The surest node of a text, without the evidence of keywords."""
    scores = score([text], np.array([False]), nodes, np.zeros((1, len(nodes)), np.float32))
    row = int(scores.confidence[0].argmax())
    return f"{nodes[row][0]}/{nodes[row][1].code}", float(scores.confidence[0, row])


def test_every_node_of_the_built_in_chains_was_trained() -> None:
    names = {f"{chain.slug}/{node.code}" for chain in builtin_chains(BUILTIN) for node in chain.nodes}
    head = packaged_head()
    assert set(head.nodes) == names
    assert head.dense.shape == (len(names) + 1, 2 * DIMENSION)
    assert len(head.trained) == len(head.new) == len(SIGNALS) + 1


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("We roll ultra-thin copper foil for lithium battery anodes", "clean-energy/metal-foils"),
        ("Морские контейнерные перевозки из Шанхая, фрахт судов", "supply-chain-services/sea-freight"),
        ("نصنع ألواحاً شمسية كهروضوئية", "clean-energy/solar-modules"),
        ("车规级功率模块与碳化硅器件", "smart-vehicle/power-semiconductors"),
    ],
)
def test_a_plain_text_is_placed_in_any_language(text: str, node: str) -> None:
    named, confidence = best(text)
    assert named.split("/")[1] == node.split("/")[1]
    assert confidence > 0.5


@pytest.mark.parametrize("text", ["Wedding photographers", "Furniture upholstery workshop", "玩具店"])
def test_a_text_of_no_node_is_placed_nowhere(text: str) -> None:
    assert best(text)[1] < 0.5


def test_a_text_about_a_node_of_another_chain_is_not_placed_on_the_chain_at_hand() -> None:
    clean_energy = [(slug, node) for slug, node in NODES if slug == "clean-energy"]
    assert best("Veterinary vaccines for cattle and poultry", clean_energy)[1] < 0.3


def test_a_node_that_nobody_trained_is_found_by_its_title_and_keywords() -> None:
    sails = Node("sails", "all", {"en": "Sails"}, (), (), {"en": ("sailcloth", "yacht sails", "spinnaker")})
    masts = Node("masts", "all", {"en": "Masts"}, (), (), {"en": ("mast", "carbon mast", "rigging")})
    named, confidence = best(
        "Sailmaker: hand-finished yacht sails and spinnakers", [("boats", sails), ("boats", masts)]
    )
    assert named == "boats/sails"
    assert confidence > 0.5


def test_an_organisers_copy_of_a_built_in_chain_is_as_well_known() -> None:
    copied = [("our-energy", node) for slug, node in NODES if slug == "clean-energy"]
    original = [(slug, node) for slug, node in NODES if slug == "clean-energy"]
    text = "Monocrystalline wafers sliced with diamond wire"
    assert best(text, copied)[1] == pytest.approx(best(text, original)[1], abs=1e-4)


def test_a_text_is_read_the_same_alone_and_among_others() -> None:
    head = packaged_head()
    texts = ["Battery separators. Ceramic coating.", "", "海运集装箱运输", "Insulin pens"]
    together = read_texts(texts, head.vocabulary, head.rarity)
    for row, text in enumerate(texts):
        alone = read_texts([text], head.vocabulary, head.rarity)
        assert together.dense[row] == pytest.approx(alone.dense[0], abs=1e-5)
        assert together.words[[row]].toarray() == pytest.approx(alone.words.toarray(), abs=1e-6)
    assert not together.dense[1].any()


def test_the_description_of_a_node_is_the_mean_of_its_titles_and_keywords() -> None:
    nodes = read_nodes([NODES[0][1], NODES[1][1]])
    own = nodes.phrases[nodes.node == 1].sum(axis=0)
    assert nodes.description[1] == pytest.approx(own / np.linalg.norm(own), abs=1e-5)
    assert set(MISSION) < set(BUILTIN)
