"""Pairs of firms: the worth of the pairs of their items to each side, and the scores.

The worth of a pair of items to a side, along the chain, is its strength times `WORTH`; the three strongest pairs of two
firms are joined by noisy-or. This worth and the likeness of the texts are the signals of a side's score
(serai.match.ranking). The score of a pair of firms is the geometric mean of the scores of its sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from serai.match.candidates import CAPABLE, Pairs
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
    """Pairs of firms, `first` < `second`; their pairs of placements are the rows `start` to `stop`, the strongest
    first.

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

    @cached_property
    def score(self) -> Floats:
        """The geometric mean of both sides, shape (n,)."""
        return np.asarray(np.sqrt(self.scores[0] * self.scores[1]))


def ranked_pairs(market: Market, pairs: Pairs, weights: Weights, link_values: LinkValues | None) -> Ranked:
    """The pairs of firms that the pairs of placements join, with the signals and scores of each side."""
    pairs = _strongest(market, pairs)
    together = _together(market, pairs)
    start = np.flatnonzero(np.diff(together, prepend=-1))
    stop = np.append(start, len(together))[1:]
    first, second = np.divmod(together[start], max(1, len(market.firms)))
    first_buys = market.firm[pairs.buyer] == np.repeat(first, stop - start)
    for_buyer, for_seller = _worth(pairs, buying=True), _worth(pairs, buying=False)
    chain = [
        _any_of(np.where(first_buys, for_buyer, for_seller), start),
        _any_of(np.where(first_buys, for_seller, for_buyer), start),
    ]
    alike = {
        Signal.MEANING: _largest(pairs.meaning, start),
        Signal.WORDS: _largest(pairs.words, start),
        Signal.CODES: _largest(pairs.codes, start),
    }
    alike[Signal.NEAR] = _near(market, first, second)
    sides = (
        {
            **alike,
            Signal.CHAIN: chain[side],
            Signal.WISHES: _weighed(
                np.where(first_buys == (side == 0), pairs.buyer_wishes, pairs.seller_wishes), pairs.strength, start
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


def _with_links(ranked: Ranked, link_values: LinkValues) -> Floats:
    properties = sorted({name for vector in link_values.vectors.values() for name in vector} | set(link_values.weights))
    vectors = np.full((len(ranked.first), len(properties)), np.nan)
    keys = ranked.market.firms
    for row, (first, second) in enumerate(zip(ranked.first, ranked.second, strict=True)):
        vector = link_values.of(keys[first], keys[second]) or {}
        vectors[row] = [vector.get(name, np.nan) for name in properties]
    return with_links(ranked.score, vectors, properties, link_values.weights, most_lost=link_values.most_lost)


def _strongest(market: Market, pairs: Pairs) -> Pairs:
    """Each pair of items once, and the `MOST_REASONS` strongest of each two firms, grouped by pair of firms."""
    worth = np.sqrt(_worth(pairs, buying=True) * _worth(pairs, buying=False))
    pairs = pairs[np.lexsort((pairs.seller, pairs.buyer, -worth))]
    joined = market.item[pairs.buyer] * (market.item.max(initial=0) + 1) + market.item[pairs.seller]
    pairs = pairs[np.sort(np.unique(joined, return_index=True)[1])]
    together = _together(market, pairs)
    order = np.argsort(together, kind="stable")
    pairs, together = pairs[order], together[order]
    rank = np.arange(len(together)) - np.searchsorted(together, together)
    return pairs[rank < MOST_REASONS]


def _worth(pairs: Pairs, *, buying: bool) -> Floats:
    """Worth of each pair to the buying or to the selling side, between 0 and 1."""
    kinds = [SEEN_BY_BUYER[trade] for trade in Trade]
    worth = np.array([WORTH[kind if buying else kind.mirrored] for kind in kinds])
    return np.asarray(pairs.strength * worth[pairs.trade])


def _together(market: Market, pairs: Pairs) -> Integers:
    """One number for each two firms, whichever of them buys."""
    buyer, seller = market.firm[pairs.buyer], market.firm[pairs.seller]
    return np.asarray(np.minimum(buyer, seller) * len(market.firms) + np.maximum(buyer, seller))


def _any_of(worth: Floats, start: Integers) -> Floats:
    """Noisy-or of the runs of `worth` that begin at `start`."""
    return 1 - np.multiply.reduceat(1 - worth, start) if len(start) else np.zeros(0)


def _largest(likeness: Floats, start: Integers) -> Floats:
    """The largest of each run that begins at `start`; NaN where all of a run are NaN."""
    return np.asarray(np.fmax.reduceat(likeness, start)) if len(start) else np.zeros(0)


def _weighed(values: Floats, strength: Floats, start: Integers) -> Floats:
    """The mean of each run that begins at `start`, weighted by `strength` and without NaN; NaN where all are NaN."""
    if not len(start):
        return np.zeros(0)
    stated = ~np.isnan(values)
    total = np.add.reduceat(np.where(stated, values * strength, 0.0), start)
    weight = np.add.reduceat(np.where(stated, strength, 0.0), start)
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1), np.nan)


def _near(market: Market, first: Integers, second: Integers) -> Floats:
    """1 where two firms are in one country, else 0; NaN where the country of one is not known."""
    names = sorted(set(market.countries) - {""})
    number = {"": -1} | {name: n for n, name in enumerate(names)}
    country = np.array([number[name] for name in market.countries], dtype=np.int64)
    first_country, second_country = country[first], country[second]
    return np.where((first_country < 0) | (second_country < 0), np.nan, first_country == second_country)
