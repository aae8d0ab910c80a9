"""Candidates: which items of which firms could trade, and how well they fit.

Two items join two firms in one of two ways:

1. A need and an offer, of whatever trade and in whatever languages. How well they fit is told by all signals together:
   what the texts mean, their words, their likely codes, and whether both stand on one node of a chain. None of them is
   a precondition. Each need keeps its `breadth` best offers, and each offer its best needs.
2. Two offers of which one feeds the other, although nobody said so: their nodes are neighbours along a chain, or the
   industries of their nodes trade by the world table. These come from the links of the nodes (`trade_links`). The
   strength of such a pair is the chance that both are placed right, lowered by up to half where what they mean (without
   vectors, their words) is no more alike than what is usual on these two nodes.

Two offers on the same node are competitors and join no firms. A pair is cut if the offer cannot meet a hard requirement
of the need, and an excluded pair of firms has no candidates.

Memory is bounded: pairs are looked at in portions, and only the best are kept.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.hubness import likeness
from serai.match.market import Floats, Market, Place, Shelf, Sparse
from serai.match.placing import Side
from serai.match.ranking import JUDGED, Signal, Weights
from serai.match.requirements import Cut, Requirements, Terms, cuts
from serai.match.text import SCRIPTS
from serai.match.trade_links import Link, Trade
from serai.match.word_vectors import Integers

PAIRS_AT_ONCE = 2_000_000
"""Pairs of items computed together: bounds the memory that a search takes."""

CAPABLE = 0.6
"""Worth of a firm that can make what is needed, against an offer that names it."""

LEAST_MEANING = 0.3
"""Likeness of the meanings from which a need and an offer that share neither node nor word are candidates."""

MUCH = 0.4
"""By how much the cosine of two offers is above the usual one of their nodes where they are as alike as can be."""

CROWDED = 30
"""Offers on a node above which a link of it says less of each: one of 200 wearables is hardly a customer of one of 100
makers of software, although the two nodes are neighbours."""

NOT_ONE = -1
"""In place of the row of a placement: the pair stands on no link of nodes."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of items: that of the possible buyer and that of the possible seller, one row a pair."""

    buyer: Integers
    """Row of the item in the market."""
    seller: Integers
    buyer_place: Integers
    """Row of the placement that is an end of the link, `NOT_ONE` for a need and an offer."""
    seller_place: Integers
    words: Floats
    """Cosine, NaN where the texts share no script, and between two offers, whose likeness says nothing of a trade."""
    meaning: Floats
    """Cosine corrected for crowded places (`hubness.likeness`), NaN without vectors and between two offers."""
    codes: Floats
    """Cosine of the shares of codes, NaN without codes and between two offers."""
    strength: Floats
    """How surely the chain joins them: the chance that both stand on one node, or that both ends of the link are
    placed right."""
    trade: Integers
    """Place in `tuple(Trade)`."""
    buyer_wishes: Floats
    """How far the wishes of the need are met, from -1 to 1 (`requirements`); NaN where it has none."""
    seller_wishes: Floats
    """The same for the wishes of the offer."""

    def __getitem__(self, rows: NDArray[np.generic]) -> "Pairs":
        return Pairs(*(column[rows] for column in vars(self).values()))


def pairs(
    market: Market,
    breadth: int,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    *,
    of: int | None = None,
    among: Integers | None = None,
    weights: Weights = JUDGED,
) -> Pairs:
    """The best pairs of items; `excluded` are pairs of firms, in either order.

    With `of`, the row of a firm, pairs of this firm and no others; with `among` too, only those with these firms.
    """
    barred = _barred(market.firms, excluded)
    parts = [_empty()]
    for side in (Side.NEED, Side.OFFER):
        search = _Search(market, side, breadth, barred, weights, of, among)
        parts += [_best(search, rows) for rows in _portions(search)]
    for link_search in _link_searches(market, breadth, barred, of, among):
        parts += [_linked(market, link_search, rows) for rows in _portions_of_link(link_search, of)]
    return Pairs(*(np.concatenate(column) for column in zip(*(vars(part).values() for part in parts), strict=True)))


def _empty() -> Pairs:
    rows, values = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Pairs(rows, rows, rows, rows, values, values, values, values, rows, values, values)


# A need and an offer


@dataclass(frozen=True)
class _Search:
    """The items of one side, each of which looks for its `breadth` best on the other.

    `of` is the row of the only firm that looks, or that is looked for; `among` those of the only ones that it meets.
    """

    market: Market
    side: Side
    breadth: int
    barred: Sparse
    weights: Weights
    of: int | None
    among: Integers | None

    @property
    def own(self) -> Shelf:
        return self.market.shelves[self.side]

    @property
    def other(self) -> Shelf:
        return self.market.shelves[Side.OFFER if self.side is Side.NEED else Side.NEED]

    def needs_and_offers(self, own: Integers, other: Integers) -> tuple[Integers, Integers]:
        return (own, other) if self.side is Side.NEED else (other, own)


def _portions(search: _Search) -> Iterator[Integers]:
    """The rows of those who look, in portions that fit into memory."""
    own, other = search.own, search.other
    rows = np.arange(len(own.item)) if search.of is None else np.flatnonzero(own.firm == search.of)
    if len(rows) and len(other.item):
        yield from np.array_split(rows, 1 + len(rows) * len(other.item) // PAIRS_AT_ONCE)


def _best(search: _Search, rows: Integers) -> Pairs:
    """The best counterparts of each of `rows` of the side that looks."""
    own, other, market = search.own, search.other, search.market
    meaning = _meaning(own, other, rows)
    words = (own.words[rows] @ other.by_word).toarray()
    np.minimum(words, 1, out=words)
    words[(own.scripts[rows][:, None] & other.scripts) == 0] = np.nan
    codes = None if own.codes is None or other.by_code is None else (own.codes[rows] @ other.by_code).toarray()
    strength = np.minimum((own.nodes[rows] @ other.by_node).toarray(), 1)
    fit = _fit(search, rows, meaning, words, codes, strength)
    column = _columns_of_best(search, fit)
    row, place = np.nonzero(np.isfinite(np.take_along_axis(fit, column, axis=1)))
    column = column[row, place]
    needs, offers = search.needs_and_offers(own.item[rows[row]], other.item[column])
    unknown = np.full(len(row), np.nan)
    wishes = _wishes(market, needs, offers) if market.requirements.any_wishes else (unknown, unknown)
    stated, capable = (tuple(Trade).index(trade) for trade in (Trade.STATED, Trade.CAPABLE))
    no_place = np.full(len(row), NOT_ONE)
    return Pairs(
        buyer=needs,
        seller=offers,
        buyer_place=no_place,
        seller_place=no_place,
        words=words[row, column].astype(np.float64),
        meaning=unknown if meaning is None else meaning[row, column].astype(np.float64),
        codes=unknown if codes is None else codes[row, column].astype(np.float64),
        strength=strength[row, column].astype(np.float64),
        trade=np.where(market.named[offers], stated, capable),
        buyer_wishes=wishes[0],
        seller_wishes=wishes[1],
    )


def _meaning(own: Shelf, other: Shelf, rows: Integers) -> NDArray[np.float32] | None:
    """(n_rows, n_other) likeness of the vectors, None without vectors."""
    if own.vectors is None or other.vectors is None or own.crowded is None or other.crowded is None:
        return None
    return likeness(own.vectors[rows] @ other.vectors.T, own.crowded[rows], other.crowded)


def _fit(
    search: _Search,
    rows: Integers,
    meaning: NDArray[np.float32] | None,
    words: NDArray[np.float32],
    codes: NDArray[np.float32] | None,
    strength: NDArray[np.float32],
) -> NDArray[np.float32]:
    """(n_rows, n_other) the log-odds that the signals add, by which counterparts are chosen; -inf for no candidate."""
    own, other, market, weights = search.own, search.other, search.market, search.weights
    weight, usual = weights.weights, weights.usual
    fit = np.float32(weight[Signal.WORDS]) * np.where(np.isnan(words), np.float32(usual[Signal.WORDS]), words)
    worth = np.where(market.named[search.needs_and_offers(own.item[rows][:, None], other.item)[1]], 1, CAPABLE)
    fit += np.float32(weight[Signal.CHAIN]) * strength * worth.astype(np.float32)
    candidate = (strength > 0) | (words > 0)
    if meaning is not None:
        fit += np.float32(weight[Signal.MEANING]) * meaning
        candidate |= meaning >= LEAST_MEANING
    if codes is not None:
        fit += np.float32(weight[Signal.CODES]) * codes
    needs, offers = search.needs_and_offers(own.item[rows][:, None], other.item)
    if market.requirements.any_wishes:
        wished = sum(np.nan_to_num(of_side) for of_side in _wishes(market, needs, offers))
        fit += np.float32(weight[Signal.WISHES] / 2) * np.asarray(wished, dtype=np.float32)
    if market.requirements.any_musts:
        candidate &= market.requirements.met(needs, offers)
    fit[~candidate | _apart(search, rows)] = -np.inf
    return fit


def _apart(search: _Search, rows: Integers) -> NDArray[np.bool_]:
    """(n_rows, n_other) whether the firms of two items never meet."""
    market, firm, other = search.market, search.own.firm[rows], search.other.firm
    apart = firm[:, None] == other
    if search.barred.nnz:
        apart |= search.barred[firm][:, other].toarray()
    if market.sorts is not None:
        apart |= market.sorts.apart[np.ix_(market.sorts.of[firm], market.sorts.of[other])]
    if search.among is not None:
        apart |= ~np.isin(other, search.among)
    return np.asarray(apart)


def _columns_of_best(search: _Search, fit: NDArray[np.float32]) -> Integers:
    """(n_rows, breadth) the columns of the best counterparts in their order; all where there are no more."""
    n_other = fit.shape[1]
    if n_other <= search.breadth:
        return np.broadcast_to(np.arange(n_other), fit.shape)
    ranked = -fit.astype(np.float64) + 1e-9 * np.arange(n_other)  # of equals the smaller key comes first
    return np.sort(np.argpartition(ranked, search.breadth - 1, axis=1)[:, : search.breadth], axis=1)


def _wishes(market: Market, needs: Integers, offers: Integers) -> tuple[Floats, Floats]:
    """How far the wishes of the needs and those of the offers are met; broadcasts."""
    requirements = market.requirements
    return requirements.wishes(needs, offers, Side.NEED), requirements.wishes(offers, needs, Side.OFFER)


# Two offers, joined by a link of their nodes


@dataclass(frozen=True)
class _LinkSearch:
    """One end of a link, `own`, that looks for its `breadth` strongest counterparts at the `other` end.

    `selling` says that `own` is the side that sells. `usual` is the mean likeness of the texts of the two sides, and
    `barred` (n_firms, n_firms) is True for firms that are never paired.
    """

    link: Link
    own: Place
    other: Place
    selling: bool
    breadth: int
    usual: float
    barred: Sparse
    among: Integers | None


def _link_searches(
    market: Market, breadth: int, barred: Sparse, of: int | None, among: Integers | None
) -> Iterator[_LinkSearch]:
    for link in market.links:
        buyers = market.places.get((link.chain, link.user))
        sellers = market.places.get((link.supplier_chain, link.supplier))
        if link.trade.buying is Side.NEED or buyers is None or sellers is None:
            continue
        if of is not None and not (np.any(buyers.firm == of) or np.any(sellers.firm == of)):
            continue
        usual = _mean_likeness(market.shelves[Side.OFFER], market.position[buyers.item], market.position[sellers.item])
        for own, other, selling in ((buyers, sellers, False), (sellers, buyers, True)):
            yield _LinkSearch(link, own, other, selling, breadth, usual, barred, among)


def _portions_of_link(search: _LinkSearch, of: int | None) -> Iterator[Integers]:
    """The rows of the searching end, or those of one firm, in portions that fit into memory."""
    rows = np.arange(len(search.own.rows)) if of is None else np.flatnonzero(search.own.firm == of)
    if len(rows):
        yield from np.array_split(rows, 1 + len(rows) * len(search.other.rows) // PAIRS_AT_ONCE)


def _mean_likeness(offers: Shelf, first: Integers, second: Integers) -> float:
    """Mean likeness over all pairs of a text in `first` and one in `second`.

    By their vectors; without these by their words, over the pairs that share a script, and 0 where no two do.
    """
    if offers.vectors is not None:
        return float(offers.vectors[first].mean(axis=0) @ offers.vectors[second].mean(axis=0))
    masks = np.arange(1 << len(SCRIPTS))
    counted = np.outer(*(np.bincount(offers.scripts[rows], minlength=len(masks)) for rows in (first, second)))
    compared = counted[(masks[:, None] & masks) > 0].sum()
    total = offers.words[first].sum(axis=0) @ offers.words[second].sum(axis=0)
    return float(total / compared) if compared else 0.0


def _linked(market: Market, search: _LinkSearch, rows: Integers) -> Pairs:
    """The strongest counterparts of each of `rows` of the searching end."""
    own, other, link = search.own, search.other, search.link
    strength = _strength(market, search, rows)
    column = _strongest_columns(search, strength)
    row, place = np.nonzero(np.take_along_axis(strength, column, axis=1))
    column = column[row, place]
    ends = (own, rows[row]), (other, column)
    (buying, buyer), (selling, seller) = ends[::-1] if search.selling else ends
    unknown = np.full(len(row), np.nan)
    return Pairs(
        buyer=buying.item[buyer],
        seller=selling.item[seller],
        buyer_place=buying.rows[buyer],
        seller_place=selling.rows[seller],
        words=unknown,
        meaning=unknown,
        codes=unknown,
        strength=strength[row, column],
        trade=np.full(len(row), tuple(Trade).index(link.trade)),
        buyer_wishes=unknown,
        seller_wishes=unknown,
    )


def _alike(market: Market, search: _LinkSearch, rows: Integers) -> Floats:
    """(n_rows, n_other) how much more alike the texts are than is usual on their nodes, from 0 to 1.

    By their words, texts that share no script get the usual likeness, so that no firm loses by the language in which it
    writes.
    """
    offers = market.shelves[Side.OFFER]
    of_own, of_other = market.position[search.own.item[rows]], market.position[search.other.item]
    if offers.vectors is not None:
        cosine = offers.vectors[of_own] @ offers.vectors[of_other].T
        return np.asarray(np.clip((cosine - search.usual) / MUCH, 0, 1), dtype=np.float64)
    alike = np.minimum(1, (offers.words[of_own] @ offers.words[of_other].T).toarray())
    shared = (offers.scripts[of_own][:, None] & offers.scripts[of_other]) > 0
    return np.where(shared, alike, search.usual)


def _strength(market: Market, search: _LinkSearch, rows: Integers) -> Floats:
    """(n_rows, n_other) the strength of each pair, 0 for pairs that may not be."""
    own, other = search.own, search.other
    firm = own.firm[rows]
    alike = _alike(market, search, rows)
    says = min(1.0, CROWDED / max(len(own.rows), len(other.rows))) * search.link.share
    strength: Floats = np.outer(own.confidence[rows], other.confidence) * (1 + alike) / 2 * says
    strength[firm[:, None] == other.firm] = 0
    if search.barred.nnz:
        strength[search.barred[firm][:, other.firm].toarray()] = 0
    if market.sorts is not None:
        strength[market.sorts.apart[np.ix_(market.sorts.of[firm], market.sorts.of[other.firm])]] = 0
    if search.among is not None:
        strength[:, ~np.isin(other.firm, search.among)] = 0
    return strength


def _strongest_columns(search: _LinkSearch, strength: Floats) -> Integers:
    """(n_rows, breadth) the columns of the strongest counterparts in their order; all where there are no more."""
    n_other = len(search.other.rows)
    if n_other <= search.breadth:
        return np.broadcast_to(np.arange(n_other), strength.shape)
    ranked = strength - 1e-12 * np.arange(n_other)  # of equals the smaller key comes first
    return np.sort(np.argpartition(-ranked, search.breadth - 1, axis=1)[:, : search.breadth], axis=1)


# Cut by requirements


def cut(market: Market, first: int, second: int) -> Iterator[tuple[str, str, Cut]]:
    """The needs and offers of two firms that fit by what they are and not by their terms, whichever firm buys.

    Each as the key of the need, the key of the offer and one reason; the firms are rows of the market.
    """
    free = replace(market, requirements=Requirements([Terms()] * len(market.items)))
    for row, other in ((first, second), (second, first)):
        needs = free.shelves[Side.NEED].item[free.shelves[Side.NEED].firm == row]
        search = _Search(free, Side.NEED, len(free.items), _barred([], frozenset()), JUDGED, row, np.array([other]))
        for rows in _portions(search) if len(needs) else ():
            met = _best(search, rows)
            for need, offer in sorted(zip(met.buyer.tolist(), met.seller.tolist(), strict=True)):
                keys = market.items[need].key, market.items[offer].key
                for reason in cuts(*(market.terms.get(key, Terms()) for key in keys)):
                    yield *keys, reason


def _barred(firms: Sequence[str], excluded: AbstractSet[tuple[str, str]]) -> Sparse:
    """(n_firms, n_firms) True for the excluded pairs, both ways; pairs with a firm that is not here are left out."""
    row_of = {key: row for row, key in enumerate(firms)} if excluded else {}  # of 100,000 keys this takes 14 ms
    listed = [(row_of[a], row_of[b]) for a, b in excluded if a in row_of and b in row_of]
    first, second = np.array(listed, dtype=np.int64).reshape(-1, 2).T
    both = (np.concatenate([first, second]), np.concatenate([second, first]))
    return sparse.csr_array((np.ones(2 * len(listed), dtype=np.bool_), both), shape=(len(firms), len(firms)))
