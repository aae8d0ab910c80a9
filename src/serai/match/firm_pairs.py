"""Pairs of firms: which pairs of their items count, and the scores.

A pair of items counts where each of the two is the closest that the other firm has for the other: so a reason is never
between a need and an offer that another one fits better. The signals of two firms are those of their closest pair; the
worth of the pairs along the chain, their strength times `WORTH`, is joined by noisy-or. The score of a pair of firms is
the geometric mean of the scores of its sides (serai.match.ranking).
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from serai.match.candidates import CAPABLE, NOT_ONE, Pairs
from serai.match.market import Floats, Market
from serai.match.ranking import MOST_LOST, Signal, Weights, with_links
from serai.match.reasons import ReasonKind
from serai.match.trade_links import Trade
from serai.match.word_vectors import Integers

WORTH: Mapping[ReasonKind, float] = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: 1.0,
    ReasonKind.NEEDS_WHAT_YOU_OFFER: 0.9,
    ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED: CAPABLE * 1.0,
    ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY: CAPABLE * 0.9,
    ReasonKind.USES_YOUR_NODE: 0.5,
    ReasonKind.FEEDS_YOUR_NODE: 0.4,
    ReasonKind.BUYS_FROM_YOUR_INDUSTRY: 0.1,
    ReasonKind.SELLS_TO_YOUR_INDUSTRY: 0.08,
}
"""Worth of a reason to the firm, set by judgement until there is behaviour to learn from. A need that is met is worth
most, a customer with a need nearly as much, and a product that a firm can make but does not name less. Neighbours along
the chain are worth about half, and industries that trade a fifth of that."""

SEEN_BY_BUYER: Mapping[Trade, ReasonKind] = {
    Trade.STATED: ReasonKind.OFFERS_WHAT_YOU_NEED,
    Trade.CAPABLE: ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED,
    Trade.FED: ReasonKind.FEEDS_YOUR_NODE,
    Trade.INDUSTRY: ReasonKind.SELLS_TO_YOUR_INDUSTRY,
}

MOST_REASONS = 3
"""Pairs of items that count, and are shown, for one match: a long list of offers is no better than three good ones."""

FAR_BEHIND = 0.5
"""Share of the score of the closest pair below which another pair of the same two firms is no reason."""


@dataclass(frozen=True)
class Limit:
    """What a pair of firms has to reach to stand in the list of one of them, of which it is not the best.

    `least` is the score. `behind` is by how much, in log-odds of the score, a pair may be behind the best of its kind
    that there is for the same item of the firm that lists it; a score of `GOOD` is near enough to any. From the score
    `possible` on a pair beyond these limits may stand in a list that would else be shorter than `FEWEST`.
    """

    least: float = 0.0
    behind: float = np.inf
    possible: float = np.inf


GOOD = 0.7
"""Score that is near enough to any other: a firm with forty likely partners may choose among all of them."""

FEWEST = 5
"""Partners in a list where so many are possible (`Limit.possible`): nobody shall have one name to choose from."""

type Limits = Mapping[Trade, Limit]
"""By what joins the two firms; without limits where it is not named."""

EVERYBODY: Limits = {}
"""All candidates in their order."""

LISTED: Limits = {
    Trade.STATED: Limit(0.15, 1.5),
    Trade.CAPABLE: Limit(0.25, 1.0, possible=0.25),
    Trade.FED: Limit(0.18, possible=0.125),
    Trade.INDUSTRY: Limit(np.inf),
}
"""The limits of lists that people read, tuned on the fair "workshop" and on ten lists of a real fair
(docs/method/matching.md). Of 98 right pairs of two fairs (benchmarks/fairs.py) two are below 0.15, of the wrong ones in
lists of five two in three. A firm that is told by a description alone, which names no product, needs more. Two firms
that only their industries join are listed where the firm has nothing better, whatever their score. A link of nodes says
little of which of two firms is the better, so those need not be near to the best. What is possible beyond the limits
was read by eye: along a chain two in three were wrong below 0.125, a third above it, as many as within the limits; of
needs and offers that name a product next to none beyond the limits was right."""


@dataclass(frozen=True)
class LinkValues:
    """The value of links for the chain: by property, for two firms in either order, with the organiser's weights.

    A list loses at most the share `most_lost` of its relevance by these values (`ranking.with_links`).
    """

    vectors: Mapping[tuple[str, str], Mapping[str, float]]
    weights: Mapping[str, float] = field(default_factory=dict)
    most_lost: float = MOST_LOST

    def of(self, firm: str, partner: str) -> Mapping[str, float] | None:
        """The vector of the link of two firms, None where it is not known."""
        return self.vectors.get((firm, partner)) or self.vectors.get((partner, firm))


@dataclass(frozen=True)
class Ranked:
    """Pairs of firms, `first` < `second`; their pairs of items are the rows `start` to `stop`, the closest first.

    `signals` (2, n, len(Signal)) and `scores` (2, n) are those of the first and of the second firm. Lists are ordered
    by `by` (n,).
    """

    market: Market
    pairs: Pairs
    first: Integers
    second: Integers
    start: Integers
    stop: Integers
    signals: Floats
    scores: Floats
    by: Floats
    link_values: LinkValues | None = None
    lists: NDArray[np.bool_] | None = None
    """(2, n) whether the pair may stand in the list of the first, and of the second firm; None where all may."""
    further: NDArray[np.bool_] | None = None
    """(2, n) whether it may where that list would else be shorter than `FEWEST`; None where none may."""

    def __getitem__(self, rows: NDArray[np.generic]) -> "Ranked":
        """Some of the pairs of firms."""
        columns = {name: getattr(self, name)[rows] for name in ("first", "second", "start", "stop", "by")}
        lists, further = (None if of_side is None else of_side[:, rows] for of_side in (self.lists, self.further))
        signals, scores = self.signals[:, rows], self.scores[:, rows]
        return replace(self, signals=signals, scores=scores, lists=lists, further=further, **columns)

    @cached_property
    def score(self) -> Floats:
        """The geometric mean of both sides, shape (n,)."""
        return np.asarray(np.sqrt(self.scores[0] * self.scores[1]))


def ranked_pairs(market: Market, pairs: Pairs, weights: Weights, link_values: LinkValues | None) -> Ranked:
    """The pairs of firms that the pairs of items join, with the signals and scores of each side."""
    pairs = _closest(market, pairs, weights)
    together = _together(market, pairs)
    start = np.flatnonzero(np.diff(together, prepend=-1))
    stop = np.append(start, len(together))[1:]
    first, second = np.divmod(together[start], max(1, len(market.firms)))
    first_buys = market.owner[pairs.buyer] == np.repeat(first, stop - start)
    for_buyer, for_seller = _worth(pairs, buying=True), _worth(pairs, buying=False)
    chain = [
        _any_of(np.where(first_buys, for_buyer, for_seller), start),
        _any_of(np.where(first_buys, for_seller, for_buyer), start),
    ]
    alike = {
        Signal.MEANING: pairs.meaning[start],
        Signal.WORDS: pairs.words[start],
        Signal.CODES: pairs.codes[start],
        Signal.NEAR: _near(market, first, second),
    }
    fit = _fit(pairs, weights)
    sides = (
        {
            **alike,
            Signal.CHAIN: chain[side],
            Signal.WISHES: _weighed(
                np.where(first_buys == (side == 0), pairs.buyer_wishes, pairs.seller_wishes), fit, start
            ),
        }
        for side in (0, 1)
    )
    signals = np.stack([np.column_stack([of_side[signal] for signal in Signal]) for of_side in sides])
    scores = weights.score(signals)
    ranked = Ranked(market, pairs, first, second, start, stop, signals, scores, np.sqrt(scores[0] * scores[1]))
    if link_values is None:
        return ranked
    return replace(ranked, by=_with_links(ranked, link_values), link_values=link_values)


def worth_listing(ranked: Ranked, limits: Limits = LISTED) -> Ranked:
    """The pairs that may stand in the list of one of the two firms, and in whose list each may stand."""
    of_trade = np.array([astuple(limits.get(trade, Limit())) for trade in Trade])
    least, behind, possible = of_trade[ranked.pairs.trade[ranked.start]].T
    near = _near_the_best(ranked, behind) | (ranked.score >= GOOD)
    lists = (ranked.score >= least) & near
    further = ~lists & (ranked.score >= possible)
    best, some = np.zeros(len(ranked.market.firms)), np.zeros(len(ranked.market.firms), dtype=np.bool_)
    for side, firm in enumerate((ranked.first, ranked.second)):
        np.maximum.at(best, firm, ranked.score)
        some[firm[lists[side] | further[side]]] = True
    for side, firm in enumerate((ranked.first, ranked.second)):
        lists[side] |= ~some[firm] & (ranked.score >= best[firm])
    return replace(ranked, lists=lists, further=further)[np.flatnonzero((lists | further).any(axis=0))]


def _near_the_best(ranked: Ranked, behind: Floats) -> NDArray[np.bool_]:
    """(2, n) whether no pair of its kind is more than `behind` (n,) ahead for an item of the first, of the second."""
    pair, row = rows_of(ranked)
    odds = np.log(ranked.score) - np.log1p(-ranked.score)
    trade = ranked.pairs.trade[ranked.start][pair]
    near = np.zeros((2, len(ranked.first)), dtype=np.bool_)
    for item in (ranked.pairs.buyer[row], ranked.pairs.seller[row]):
        best = np.full((len(ranked.market.items), len(Trade)), -np.inf)
        np.maximum.at(best, (item, trade), odds[pair])
        close = odds[pair] >= best[item, trade] - behind[pair]
        side = (ranked.market.owner[item] != ranked.first[pair]).astype(np.int64)
        near[side[close], pair[close]] = True
    return near


def rows_of(ranked: Ranked) -> tuple[Integers, Integers]:
    """The pair of firms, and the row in `pairs`, of each of their pairs of items."""
    length = ranked.stop - ranked.start
    pair = np.repeat(np.arange(len(length)), length)
    # The rows go pair of firms by pair of firms: some were left out between them.
    row = np.arange(len(pair)) + np.repeat(ranked.start - np.cumsum(length) + length, length)
    return pair, row


def _with_links(ranked: Ranked, link_values: LinkValues) -> Floats:
    properties = sorted({name for vector in link_values.vectors.values() for name in vector} | set(link_values.weights))
    vectors = np.full((len(ranked.first), len(properties)), np.nan)
    keys = ranked.market.firms
    for row, (first, second) in enumerate(zip(ranked.first, ranked.second, strict=True)):
        vector = link_values.of(keys[first], keys[second]) or {}
        vectors[row] = [vector.get(name, np.nan) for name in properties]
    return with_links(ranked.score, vectors, properties, link_values.weights, most_lost=link_values.most_lost)


def _closest(market: Market, pairs: Pairs, weights: Weights) -> Pairs:
    """The `MOST_REASONS` best pairs of each two firms, grouped by pair of firms, the best first.

    Each pair of items comes once, and only if both are the closest to each other among those of the two firms; pairs of
    two offers apart from those of a need and an offer. A need and an offer far behind the first pair are no reason.
    """
    fit = _fit(pairs, weights)
    order = np.lexsort((pairs.seller, pairs.buyer, -fit))
    pairs, fit = pairs[order], fit[order]
    together, stated = _together(market, pairs), pairs.buyer_place == NOT_ONE
    of_buyer, of_seller = (_is_first(together, stated, item) for item in (pairs.buyer, pairs.seller))
    kept = np.flatnonzero(of_buyer & of_seller)
    kept = kept[np.argsort(together[kept], kind="stable")]
    first = np.searchsorted(together[kept], together[kept])
    kept = kept[~stated[kept] | (fit[kept] >= FAR_BEHIND * fit[kept][first])]
    rank = np.arange(len(kept)) - np.searchsorted(together[kept], together[kept])
    return pairs[kept[rank < MOST_REASONS]]


def _is_first(together: Integers, stated: NDArray[np.bool_], item: Integers) -> NDArray[np.bool_]:
    """Whether the row is the first with its pair of firms, its kind and this item."""
    joined = (together * 2 + stated) * (item.max(initial=0) + 1) + item
    first = np.zeros(len(item), dtype=np.bool_)
    first[np.unique(joined, return_index=True)[1]] = True
    return first


def _fit(pairs: Pairs, weights: Weights) -> Floats:
    """The score of each pair of items by itself, between the worth to its two sides."""
    signals = np.full((len(pairs.buyer), len(Signal)), np.nan)
    worth = np.sqrt(_worth(pairs, buying=True) * _worth(pairs, buying=False))
    for signal, values in {
        Signal.CHAIN: worth,
        Signal.MEANING: pairs.meaning,
        Signal.WORDS: pairs.words,
        Signal.CODES: pairs.codes,
    }.items():
        signals[:, tuple(Signal).index(signal)] = values
    return weights.score(signals)


def _worth(pairs: Pairs, *, buying: bool) -> Floats:
    """Worth of each pair to the buying or to the selling side, between 0 and 1."""
    kinds = [SEEN_BY_BUYER[trade] for trade in Trade]
    worth = np.array([WORTH[kind if buying else kind.mirrored] for kind in kinds])
    return np.asarray(pairs.strength * worth[pairs.trade])


def _together(market: Market, pairs: Pairs) -> Integers:
    """One number for each two firms, whichever of them buys."""
    buyer, seller = market.owner[pairs.buyer], market.owner[pairs.seller]
    return np.asarray(np.minimum(buyer, seller) * len(market.firms) + np.maximum(buyer, seller))


def _any_of(worth: Floats, start: Integers) -> Floats:
    """Noisy-or of the runs of `worth` that begin at `start`."""
    return 1 - np.multiply.reduceat(1 - worth, start) if len(start) else np.zeros(0)


def _weighed(values: Floats, fit: Floats, start: Integers) -> Floats:
    """The mean of each run that begins at `start`, weighted by `fit` and without NaN; NaN where all are NaN."""
    if not len(start):
        return np.zeros(0)
    stated = ~np.isnan(values)
    total = np.add.reduceat(np.where(stated, values * fit, 0.0), start)
    weight = np.add.reduceat(np.where(stated, fit, 0.0), start)
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)


def _near(market: Market, first: Integers, second: Integers) -> Floats:
    """1 where two firms are in one country, else 0; NaN where the country of one is not known."""
    names = sorted(set(market.countries) - {""})
    number = {"": -1} | {name: n for n, name in enumerate(names)}
    country = np.array([number[name] for name in market.countries], dtype=np.int64)
    first_country, second_country = country[first], country[second]
    return np.where((first_country < 0) | (second_country < 0), np.nan, first_country == second_country)
