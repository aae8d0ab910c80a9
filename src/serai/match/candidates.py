"""Candidates along the chain: which items of which firms could trade, by product, chain and industry.

Two items join two firms in one of three ways. A stated need and an offer on the same node: who needs finds who makes,
by a product that an offer names or, for less, by what its firm can make (its plants, outputs, description).
Two offers on nodes of which the first supplies the second: the maker may supply the user, although nobody said so. Two
offers on nodes of which, by the world table, the industry of the second buys much more from that of the first than
others do. Two offers on the same node are competitors and join nobody. A hard requirement of a need that the offer
cannot meet cuts the pair, and an excluded pair of firms has none.

The strength of a pair of items is the chance that both are placed right, lowered by up to half where they are unlike:
by their words and, where there are vectors, two thirds by these. Texts without a common script count as the usual pair
there does. A need that stands on several nodes is not taken to stand on those of which its own firm offers.

Memory is bounded: at every node, or two nodes that trade, each item keeps its `breadth` strongest counterparts and is
kept by those of which it is one of the strongest.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.crowding import crowded, likeness
from serai.match.placing import Item, Placement, Side
from serai.match.requirements import Cut, Requirements, Terms, cuts
from serai.match.roles import what_is_offered
from serai.match.text import SCRIPTS, pieces, script_of, tokens
from serai.match.trading import Link, Trade

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Sparse = sparse.csr_array

PAIRS_AT_ONCE = 2_000_000
"""Pairs of placements looked at in one go: bounds the memory that a crowded node takes."""

TEXTS_REMEMBERED = 50_000
"""Texts whose words are remembered: a page that lists partners reads the same texts again."""

WORDS_REMEMBERED = 200_000

LONG = 40
"""Words and pieces of words from which a text is long: it is measured as if it had no more, so that what a short one
says counts against a description of ten lines too (pivoted length: Singhal et al. 1996)."""

MADE = 0.5
"""The confidence from which a firm is taken to make what stands on a node."""

CAPABLE = 0.6
"""What it is worth that a firm can make what is needed, against an offer that names it."""

WISHES_AMONG_MANY = 0.1
"""By how much, at most, the wishes of each side raise or lower the strength by which an item's candidates are kept
where there are more than enough."""

MEANING_SHARE = 2 / 3
"""Of likeness, where both texts have a vector."""


@dataclass(frozen=True)
class Firm:
    """Who is to be matched: an exhibitor, a buyer, a delegation; and the keys of its items, which no other firm has.

    `country` (ISO 3166 alpha-2) may be left out.
    """

    key: str
    items: tuple[str, ...]
    country: str = ""


@dataclass(frozen=True)
class _Place:
    """The placements of one side on one node, in the order of their rows."""

    rows: Integers
    firm: Integers
    item: Integers
    confidence: Floats
    scripts: Integers
    words: Sparse


@dataclass(frozen=True)
class Sorts:
    """Which firms never meet by what they are, where their pairs would be too many to name.

    `of` (n_firms,) is the sort of each firm in the order of the keys; `apart` (n_sorts, n_sorts) is symmetric, and True
    for two sorts that have no pair.
    """

    of: Integers
    apart: NDArray[np.bool_]


@dataclass(frozen=True)
class Market:
    """Everything in the order of the keys, read once for many questions; made by `market`.

    The columns `firm`, `item` and `confidence` have one row per placement of a firm's item.
    """

    firms: Sequence[str]
    countries: Sequence[str]
    placements: Sequence[Placement]
    firm: Integers
    item: Integers
    confidence: Floats
    vectors: NDArray[np.float32] | None
    crowded: Mapping[Side, NDArray[np.float32]]
    """How near the items lie to their nearest among the offers and among the needs; empty without vectors."""
    codes: Sparse | None
    terms: Mapping[str, Terms]
    requirements: Requirements
    named: NDArray[np.bool_]
    """(n_items,) whether the item names what it offers; else it is what its firm can make."""
    places: Mapping[tuple[str, str, Side], _Place]
    links: Sequence[Link]
    sorts: Sorts | None = None


@dataclass(frozen=True)
class Pairs:
    """Pairs of placements, of the one who would buy and the one who would sell; `trade` is a row of `tuple(Trade)`."""

    buyer: Integers
    seller: Integers
    words: Floats
    """Cosine, NaN where the texts share no script."""
    meaning: Floats
    """Cosine against how near both lie to others (`crowding.likeness`), NaN where there are no vectors."""
    codes: Floats
    """Cosine of the shares of codes, NaN where these are not given."""
    strength: Floats
    trade: Integers
    buyer_wishes: Floats
    """What becomes of the wishes of the need, from -1 to 1 (`requirements`); NaN where none is stated."""
    seller_wishes: Floats
    """The same of the offer's."""

    def __getitem__(self, rows: NDArray[np.generic]) -> "Pairs":
        return Pairs(*(column[rows] for column in vars(self).values()))


def market(
    firms: Sequence[Firm],
    items: Sequence[Item],
    placements: Sequence[Placement],
    links: Sequence[Link],
    *,
    vectors: NDArray[np.float32] | None = None,
    codes: Sparse | None = None,
    terms: Mapping[str, Terms] | None = None,
) -> Market:
    """The market of these firms; `links` say which nodes trade (`trading.links`).

    `vectors` (len(items), d) are of length 1, and `codes` what `code_shares` gives, both in the order of `items`;
    `terms` are those of items by their key. Items of no firm are passed over, and the order of the rows changes
    nothing. Raises ValueError where a firm or item key comes twice, a firm names an unknown item or one of another
    firm, or a placement an unknown item, chain or node.
    """
    firms = sorted(firms, key=lambda firm: firm.key)
    item_of = {item.key: item for item in items}
    if len(item_of) < len(items):
        raise ValueError("Two items have the same key; give each offer and each need its own key.")
    if vectors is not None and len(vectors) != len(items):
        raise ValueError(f"There are {len(vectors)} vectors for {len(items)} items; give one for each.")
    owner = _owners(firms, item_of)
    known = {(link.chain, link.user) for link in links} | {(link.supplier_chain, link.supplier) for link in links}
    for one in placements:
        if one.item not in item_of or (one.chain, one.node) not in known:
            raise ValueError(f"Item '{one.item}' is placed on '{one.chain}/{one.node}', and one of them is unknown.")

    rows = sorted((p for p in placements if p.item in owner), key=lambda p: (p.item, p.chain, p.node))
    keys = sorted(owner)
    row_of_key = {key: row for row, key in enumerate(keys)}
    item = np.array([row_of_key[p.item] for p in rows], dtype=np.int64)
    said = [_said_by(item_of[key]) for key in keys]
    words = word_vectors([words for words, _ in said])
    scripts = np.array([bits for _, bits in said], dtype=np.int64)
    firm = np.array([owner[p.item] for p in rows], dtype=np.int64)
    confidence = _as_meant(rows, firm, [item_of[p.item].side for p in rows])
    standing: dict[tuple[str, str, Side], list[int]] = {}
    for row, p in enumerate(rows):
        standing.setdefault((p.chain, p.node, item_of[p.item].side), []).append(row)
    places = {}
    for place, found in standing.items():
        here = np.array(found, dtype=np.int64)
        its = item[here]
        places[place] = _Place(here, firm[here], its, confidence[here], scripts[its], words[its])
    if codes is not None and codes.shape[0] != len(items):
        raise ValueError(f"There are codes of {codes.shape[0]} texts for {len(items)} items; give them for each.")
    number = {one.key: n for n, one in enumerate(items)}
    ordered = [number[key] for key in keys]
    vectors = None if vectors is None else vectors[ordered]
    near = {} if vectors is None else _crowded(vectors, [item_of[key].side for key in keys])
    terms = terms or {}
    return Market(
        firms=[each.key for each in firms],
        countries=[each.country for each in firms],
        placements=rows,
        firm=firm,
        item=item,
        confidence=confidence,
        vectors=vectors,
        crowded=near,
        codes=None if codes is None else sparse.csr_array(codes)[ordered],
        terms=terms,
        requirements=Requirements([terms.get(key, Terms()) for key in keys]),
        named=np.array([item_of[key].named for key in keys], dtype=np.bool_),
        places=places,
        links=links,
    )


def _as_meant(rows: Sequence[Placement], firm: Integers, sides: Sequence[Side]) -> Floats:
    """The confidence of each placement, 0 for a need on a node of which its own firm surely offers, if it is on others.

    "Separators for battery cells" names what is wanted and what for. Of a maker of cells it is the separators that are
    wanted: a firm seldom needs what it makes, unless it says nothing else.
    """
    confidence = np.array([p.confidence for p in rows], dtype=np.float64)
    made: dict[tuple[int, str, str], float] = {}
    for row, p in enumerate(rows):
        if sides[row] is Side.OFFER:
            place = int(firm[row]), p.chain, p.node
            made[place] = max(made.get(place, 0.0), p.confidence)
    needed: dict[str, list[int]] = {}
    for row, p in enumerate(rows):
        if sides[row] is Side.NEED:
            needed.setdefault(p.item, []).append(row)
    for of_need in needed.values():
        own = [made.get((int(firm[row]), rows[row].chain, rows[row].node), 0.0) for row in of_need]
        if min(own) < MADE:
            confidence[of_need] *= np.array(own) < MADE
    return confidence


def _crowded(vectors: NDArray[np.float32], sides: Sequence[Side]) -> dict[Side, NDArray[np.float32]]:
    found = {}
    for side in Side:
        rows = np.array([n for n, one in enumerate(sides) if one is side], dtype=np.int64)
        itself = np.full(len(vectors), -1)
        itself[rows] = np.arange(len(rows))
        found[side] = crowded(vectors, vectors[rows], itself)
    return found


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


def _said_by(item: Item) -> tuple[Integers, int]:
    return said_in_offer(item.text) if item.side is Side.OFFER else said_in(item.text)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def said_in_offer(text: str) -> tuple[Integers, int]:
    """The same as `said_in` of what an offer offers: a firm that buys separators is not like a need of them."""
    return said_in(what_is_offered(text))


@lru_cache(maxsize=TEXTS_REMEMBERED)
def said_in(text: str) -> tuple[Integers, int]:
    """The words of a text with their pieces, each once, and the bits of the scripts that write a quarter of the words.

    By pieces meet the forms of a word, the parts of a compound, and words that languages share: Wasserwerk and Wasser,
    catalyst and catalizador. Each is a number of 64 bits made of its letters; it is the same in every process.
    """
    words = tokens(text)
    counts = Counter(script_of(word) for word in words)
    scripts = sum(1 << bit for bit, script in enumerate(SCRIPTS) if 0 < len(words) <= 4 * counts[script])
    numbers = [number for word in words for number in _numbers_of(word)]
    return np.unique(np.array(numbers, dtype=np.int64)), scripts


@lru_cache(maxsize=WORDS_REMEMBERED)
def _numbers_of(word: str) -> tuple[int, ...]:
    return tuple(
        int.from_bytes(blake2b(piece.encode(), digest_size=8).digest(), "big", signed=True) for piece in pieces(word)
    )


def word_vectors(said: Sequence[Integers]) -> Sparse:
    """(n_items, n_words) rows of log(1 + items / items with the word) for each word that an item has.

    Of length 1, those of a text of more than `LONG` words by so much longer that it is measured as if it had no more:
    a product of two of them may be above 1. `said` are the words of each as `said_in` gives them.
    """
    if not said:
        return sparse.csr_array((0, 0))
    size = np.array([len(words) for words in said], dtype=np.int64)
    indptr = np.cumsum([0, *size])
    vocabulary, indices = np.unique(np.concatenate(said), return_inverse=True)
    rarity = np.log1p(len(said) / np.bincount(indices, minlength=len(vocabulary)))[indices]
    # A sum of a stretch, so that it is the same whatever stands beside it.
    length = np.sqrt(np.add.reduceat(np.append(rarity**2, 0.0), indptr[:-1]))
    weight = rarity / np.repeat(length * np.sqrt(LONG / np.maximum(size, LONG)), size)
    return sparse.csr_array((weight, indices, indptr), shape=(len(said), len(vocabulary)))


# Pairs of placements


def pairs(
    market: Market, breadth: int, excluded: AbstractSet[tuple[str, str]] = frozenset(), *, of: int | None = None
) -> Pairs:
    """The strongest pairs of placements of every two nodes that trade; `excluded` are pairs of firms, in either order.

    With `of`, the row of a firm, only its pairs, and all of them.
    """
    barred = _barred(market.firms, excluded)
    empty = np.zeros(0, dtype=np.int64)
    none = np.zeros(0)
    found = [Pairs(empty, empty, none, none, none, none, empty, none, none), *_found(market, breadth, barred, of)]
    return Pairs(*(np.concatenate(column) for column in zip(*(vars(p).values() for p in found), strict=True)))


def _found(market: Market, breadth: int, barred: Sparse, of: int | None) -> Iterator[Pairs]:
    for link in market.links:
        buyers = market.places.get((link.chain, link.user, link.trade.buying))
        sellers = market.places.get((link.supplier_chain, link.supplier, Side.OFFER))
        if buyers is None or sellers is None:
            continue
        if of is not None and not (np.any(buyers.firm == of) or np.any(sellers.firm == of)):
            continue
        usual = _mean_likeness(buyers, sellers)
        for one, other, selling in ((buyers, sellers, False), (sellers, buyers, True)):
            rows = np.arange(len(one.rows)) if of is None else np.flatnonzero(one.firm == of)
            most = breadth if of is None else len(other.rows)
            parts = 1 + len(rows) * len(other.rows) // PAIRS_AT_ONCE if len(rows) else 0
            for part in np.array_split(rows, parts) if parts else ():
                yield _block(market, one, part, other, most, barred, usual, link, selling=selling)


def _mean_likeness(some: _Place, others: _Place) -> float:
    """Over the pairs of one of `some` and one of `others` that share a script; 0 where none does."""
    masks = np.arange(1 << len(SCRIPTS))
    counted = np.outer(*(np.bincount(place.scripts, minlength=len(masks)) for place in (some, others)))
    compared = counted[(masks[:, None] & masks) > 0].sum()
    total = some.words.sum(axis=0) @ others.words.sum(axis=0)
    return float(total / compared) if compared else 0.0


def _block(
    market: Market,
    one: _Place,
    rows: Integers,
    other: _Place,
    breadth: int,
    barred: Sparse,
    usual: float,
    link: Link,
    *,
    selling: bool,
) -> Pairs:
    """For each of `rows` of `one`, which are `selling` or buying, its `breadth` strongest in `other`.

    Texts that share no script are taken to be of `usual` likeness, so that no firm loses by the language it writes in.
    """
    firm = one.firm[rows]
    compared = (one.scripts[rows][:, None] & other.scripts) > 0
    words = np.where(compared, np.minimum(1, (one.words[rows] @ other.words.T).toarray()), np.nan)
    alike = np.where(compared, words, usual)
    if market.vectors is None:
        meaning = np.full(words.shape, np.nan)
    else:
        cosine = market.vectors[one.item[rows]] @ market.vectors[other.item].T
        # What is sold is an offer; what buys, an offer or a need.
        near_one = market.crowded[link.trade.buying if selling else Side.OFFER][one.item[rows]]
        near_other = market.crowded[Side.OFFER if selling else link.trade.buying][other.item]
        meaning = likeness(cosine, near_one, near_other).astype(np.float64)
        alike = (1 - MEANING_SHARE) * alike + MEANING_SHARE * meaning
    strength = np.outer(one.confidence[rows], other.confidence) * (1 + alike) / 2 * link.share
    strength[firm[:, None] == other.firm] = 0
    if barred.nnz:
        strength[barred[firm][:, other.firm].toarray()] = 0
    if market.sorts is not None:
        strength[market.sorts.apart[np.ix_(market.sorts.of[firm], market.sorts.of[other.firm])]] = 0
    stated = link.trade is Trade.STATED
    sides = (other.item, one.item[rows][:, None]) if selling else (one.item[rows][:, None], other.item)
    if stated:
        strength[~market.requirements.met(*sides)] = 0
    if len(other.rows) > breadth:
        ranked = strength
        if stated:
            ranked = ranked * np.where(market.named[sides[1]], 1, CAPABLE)
        if stated and market.requirements.any_wishes:
            ranked = ranked * (1 + WISHES_AMONG_MANY * sum(np.nan_to_num(each) for each in _wishes(market, *sides)))
        ranked = ranked - 1e-12 * np.arange(len(other.rows))  # ties go to the smaller key
        column = np.sort(np.argpartition(-ranked, breadth - 1, axis=1)[:, :breadth], axis=1)
    else:
        column = np.broadcast_to(np.arange(len(other.rows)), strength.shape)
    row, place = np.nonzero(np.take_along_axis(strength, column, axis=1))
    column = column[row, place]
    codes = _codes_in_common(market.codes, one.item[rows[row]], other.item[column])
    own, theirs = one.rows[rows[row]], other.rows[column]
    buyer, seller = (theirs, own) if selling else (own, theirs)
    wished = _wishes(market, market.item[buyer], market.item[seller]) if stated else 2 * (np.full(len(row), np.nan),)
    return Pairs(
        buyer=buyer,
        seller=seller,
        words=words[row, column],
        meaning=meaning[row, column],
        codes=codes,
        strength=strength[row, column],
        trade=_trades(link.trade, market.named[market.item[seller]]),
        buyer_wishes=wished[0],
        seller_wishes=wished[1],
    )


def _trades(trade: Trade, named: NDArray[np.bool_]) -> Integers:
    """The rows of `tuple(Trade)`: a need meets what a firm can make without naming it by capability."""
    other = Trade.CAPABLE if trade is Trade.STATED else trade
    return np.where(named, tuple(Trade).index(trade), tuple(Trade).index(other))


def _wishes(market: Market, needs: Integers, offers: Integers) -> tuple[Floats, Floats]:
    """What becomes of the wishes of needs and of those of offers; broadcasts."""
    known = market.requirements
    return known.wishes(needs, offers, Side.NEED), known.wishes(offers, needs, Side.OFFER)


def _codes_in_common(codes: Sparse | None, one: Integers, other: Integers) -> Floats:
    if codes is None:
        return np.full(len(one), np.nan)
    return np.asarray((codes[one].multiply(codes[other])).sum(axis=1), dtype=np.float64)


def cut(market: Market, one: int, other: int) -> Iterator[tuple[str, str, Cut]]:
    """The needs of a firm and the offers of another, either way, that meet on a node and whose terms do not fit.

    Each as the key of the need, that of the offer and one reason.
    """
    met = set()
    for (chain, node, side), place in market.places.items():
        sellers = market.places.get((chain, node, Side.OFFER))
        if side is Side.NEED and sellers is not None:
            for needing, selling in ((one, other), (other, one)):
                needs = place.rows[place.firm == needing]
                offers = sellers.rows[sellers.firm == selling]
                met |= {(market.placements[a].item, market.placements[b].item) for a in needs for b in offers}
    for need, offer in sorted(met):
        for reason in cuts(market.terms.get(need, Terms()), market.terms.get(offer, Terms())):
            yield need, offer, reason


def _barred(firms: Sequence[str], excluded: AbstractSet[tuple[str, str]]) -> Sparse:
    """(n_firms, n_firms) True for the excluded pairs, both ways; pairs with a firm that is not here are passed over."""
    number = {key: n for n, key in enumerate(firms)}
    named = [(number[a], number[b]) for a, b in excluded if a in number and b in number]
    one, other = np.array(named, dtype=np.int64).reshape(-1, 2).T
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    return sparse.csr_array((np.ones(2 * len(named), dtype=np.bool_), both), shape=(len(firms), len(firms)))
