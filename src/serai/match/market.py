"""The market of a fair: its firms, their offers and needs, and where these stand on the chains, as arrays.

A market is made once and answers many questions (serai.match.candidates, serai.match.partners).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.hubness import crowded
from serai.match.placing import Item, Placement, Side
from serai.match.requirements import Requirements, Terms
from serai.match.trade_links import Link
from serai.match.word_vectors import Integers, word_hashes, word_hashes_of_offer, word_vectors

type Floats = NDArray[np.float64]
type Sparse = sparse.csr_array

MADE = 0.5
"""Confidence of a placement from which a firm is taken to make what stands on the node."""


CROWDED = 15
"""Offers on a node above which it tells less of each, by the root of their number."""


@dataclass(frozen=True)
class Firm:
    """A firm to be matched: an exhibitor, a buyer, a delegation.

    `items` are the keys of its items, which no other firm has. `country` (ISO 3166 alpha-2) may be left out.
    """

    key: str
    items: tuple[str, ...]
    country: str = ""


@dataclass(frozen=True)
class Shelf:
    """All offers or all needs of a market, in the order of their keys: what a search goes through.

    A matrix `by_...` is the transpose of the one before it, for fast products.
    """

    item: Integers
    """Row of the item in the market."""
    firm: Integers
    scripts: Integers
    words: Sparse
    by_word: Sparse
    nodes: Sparse
    """(n, n_nodes) how surely each stands on each node; of offers less where the node is crowded."""
    by_node: Sparse
    vectors: NDArray[np.float32] | None
    crowded: NDArray[np.float32] | None
    """(n,) nearness of each to its nearest items of the other side (`hubness`)."""
    codes: Sparse | None
    by_code: Sparse | None


@dataclass(frozen=True)
class Place:
    """The offers on one node, in the order of their rows among the placements of the market."""

    rows: Integers
    firm: Integers
    item: Integers
    confidence: Floats


@dataclass(frozen=True)
class Sorts:
    """Sorts of firms that never meet each other, used where their pairs are too many to be listed.

    `of` (n_firms,) is the sort of each firm in the order of the keys. `apart` (n_sorts, n_sorts) is symmetric, and True
    for two sorts whose firms have no pair.
    """

    of: Integers
    apart: NDArray[np.bool_]


@dataclass(frozen=True)
class Market:
    """Firms, items and placements in the order of their keys; made by `market`.

    The columns `firm`, `item` and `confidence` have one row per placement of a firm's item.
    """

    firms: Sequence[str]
    countries: Sequence[str]
    items: Sequence[Item]
    owner: Integers
    """(n_items,) the row of the firm of each item."""
    position: Integers
    """(n_items,) the row of each item on the shelf of its side."""
    shelves: Mapping[Side, Shelf]
    placements: Sequence[Placement]
    firm: Integers
    item: Integers
    confidence: Floats
    terms: Mapping[str, Terms]
    requirements: Requirements
    named: NDArray[np.bool_]
    """(n_items,) whether the item names what it offers; otherwise it is what its firm can make."""
    places: Mapping[tuple[str, str], Place]
    """Offers by chain and node, where they stand more likely than not."""
    links: Sequence[Link]
    sorts: Sorts | None = None

    def vector(self, item: int) -> NDArray[np.float32]:
        """The vector (d,) of an item. Raises ValueError for a market without vectors."""
        vectors = self.shelves[self.items[item].side].vectors
        if vectors is None:
            raise ValueError("This market has no vectors; give them when it is made.")
        return np.asarray(vectors[self.position[item]])


def market(
    firms: Sequence[Firm],
    items: Sequence[Item],
    placements: Sequence[Placement],
    links: Sequence[Link],
    *,
    vectors: NDArray[np.float32] | None = None,
    codes: Sparse | None = None,
    crowd: Mapping[Side, NDArray[np.float32]] | None = None,
    terms: Mapping[str, Terms] | None = None,
) -> Market:
    """The market of these firms; `links` say which nodes trade (`trade_links.links`).

    `vectors` (len(items), d) have length 1, and `codes` are as `code_shares` gives them, both in the order of `items`;
    `crowd` are vectors of offers and needs among which it is measured how crowded a place is (`hubness`): those of the
    items, unless they are a part of a larger market. `terms` are those of items by their key. Items without a firm are
    left out, and the order of the rows changes nothing. Raises ValueError if a firm or item key comes twice, a firm
    names an unknown item or one of another firm, a placement names an unknown item, chain or node, or there are not as
    many vectors or codes as items.
    """
    firms = sorted(firms, key=lambda firm: firm.key)
    item_of = _by_key(items)
    _check_sizes(len(items), vectors, codes)
    owner = _owners(firms, item_of)
    _check_placements(placements, item_of, links)
    keys = sorted(owner)
    kept = [item_of[key] for key in keys]
    rows = _owned(placements, owner)
    columns = _columns(rows, keys, owner)
    sides = [item_of[placement.item].side for placement in rows]
    confidence = _discounted_confidence(rows, columns.firm, sides)
    row_of = {item.key: row for row, item in enumerate(items)}
    order = [row_of[key] for key in keys]
    terms = terms or {}
    node = _nodes(rows)
    at, size = (columns.item, node), (len(keys), int(node.max(initial=-1)) + 1)
    told = confidence * _telling(node, confidence, sides)
    on_nodes = sparse.csr_array((told.astype(np.float32), at), shape=size)
    item_firm = np.array([owner[key] for key in keys], dtype=np.int64)
    shelves, position = _shelves(
        kept,
        item_firm,
        on_nodes,
        None if vectors is None else vectors[order],
        None if codes is None else sparse.csr_array(codes).astype(np.float32)[order],
        crowd or {},
    )
    return Market(
        firms=[firm.key for firm in firms],
        countries=[firm.country for firm in firms],
        items=kept,
        owner=item_firm,
        position=position,
        shelves=shelves,
        placements=rows,
        firm=columns.firm,
        item=columns.item,
        confidence=confidence,
        terms=terms,
        requirements=Requirements([terms.get(key, Terms()) for key in keys]),
        named=np.array([item.named for item in kept], dtype=np.bool_),
        places=_places(rows, sides, columns, confidence),
        links=links,
    )


def _by_key(items: Sequence[Item]) -> dict[str, Item]:
    item_of = {item.key: item for item in items}
    if len(item_of) < len(items):
        raise ValueError("Two items have the same key; give each offer and each need its own key.")
    return item_of


def _check_sizes(n_items: int, vectors: NDArray[np.float32] | None, codes: Sparse | None) -> None:
    if vectors is not None and len(vectors) != n_items:
        raise ValueError(f"There are {len(vectors)} vectors for {n_items} items; give one for each.")
    if codes is not None and codes.shape[0] != n_items:
        raise ValueError(f"There are codes of {codes.shape[0]} texts for {n_items} items; give them for each.")


def _check_placements(placements: Sequence[Placement], items: Container[str], links: Sequence[Link]) -> None:
    nodes = {end for link in links for end in link.ends}
    for placement in placements:
        if placement.item not in items or (placement.chain, placement.node) not in nodes:
            raise ValueError(
                f"Item '{placement.item}' is placed on '{placement.chain}/{placement.node}', and one of them is "
                "unknown."
            )


def _owners(firms: Sequence[Firm], items: Container[str]) -> dict[str, int]:
    """The row of the firm that has each item."""
    owner: dict[str, int] = {}
    for first, second in pairwise(firms):
        if first.key == second.key:
            raise ValueError(f"Two firms have the key '{first.key}'; give each firm its own key.")
    for row, firm in enumerate(firms):
        for key in firm.items:
            if key not in items:
                raise ValueError(f"Firm '{firm.key}' names the item '{key}', which is not among the items; add it.")
            if owner.setdefault(key, row) != row:
                other = firms[owner[key]].key
                raise ValueError(f"Item '{key}' is with the firms '{other}' and '{firm.key}'; keep it with one.")
    return owner


def _owned(placements: Sequence[Placement], owner: Container[str]) -> list[Placement]:
    """The placements of items that a firm has, in the order of their keys."""
    owned = (placement for placement in placements if placement.item in owner)
    return sorted(owned, key=lambda placement: (placement.item, placement.chain, placement.node))


@dataclass(frozen=True)
class _Columns:
    """(n_placements,) the row of the firm and of the item of each placement."""

    firm: Integers
    item: Integers


def _columns(rows: Sequence[Placement], keys: Sequence[str], owner: Mapping[str, int]) -> _Columns:
    row_of_item = {key: row for row, key in enumerate(keys)}
    return _Columns(
        firm=np.array([owner[placement.item] for placement in rows], dtype=np.int64),
        item=np.array([row_of_item[placement.item] for placement in rows], dtype=np.int64),
    )


def _discounted_confidence(rows: Sequence[Placement], firm: Integers, sides: Sequence[Side]) -> Floats:
    """(n_placements,) the confidence of each placement; 0 for a need on a node where its own firm surely offers.

    "Separators for battery cells" names the product that is needed and its use. If a maker of cells writes it, the
    separators are needed: a firm seldom needs what it makes. If all nodes of a need are like this, none gets 0.
    """
    confidence = np.array([placement.confidence for placement in rows], dtype=np.float64)
    made: dict[tuple[int, str, str], float] = {}
    rows_of_need: dict[str, list[int]] = {}
    for row, placement in enumerate(rows):
        if sides[row] is Side.OFFER:
            place = int(firm[row]), placement.chain, placement.node
            made[place] = max(made.get(place, 0.0), placement.confidence)
        else:
            rows_of_need.setdefault(placement.item, []).append(row)
    for of_need in rows_of_need.values():
        own = [made.get((int(firm[row]), rows[row].chain, rows[row].node), 0.0) for row in of_need]
        if min(own) < MADE:
            confidence[of_need] *= np.array(own) < MADE
    return confidence


def _nodes(rows: Iterable[Placement]) -> Integers:
    """(n_placements,) the number of the node of each placement."""
    number: dict[tuple[str, str], int] = {}
    return np.array([number.setdefault((row.chain, row.node), len(number)) for row in rows], dtype=np.int64)


def _telling(node: Integers, confidence: Floats, sides: Sequence[Side]) -> Floats:
    """(n_placements,) how much a node tells of each offer on it: 1 where there are few, less among hundreds.

    Of a need it tells as much as it is sure.
    """
    offered = np.array([side is Side.OFFER for side in sides], dtype=np.bool_)
    made = np.bincount(node[offered & (confidence >= MADE)], minlength=int(node.max(initial=-1)) + 1)
    return np.where(offered, np.sqrt(np.minimum(1, CROWDED / np.maximum(1, made[node]))), 1.0)


def _shelves(
    items: Sequence[Item],
    firm: Integers,
    nodes: Sparse,
    vectors: NDArray[np.float32] | None,
    codes: Sparse | None,
    crowd: Mapping[Side, NDArray[np.float32]],
) -> tuple[dict[Side, Shelf], Integers]:
    """The shelves of both sides and the row of each item on its own; all arguments are in the order of the keys."""
    hashes = [_hashes(item) for item in items]
    words = word_vectors([words for words, _scripts in hashes]).astype(np.float32)
    scripts = np.array([bits for _words, bits in hashes], dtype=np.int64)
    rows = {side: np.array([n for n, item in enumerate(items) if item.side is side], dtype=np.int64) for side in Side}
    position = np.zeros(len(items), dtype=np.int64)
    shelves = {}
    for side, other in ((Side.OFFER, Side.NEED), (Side.NEED, Side.OFFER)):
        here = rows[side]
        position[here] = np.arange(len(here))
        own_vectors = None if vectors is None else vectors[here]
        own_codes = None if codes is None else codes[here]
        others = None if vectors is None else crowd.get(other, vectors[rows[other]])
        shelves[side] = Shelf(
            item=here,
            firm=firm[here],
            scripts=scripts[here],
            words=words[here],
            by_word=words[here].T.tocsr(),
            nodes=nodes[here],
            by_node=nodes[here].T.tocsr(),
            vectors=own_vectors,
            crowded=None if own_vectors is None or others is None else crowded(own_vectors, others),
            codes=own_codes,
            by_code=None if own_codes is None else own_codes.T.tocsr(),
        )
    return shelves, position


def _places(
    rows: Sequence[Placement], sides: Sequence[Side], columns: _Columns, confidence: Floats
) -> dict[tuple[str, str], Place]:
    """The placements of offers by chain and node, those that are more likely right than not."""
    rows_of_place: dict[tuple[str, str], list[int]] = {}
    for row, placement in enumerate(rows):
        if sides[row] is Side.OFFER and placement.confidence >= MADE:
            rows_of_place.setdefault((placement.chain, placement.node), []).append(row)
    places = {}
    for place, listed in rows_of_place.items():
        here = np.array(listed, dtype=np.int64)
        places[place] = Place(here, columns.firm[here], columns.item[here], confidence[here])
    return places


def _hashes(item: Item) -> tuple[Integers, int]:
    return word_hashes_of_offer(item.text) if item.side is Side.OFFER else word_hashes(item.text)
