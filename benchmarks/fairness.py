"""Lists for a crowded market: how many meet, how evenly they are seen, and what a floor costs.

The market: 1,000 suppliers and 1,000 buyers, each liking another by a quarter for what all like and by three quarters
for its own taste; 143 suppliers on the protected side are half as popular. Lists of ten on both sides.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks import Finding, cpu_seconds, trial
from serai.match.congestion import match
from serai.match.evaluation import Interval, gini, interval, interval_of
from serai.match.fairness.fairrec import fairrec
from serai.match.fairness.floors import Guaranteed, curve, guarantee
from serai.match.fairness.measures import (
    Lists,
    best,
    envy,
    expected_meetings,
    exposure,
    normalised_gains,
    share_unseen,
)

SIZE, K, PROTECTED = 1_000, 10, 143
FLOOR = 8


def market(seed: int) -> tuple[sparse.csr_array, sparse.csr_array]:
    """(buyers, suppliers) the chance that the buyer says yes to the supplier, and the supplier to the buyer."""
    random = np.random.default_rng(seed)
    popular = random.random((2, SIZE))
    popular[0, :PROTECTED] /= 2
    likes = popular[0] / 4 + random.random((SIZE, SIZE)) * 3 / 4
    liked = popular[1][:, None] / 4 + random.random((SIZE, SIZE)) * 3 / 4
    return sparse.csr_array(likes), sparse.csr_array(liked)


def both_ways(scores: sparse.csr_array) -> tuple[Lists, Lists]:
    return best(scores, K), best(scores.T.tocsr(), K)


def _with_interval(what: str, found: Interval, *, most: float = np.inf) -> Iterator[Finding]:
    """A finding, and the ends of its 95 % bootstrap interval."""
    yield Finding(what, found.mean, most=most)
    yield Finding("    from", found.low)
    yield Finding("    to", found.high)


@trial("fairness-market")
def crowded_market() -> Iterator[Finding]:
    """How many more meet than by the product of the two scores, who is unseen, and what does a floor cost?"""
    for seed in (0, 1, 2):
        likes, liked = market(seed)
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
        }
        meetings = {}
        for name, lists in methods.items():
            met = expected_meetings(*lists, likes, liked)
            meetings[name] = float(met.sum())
            ours = name == "matching with floors"
            seen = exposure(lists[0], SIZE)
            yield Finding(f"seed {seed}, {name}: expected meetings", meetings[name])
            if ours:
                yield Finding(
                    "  as many times those of the product",
                    meetings[name] / meetings["product of the scores"],
                    least=1.8,
                )
            yield from _with_interval("  nDCG of the buyers", interval(normalised_gains(lists[0], likes)))
            yield from _with_interval(
                "  Gini of the suppliers' exposure",
                interval_of(lambda rows, seen=seen: gini(seen[rows]), SIZE),  # type: ignore[misc]
                most=0.15 if ours else np.inf,
            )
            yield Finding("  suppliers unseen", share_unseen(lists[0], SIZE), most=0 if ours else np.inf)
            yield Finding("  suppliers envied by each", envy(lists[0], mutual))
            yield Finding("  share of exposure of the protected 14.3 %", float(seen[:PROTECTED].sum() / seen.sum()))
            yield Finding("  meetings of a protected supplier", float(met[:, :PROTECTED].sum()) / PROTECTED)
        yield Finding("residual of the margins", matching.residual, most=matching.tolerance)
        yield Finding("shortfall of the floors", float(sum(side.shortfall.sum() for side in floors)), most=0)


@trial("fairness-curve")
def curve_of_floors() -> Iterator[Finding]:
    """What does a floor for the protected cost, on the product of the scores and on the matching?"""
    likes, liked = market(0)
    protected = np.arange(SIZE) < PROTECTED
    mutual = sparse.csr_array(likes.multiply(liked))
    for name, scores in (("product", mutual), ("matching", match(sparse.csr_array(likes + liked)).expected)):

        def lists(floors: NDArray[np.int64], scores: sparse.csr_array = scores) -> Guaranteed:
            return guarantee(scores, K, least=floors)

        for point in curve(lists, likes, protected, (0, 2, 4, 6, 8, 10)):
            what = f"{name}, floor {point.floor}"
            yield from _with_interval(f"{what}: nDCG", Interval(point.gain, *point.gain_range))
            yield from _with_interval("  Gini", Interval(point.gini, *point.gini_range))
            yield Finding("  unseen", point.unseen)
            of_protected = Interval(point.protected, *point.protected_range)
            yield from _with_interval("  share of exposure of the protected", of_protected)


@trial("fairness-size")
def large_fair() -> Iterator[Finding]:
    """How long do matching and floors take for 5,000 exhibitors and 20,000 buyers with 200 candidates a side?"""
    random = np.random.default_rng(0)
    buyers, exhibitors, candidates = 20_000, 5_000, 50  # 50 a buyer are 200 an exhibitor
    row = np.repeat(np.arange(buyers), candidates)
    column = np.concatenate([random.choice(exhibitors, candidates, replace=False) for _ in range(buyers)])
    surplus = sparse.csr_array((2 * random.random(len(row)), (row, column)), shape=(buyers, exhibitors))
    found = match(surplus)
    yield Finding("matching", cpu_seconds(lambda: match(surplus)), "CPU-s", most=60)
    yield Finding("  residual", found.residual, most=found.tolerance)
    yield Finding("lists", cpu_seconds(lambda: best(found.expected, K)), "CPU-s")
    yield Finding("floors", cpu_seconds(lambda: guarantee(found.expected, K, least=20)), "CPU-s", most=120)
