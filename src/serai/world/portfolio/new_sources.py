"""New sources for needs: the few links that together take most off the worst losses, with a bound on any choice.

What links take off the worst loss of a need depends on the links of that need alone, and at most two are made for one.
So the bound is exact but for the limits by supplier: for each need the best single link and the best pair are found by
trial, and how many go to each need is decided by dynamic programming over the needs.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from serai.world.portfolio.choice import Limits, choose
from serai.world.supply import Link, Needs, SupplyNetwork, link_losses
from serai.world.table import Array

SHORTLISTED = 120
"""Links among which is chosen: those that alone take most off. The bound counts them all."""


@dataclass(frozen=True, eq=False)
class Gains:
    """What links take off the worst loss of their needs: each alone (links,), and pairs of one need together. `need`
    (links,) numbers the needs."""

    need: tuple[int, ...]
    single: Array
    pairs: Mapping[tuple[int, int], float]


@dataclass(frozen=True, eq=False)
class NewSources:
    """The chosen links (positions), what they take off all worst losses, and the most that any choice could."""

    chosen: tuple[int, ...]
    saved: float
    bound: float

    @property
    def gap(self) -> float:
        """What the choice may miss at most, relative to the bound; 0 is proven best."""
        return max(1 - self.saved / self.bound, 0.0) if self.bound > 0 else 0.0


def gains_of(network: SupplyNetwork, needs: Needs, links: Sequence[Link]) -> Gains:
    """The gains of links, and of every two links of one need. Raises KeyError and IndexError as `difference` does."""
    if not links:
        return Gains((), np.zeros(0), {})
    now, own, theta = link_losses(network, needs, links)
    by_need: dict[int, list[int]] = defaultdict(list)
    for number, link in enumerate(links):
        by_need[link.need].append(number)
    single, pairs = np.zeros(len(links)), {}
    for need, numbers in by_need.items():
        moved = theta[numbers, None] * (own[numbers] - now[need])
        worst = now[need].max()
        single[numbers] = np.maximum(worst - (now[need] + moved).max(axis=1), 0)
        for first, second in combinations(range(len(numbers)), 2):
            gain = worst - (now[need] + moved[first] + moved[second]).max()
            pairs[numbers[first], numbers[second]] = max(float(gain), 0.0)
    return Gains(tuple(link.need for link in links), single, pairs)


def joined(parts: Sequence[Gains]) -> Gains:
    """The gains of several chains as one, their links and needs numbered from part to part."""
    need: list[int] = []
    pairs: dict[tuple[int, int], float] = {}
    first = 0
    for part in parts:
        start = len(need)
        pairs |= {(one + start, other + start): gain for (one, other), gain in part.pairs.items()}
        need += [number + first for number in part.need]
        first = max(need, default=-1) + 1
    return Gains(tuple(need), np.concatenate([np.zeros(0), *(part.single for part in parts)]), pairs)


def new_sources(gains: Gains, suppliers: Sequence[int], *, most: int, each: int) -> NewSources:
    """At most `most` links, at most `each` of a supplier (`suppliers` (links,) numbers them) and two of a need."""
    shortlist = np.argsort(-gains.single, kind="stable")[:SHORTLISTED].tolist()
    _, group = np.unique([suppliers[link] for link in shortlist], return_inverse=True)

    def value(chosen: Collection[int]) -> float:
        return _saved(gains, [shortlist[place] for place in chosen])

    limits = Limits(most, group.astype(np.intp) if len(shortlist) else None, each)
    chosen = tuple(shortlist[place] for place in choose(value, len(shortlist), limits)) if shortlist else ()
    saved = _saved(gains, chosen)
    return NewSources(chosen, saved, max(_bound(gains, most), saved))


def _saved(gains: Gains, chosen: Collection[int]) -> float:
    """What links take off together; more than two of a need count as the best two."""
    by_need: dict[int, list[int]] = defaultdict(list)
    for link in sorted(chosen):
        by_need[gains.need[link]].append(link)
    total = 0.0
    for links in by_need.values():
        options = [float(gains.single[link]) for link in links]
        options += [gains.pairs[first, second] for first, second in combinations(links, 2)]
        total += max(options)
    return total


def _bound(gains: Gains, most: int) -> float:
    """The most that any `most` links take off, whoever the suppliers are."""
    best: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for link, need in enumerate(gains.need):
        best[need][0] = max(best[need][0], float(gains.single[link]))
    for (first, _second), gain in gains.pairs.items():
        best[gains.need[first]][1] = max(best[gains.need[first]][1], gain)
    reached = np.zeros(most + 1)
    for one, two in best.values():
        with_one = np.concatenate([[0.0], reached[:-1] + one])
        with_two = np.concatenate([[0.0] * min(2, most + 1), reached[:-2] + max(one, two)])[: most + 1]
        reached = np.maximum(reached, np.maximum(with_one, with_two))
    return float(reached[-1])
