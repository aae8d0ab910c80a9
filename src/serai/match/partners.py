"""Partners along the chain: who could supply whom, what each side gains by it, and why.

Two items join two firms in one of two ways. A stated need and an offer on the same node: who needs finds who makes. Two
offers on nodes of which the first supplies the second: the maker may supply the user, although nobody said so, and this
counts less. Two offers on the same node are competitors and join nobody.

The strength of a pair of items is the chance that both are placed right, lowered by up to half where their words are
unlike; texts without a common script count as the usual pair there does. What a pair is worth to a side is its strength
times `WORTH`; a side's score joins its three strongest pairs by noisy-or; the score of a match is the geometric mean of
the two sides.

Memory is bounded: at every node, or two neighbours, each item keeps its 2 x `per_firm` strongest counterparts and is
kept by those of which it is one of the strongest. So the work grows with items x `per_firm`, however crowded a node.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.placing import Item, Placement, Side
from serai.match.reasons import Reason, ReasonKind
from serai.match.text import SCRIPTS, script_of, tokens
from serai.world.chains import Chain

WORTH: Mapping[ReasonKind, float] = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: 1.0,
    ReasonKind.NEEDS_WHAT_YOU_OFFER: 0.9,
    ReasonKind.USES_YOUR_NODE: 0.5,
    ReasonKind.FEEDS_YOUR_NODE: 0.4,
}
"""What a reason is worth to the firm, by judgement until there is behaviour to learn from: a need that is met most, a
customer who asks nearly as much, neighbours along the chain about half."""

MOST_REASONS = 3
"""Pairs of items that count, and are told, for one match: a long list of offers is no better than three good ones."""

PAIRS_AT_ONCE = 2_000_000
"""Pairs of placements looked at in one go: bounds the memory that a crowded node takes."""


class Relation(StrEnum):
    """What the partner would be to the firm, by the strongest of the reasons."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"

    @property
    def mirrored(self) -> "Relation":
        """What the firm would be to the partner."""
        return Relation.CUSTOMER if self is Relation.SUPPLIER else Relation.SUPPLIER


@dataclass(frozen=True)
class Firm:
    """Who is to be matched: an exhibitor, a buyer, a delegation; and the keys of its items, which no other firm has."""

    key: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A partner for a firm. Scores are between 0 and 1; `score` is the geometric mean of what each side would gain."""

    firm: str
    partner: str
    relation: Relation
    score: float
    score_firm: float
    score_partner: float
    reasons: tuple[Reason, ...]
    """The strongest first, as the firm sees them; the partner sees each mirrored."""


type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Sparse = sparse.csr_array


def partners(
    firms: Sequence[Firm],
    items: Sequence[Item],
    placements: Sequence[Placement],
    chains: Sequence[Chain],
    *,
    per_firm: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
) -> dict[str, list[Match]]:
    """For each firm, in the order of the keys, its best partners along the chains, at most `per_firm`, the best first.

    `excluded` are pairs of firms, in either order, that are never matched. Ties go to the smaller key; the order of the
    arguments' rows changes nothing. Items of no firm are passed over. Raises ValueError where a firm or item key comes
    twice, a firm names an unknown item or one of another firm, or a placement an unknown item, chain or node.
    """
    market = _market(firms, items, placements, chains)
    pairs = _pairs(market, chains, 2 * per_firm, excluded)
    return _matches(market, _strongest(market, pairs), per_firm)


@dataclass(frozen=True)
class _Market:
    """Everything in the order of the keys; the columns have one row per placement of a firm's item."""

    firms: Sequence[str]
    placements: Sequence[Placement]
    firm: Integers
    item: Integers
    confidence: Floats
    scripts: Integers
    """Bits of the scripts that write at least a quarter of the item's words."""
    words: Sparse
    """(n_placements, n_words) rows of length 1, words weighted by how few items have them."""
    standing: Mapping[tuple[str, str, Side], Integers]
    """Rows by chain, node and side."""


@dataclass(frozen=True)
class _Pairs:
    """Pairs of placements, of the one who would buy and the one who would sell; `stated` where the need was stated."""

    buyer: Integers
    seller: Integers
    likeness: Floats
    """NaN where unknown."""
    strength: Floats
    stated: NDArray[np.bool_]

    def __getitem__(self, rows: NDArray[np.generic]) -> "_Pairs":
        return _Pairs(*(column[rows] for column in vars(self).values()))


def _market(
    firms: Sequence[Firm], items: Sequence[Item], placements: Sequence[Placement], chains: Sequence[Chain]
) -> _Market:
    firms = sorted(firms, key=lambda firm: firm.key)
    item_of = {item.key: item for item in items}
    if len(item_of) < len(items):
        raise ValueError("Two items have the same key; give each offer and each need its own key.")
    owner = _owners(firms, item_of)
    known = {(chain.slug, node.code) for chain in chains for node in chain.nodes}
    for one in placements:
        if one.item not in item_of or (one.chain, one.node) not in known:
            raise ValueError(f"Item '{one.item}' is placed on '{one.chain}/{one.node}', and one of them is unknown.")

    rows = sorted((p for p in placements if p.item in owner), key=lambda p: (p.item, p.chain, p.node))
    keys = sorted(owner)
    row_of_key = {key: row for row, key in enumerate(keys)}
    item = np.array([row_of_key[p.item] for p in rows], dtype=np.int64)
    said = [tokens(item_of[key].text) for key in keys]
    standing: dict[tuple[str, str, Side], list[int]] = {}
    for row, p in enumerate(rows):
        standing.setdefault((p.chain, p.node, item_of[p.item].side), []).append(row)
    return _Market(
        firms=[firm.key for firm in firms],
        placements=rows,
        firm=np.array([owner[p.item] for p in rows], dtype=np.int64),
        item=item,
        confidence=np.array([p.confidence for p in rows], dtype=np.float64),
        scripts=np.array([_scripts(words) for words in said], dtype=np.int64)[item],
        words=_word_vectors(said)[item],
        standing={place: np.array(found, dtype=np.int64) for place, found in standing.items()},
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


def _scripts(words: Sequence[str]) -> int:
    counts = Counter(script_of(word) for word in words)
    return sum(1 << bit for bit, script in enumerate(SCRIPTS) if 0 < len(words) <= 4 * counts[script])


def _word_vectors(said: Sequence[Sequence[str]]) -> Sparse:
    """(n_items, n_words) unit rows of log(1 + items / items with the word) for each word that an item has."""
    vocabulary = {word: n for n, word in enumerate(sorted(set().union(*said)))}
    has = [sorted({vocabulary[word] for word in words}) for words in said]
    indptr = np.cumsum([0, *map(len, has)])
    indices = np.array([word for words in has for word in words], dtype=np.int64)
    rarity = np.log1p(len(said) / np.bincount(indices, minlength=len(vocabulary)))[indices]
    length = np.sqrt(np.add.reduceat(np.append(rarity**2, 0.0), indptr[:-1])) if len(said) else np.zeros(0)
    weight = rarity / np.repeat(length, np.diff(indptr))
    return sparse.csr_array((weight, indices, indptr), shape=(len(said), len(vocabulary)))


# Pairs of placements


def _pairs(market: _Market, chains: Sequence[Chain], breadth: int, excluded: AbstractSet[tuple[str, str]]) -> _Pairs:
    """The strongest pairs of every node and of every two neighbours."""
    barred = _barred(market.firms, excluded)
    nobody = np.zeros(0, dtype=np.int64)
    none = np.zeros(0)
    found = [_Pairs(nobody, nobody, none, none, none.astype(np.bool_))]
    for chain in chains:
        meetings = [(node.code, Side.NEED, node.code) for node in chain.nodes]
        meetings += [(user, Side.OFFER, supplier) for supplier, user in chain.edges]
        for user, side, supplier in meetings:
            buyers = market.standing.get((chain.slug, user, side), nobody)
            sellers = market.standing.get((chain.slug, supplier, Side.OFFER), nobody)
            usual = _mean_likeness(market, buyers, sellers)
            for one, other, selling in ((buyers, sellers, False), (sellers, buyers, True)):
                found += [
                    _block(market, rows, other, breadth, barred, usual, stated=side is Side.NEED, selling=selling)
                    for rows in np.array_split(one, 1 + one.size * other.size // PAIRS_AT_ONCE)
                ]
    return _Pairs(*(np.concatenate(column) for column in zip(*(vars(p).values() for p in found), strict=True)))


def _mean_likeness(market: _Market, some: Integers, others: Integers) -> float:
    """Over the pairs of one of `some` and one of `others` that share a script; 0 where none does."""
    masks = np.arange(1 << len(SCRIPTS))
    pairs = np.outer(*(np.bincount(market.scripts[rows], minlength=len(masks)) for rows in (some, others)))
    compared = pairs[(masks[:, None] & masks) > 0].sum()
    total = market.words[some].sum(axis=0) @ market.words[others].sum(axis=0)
    return float(total / compared) if compared else 0.0


def _block(
    market: _Market,
    rows: Integers,
    columns: Integers,
    breadth: int,
    barred: Sparse,
    usual: float,
    *,
    stated: bool,
    selling: bool,
) -> _Pairs:
    """For each placement of `rows`, which are `selling` or buying, its `breadth` strongest among `columns`.

    Texts that share no script are taken to be of `usual` likeness, so that no firm loses by the language it writes in.
    """
    firm, other_firm = market.firm[rows], market.firm[columns]
    compared = (market.scripts[rows][:, None] & market.scripts[columns]) > 0
    likeness = np.where(compared, (market.words[rows] @ market.words[columns].T).toarray(), np.nan)
    alike = np.where(compared, likeness, usual)
    strength = np.outer(market.confidence[rows], market.confidence[columns]) * (1 + alike) / 2
    strength[firm[:, None] == other_firm] = 0
    if barred.nnz:
        strength[barred[firm][:, other_firm].toarray()] = 0
    if len(columns) > breadth:
        ranked = strength - 1e-12 * np.arange(len(columns))  # ties go to the smaller key
        column = np.sort(np.argpartition(-ranked, breadth - 1, axis=1)[:, :breadth], axis=1)
    else:
        column = np.broadcast_to(np.arange(len(columns)), strength.shape)
    row, place = np.nonzero(np.take_along_axis(strength, column, axis=1))
    column = column[row, place]
    one, other = rows[row], columns[column]
    return _Pairs(
        buyer=other if selling else one,
        seller=one if selling else other,
        likeness=likeness[row, column],
        strength=strength[row, column],
        stated=np.full(len(row), stated),
    )


def _barred(firms: Sequence[str], excluded: AbstractSet[tuple[str, str]]) -> Sparse:
    """(n_firms, n_firms) True for the excluded pairs, both ways; pairs with a firm that is not here are passed over."""
    number = {key: n for n, key in enumerate(firms)}
    pairs = [(number[a], number[b]) for a, b in excluded if a in number and b in number]
    one, other = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    return sparse.csr_array((np.ones(2 * len(pairs), dtype=np.bool_), both), shape=(len(firms), len(firms)))


# From pairs of placements to pairs of firms


def _strongest(market: _Market, pairs: _Pairs) -> _Pairs:
    """Each pair of items once, and of these the `MOST_REASONS` strongest of each two firms, firm pair by firm pair."""
    worth = np.sqrt(_worth(pairs, buying=True) * _worth(pairs, buying=False))
    pairs = pairs[np.lexsort((pairs.seller, pairs.buyer, -worth))]
    joined = market.item[pairs.buyer] * (market.item.max(initial=0) + 1) + market.item[pairs.seller]
    pairs = pairs[np.sort(np.unique(joined, return_index=True)[1])]
    together = _together(market, pairs)
    order = np.argsort(together, kind="stable")
    pairs, together = pairs[order], together[order]
    rank = np.arange(len(together)) - np.searchsorted(together, together)
    return pairs[rank < MOST_REASONS]


def _worth(pairs: _Pairs, *, buying: bool) -> Floats:
    """What each pair is worth to the buying or to the selling side, between 0 and 1."""
    if buying:
        kinds = (ReasonKind.OFFERS_WHAT_YOU_NEED, ReasonKind.FEEDS_YOUR_NODE)
    else:
        kinds = (ReasonKind.NEEDS_WHAT_YOU_OFFER, ReasonKind.USES_YOUR_NODE)
    return pairs.strength * np.where(pairs.stated, *(WORTH[kind] for kind in kinds))


def _together(market: _Market, pairs: _Pairs) -> Integers:
    """One number for each two firms, whichever of them buys."""
    buyer, seller = market.firm[pairs.buyer], market.firm[pairs.seller]
    return np.minimum(buyer, seller) * len(market.firms) + np.maximum(buyer, seller)


def _matches(market: _Market, pairs: _Pairs, per_firm: int) -> dict[str, list[Match]]:
    together = _together(market, pairs)
    start = np.flatnonzero(np.diff(together, prepend=-1))
    stop = np.append(start, len(together))[1:]
    first, second = np.divmod(together[start], len(market.firms))
    first_buys = market.firm[pairs.buyer] == np.repeat(first, stop - start)
    for_buyer, for_seller = _worth(pairs, buying=True), _worth(pairs, buying=False)
    of_first = _any_of(np.where(first_buys, for_buyer, for_seller), start)
    of_second = _any_of(np.where(first_buys, for_seller, for_buyer), start)

    firm, partner = np.concatenate([first, second]), np.concatenate([second, first])
    own, theirs = np.concatenate([of_first, of_second]), np.concatenate([of_second, of_first])
    score = np.sqrt(own * theirs)
    group = np.concatenate([np.arange(len(start))] * 2)
    order = np.lexsort((partner, -score, firm))
    rank = np.arange(len(order)) - np.searchsorted(firm[order], firm[order])
    matches: dict[str, list[Match]] = {key: [] for key in market.firms}
    for row in order[rank < per_firm]:
        key = market.firms[firm[row]]
        reasons = tuple(_reason(market, pairs, pair, firm[row]) for pair in range(start[group[row]], stop[group[row]]))
        relation = Relation.SUPPLIER if reasons[0].kind in _BUYING else Relation.CUSTOMER
        scores = (float(score[row]), float(own[row]), float(theirs[row]))
        matches[key].append(Match(key, market.firms[partner[row]], relation, *scores, reasons))
    return matches


def _any_of(worth: Floats, start: Integers) -> Floats:
    """Noisy-or of the runs of `worth` that begin at `start`."""
    return 1 - np.multiply.reduceat(1 - worth, start) if len(start) else np.zeros(0)


_BUYING = frozenset({ReasonKind.OFFERS_WHAT_YOU_NEED, ReasonKind.FEEDS_YOUR_NODE})


def _reason(market: _Market, pairs: _Pairs, pair: int, firm: int) -> Reason:
    """The pair as `firm` sees it."""
    buyer, seller = market.placements[pairs.buyer[pair]], market.placements[pairs.seller[pair]]
    likeness = None if np.isnan(pairs.likeness[pair]) else float(pairs.likeness[pair])
    kind = ReasonKind.OFFERS_WHAT_YOU_NEED if pairs.stated[pair] else ReasonKind.FEEDS_YOUR_NODE
    seen_by_buyer = Reason(kind, buyer, seller, likeness, float(pairs.strength[pair]))
    return seen_by_buyer if market.firm[pairs.buyer[pair]] == firm else seen_by_buyer.mirrored
