"""Placing of offers and needs on the nodes of the chains, with a confidence and the evidence.

What a text says is judged by the trained head (serai.match.node_head): the vectors of the text and of its sentences,
its words, and the keywords of the nodes, against all nodes of the built-in chains and against none. Codes that a firm
gives (serai.match.evidence) are further evidence, joined with the text by noisy-or. A text that belongs to no node is
placed nowhere. docs/method/placing.md says how the head was trained and how well it places real texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import batched, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.evidence import Evidence, EvidenceKind, Terms, code_terms, joined, word_terms
from serai.match.node_head import Scores, score
from serai.match.roles import product_itself, what_is_offered
from serai.world.chains import Chain, Node

__all__ = ["Evidence", "EvidenceKind", "Item", "Placement", "Side", "place"]

FLOOR = 0.15
"""Least confidence of a placement; below, it is a guess among seven or more nodes."""

SURE = 0.5
"""Confidence from which a product is taken to be told without its materials and uses."""

DIGITS = 4
"""Decimals of a confidence: the others change with the size of the batch."""

AT_ONCE = 500
"""Items placed together: bounds the memory."""


class Side(StrEnum):
    """Whether the firm offers the item or needs it."""

    OFFER = "offer"
    NEED = "need"


@dataclass(frozen=True)
class Item:
    """An offer, a need, or a product that a firm can make.

    `text` may join several languages; codes may be written as "8507.60" or "C2720".
    """

    key: str
    side: Side
    text: str
    hs: tuple[str, ...] = ()
    isic: tuple[str, ...] = ()
    named: bool = True
    """Whether it names an offered product; else it is a product that the firm can make, by its plants and
    description."""


@dataclass(frozen=True)
class Placement:
    """An item on a node; `confidence` is the chance, above 0 and below 1, that it belongs there."""

    item: str
    chain: str
    node: str
    confidence: float
    evidence: tuple[Evidence, ...]


def place(
    items: Sequence[Item], chains: Sequence[Chain], *, floor: float = FLOOR, per_item: int = 3
) -> list[Placement]:
    """The nodes of each item, at most `per_item` over all chains, the surest first; items in the order of their keys.

    Placements below `floor` are left out. Neither the order of the items nor what else is among them changes the
    placements of one. Raises ValueError where two items share a key.
    """
    ordered = _in_order(items)
    nodes = [(chain.slug, node) for chain in chains for node in chain.nodes]
    if not nodes:
        return []
    return [placement for some in batched(ordered, AT_ONCE) for placement in _placements(some, nodes, floor, per_item)]


def _in_order(items: Sequence[Item]) -> list[Item]:
    """The items in the order of their keys. Raises ValueError if two share a key."""
    ordered = sorted(items, key=lambda item: item.key)
    for first, second in pairwise(ordered):
        if first.key == second.key:
            raise ValueError(f"Two items have the key '{first.key}'; give each offer and each need its own key.")
    return ordered


def _placements(
    items: Sequence[Item],
    nodes: Sequence[tuple[str, Node]],
    floor: float,
    per_item: int,
) -> Iterator[Placement]:
    texts, offers = [item.text for item in items], [item.side is Side.OFFER for item in items]
    codes = [
        code_terms(EvidenceKind.HS, [item.hs for item in items], nodes),
        code_terms(EvidenceKind.ISIC, [item.isic for item in items], nodes),
    ]
    words = [word_terms(texts, offers, nodes)]
    by_codes, shown_codes = joined(codes)
    by_words, shown_words = joined(words)
    scores = _read(texts, offers, nodes, by_words.toarray().astype(np.float32))
    confidence = _with_codes(scores.confidence, by_codes.toarray())
    of_codes, of_words = _Explained(codes, shown_codes), _Explained(words, shown_words)
    for row, item in enumerate(items):
        order = np.argsort(-confidence[row], kind="stable")[:per_item]
        for node in order[confidence[row, order] >= floor].tolist():
            evidence = (*of_codes.evidence(row, node), *of_words.evidence(row, node), *_sentence(scores, row, node))
            slug, where = nodes[node]
            yield Placement(item.key, slug, where.code, float(confidence[row, node]), evidence)


def _read(
    texts: Sequence[str], offers: Sequence[bool], nodes: Sequence[tuple[str, Node]], evidence: NDArray[np.float32]
) -> Scores:
    """How the texts score; of an offer in one sentence, without the materials and uses that it names, if it can be.

    Cells with ceramic separators are no separators, but solutions for separators are.
    """
    read = [what_is_offered(text) if offered else text for text, offered in zip(texts, offers, strict=True)]
    needs = ~np.array(offers)
    scores = score(read, needs, nodes, evidence)
    itself = [product_itself(text) if offered else "" for text, offered in zip(read, offers, strict=True)]
    parted = np.flatnonzero([bool(part) and part != text for part, text in zip(itself, read, strict=True)])
    if len(parted):
        alone = score([itself[row] for row in parted], needs[parted], nodes, evidence[parted]).confidence
        sure = alone.max(axis=1) >= SURE
        scores.confidence[parted[sure]] = alone[sure]
    return scores


def _with_codes(by_text: NDArray[np.float32], by_codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_items, n_nodes) the chance by text and codes together, by noisy-or.

    An item is one product, so the nodes that share a code compete: the code of one that is explained half as well as
    the best counts a quarter.
    """
    text = by_text.astype(np.float64)
    joint = 1 - (1 - text) * (1 - by_codes)
    best = joint.max(axis=1, keepdims=True)
    share = np.divide(joint, best, out=np.zeros_like(joint), where=best > 0)
    together = np.round(1 - (1 - text) * (1 - by_codes * share**2), DIGITS)
    chance: NDArray[np.float64] = np.clip(together, 0, 1 - 10.0**-DIGITS)
    return chance


def _sentence(scores: Scores, row: int, node: int) -> Iterator[Evidence]:
    """The sentence of a longer text that led to the node."""
    if scores.confidence[row, node] > 0 and (scores.texts.text == row).sum() > 1:
        yield Evidence(EvidenceKind.SENTENCE, scores.sentence(row, node))


class _Explained:
    """The terms of some kinds that the items show, to tell which of them lead to a node."""

    def __init__(self, kinds: Sequence[Terms], shown: sparse.csr_array) -> None:
        self._evidence = [Evidence(terms.kind, name) for terms in kinds for name in terms.names]
        self._shown = shown
        self._chance = sparse.csc_array(sparse.vstack([terms.chance for terms in kinds], format="csc"))

    def evidence(self, row: int, node: int) -> list[Evidence]:
        """The terms of an item that lead to a node, the strongest first."""
        why = self._shown[[row]].multiply(self._chance[:, [node]].T).tocsr()
        return [self._evidence[term] for term in why.indices[np.lexsort((why.indices, -why.data))] if why.data.size]
