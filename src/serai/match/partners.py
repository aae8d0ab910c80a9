"""Partners along the chain: who could supply whom, what each side gains by it, and why.

From the pairs of items that could trade (serai.match.candidates) come pairs of firms with a score of each side
(serai.match.firm_pairs). Lists are of the best matches, or, where a firm can take only so many meetings, spread so that
not all go to the same few (serai.match.lists).
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from serai.match.candidates import cut, pairs
from serai.match.fairness.floors import Point, curve
from serai.match.firm_pairs import (
    LISTED,
    SEEN_BY_BUYER,
    WORTH,
    Limits,
    LinkValues,
    Ranked,
    ranked_pairs,
    worth_listing,
)
from serai.match.lists import Spread, both_ways, by_score, spread_with_links, spreading, tenths
from serai.match.market import Firm, Floats, Market
from serai.match.market import market as market_of
from serai.match.placing import Item, Placement, Side
from serai.match.ranking import JUDGED, Signal, Weights
from serai.match.reasons import MOST_EVIDENCE, Reason, Told
from serai.match.requirements import Cut, Terms, wishes
from serai.match.text import is_han, tokens
from serai.match.trade_links import Trade, industries_of, links
from serai.world.chains import Chain
from serai.world.table import WorldTable

LEAST_LETTERS = 4
"""Letters of a word that is told as common to two texts."""

LOOKED_AT = 8
"""Items that each item of one firm is compared with in full, for each partner that is asked for: of a partner with many
offers more than one may be among the best."""

__all__ = [
    "WORTH",
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


class Relation(StrEnum):
    """The part of the partner in the trade, by the strongest reason."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"

    @property
    def mirrored(self) -> "Relation":
        """The part of the firm."""
        return Relation.CUSTOMER if self is Relation.SUPPLIER else Relation.SUPPLIER


@dataclass(frozen=True)
class Match:
    """A partner for a firm. Scores are between 0 and 1; `score` is the geometric mean of the scores of both sides."""

    firm: str
    partner: str
    relation: Relation
    score: float
    score_firm: float
    score_partner: float
    reasons: tuple[Reason, ...]
    """The strongest first, as the firm sees them; the partner sees each mirrored."""
    signals_firm: Mapping[Signal, float | None] = field(hash=False)
    """The signals of the firm's score, each from 0 to 1; None for an unknown signal."""
    signals_partner: Mapping[Signal, float | None] = field(hash=False)
    link: Mapping[str, float] | None = field(default=None, hash=False)
    """The value of the link for the chain, by property, where it was given."""

    @property
    def shown(self) -> float:
        """The score as lists print it, in tenths: it is not known better."""
        return tenths(self.score) / 10


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
    limits: Limits = LISTED,
) -> dict[str, list[Match]]:
    """For each firm, in the order of the keys, its best partners along the chains, at most `per_firm`, the best first.

    `excluded` are pairs of firms, in either order, that are never matched; `terms` are hard requirements of needs and
    what offers give, by item; with a `table` industries that trade are candidates too. Ties go to the smaller key; the
    order of the arguments' rows changes nothing. Raises ValueError as `market` does.
    """
    node_links = links(chains, None if table is None else industries_of(table))
    return partners_in(
        market_of(firms, items, placements, node_links, vectors=vectors, codes=codes, terms=terms),
        per_firm=per_firm,
        excluded=excluded,
        weights=weights,
        link_values=link_values,
        spread=spread,
        limits=limits,
    )


def partners_in(
    market: Market,
    *,
    per_firm: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
    spread: Spread | None = None,
    limits: Limits = LISTED,
) -> dict[str, list[Match]]:
    """`partners` of a market that is made once; beyond the `limits` a firm has only its best match in its list."""
    breadth = (2 if spread is None else 4) * per_firm
    joined = pairs(market, breadth, excluded, weights=weights)
    ranked = worth_listing(ranked_pairs(market, joined, weights, link_values), limits)
    if spread is None:
        chosen = _ordered(ranked, by_score(ranked, per_firm))
    else:
        chosen = spread_with_links(ranked, per_firm, spread)
    matches: dict[str, list[Match]] = {key: [] for key in market.firms}
    for firm, pair in chosen:
        matches[market.firms[firm]].append(_match(ranked, pair, firm))
    return matches


def _ordered(ranked: Ranked, chosen: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(firm, pair) by the score in tenths, then by the score itself, with the value of sources where it counts."""
    return sorted(chosen, key=lambda entry: (-tenths(float(ranked.score[entry[1]])), -float(ranked.by[entry[1]])))


def partners_of(
    market: Market,
    firm: str,
    *,
    most: int = 10,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
    limits: Limits = LISTED,
) -> list[Match]:
    """The best partners of one firm of a market that is made once for many: fast however large the market.

    Beyond the `limits` it has only its best match. Raises KeyError for a firm that is not in the market.
    """
    row = _row(market, firm)
    joined = pairs(market, LOOKED_AT * most, excluded, of=row, weights=weights)
    ranked = worth_listing(ranked_pairs(market, joined, weights, link_values), limits)
    own = [(owner, pair) for owner, pair in by_score(ranked, most) if owner == row]
    return [_match(ranked, pair, owner) for owner, pair in _ordered(ranked, own)]


@dataclass(frozen=True)
class Between:
    """The match of the first of two firms with the second, or None, and the pairs of items that were cut."""

    match: Match | None
    cut: tuple[tuple[str, str, Cut], ...]
    """The need, the offer and the reason of the cut."""


def between(
    market: Market,
    firm: str,
    partner: str,
    *,
    weights: Weights = JUDGED,
    link_values: LinkValues | None = None,
) -> Between:
    """The match of `firm` with `partner`, whatever its rank, and the pairs of their items that terms cut.

    Raises KeyError for a firm that is not in the market.
    """
    row, other = _row(market, firm), _row(market, partner)
    match = next(iter(_matches(market, row, [other], weights, link_values)), None)
    return Between(match, tuple(cut(market, row, other)))


def matches_with(market: Market, firm: str, partners: Iterable[str], *, weights: Weights = JUDGED) -> list[Match]:
    """The matches of `firm` with `partners`, as ``between`` gives each; partners without a match are left out.

    Raises KeyError for a firm that is not in the market.
    """
    return _matches(market, _row(market, firm), [_row(market, partner) for partner in partners], weights, None)


def _matches(
    market: Market, row: int, others: Sequence[int], weights: Weights, link_values: LinkValues | None
) -> list[Match]:
    """The matches of a firm with others in their order, whatever their rank."""
    among = np.array(others, dtype=np.int64)
    joined = pairs(market, len(market.items), of=row, among=among, weights=weights)
    ranked = ranked_pairs(market, joined, weights, link_values)
    pair_of = {int(a + b - row): pair for pair, (a, b) in enumerate(zip(ranked.first, ranked.second, strict=True))}
    return [_match(ranked, pair_of[other], row) for other in others if other in pair_of]


def signals_for(market: Market, asked: Sequence[tuple[str, str]], *, breadth: int = 40) -> Floats:
    """(len(asked), len(Signal)) the signals of each pair of firms as the first has them, for `ranking.calibrated`.

    A pair that is not among the candidates has no chain and no other signal. Raises KeyError for an unknown firm.
    """
    ranked = ranked_pairs(market, pairs(market, breadth), JUDGED, None)
    rows = np.array([(_row(market, first), _row(market, second)) for first, second in asked], dtype=np.int64).reshape(
        -1, 2
    )
    joined = ranked.first * len(market.firms) + ranked.second
    wanted = rows.min(axis=1) * len(market.firms) + rows.max(axis=1)
    signals = np.full((len(asked), len(Signal)), np.nan)
    signals[:, tuple(Signal).index(Signal.CHAIN)] = 0
    if len(joined):
        place = np.minimum(np.searchsorted(joined, wanted), len(joined) - 1)
        there = joined[place] == wanted
        side = (rows[:, 0] > rows[:, 1]).astype(np.int64)
        signals[there] = ranked.signals[side[there], place[there]]
    return signals


def _row(market: Market, firm: str) -> int:
    row = bisect_left(market.firms, firm)
    if row >= len(market.firms) or market.firms[row] != firm:
        raise KeyError(f"No firm '{firm}' is in this market.")
    return row


def trade_off(
    market: Market,
    protected: AbstractSet[str],
    floors: Iterable[int],
    *,
    per_firm: int = 10,
    temperature: float = Spread.temperature,
    counted: AbstractSet[str] | None = None,
    excluded: AbstractSet[tuple[str, str]] = frozenset(),
    weights: Weights = JUDGED,
) -> list[Point]:
    """The cost of each floor for the `protected` firms to all, and its benefit to them: a curve for the organiser.

    Lists are spread over the fair and their gain is measured by the scores of the matches. Exposure is compared among
    the `counted` firms, such as the exhibitors, by default all.
    """
    joined = pairs(market, 4 * per_firm, excluded, weights=weights)
    ranked = worth_listing(ranked_pairs(market, joined, weights, None))
    marked, among = (
        np.array([key in keys for key in market.firms], dtype=np.bool_)
        for keys in (protected, frozenset(market.firms) if counted is None else counted)
    )
    make = spreading(ranked, per_firm, temperature)
    return list(curve(make, both_ways(ranked, ranked.score), marked, floors, counted=among))


# Matches with reasons


def _match(ranked: Ranked, pair: int, firm: int) -> Match:
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


def _reason(ranked: Ranked, row: int, firm: int) -> Reason:
    """The pair of items as `firm` sees it."""
    market, joined = ranked.market, ranked.pairs
    buyer, seller = int(joined.buyer[row]), int(joined.seller[row])
    keys = market.items[buyer].key, market.items[seller].key
    needs, offers = (market.terms.get(key, Terms()) for key in keys)
    trade = tuple(Trade)[joined.trade[row]]
    asks = trade.buying is Side.NEED
    ends = _on_one_node(market, buyer, seller)
    if not asks:
        ends = market.placements[joined.buyer_place[row]], market.placements[joined.seller_place[row]]
    seen_by_buyer = Reason(
        kind=SEEN_BY_BUYER[trade],
        own=keys[0],
        theirs=keys[1],
        own_place=ends[0],
        their_place=ends[1],
        likeness=_known(joined.words[row]),
        strength=float(joined.strength[row]),
        meaning=_known(joined.meaning[row]),
        common=_in_common(market.items[buyer].text, market.items[seller].text) if asks else (),
        wishes=wishes(needs, offers, Side.NEED) if asks else (),
        their_wishes=wishes(offers, needs, Side.OFFER) if asks else (),
        own_told=_told(market.items[buyer]),
        their_told=_told(market.items[seller]),
    )
    return seen_by_buyer if market.owner[buyer] == firm else seen_by_buyer.mirrored


def _told(item: Item) -> Told:
    if item.named:
        return Told.OFFERS
    return Told.SAYS if item.text.strip() else Told.MAKES


def _in_common(need: str, offer: str) -> tuple[str, ...]:
    """Words of the need that the offer has too, of Han pairs, of other scripts those of four letters or more."""
    offered = frozenset(tokens(offer))
    shared = dict.fromkeys(word for word in tokens(need) if word in offered)
    return tuple(word for word in shared if len(word) >= (2 if is_han(word) else LEAST_LETTERS))[:MOST_EVIDENCE]


def _on_one_node(market: Market, *items: int) -> tuple[Placement | None, Placement | None]:
    """The placements of two items on the node on which both stand most surely; None where they share none."""
    of_buyer, of_seller = (
        {
            (market.placements[row].chain, market.placements[row].node): (
                market.confidence[row],
                market.placements[row],
            )
            for row in range(*np.searchsorted(market.item, (item, item + 1)))
            if market.confidence[row] > 0
        }
        for item in items
    )
    common = sorted(of_buyer.keys() & of_seller.keys(), key=lambda at: (-of_buyer[at][0] * of_seller[at][0], at))
    return (of_buyer[common[0]][1], of_seller[common[0]][1]) if common else (None, None)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
