"""Partners along the chain: who could supply whom, what each side gains by it, and why.

From the pairs of items that could trade (serai.match.candidates) come pairs of firms. What a pair of items is worth to
a side along the chain is its strength times `WORTH`; the three strongest of two firms are joined by noisy-or. That and
the likeness of their texts are the signals of which a side's score is made (serai.match.ranking); the score of a match
is the geometric mean of the two sides. Lists are of the best matches, or, where a firm can take only so many meetings,
spread so that not all go to the same few (serai.match.congestion).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.candidates import Firm, Floats, Integers, Market, Pairs, cut, market, pairs
from serai.match.congestion import match
from serai.match.fairness.floors import Guaranteed, Point, curve
from serai.match.fairness.floors import spread as spread_lists
from serai.match.fairness.measures import NOBODY
from serai.match.placing import Item, Placement
from serai.match.ranking import JUDGED, MOST_LOST, Signal, Weights, with_links
from serai.match.reasons import Reason, ReasonKind
from serai.match.requirements import Cut, Terms
from serai.match.trading import Trade, industries_of, links
from serai.world.chains import Chain
from serai.world.table import WorldTable

__all__ = [
    "Firm",
    "LinkValues",
    "Match",
    "Relation",
    "Spread",
    "between",
    "partners",
    "partners_in",
    "partners_of",
    "trade_off",
]

WORTH: Mapping[ReasonKind, float] = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: 1.0,
    ReasonKind.NEEDS_WHAT_YOU_OFFER: 0.9,
    ReasonKind.USES_YOUR_NODE: 0.5,
    ReasonKind.FEEDS_YOUR_NODE: 0.4,
    ReasonKind.BUYS_FROM_YOUR_INDUSTRY: 0.1,
    ReasonKind.SELLS_TO_YOUR_INDUSTRY: 0.08,
}
"""What a reason is worth to the firm, by judgement until there is behaviour to learn from: a need that is met most, a
customer who asks nearly as much, neighbours along the chain about half, and industries that trade a fifth of that."""

SEEN_BY_BUYER: Mapping[Trade, ReasonKind] = {
    Trade.STATED: ReasonKind.OFFERS_WHAT_YOU_NEED,
    Trade.FED: ReasonKind.FEEDS_YOUR_NODE,
    Trade.INDUSTRY: ReasonKind.SELLS_TO_YOUR_INDUSTRY,
}

MOST_REASONS = 3
"""Pairs of items that count, and are told, for one match: a long list of offers is no better than three good ones."""

TIE = 0.01
"""How much of a score, at most, is added to what the matching expects: it decides only between nearly equals."""


FOLLOWED = (1.0, 0.5, 0.25, 0.1)
"""Shares of the value of links that spread lists try to follow, the largest first."""


class Relation(StrEnum):
    """What the partner would be to the firm, by the strongest of the reasons."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"

    @property
    def mirrored(self) -> "Relation":
        """What the firm would be to the partner."""
        return Relation.CUSTOMER if self is Relation.SUPPLIER else Relation.SUPPLIER


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
    signals_firm: Mapping[Signal, float | None] = field(hash=False)
    """What the firm's score is made of, each from 0 to 1; None where it is not known."""
    signals_partner: Mapping[Signal, float | None] = field(hash=False)
    link: Mapping[str, float] | None = field(default=None, hash=False)
    """What the link does for the chain, by property, where that was given."""


@dataclass(frozen=True)
class LinkValues:
    """What a link of two firms, in either order, does for the chain, by property; and how much the organiser cares.

    A list loses at most the share `most_lost` of its relevance by it (`ranking.with_links`).
    """

    vectors: Mapping[tuple[str, str], Mapping[str, float]]
    weights: Mapping[str, float] = field(default_factory=dict)
    most_lost: float = MOST_LOST

    def of(self, firm: str, partner: str) -> Mapping[str, float] | None:
        """The vector of the link of two firms, None where it is not known."""
        return self.vectors.get((firm, partner)) or self.vectors.get((partner, firm))


@dataclass(frozen=True)
class Spread:
    """Lists for a fair in which everybody's time is short: by the meetings to be expected, with floors and ceilings.

    `floors` say of firms, by their keys, in how many lists of others each is to stand at least; where candidates are
    too few, as near as can be. Beyond that each stands in about as many as the matching expects.
    """

    temperature: float = 0.05
    floors: Mapping[str, int] = field(default_factory=dict, hash=False)


def partners(
    firms: Sequence[Firm],
    items: Sequence[Item],
    placements: Sequence[Placement],
    chains: Sequence[Chain],
    *,
    per_firm: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    vectors: NDArray[np.float32] | None = None,
    codes: sparse.csr_array | None = None,
    terms: Mapping[str, Terms] | None = None,
    table: WorldTable | None = None,
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
    spread: Spread | None = None,
) -> dict[str, list[Match]]:
    """For each firm, in the order of the keys, its best partners along the chains, at most `per_firm`, the best first.

    `excluded` are pairs of firms, in either order, that are never matched; `terms` are hard requirements of needs and
    what offers give, by item; with a `table` industries that trade are candidates too. Ties go to the smaller key; the
    order of the arguments' rows changes nothing. Raises ValueError as `candidates.market` does.
    """
    found = links(chains, None if table is None else industries_of(table))
    made = market(firms, items, placements, found, vectors=vectors, codes=codes, terms=terms)
    return partners_in(
        made, per_firm=per_firm, excluded=excluded, weights=weights, link_values=link_values, spread=spread
    )


def partners_in(
    made: Market,
    *,
    per_firm: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
    spread: Spread | None = None,
) -> dict[str, list[Match]]:
    """`partners` of a market that is made once."""
    breadth = (2 if spread is None else 4) * per_firm
    ranked = _ranked(made, pairs(made, breadth, excluded), weights, link_values)
    chosen = _by_score(ranked, per_firm) if spread is None else _spread_with_links(ranked, per_firm, spread)
    matches: dict[str, list[Match]] = {key: [] for key in made.firms}
    for firm, pair in chosen:
        matches[made.firms[firm]].append(_match(ranked, pair, firm))
    return matches


def partners_of(
    made: Market,
    firm: str,
    *,
    most: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
) -> list[Match]:
    """The best partners of one firm of a market that is made once for many: fast however large the market.

    Raises KeyError for a firm that is not in the market.
    """
    row = _row(made, firm)
    ranked = _ranked(made, pairs(made, most, excluded, of=row), weights, link_values)
    return [_match(ranked, pair, owner) for owner, pair in _by_score(ranked, most) if owner == row]


@dataclass(frozen=True)
class Between:
    """What there is between two firms: the match of the first, or None, and the pairs of items that were cut."""

    match: Match | None
    cut: tuple[tuple[str, str, Cut], ...]
    """The need, the offer and why they cannot meet."""


def between(
    made: Market,
    firm: str,
    partner: str,
    *,
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
) -> Between:
    """The match of `firm` with `partner`, however far down its list, and what the terms of their items cut.

    Raises KeyError for a firm that is not in the market.
    """
    row, other = _row(made, firm), _row(made, partner)
    match = _only(made, pairs(made, 1, of=row), row, other, weights, link_values)
    return Between(match, tuple(cut(made, row, other)))


def matches_with(made: Market, firm: str, partners: Iterable[str], *, weights: Weights = JUDGED) -> list[Match]:
    """The matches of `firm` with those of `partners` with whom it has one, as ``between`` gives each.

    Raises KeyError for a firm that is not in the market.
    """
    row = _row(made, firm)
    found = pairs(made, 1, of=row)  # the same for all of them
    matches = (_only(made, found, row, _row(made, partner), weights, None) for partner in partners)
    return [match for match in matches if match is not None]


def _only(
    made: Market, found: Pairs, row: int, other: int, weights: Weights, link_values: LinkValues | None
) -> Match | None:
    """The match of two firms among the pairs of the first."""
    of_both = (made.firm[found.buyer] == other) | (made.firm[found.seller] == other)
    ranked = _ranked(made, found[of_both], weights, link_values)
    return _match(ranked, 0, row) if len(ranked.first) else None


def signals_for(made: Market, asked: Sequence[tuple[str, str]], *, breadth: int = 40) -> Floats:
    """(len(asked), len(Signal)) the signals of each pair of firms as the first has them, for `ranking.calibrated`.

    A pair that is not among the candidates has no chain and no other signal. Raises KeyError for an unknown firm.
    """
    ranked = _ranked(made, pairs(made, breadth), JUDGED, None)
    rows = np.array([(_row(made, one), _row(made, other)) for one, other in asked], dtype=np.int64).reshape(-1, 2)
    known = ranked.first * len(made.firms) + ranked.second
    wanted = rows.min(axis=1) * len(made.firms) + rows.max(axis=1)
    found = np.full((len(asked), len(Signal)), np.nan)
    found[:, tuple(Signal).index(Signal.CHAIN)] = 0
    if len(known):
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        there = known[place] == wanted
        side = (rows[:, 0] > rows[:, 1]).astype(np.int64)
        found[there] = ranked.signals[side[there], place[there]]
    return found


def _row(made: Market, firm: str) -> int:
    row = bisect_left(made.firms, firm)
    if row >= len(made.firms) or made.firms[row] != firm:
        raise KeyError(f"No firm '{firm}' is in this market.")
    return row


# Pairs of firms


@dataclass(frozen=True)
class _Ranked:
    """Pairs of firms, `first` < `second`; the pairs of placements of each run from `start` to `stop`, strongest first.

    `signals` are (2, n, len(Signal)) and `scores` (2, n), of the first and of the second firm; `by` is what orders.
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


def _ranked(made: Market, found: Pairs, weights: Weights, link_values: LinkValues | None) -> _Ranked:
    found = _strongest(made, found)
    together = _together(made, found)
    start = np.flatnonzero(np.diff(together, prepend=-1))
    stop = np.append(start, len(together))[1:]
    first, second = np.divmod(together[start], max(1, len(made.firms)))
    first_buys = made.firm[found.buyer] == np.repeat(first, stop - start)
    for_buyer, for_seller = _worth(found, buying=True), _worth(found, buying=False)
    chain = [
        _any_of(np.where(first_buys, for_buyer, for_seller), start),
        _any_of(np.where(first_buys, for_seller, for_buyer), start),
    ]
    alike = {
        Signal.MEANING: _largest(found.meaning, start),
        Signal.WORDS: _largest(found.words, start),
        Signal.CODES: _largest(found.codes, start),
    }
    alike[Signal.NEAR] = _near(made, first, second)
    signals = np.stack([np.column_stack([alike.get(signal, own) for signal in Signal]) for own in chain])
    scores = weights.score(signals)
    ranked = _Ranked(made, found, first, second, start, stop, signals, scores, np.sqrt(scores[0] * scores[1]))
    if link_values is None:
        return ranked
    return replace(ranked, by=_with_links(ranked, link_values), link_values=link_values)


def _with_links(ranked: _Ranked, link_values: LinkValues) -> Floats:
    properties = sorted({name for vector in link_values.vectors.values() for name in vector} | set(link_values.weights))
    vectors = np.full((len(ranked.first), len(properties)), np.nan)
    keys = ranked.market.firms
    for row, (first, second) in enumerate(zip(ranked.first, ranked.second, strict=True)):
        vector = link_values.of(keys[first], keys[second]) or {}
        vectors[row] = [vector.get(name, np.nan) for name in properties]
    return with_links(ranked.score, vectors, properties, link_values.weights, most_lost=link_values.most_lost)


def _strongest(made: Market, found: Pairs) -> Pairs:
    """Each pair of items once, and of these the `MOST_REASONS` strongest of each two firms, firm pair by firm pair."""
    worth = np.sqrt(_worth(found, buying=True) * _worth(found, buying=False))
    found = found[np.lexsort((found.seller, found.buyer, -worth))]
    joined = made.item[found.buyer] * (made.item.max(initial=0) + 1) + made.item[found.seller]
    found = found[np.sort(np.unique(joined, return_index=True)[1])]
    together = _together(made, found)
    order = np.argsort(together, kind="stable")
    found, together = found[order], together[order]
    rank = np.arange(len(together)) - np.searchsorted(together, together)
    return found[rank < MOST_REASONS]


def _worth(found: Pairs, *, buying: bool) -> Floats:
    """What each pair is worth to the buying or to the selling side, between 0 and 1."""
    kinds = [SEEN_BY_BUYER[trade] for trade in Trade]
    worth = np.array([WORTH[kind if buying else kind.mirrored] for kind in kinds])
    return np.asarray(found.strength * worth[found.trade])


def _together(made: Market, found: Pairs) -> Integers:
    """One number for each two firms, whichever of them buys."""
    buyer, seller = made.firm[found.buyer], made.firm[found.seller]
    return np.asarray(np.minimum(buyer, seller) * len(made.firms) + np.maximum(buyer, seller))


def _any_of(worth: Floats, start: Integers) -> Floats:
    """Noisy-or of the runs of `worth` that begin at `start`."""
    return 1 - np.multiply.reduceat(1 - worth, start) if len(start) else np.zeros(0)


def _largest(likeness: Floats, start: Integers) -> Floats:
    """The largest of the runs that begin at `start`, NaN where none of a run is known."""
    return np.asarray(np.fmax.reduceat(likeness, start)) if len(start) else np.zeros(0)


def _near(made: Market, first: Integers, second: Integers) -> Floats:
    """Whether two firms are in one country, NaN where that of one is not known."""
    names = sorted(set(made.countries) - {""})
    number = {"": -1} | {name: n for n, name in enumerate(names)}
    country = np.array([number[name] for name in made.countries], dtype=np.int64)
    one, other = country[first], country[second]
    return np.where((one < 0) | (other < 0), np.nan, one == other)


# Lists


def _by_score(ranked: _Ranked, per_firm: int) -> list[tuple[int, int]]:
    """(firm, pair of firms) of the best of each firm, firm by firm, the best first."""
    firm, partner = np.concatenate([ranked.first, ranked.second]), np.concatenate([ranked.second, ranked.first])
    pair = np.tile(np.arange(len(ranked.first)), 2)
    order = np.lexsort((partner, -np.tile(ranked.by, 2), firm))
    rank = np.arange(len(order)) - np.searchsorted(firm[order], firm[order])
    kept = order[rank < per_firm]
    return list(zip(firm[kept].tolist(), pair[kept].tolist(), strict=True))


def _spread_with_links(ranked: _Ranked, per_firm: int, spread: Spread) -> list[tuple[int, int]]:
    """Spread lists that follow the value of the links as far as none of them loses more relevance than it may.

    Where everybody's time is short a small change of one score moves others: so how far they follow is tried.
    """
    plain = _spread(replace(ranked, by=ranked.score), per_firm, spread)
    if ranked.link_values is None or np.array_equal(ranked.by, ranked.score):
        return plain
    least = (1 - ranked.link_values.most_lost) * _relevance(ranked, plain) - 1e-12
    for share in FOLLOWED:
        tried = _spread(replace(ranked, by=ranked.score + share * (ranked.by - ranked.score)), per_firm, spread)
        if np.all(_relevance(ranked, tried) >= least):
            return tried
    return plain


def _relevance(ranked: _Ranked, chosen: list[tuple[int, int]]) -> Floats:
    """(n_firms,) the scores of each firm's list together."""
    firm, pair = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
    return np.bincount(firm, ranked.score[pair], len(ranked.market.firms))


def _spread(ranked: _Ranked, per_firm: int, spread: Spread) -> list[tuple[int, int]]:
    """The same, by the meetings that are to be expected when each firm has time for `per_firm`."""
    n = len(ranked.market.firms)
    promised = np.array([min(spread.floors.get(key, 0), n) for key in ranked.market.firms], dtype=np.int64)
    lists = _spreading(ranked, per_firm, spread.temperature)(promised).lists
    firm, place = np.nonzero(lists != NOBODY)
    partner = lists[firm, place]
    joined = np.minimum(firm, partner) * n + np.maximum(firm, partner)
    pair = np.searchsorted(ranked.first * n + ranked.second, joined)
    return list(zip(firm.tolist(), pair.tolist(), strict=True))


def _spreading(ranked: _Ranked, per_firm: int, temperature: float) -> Callable[[Integers], Guaranteed]:
    """What makes the lists for promised floors (n_firms,); in the matching each firm is a row and a column.

    Where all expect alike, as in a crowd of which all like the same, the better score comes first.
    """
    surplus = _both_ways(ranked, 2 * ranked.by)
    expected = match(surplus, rows=per_firm, columns=per_firm, temperature=temperature).expected
    scores = sparse.csr_array(expected.multiply(_both_ways(ranked, 1 + TIE * ranked.by)))
    return lambda promised: spread_lists(scores, expected, per_firm, promised=promised)


def _both_ways(ranked: _Ranked, values: Floats) -> sparse.csr_array:
    places = (np.concatenate([ranked.first, ranked.second]), np.concatenate([ranked.second, ranked.first]))
    n = len(ranked.market.firms)
    return sparse.csr_array((np.tile(values, 2), places), shape=(n, n))


def trade_off(
    made: Market,
    protected: AbstractSet[str],
    floors: Iterable[int],
    *,
    per_firm: int = 10,
    temperature: float = Spread.temperature,
    counted: AbstractSet[str] | None = None,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
) -> list[Point]:
    """What each floor for the `protected` firms costs all, and gives them: the curve on which an organiser chooses.

    The gain is judged by the scores of the matches, of lists that spread over the fair; exposure is compared among the
    `counted` firms, such as the exhibitors, by default all.
    """
    ranked = _ranked(made, pairs(made, 4 * per_firm, excluded), weights, None)
    marked, among = (
        np.array([key in keys for key in made.firms], dtype=np.bool_)
        for keys in (protected, frozenset(made.firms) if counted is None else counted)
    )
    make = _spreading(ranked, per_firm, temperature)
    return list(curve(make, _both_ways(ranked, ranked.score), marked, floors, counted=among))


def _match(ranked: _Ranked, pair: int, firm: int) -> Match:
    """The pair of firms as `firm` sees it."""
    own = 0 if ranked.first[pair] == firm else 1
    partner = ranked.second[pair] if own == 0 else ranked.first[pair]
    reasons = tuple(_reason(ranked, row, firm) for row in range(ranked.start[pair], ranked.stop[pair]))
    of_own, of_partner = (
        dict(zip(Signal, map(_known, ranked.signals[side, pair]), strict=True)) for side in (own, 1 - own)
    )
    keys = ranked.market.firms[firm], ranked.market.firms[partner]
    return Match(
        firm=keys[0],
        partner=keys[1],
        relation=Relation.SUPPLIER if reasons[0].kind in SEEN_BY_BUYER.values() else Relation.CUSTOMER,
        score=float(ranked.score[pair]),
        score_firm=float(ranked.scores[own, pair]),
        score_partner=float(ranked.scores[1 - own, pair]),
        reasons=reasons,
        signals_firm=of_own,
        signals_partner=of_partner,
        link=ranked.link_values.of(*keys) if ranked.link_values else None,
    )


def _reason(ranked: _Ranked, row: int, firm: int) -> Reason:
    """The pair of placements as `firm` sees it."""
    made, found = ranked.market, ranked.pairs
    seen_by_buyer = Reason(
        kind=SEEN_BY_BUYER[tuple(Trade)[found.trade[row]]],
        own=made.placements[found.buyer[row]],
        theirs=made.placements[found.seller[row]],
        likeness=_known(found.words[row]),
        strength=float(found.strength[row]),
        meaning=_known(found.meaning[row]),
    )
    return seen_by_buyer if made.firm[found.buyer[row]] == firm else seen_by_buyer.mirrored


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
