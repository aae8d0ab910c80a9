"""Lists for a crowded market: how many meet, how evenly they are seen, and what a floor costs.

The market: 1,000 suppliers and 1,000 buyers. Each likes another by a quarter for what all like and by three quarters
for its own taste; the protected suppliers, one in seven, are half as popular. Lists of ten on both sides. "The lists of
the product" are made by the function that makes those of `serai match` (`serai.match.lists`), of as many candidates.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import Finding, cpu_seconds, trial, with_interval
from serai.match.candidates import NOT_ONE, Pairs
from serai.match.congestion import match
from serai.match.evaluation import Interval, gini, interval, interval_of
from serai.match.fairness.fairrec import fairrec
from serai.match.fairness.floors import Guaranteed, curve, guarantee
from serai.match.fairness.measures import (
    NOBODY,
    Lists,
    best,
    envy,
    expected_meetings,
    exposure,
    normalised_gains,
    share_unseen,
)
from serai.match.firm_pairs import Ranked, worth_listing
from serai.match.lists import Spread, spread_with_links
from serai.match.market import Firm
from serai.match.market import market as product_market
from serai.match.placing import Item, Side
from serai.match.ranking import Signal

SIZE, K, PROTECTED = 1_000, 10, 0.143
FLOOR = 8


def market(size: int, seed: int) -> tuple[sparse.csr_array, sparse.csr_array]:
    """(buyers, suppliers) the chance that the buyer says yes to the supplier, and the supplier to the buyer."""
    random = np.random.default_rng(seed)
    popular = random.random((2, size))
    popular[0, protected(size)] /= 2
    likes = popular[0] / 4 + random.random((size, size)) * 3 / 4
    liked = popular[1][:, None] / 4 + random.random((size, size)) * 3 / 4
    return sparse.csr_array(likes), sparse.csr_array(liked)


def protected(size: int) -> NDArray[np.bool_]:
    """(size,) the suppliers on the protected side."""
    return np.arange(size) < PROTECTED * size


def lists_of_product(likes: sparse.csr_array, liked: sparse.csr_array, k: int, floor: int) -> tuple[Lists, Lists]:
    """The lists of the buyers and of the suppliers by `serai.match.lists`; `floor` is promised to every supplier."""
    buyers, suppliers = likes.shape
    mutual = sparse.csr_array(likes.multiply(liked))
    candidates = sparse.csr_array(mutual.shape, dtype=np.bool_)
    for lists, turned in ((best(mutual, 4 * k), False), (best(mutual.T.tocsr(), 4 * k), True)):
        row, place = np.nonzero(lists != NOBODY)
        ends = (lists[row, place], row) if turned else (row, lists[row, place])
        candidates = candidates + sparse.csr_array((np.ones(len(row), np.bool_), ends), shape=mutual.shape)
    buyer, supplier = candidates.nonzero()
    seller = buyers + supplier
    keys = [f"{number:06}" for number in range(buyers + suppliers)]
    items = [Item(key, Side.NEED if number < buyers else Side.OFFER, "") for number, key in enumerate(keys)]
    unknown, no_place = np.full(len(buyer), np.nan), np.full(len(buyer), NOT_ONE)
    scores = np.stack([likes[buyer, supplier], liked[buyer, supplier]])
    ranked = Ranked(
        market=product_market([Firm(key, (key,)) for key in keys], items, [], []),
        pairs=Pairs(buyer, seller, no_place, no_place, unknown, unknown, unknown, unknown, 0 * buyer, unknown, unknown),
        first=buyer,
        second=seller,
        start=np.arange(len(buyer)),
        stop=np.arange(1, len(buyer) + 1),
        signals=np.zeros((2, len(buyer), len(Signal))),
        scores=scores,
        by=np.sqrt(scores[0] * scores[1]),
    )
    chosen = spread_with_links(worth_listing(ranked), k, Spread(floors=dict.fromkeys(keys[buyers:], floor)))
    of_firm, pair = np.array(chosen, dtype=np.int64).T
    partner = np.where(of_firm < buyers, seller[pair], buyer[pair])
    earliest_first = np.arange(len(pair), 0, -1)
    listed = sparse.csr_array((earliest_first, (of_firm, partner)), shape=(len(keys), len(keys)))
    return best(listed[:buyers, buyers:], k), best(listed[buyers:, :buyers], k)


def both_ways(scores: sparse.csr_array) -> tuple[Lists, Lists]:
    return best(scores, K), best(scores.T.tocsr(), K)


@trial("fairness-market", tiny={"size": 40, "seeds": (0,)})
def crowded_market(size: int = SIZE, seeds: Sequence[int] = (0, 1, 2)) -> Iterator[Finding]:
    """How many more meet than by the product of the two scores, who is unseen, and what does a floor cost?"""
    of_protected = protected(size)
    for seed in seeds:
        likes, liked = market(size, seed)
        mutual = sparse.csr_array(likes.multiply(liked))
        surplus = sparse.csr_array(likes + liked)
        matching = match(surplus)
        expected = matching.expected
        rows, columns = both_ways(expected)
        floors = guarantee(expected, K, least=FLOOR), guarantee(expected.T.tocsr(), K, least=FLOOR)
        methods = {
            "own preference": (best(likes, K), best(liked.T.tocsr(), K)),
            "product of the scores": both_ways(mutual),
            "FairRec of own preference": (fairrec(likes.toarray(), K), fairrec(liked.T.toarray(), K)),
            "FairRec of the product": (fairrec(mutual.toarray(), K), fairrec(mutual.T.toarray(), K)),
            "matching": (rows, columns),
            "matching with floors": (floors[0].lists, floors[1].lists),
            "the lists of the product": lists_of_product(likes, liked, K, 0),
            "the lists of the product with floors": lists_of_product(likes, liked, K, FLOOR),
        }
        meetings = {}
        for name, lists in methods.items():
            met = expected_meetings(*lists, likes, liked)
            meetings[name] = float(met.sum())
            ours = name.endswith("with floors")
            seen = exposure(lists[0], size)
            yield Finding(f"seed {seed}, {name}: expected meetings", meetings[name])
            if ours:
                yield Finding(
                    "  as many times those of the product",
                    meetings[name] / meetings["product of the scores"],
                    least=1.8,
                )
            yield with_interval("  nDCG of the buyers", interval(normalised_gains(lists[0], likes)))
            yield with_interval(
                "  Gini of the suppliers' exposure",
                interval_of(lambda rows, seen=seen: gini(seen[rows]), size),  # type: ignore[misc]  (no type is inferred with a default)
                most=0.15 if ours else np.inf,
            )
            yield Finding("  suppliers unseen", share_unseen(lists[0], size), most=0 if ours else np.inf)
            yield Finding("  suppliers envied by each", envy(lists[0], mutual))
            yield Finding("  share of exposure of the protected 14.3 %", float(seen[of_protected].sum() / seen.sum()))
            yield Finding("  meetings of a protected supplier", float(met[:, of_protected].sum() / of_protected.sum()))
        yield Finding("residual of the margins", matching.residual, most=matching.tolerance)
        yield Finding("shortfall of the floors", float(sum(side.shortfall.sum() for side in floors)), most=0)


@trial("fairness-curve", tiny={"size": 40})
def curve_of_floors(size: int = SIZE) -> Iterator[Finding]:
    """What does a floor for the protected cost, on the product of the scores and on the matching?"""
    likes, liked = market(size, 0)
    mutual = sparse.csr_array(likes.multiply(liked))
    for name, scores in (("product", mutual), ("matching", match(sparse.csr_array(likes + liked)).expected)):

        def lists(floors: NDArray[np.int64], scores: sparse.csr_array = scores) -> Guaranteed:
            return guarantee(scores, K, least=floors)

        for point in curve(lists, likes, protected(size), (0, 2, 4, 6, 8, 10)):
            what = f"{name}, floor {point.floor}"
            yield with_interval(f"{what}: nDCG", Interval(point.gain, *point.gain_range))
            yield with_interval("  Gini", Interval(point.gini, *point.gini_range))
            yield Finding("  unseen", point.unseen)
            share = Interval(point.protected, *point.protected_range)
            yield with_interval("  share of exposure of the protected", share)


@trial("fairness-size", tiny={"buyers": 200, "exhibitors": 50, "candidates": 20})
def large_fair(buyers: int = 20_000, exhibitors: int = 5_000, candidates: int = 50) -> Iterator[Finding]:
    """How long do matching and floors take for 5,000 exhibitors and 20,000 buyers with 50 candidates a buyer?"""
    random = np.random.default_rng(0)
    row = np.repeat(np.arange(buyers), candidates)
    column = np.concatenate([random.choice(exhibitors, candidates, replace=False) for _ in range(buyers)])
    surplus = sparse.csr_array((2 * random.random(len(row)), (row, column)), shape=(buyers, exhibitors))
    matching = match(surplus)
    yield Finding("matching", cpu_seconds(lambda: match(surplus)), "CPU-s", most=60)
    yield Finding("  residual", matching.residual, most=matching.tolerance)
    yield Finding("lists", cpu_seconds(lambda: best(matching.expected, K)), "CPU-s")
    yield Finding("floors", cpu_seconds(lambda: guarantee(matching.expected, K, least=20)), "CPU-s", most=120)
