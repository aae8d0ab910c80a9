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

from serai.match.decisions import corrected, residuals
from serai.match.evidence import Evidence, EvidenceKind, Terms, code_terms, joined, word_terms
from serai.match.node_head import Scores, score
from serai.match.roles import product_itself, what_is_offered
from serai.world.chains import Chain, Node

__all__ = ["Decision", "Evidence", "EvidenceKind", "Item", "Placement", "Side", "place"]

FLOOR = 0.15
"""Least confidence of a placement; below, it is a guess among seven or more nodes."""

SURE = 0.5
"""Confidence from which a product is taken to be told without its materials and uses."""

DENIED = 0.1
"""Confidence below which a product by itself does not stand where its need stands first (docs/method/placing.md)."""

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


@dataclass(frozen=True)
class Decision:
    """What a person said of an item: that it belongs to `node`, that it does not, or that no node is right."""

    item: Item
    node: tuple[str, str] | None
    """Slug of the chain and code of the node; None where no node is right."""
    right: bool = True
    """Whether it belongs to the node."""


def place(
    items: Sequence[Item],
    chains: Sequence[Chain],
    *,
    floor: float = FLOOR,
    per_item: int = 3,
    decisions: Sequence[Decision] = (),
) -> list[Placement]:
    """The nodes of each item, at most `per_item` over all chains, the surest first; items in the order of their keys.

    Placements below `floor` are left out. Neither the order of the items nor what else is among them changes the
    placements of one, nor the order of the `decisions`, by which the chances are corrected (serai.match.decisions).
    Raises ValueError where two items share a key.
    """
    ordered = _in_order(items)
    nodes = [(chain.slug, node) for chain in chains for node in chain.nodes]
    if not nodes:
        return []
    decided = _decided(decisions, nodes)
    return [
        placement
        for some in batched(ordered, AT_ONCE)
        for placement in _placements(some, nodes, floor, per_item, decided)
    ]


def _in_order(items: Sequence[Item]) -> list[Item]:
    """The items in the order of their keys. Raises ValueError if two share a key."""
    ordered = sorted(items, key=lambda item: item.key)
    for first, second in pairwise(ordered):
        if first.key == second.key:
            raise ValueError(f"Two items have the key '{first.key}'; give each offer and each need its own key.")
    return ordered


@dataclass(frozen=True)
class _Chances:
    """How likely items stand at nodes, by text and codes, and what led there."""

    confidence: NDArray[np.float64]
    """(n_items, n_nodes)"""
    scores: Scores
    codes: "_Explained"
    words: "_Explained"


def _chances_of(items: Sequence[Item], nodes: Sequence[tuple[str, Node]]) -> _Chances:
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
    return _Chances(confidence, scores, _Explained(codes, shown_codes), _Explained(words, shown_words))


def _placements(
    items: Sequence[Item],
    nodes: Sequence[tuple[str, Node]],
    floor: float,
    per_item: int,
    decided: "_Decided | None",
) -> Iterator[Placement]:
    chances = _chances_of(items, nodes)
    confidence = chances.confidence
    if decided is not None:
        vectors = _vectors(chances.scores)
        confidence = _rounded(corrected(confidence, vectors, decided.vectors, decided.residual, decided.weight))
    for row, item in enumerate(items):
        order = np.argsort(-confidence[row], kind="stable")[:per_item]
        for node in order[confidence[row, order] >= floor].tolist():
            evidence = (
                *chances.codes.evidence(row, node),
                *chances.words.evidence(row, node),
                *_sentence(chances.scores, row, node),
            )
            slug, where = nodes[node]
            yield Placement(item.key, slug, where.code, float(confidence[row, node]), evidence)


@dataclass(frozen=True)
class _Decided:
    """What was decided, as the correction reads it."""

    vectors: NDArray[np.float64]
    residual: NDArray[np.float64]
    weight: NDArray[np.float64]


def _decided(decisions: Sequence[Decision], nodes: Sequence[tuple[str, Node]]) -> _Decided | None:
    """The decisions of nodes of these chains, and that no node is right; None where there is none of them."""
    row_of = {(slug, node.code): row for row, (slug, node) in enumerate(nodes)}
    ordered = sorted(
        (decision for decision in decisions if decision.node is None or decision.node in row_of),
        key=lambda decision: (decision.item.key, decision.node or ("", ""), decision.right),
    )
    if not ordered:
        return None
    read = _read_once(tuple(decision.item for decision in ordered), tuple(nodes))
    chosen = np.array([-1 if decision.node is None else row_of[decision.node] for decision in ordered])
    refused = np.array([decision.node is not None and not decision.right for decision in ordered])
    residual, weight = residuals(np.array([chances for chances, _vector in read]), chosen, refused, chosen < 0)
    return _Decided(np.array([vector for _chances, vector in read]), residual, weight)


_KEPT = 4096
"""Decided items whose reading is kept in a process, since decisions stay and are read with every placing."""

_kept: dict[tuple[Item, int], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}


def _read_once(
    items: Sequence[Item], nodes: tuple[tuple[str, Node], ...]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The chances of items at the nodes, before any correction, and their vectors; each is read once in a process."""
    of_nodes = hash(nodes)
    new = sorted({item for item in items if (item, of_nodes) not in _kept}, key=lambda item: (item.key, item.text))
    if len(_kept) + len(new) > _KEPT:
        _kept.clear()
        new = sorted(set(items), key=lambda item: (item.key, item.text))
    for some in batched(new, AT_ONCE):
        chances = _chances_of(some, nodes)
        vectors = _vectors(chances.scores)
        _kept.update(((item, of_nodes), (chances.confidence[row], vectors[row])) for row, item in enumerate(some))
    return [_kept[item, of_nodes] for item in items]


def _vectors(scores: Scores) -> NDArray[np.float64]:
    """(n_texts, 1024) the vectors of texts and of their sentences together, each of length 1, or 0 without words."""
    dense = scores.texts.dense.astype(np.float64)
    length = np.linalg.norm(dense, axis=1, keepdims=True)
    return np.divide(dense, length, out=np.zeros_like(dense), where=length > 0)


def _rounded(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances without the digits that depend on what else is in the batch, above 0 only where they were, below 1."""
    return np.clip(np.round(chances, DIGITS), 0, 1 - 10.0**-DIGITS)


def _read(
    texts: Sequence[str], offers: Sequence[bool], nodes: Sequence[tuple[str, Node]], evidence: NDArray[np.float32]
) -> Scores:
    """How the texts score; of a text in one sentence, without the materials and uses that it names, if it can be.

    Cells with ceramic separators are no separators, but solutions for separators are. An offer stands where the product
    by itself does. A need stands where all of it does, since its use says what is meant (packaging for medicines), but
    at further nodes only as far as the product by itself: who needs separators for cells needs no cells. Where the
    product by itself has no place at the first node, the use alone led there, and both readings count alike.
    """
    read = [what_is_offered(text) if offered else text for text, offered in zip(texts, offers, strict=True)]
    is_offer = np.array(offers)
    scores = score(read, ~is_offer, nodes, evidence)
    itself = [product_itself(text) for text in read]
    parted = np.flatnonzero([bool(part) and part != text for part, text in zip(itself, read, strict=True)])
    if len(parted):
        alone = score([itself[row] for row in parted], ~is_offer[parted], nodes, evidence[parted]).confidence
        whole = scores.confidence[parted]
        of_offers = np.where(alone.max(axis=1, keepdims=True) >= SURE, alone, whole)
        scores.confidence[parted] = np.where(is_offer[parted, None], of_offers, _of_needs(whole, alone))
    return scores


def _of_needs(whole: NDArray[np.float32], alone: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n_needs, n_nodes) the chances of needs, from those of their whole texts and of the products by themselves."""
    first = whole.argmax(axis=1)[:, None]
    by_itself = np.take_along_axis(alone, first, axis=1)
    without_use, sure = np.minimum(whole, alone), np.take_along_axis(whole, first, axis=1)
    np.put_along_axis(without_use, first, sure, axis=1)
    denied = (sure >= SURE) & (by_itself < DENIED)
    return np.where(denied, np.sqrt(whole * alone), np.where(by_itself >= SURE, without_use, whole))


def _with_codes(by_text: NDArray[np.float32], by_codes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_items, n_nodes) the chance by text and codes together, by noisy-or.

    An item is one product, so the nodes that share a code compete: the code of one that is explained half as well as
    the best counts a quarter.
    """
    text = by_text.astype(np.float64)
    joint = 1 - (1 - text) * (1 - by_codes)
    best = joint.max(axis=1, keepdims=True)
    share = np.divide(joint, best, out=np.zeros_like(joint), where=best > 0)
    return _rounded(1 - (1 - text) * (1 - by_codes * share**2))


def _sentence(scores: Scores, row: int, node: int) -> Iterator[Evidence]:
    """The sentence of a longer text that led to the node."""
    if scores.confidence[row, node] > 0 and (scores.texts.text == row).sum() > 1:
        yield Evidence(EvidenceKind.SENTENCE, scores.sentence(row, node))


class _Explained:
    """The terms of some kinds that the items show, to tell which of them lead to a node."""

    def __init__(self, kinds: Sequence[Terms], shown: sparse.csr_array) -> None:
        self._evidence = [Evidence(terms.kind, name) for terms in kinds for name in terms.names]
        self._shown = shown
        self._shown.sum_duplicates()
        self._chance = sparse.csc_array(sparse.vstack([terms.chance for terms in kinds], format="csc"))
        self._chance.sort_indices()

    def evidence(self, row: int, node: int) -> list[Evidence]:
        """The terms of an item that lead to a node, the strongest first."""
        # The few entries of a row and a column are read where they stand: sparse slices take far longer.
        shown = slice(*self._shown.indptr[row : row + 2])
        leading = slice(*self._chance.indptr[node : node + 2])
        terms, chances = self._chance.indices[leading], self._chance.data[leading]
        own = self._shown.indices[shown]
        if not len(own) or not len(terms):
            return []
        place = np.minimum(np.searchsorted(terms, own), len(terms) - 1)
        strength = np.where(terms[place] == own, self._shown.data[shown] * chances[place], 0)
        why = np.flatnonzero(strength)
        strongest = why[np.lexsort((own[why], -strength[why]))]
        return [piece for term in strongest if (piece := self._evidence[own[term]]).what]
