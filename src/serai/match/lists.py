"""Lists of the pairs of firms that are ranked: each firm's best, or spread so that not all go to the same few."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from serai.match.congestion import match
from serai.match.fairness.floors import Guaranteed, guarantee
from serai.match.fairness.floors import spread as spread_lists
from serai.match.fairness.measures import NOBODY, best
from serai.match.firm_pairs import FEWEST, Ranked, rows_of
from serai.match.market import Floats
from serai.match.word_vectors import Integers

TIE = 0.01
"""Largest share that a score adds to the expected meetings: it decides only between nearly equal ones."""


CLOSEST = 2.0
"""What the best partner for an item is worth above all others, in expected meetings."""

MOST_LISTS = 2
"""Lists of others that are filled up with a firm, at most, as a multiple of the places of a list."""

FOLLOWED = (1.0, 0.5, 0.25, 0.1)
"""Shares of the value of links that are tried for spread lists, the largest first."""


@dataclass(frozen=True)
class Spread:
    """Lists for a fair in which everybody's time is short: by expected meetings, with floors and ceilings.

    `floors` are the least numbers of lists of others in which firms shall stand, by their keys. If candidates are too
    few, the floor is missed by as little as possible. Otherwise each firm stands in about as many lists as expected.
    """

    temperature: float = 0.05
    floors: Mapping[str, int] = field(default_factory=dict, hash=False)


def tenths(score: float) -> int:
    """A score as it is shown."""
    return round(10 * score)


def by_score(ranked: Ranked, per_firm: int) -> list[tuple[int, int]]:
    """(firm, pair of firms) of the best of each firm, firm by firm, the best first; further possible ones come last."""
    firm, partner = np.concatenate([ranked.first, ranked.second]), np.concatenate([ranked.second, ranked.first])
    pair = np.tile(np.arange(len(ranked.first)), 2)
    within = np.ones(len(firm), dtype=np.bool_) if ranked.lists is None else ranked.lists.ravel()
    further = np.zeros(len(firm), dtype=np.bool_) if ranked.further is None else ranked.further.ravel()
    rows = np.flatnonzero(within | further)
    order = rows[np.lexsort((partner[rows], -ranked.by[pair[rows]], further[rows], firm[rows]))]
    rank = np.arange(len(order)) - np.searchsorted(firm[order], firm[order])
    kept = order[rank < np.where(further[order], min(FEWEST, per_firm), per_firm)]
    return list(zip(firm[kept].tolist(), pair[kept].tolist(), strict=True))


def spread_with_links(ranked: Ranked, per_firm: int, spread: Spread) -> list[tuple[int, int]]:
    """Spread lists that follow the value of the links as far as no list loses more relevance than `most_lost`.

    A small change of one score moves other pairs too, so the shares in `FOLLOWED` are tried in turn, and each firm gets
    the first list that keeps its relevance, else the one without links. Where a firm would then stand in fewer lists
    than it was promised, no list follows the links. Lists are in the order of the score in `tenths`, and of the
    expected meetings where it is the same: so the liked do not stand first in every list.
    """
    chosen = _following(ranked, per_firm, spread)
    return sorted(chosen, key=lambda entry: (entry[0], -tenths(float(ranked.score[entry[1]]))))


def _following(ranked: Ranked, per_firm: int, spread: Spread) -> list[tuple[int, int]]:
    plain = _spread(replace(ranked, by=ranked.score), per_firm, spread)
    if ranked.link_values is None or np.array_equal(ranked.by, ranked.score):
        return plain
    least = (1 - ranked.link_values.most_lost) * _relevance(ranked, plain) - 1e-12
    lists = _of_each(plain)
    waiting = set(lists)
    for share in FOLLOWED:
        tried = _spread(replace(ranked, by=ranked.score + share * (ranked.by - ranked.score)), per_firm, spread)
        keeps, of_each = _relevance(ranked, tried) >= least, _of_each(tried)
        lists |= {firm: of_each.get(firm, []) for firm in waiting if keeps[firm]}
        waiting = {firm for firm in waiting if not keeps[firm]}
        if not waiting:
            break
    mixed = [(firm, pair) for firm, pairs in lists.items() for pair in pairs]
    return mixed if _keeps_promises(ranked, mixed, plain, spread) else plain


def _of_each(chosen: list[tuple[int, int]]) -> dict[int, list[int]]:
    """The pairs in the list of each firm, in their order."""
    pairs: dict[int, list[int]] = {}
    for firm, pair in chosen:
        pairs.setdefault(firm, []).append(pair)
    return pairs


def _keeps_promises(ranked: Ranked, mixed: list[tuple[int, int]], plain: list[tuple[int, int]], spread: Spread) -> bool:
    """Whether each firm with a floor stands in so many lists, or in as many as without links."""

    def standing(chosen: list[tuple[int, int]]) -> Integers:
        firm, pair = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
        return np.bincount(ranked.first[pair] + ranked.second[pair] - firm, minlength=len(ranked.market.firms))

    floors = np.array([spread.floors.get(key, 0) for key in ranked.market.firms])
    return bool(np.all(standing(mixed) >= np.minimum(floors, standing(plain))))


def _relevance(ranked: Ranked, chosen: list[tuple[int, int]]) -> Floats:
    """(n_firms,) the sum of the scores in each firm's list."""
    firm, pair = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
    return np.bincount(firm, ranked.score[pair], len(ranked.market.firms))


def _spread(ranked: Ranked, per_firm: int, spread: Spread) -> list[tuple[int, int]]:
    """(firm, pair of firms) of spread lists, by the meetings to be expected if each firm has time for `per_firm`."""
    n = len(ranked.market.firms)
    promised = np.array([min(spread.floors.get(key, 0), n) for key in ranked.market.firms], dtype=np.int64)
    lists = spreading(ranked, per_firm, spread.temperature)(promised).lists
    firm, place = np.nonzero(lists != NOBODY)
    partner = lists[firm, place]
    joined = np.minimum(firm, partner) * n + np.maximum(firm, partner)
    pair = np.searchsorted(ranked.first * n + ranked.second, joined)
    return list(zip(firm.tolist(), pair.tolist(), strict=True))


def spreading(ranked: Ranked, per_firm: int, temperature: float) -> Callable[[Integers], Guaranteed]:
    """A function that makes the lists for promised floors (n_firms,).

    In the matching each firm is a row and a column. Between firms with equal expectations, as in a crowd that prefers
    the same partner, the better score comes first. Before all others comes the best partner for each item of a firm:
    a firm with two needs has time for both. A firm that was promised lists may stand beyond the limits of a list
    (`firm_pairs.Limits`) in as many as it was promised.
    """
    likely = ranked if ranked.lists is None else ranked[np.flatnonzero(ranked.lists.any(axis=0))]
    surplus = both_ways(likely, 2 * likely.by)
    expected = match(surplus, rows=per_firm, columns=per_firm, temperature=temperature).expected
    scores = sparse.csr_array(expected.multiply(both_ways(likely, 1 + TIE * likely.by)) + CLOSEST * _closest(likely))

    def lists(promised: Integers) -> Guaranteed:
        within = _within(likely, promised)
        listed, usual = (sparse.csr_array(values.multiply(within)) for values in (scores, expected))
        return _filled(ranked, spread_lists(listed, usual, per_firm, promised=promised))

    return lists


def _filled(ranked: Ranked, made: Guaranteed) -> Guaranteed:
    """The lists, with further possible partners up to `FEWEST` in those that are shorter.

    First come those who stand in no list, then those in fewer lists than a list has places, then the score; nobody
    stands in more than `MOST_LISTS` times as many. A list in which none of them has room holds the best of all.
    """
    if ranked.further is None:
        return made
    n, per_firm = made.lists.shape
    held = made.lists != NOBODY
    lacking = np.maximum(min(FEWEST, per_firm) - held.sum(axis=1), 0)
    row, column = (np.concatenate(ends) for ends in ((ranked.first, ranked.second), (ranked.second, ranked.first)))
    firm, place = np.nonzero(held)
    taken = np.isin(row * n + column, firm * n + made.lists[firm, place])
    rows = np.flatnonzero(ranked.further.ravel() & (lacking[row] > 0) & ~taken)
    if not len(rows):
        return made
    scores = sparse.csr_array((np.tile(ranked.by, 2)[rows], (row[rows], column[rows])), shape=(n, n))
    standing = np.bincount(made.lists[held], minlength=n)
    usual, most = (np.maximum(times * per_firm - standing, 0) for times in (1, MOST_LISTS))
    more = guarantee(scores, lacking, usual=usual, most=most).lists
    firm, place = np.nonzero(more != NOBODY)
    lists = made.lists.copy()
    lists[firm, held.sum(axis=1)[firm] + place] = more[firm, place]
    empty = (lists == NOBODY).all(axis=1)
    lists[empty, :1] = best(scores, 1)[empty]
    return replace(made, lists=lists)


def _within(ranked: Ranked, promised: Integers) -> sparse.csr_array:
    """(n_firms, n_firms) 1 where the list of the row may have the column: within the limits, or for what it was
    promised."""
    n, column = len(ranked.market.firms), np.concatenate([ranked.second, ranked.first])
    row, by = np.concatenate([ranked.first, ranked.second]), np.tile(ranked.by, 2)
    order = np.lexsort((row, -by, column))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order)) - np.searchsorted(column[order], column[order])
    within = rank < promised[column]
    within |= True if ranked.lists is None else ranked.lists.ravel()
    return sparse.csr_array((np.ones(within.sum()), (row[within], column[within])), shape=(n, n))


def _closest(ranked: Ranked) -> sparse.csr_array:
    """(n_firms, n_firms) 1 where a firm has an item for which the partner is the best."""
    market = ranked.market
    of_pair, rows = rows_of(ranked)
    item = np.concatenate([ranked.pairs.buyer[rows], ranked.pairs.seller[rows]])
    partner = market.owner[np.concatenate([ranked.pairs.seller[rows], ranked.pairs.buyer[rows]])]
    order = np.lexsort((partner, -np.tile(ranked.by[of_pair], 2), item))
    best = order[np.unique(item[order], return_index=True)[1]]
    n = len(market.firms)
    closest = sparse.csr_array((np.ones(len(best)), (market.owner[item[best]], partner[best])), shape=(n, n))
    closest.data = np.minimum(closest.data, 1.0)
    return closest


def both_ways(ranked: Ranked, values: Floats) -> sparse.csr_array:
    places = (np.concatenate([ranked.first, ranked.second]), np.concatenate([ranked.second, ranked.first]))
    n = len(ranked.market.firms)
    return sparse.csr_array((np.tile(values, 2), places), shape=(n, n))
