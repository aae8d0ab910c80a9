"""Placing of offers and needs on the nodes of the chains, with a confidence and the evidence.

The pieces of evidence (serai.match.evidence) are taken as independent and joined by noisy-or, 1 - (1 - p1)(1 - p2)...
(Pearl 1988, section 4.3.2), which is one sparse product: log(1 - confidence) = (items x terms) @ log(1 - (terms x
nodes)). An item without any evidence is not placed.

A product that a text names only as a material or a use of another counts less: its evidence is multiplied by the square
of the chance that no other evidence of the text leads right. An offer is not placed by products that its firm buys
(serai.match.roles).

An item is one product, so its nodes compete: a node that explains it half as well as the best gets half the confidence.
Measured on the 963 invented offers and needs of the demonstration edition, whose node is known: with this rule and with
codes shared among all chains the right node is first for 98 %, and wrong nodes above one half fall from 620 to 141,
many of which name the same product in another chain.

Read by hand before the nodes competed, of random placements of the exhibitors of an electronics fair by their
descriptions, right were 8 of 40 with a confidence under 0.31, 9 of 27 from there to 0.64, 13 of 22 to 0.70 and 34 of 39
above. Short offers that name a product are placed better than their confidence says.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise

import numpy as np
from scipy import sparse

from serai.match.evidence import Evidence, EvidenceKind, Terms, code_terms, word_terms
from serai.world.chains import Chain, Node

__all__ = ["Evidence", "EvidenceKind", "Item", "Placement", "Side", "place"]

FLOOR = 0.15
"""Least confidence of a placement; below, it is a guess among seven or more nodes."""
DIGITS = 12
"""Decimals of a confidence."""


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
    if not ordered or not nodes:
        return []
    kinds = [
        code_terms(EvidenceKind.HS, [item.hs for item in ordered], nodes),
        code_terms(EvidenceKind.ISIC, [item.isic for item in ordered], nodes),
        word_terms([item.text for item in ordered], [item.side is Side.OFFER for item in ordered], nodes),
    ]
    users = _users(chains)
    sides = {item.key: item.side for item in ordered}
    placements = _placements(ordered, nodes, kinds, floor, per_item)
    return [
        placement
        for _key, of_item in groupby(placements, key=lambda placement: placement.item)
        for placement in _without_inputs(list(of_item), sides, users, floor)
    ]


def _in_order(items: Sequence[Item]) -> list[Item]:
    """The items in the order of their keys. Raises ValueError if two share a key."""
    ordered = sorted(items, key=lambda item: item.key)
    for first, second in pairwise(ordered):
        if first.key == second.key:
            raise ValueError(f"Two items have the key '{first.key}'; give each offer and each need its own key.")
    return ordered


def _users(chains: Sequence[Chain]) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """The nodes that each node supplies, as chain and node."""
    return {
        (chain.slug, node.code): frozenset((chain.slug, user) for user in chain.users_of(node.code))
        for chain in chains
        for node in chain.nodes
    }


def _placements(
    items: Sequence[Item], nodes: Sequence[tuple[str, Node]], kinds: Sequence[Terms], floor: float, per_item: int
) -> Iterator[Placement]:
    itself, aside = (
        sparse.csr_array(sparse.hstack(matrices, format="csr"))
        for matrices in ([terms.found for terms in kinds], [terms.aside for terms in kinds])
    )
    chance = sparse.csr_array(sparse.vstack([terms.chance for terms in kinds], format="csr"))
    doubt = chance.multiply(-1).log1p()
    spoken = -np.expm1(
        (itself @ doubt).min(axis=1).toarray().ravel()
    )  # the chance that the text is about a product by itself
    shown = sparse.csr_array(itself + sparse.diags_array((1 - spoken) ** 2) @ aside)
    shown.data = np.minimum(shown.data, 1.0)
    sure = (shown @ doubt).tocoo()
    item, node = sure.row, sure.col
    # The order of this sum depends on the other items, so the last digits are rounded away.
    confidence = np.minimum(np.round(-np.expm1(sure.data), DIGITS), 1 - 10.0**-DIGITS)
    best = np.zeros(len(items))
    np.maximum.at(best, item, confidence)
    confidence = np.round(confidence**2 / best[item], DIGITS)
    order = np.lexsort((node, -confidence, item))
    rank = np.arange(len(item)) - np.searchsorted(item[order], item[order])
    kept = order[(rank < per_item) & (confidence[order] >= floor)]

    evidence = [Evidence(terms.kind, name) for terms in kinds for name in terms.names]
    why = sparse.csr_array(shown[item[kept]].multiply(chance.T.tocsr()[node[kept]]))
    for row, start, stop in zip(kept, why.indptr, why.indptr[1:], strict=False):
        terms = why.indices[start:stop]
        strongest = terms[np.lexsort((terms, -why.data[start:stop]))]
        slug, where = nodes[node[row]]
        yield Placement(
            items[item[row]].key, slug, where.code, float(confidence[row]), tuple(evidence[term] for term in strongest)
        )


def _without_inputs(
    of_item: Sequence[Placement],
    sides: Mapping[str, Side],
    users: Mapping[tuple[str, str], AbstractSet[tuple[str, str]]],
    floor: float,
) -> Iterator[Placement]:
    """The placements of one item; of an offer, without nodes that are probably only its inputs.

    An offer is one product. If its words name a node, and it stands more surely on a node that the first one feeds, the
    first is probably an input.
    """
    for placement in of_item:
        makes = 0.0
        if sides[placement.item] is Side.OFFER and all(
            other.kind is EvidenceKind.WORDS for other in placement.evidence
        ):
            fed = users[placement.chain, placement.node]
            makes = max((other.confidence for other in of_item if (other.chain, other.node) in fed), default=0.0)
        if makes <= placement.confidence:
            yield placement
        elif placement.confidence * (1 - makes) >= floor:
            yield replace(placement, confidence=placement.confidence * (1 - makes))
