"""Which links to work for: greedy over single links and bundles, then swaps.

Works for any value of sets: bundles find links that are worth nothing alone, and swaps correct early choices. Where the
value is monotone and submodular, as for pure relief in a linear model, greedy reaches 1 - 1/e of the best under a
cardinality limit (Nemhauser, Wolsey and Fisher 1978) and half of it with limits per group.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from serai.world.table import Array, Indices

LOOK = 20
"""Items whose gain is computed again in each round: those with the best earlier gain."""

MOST_PAIRS = 400
"""All pairs are tried as bundles where there are not more."""

type Value = Callable[[Collection[int]], float]


@dataclass(frozen=True, eq=False)
class Limits:
    """At most `links` links, at most `each` of one `group` (k,), such as a firm; effects (rows, k) whose sums are at
    least 0, such as less carbon or a gain of the partners, added up link by link."""

    links: int
    group: Indices | None = None
    each: int = 1
    effects: Array = field(default_factory=lambda: np.zeros((0, 0)))

    def allow(self, chosen: Collection[int]) -> bool:
        picked = list(chosen)
        if len(picked) > self.links:
            return False
        if self.group is not None and picked and np.bincount(self.group[picked]).max() > self.each:
            return False
        return not len(self.effects) or bool((self.effects[:, picked].sum(axis=1) >= 0).all())


def choose(value: Value, count: int, limits: Limits, bundles: Sequence[tuple[int, ...]] = ()) -> tuple[int, ...]:
    """A set of links of high value among `count`, within the limits."""
    return swapped(value, count, limits, greedy(value, count, limits, bundles))


def greedy(value: Value, count: int, limits: Limits, bundles: Sequence[tuple[int, ...]] = ()) -> tuple[int, ...]:
    """Add what gains most per link, link by link or bundle by bundle, as long as it gains."""
    items = [(link,) for link in range(count)] + list(bundles)
    if count * (count - 1) // 2 <= MOST_PAIRS:
        items += list(combinations(range(count), 2))
    items = list(dict.fromkeys(item for item in items if len(item) <= limits.links))
    score = np.array([value(item) / len(item) for item in items])
    chosen: frozenset[int] = frozenset()
    reached = 0.0
    while len(chosen) < limits.links:
        best: tuple[float, frozenset[int], float] = (0.0, chosen, reached)
        looked = 0
        for place in np.argsort(-score, kind="stable"):
            more = chosen | set(items[place])
            if len(more) == len(chosen) or not limits.allow(more):
                continue
            looked += 1
            gain = value(more)
            score[place] = (gain - reached) / (len(more) - len(chosen))
            if score[place] > best[0]:
                best = (float(score[place]), more, gain)
            if looked >= LOOK and best[0] > 0:
                break
        if best[0] <= 0:
            break
        _, chosen, reached = best
    return tuple(sorted(chosen))


def swapped(value: Value, count: int, limits: Limits, chosen: Sequence[int]) -> tuple[int, ...]:
    """Exchange one link at a time for a better one until no exchange helps."""
    now, reached = frozenset(chosen), value(chosen)
    improved = True
    while improved:
        improved = False
        for out in sorted(now):
            for into in range(count):
                other = now - {out} | {into}
                if into in now or not limits.allow(other):
                    continue
                gain = value(other)
                if gain > reached * (1 + 1e-9) + 1e-15:
                    now, reached, improved = other, gain, True
                    break
            if improved:
                break
    return tuple(sorted(now))
