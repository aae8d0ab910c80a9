"""Candidates along the chain: which items of which firms could trade, by product, chain and industry.

Two items join two firms in one of three ways:

1. A stated need and an offer stand on the same node. The offer names the product or, which counts less, its firm can
   make it, judged by its plants, outputs and description.
2. Two offers stand on nodes of which the first supplies the second. The maker may supply the user, although neither
   said so.
3. Two offers stand on nodes whose industries trade: by the world table, the industry of the second buys much more from
   that of the first than other industries do.

Two offers on the same node are competitors and join no firms. A pair is cut if the offer cannot meet a hard requirement
of the need, and an excluded pair of firms has no candidates.

The strength of a pair of items is the chance that both are placed right, lowered by up to half if they are unlike. The
likeness is that of their words; with vectors, these count two thirds. Two texts without a common script count as the
usual pair on these nodes. A need on several nodes does not count on those where its own firm offers.

Memory is bounded: on every node, or two nodes that trade, an item keeps its `breadth` strongest counterparts, and is
kept by those counterparts for which it is among the strongest.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.hubness import likeness
from serai.match.market import Floats, Market, Place, Sparse
from serai.match.placing import Side
from serai.match.requirements import Cut, Terms, cuts
from serai.match.text import SCRIPTS
from serai.match.trade_links import Link, Trade
from serai.match.word_vectors import Integers

PAIRS_AT_ONCE = 2_000_000
"""Pairs of placements computed together: bounds the memory that a crowded node takes."""

CAPABLE = 0.6
"""Worth of a firm that can make what is needed, against an offer that names it."""

WISHES_AMONG_MANY = 0.1
"""Share by which the wishes of each side may raise or lower the strength at most, when the candidates of an item are
chosen among more than enough."""

MEANING_SHARE = 2 / 3
"""Weight of the vectors in the likeness of two texts that both have one."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of placements: that of the possible buyer and that of the possible seller, one row a pair."""

    buyer: Integers
    """Row of the placement in the market."""
    seller: Integers
    words: Floats
    """Cosine, NaN where the texts share no script."""
    meaning: Floats
    """Cosine corrected for crowded places (`hubness.likeness`), NaN without vectors."""
    codes: Floats
    """Cosine of the shares of codes, NaN without codes."""
    strength: Floats
    trade: Integers
    """Place in `tuple(Trade)`."""
    buyer_wishes: Floats
    """How far the wishes of the need are met, from -1 to 1 (`requirements`); NaN where it has none."""
    seller_wishes: Floats
    """The same for the wishes of the offer."""

    def __getitem__(self, rows: NDArray[np.generic]) -> "Pairs":
        return Pairs(*(column[rows] for column in vars(self).values()))


def pairs(
    market: Market, breadth: int, excluded: AbstractSet[tuple[str, str]] = frozenset(), *, of: int | None = None
) -> Pairs:
    """The strongest pairs of placements of every two nodes that trade; `excluded` are pairs of firms, in either order.

    With `of`, the row of a firm, all pairs of this firm and no others.
    """
    barred = _barred(market.firms, excluded)
    empty = np.zeros(0, dtype=np.int64)
    none = np.zeros(0)
    blocks = [Pairs(empty, empty, none, none, none, none, empty, none, none)]
    blocks += [
        _block(market, search, rows)
        for search in _searches(market, breadth, barred, of)
        for rows in _portions(search, of)
    ]
    return Pairs(*(np.concatenate(column) for column in zip(*(vars(p).values() for p in blocks), strict=True)))


@dataclass(frozen=True)
class _Search:
    """One side of a link, `own`, that looks for its `breadth` strongest counterparts in the `other` side.

    `selling` says that `own` is the side that sells. `usual` is the mean likeness of the words of the two sides, and
    `barred` (n_firms, n_firms) is True for firms that are never paired.
    """

    link: Link
    own: Place
    other: Place
    selling: bool
    breadth: int
    usual: float
    barred: Sparse

    def items(self, rows: Integers) -> tuple[Integers, Integers]:
        """Items of the buyer and of the seller, shaped so that `rows` of `own` broadcast against all of `other`."""
        own, other = self.own.item[rows][:, None], self.other.item
        return (other, own) if self.selling else (own, other)


def _searches(market: Market, breadth: int, barred: Sparse, of: int | None) -> Iterator[_Search]:
    for link in market.links:
        buyers = market.places.get((link.chain, link.user, link.trade.buying))
        sellers = market.places.get((link.supplier_chain, link.supplier, Side.OFFER))
        if buyers is None or sellers is None:
            continue
        if of is not None and not (np.any(buyers.firm == of) or np.any(sellers.firm == of)):
            continue
        usual = _mean_likeness(buyers, sellers)
        for own, other, selling in ((buyers, sellers, False), (sellers, buyers, True)):
            most = breadth if of is None else len(other.rows)
            yield _Search(link, own, other, selling, most, usual, barred)


def _portions(search: _Search, of: int | None) -> Iterator[Integers]:
    """The rows of the searching side, or those of one firm, in portions that fit into memory."""
    rows = np.arange(len(search.own.rows)) if of is None else np.flatnonzero(search.own.firm == of)
    if len(rows):
        yield from np.array_split(rows, 1 + len(rows) * len(search.other.rows) // PAIRS_AT_ONCE)


def _mean_likeness(first: Place, second: Place) -> float:
    """Mean over all pairs of a text in `first` and one in `second` that share a script; 0 where no two do."""
    masks = np.arange(1 << len(SCRIPTS))
    counted = np.outer(*(np.bincount(place.scripts, minlength=len(masks)) for place in (first, second)))
    compared = counted[(masks[:, None] & masks) > 0].sum()
    total = first.words.sum(axis=0) @ second.words.sum(axis=0)
    return float(total / compared) if compared else 0.0


def _block(market: Market, search: _Search, rows: Integers) -> Pairs:
    """The strongest counterparts of each of `rows` of the searching side."""
    own, other, link = search.own, search.other, search.link
    words = _word_likeness(search, rows)
    meaning = _meaning(market, search, rows)
    strength = _strength(market, search, rows, words, meaning)
    column = _strongest_columns(market, search, rows, strength)
    row, place = np.nonzero(np.take_along_axis(strength, column, axis=1))
    column = column[row, place]
    own_rows, other_rows = own.rows[rows[row]], other.rows[column]
    buyer, seller = (other_rows, own_rows) if search.selling else (own_rows, other_rows)
    wished = 2 * (np.full(len(row), np.nan),)
    if link.trade is Trade.STATED:
        wished = _wishes(market, market.item[buyer], market.item[seller])
    return Pairs(
        buyer=buyer,
        seller=seller,
        words=words[row, column],
        meaning=np.full(len(row), np.nan) if meaning is None else meaning[row, column],
        codes=_codes_in_common(market.codes, own.item[rows[row]], other.item[column]),
        strength=strength[row, column],
        trade=_trades(link.trade, market.named[market.item[seller]]),
        buyer_wishes=wished[0],
        seller_wishes=wished[1],
    )


def _word_likeness(search: _Search, rows: Integers) -> Floats:
    """(n_rows, n_other) cosine of the words, NaN where two texts share no script."""
    compared = (search.own.scripts[rows][:, None] & search.other.scripts) > 0
    cosine = np.minimum(1, (search.own.words[rows] @ search.other.words.T).toarray())
    return np.where(compared, cosine, np.nan)


def _meaning(market: Market, search: _Search, rows: Integers) -> Floats | None:
    """(n_rows, n_other) likeness of the vectors, None without vectors."""
    if market.vectors is None:
        return None
    own, other = search.own.item[rows], search.other.item
    cosine = market.vectors[own] @ market.vectors[other].T
    # The seller shows an offer; the buyer a need or, along the chain, an offer.
    buying = search.link.trade.buying
    near_own = market.crowded[buying if search.selling else Side.OFFER][own]
    near_other = market.crowded[Side.OFFER if search.selling else buying][other]
    return likeness(cosine, near_own, near_other).astype(np.float64)


def _strength(market: Market, search: _Search, rows: Integers, words: Floats, meaning: Floats | None) -> Floats:
    """(n_rows, n_other) the strength of each pair, 0 for pairs that may not be.

    Texts that share no script get the usual likeness, so that no firm loses by the language in which it writes.
    """
    own, other, link = search.own, search.other, search.link
    firm = own.firm[rows]
    alike = np.where(np.isnan(words), search.usual, words)
    if meaning is not None:
        alike = (1 - MEANING_SHARE) * alike + MEANING_SHARE * meaning
    strength: Floats = np.outer(own.confidence[rows], other.confidence) * (1 + alike) / 2 * link.share
    strength[firm[:, None] == other.firm] = 0
    if search.barred.nnz:
        strength[search.barred[firm][:, other.firm].toarray()] = 0
    if market.sorts is not None:
        strength[market.sorts.apart[np.ix_(market.sorts.of[firm], market.sorts.of[other.firm])]] = 0
    if link.trade is Trade.STATED:
        strength[~market.requirements.met(*search.items(rows))] = 0
    return strength


def _strongest_columns(market: Market, search: _Search, rows: Integers, strength: Floats) -> Integers:
    """(n_rows, breadth) the columns of the strongest counterparts in their order; all where there are no more."""
    n_other = len(search.other.rows)
    if n_other <= search.breadth:
        return np.broadcast_to(np.arange(n_other), strength.shape)
    ranked = strength
    if search.link.trade is Trade.STATED:
        buyer, seller = search.items(rows)
        ranked = ranked * np.where(market.named[seller], 1, CAPABLE)
        if market.requirements.any_wishes:
            wished = sum(np.nan_to_num(of_side) for of_side in _wishes(market, buyer, seller))
            ranked = ranked * (1 + WISHES_AMONG_MANY * wished)
    ranked = ranked - 1e-12 * np.arange(n_other)  # of equals the smaller key comes first
    return np.sort(np.argpartition(-ranked, search.breadth - 1, axis=1)[:, : search.breadth], axis=1)


def _trades(trade: Trade, named: NDArray[np.bool_]) -> Integers:
    """Places in `tuple(Trade)`: a need meets an offer that does not name the product by what its firm can make."""
    other = Trade.CAPABLE if trade is Trade.STATED else trade
    return np.where(named, tuple(Trade).index(trade), tuple(Trade).index(other))


def _wishes(market: Market, needs: Integers, offers: Integers) -> tuple[Floats, Floats]:
    """How far the wishes of the needs and those of the offers are met; broadcasts."""
    requirements = market.requirements
    return requirements.wishes(needs, offers, Side.NEED), requirements.wishes(offers, needs, Side.OFFER)


def _codes_in_common(codes: Sparse | None, first: Integers, second: Integers) -> Floats:
    if codes is None:
        return np.full(len(first), np.nan)
    return np.asarray((codes[first].multiply(codes[second])).sum(axis=1), dtype=np.float64)


def cut(market: Market, first: int, second: int) -> Iterator[tuple[str, str, Cut]]:
    """The needs and offers of two firms that meet on a node and whose terms do not fit, whichever firm buys.

    Each as the key of the need, the key of the offer and one reason; the firms are rows of the market.
    """
    meeting = set()
    for (chain, node, side), place in market.places.items():
        sellers = market.places.get((chain, node, Side.OFFER))
        if side is Side.NEED and sellers is not None:
            for buyer, seller in ((first, second), (second, first)):
                needs = place.rows[place.firm == buyer]
                offers = sellers.rows[sellers.firm == seller]
                meeting |= {(market.placements[a].item, market.placements[b].item) for a in needs for b in offers}
    for need, offer in sorted(meeting):
        for reason in cuts(market.terms.get(need, Terms()), market.terms.get(offer, Terms())):
            yield need, offer, reason


def _barred(firms: Sequence[str], excluded: AbstractSet[tuple[str, str]]) -> Sparse:
    """(n_firms, n_firms) True for the excluded pairs, both ways; pairs with a firm that is not here are left out."""
    row_of = {key: row for row, key in enumerate(firms)}
    listed = [(row_of[a], row_of[b]) for a, b in excluded if a in row_of and b in row_of]
    first, second = np.array(listed, dtype=np.int64).reshape(-1, 2).T
    both = (np.concatenate([first, second]), np.concatenate([second, first]))
    return sparse.csr_array((np.ones(2 * len(listed), dtype=np.bool_), both), shape=(len(firms), len(firms)))
