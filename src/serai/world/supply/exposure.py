"""Tables of what stops: every end node by every country and by every maker, the smallest cut, what a fair covers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, Indices
from serai.world.notebook import facts_html
from serai.world.supply.hits import Hits, every_country, every_maker, every_node, sets_of_countries, with_unknown
from serai.world.supply.network import SupplyNetwork
from serai.world.supply.propagation import propagate
from serai.world.supply.shares import NodeShares

LARGEST_SET = 4
"""Countries of a cut up to which all sets are tried."""

MOST_SETS = 20_000
"""Sets that are tried before the search goes on step by step."""

NEARLY = 1e-9
SHOWN = 8


@dataclass(frozen=True, eq=False, repr=False)
class Exposure:
    """The loss of each end node by what stops: `low` and `high` (hits, ends), by what the unknown makers do.

    `names` (hits,) say what stops: a country everywhere, NODE/COUNTRY, or a node. `ends` are the places of the ends, or
    of the nodes that were asked for in their stead.
    """

    network: SupplyNetwork
    names: tuple[str, ...]
    ends: Indices
    low: Array
    high: Array

    def __repr__(self) -> str:
        return f"<Exposure of {len(self.ends)} end nodes to {len(self.names)} stops>"

    def records(self, at_least: float = 0.0) -> list[dict[str, Any]]:
        """One record per stop and end node with a loss above `at_least` at the high end, the largest first."""
        stops, ends = np.nonzero(self.high > at_least)
        order = np.argsort(-self.high[stops, ends], kind="stable")
        return [
            {
                "end": self.network.nodes[self.ends[end]],
                "stops": self.names[stop],
                "loss_low": float(self.low[stop, end]),
                "loss_high": float(self.high[stop, end]),
            }
            for stop, end in zip(stops[order].tolist(), ends[order].tolist(), strict=True)
        ]

    def _repr_html_(self) -> str:
        facts = []
        for place, end in enumerate(self.ends):
            worst = np.argsort(-self.high[:, place], kind="stable")[:SHOWN]
            told = [
                f"{self.names[stop]} {self.low[stop, place]:.0%} to {self.high[stop, place]:.0%}"
                for stop in worst
                if self.high[stop, place] > 0
            ]
            facts.append((self.network.nodes[end], ", ".join(told) or "nothing"))
        return facts_html("Part of each end node that is lost when one stops", facts)


def exposure(network: SupplyNetwork, *, pool: bool = False, nodes: Indices | None = None) -> Exposure:
    """What each end node loses when a single country stops everywhere, the exposure index of the end node.

    `nodes` are the places of those that are told in place of the end nodes.
    """
    return _exposure(network, every_country(network), pool, nodes)


def exposure_to_makers(network: SupplyNetwork, *, pool: bool = False) -> Exposure:
    """What each end node loses when the makers of one node in one country stop."""
    return _exposure(network, every_maker(network), pool)


def exposure_to_nodes(network: SupplyNetwork, *, pool: bool = False) -> Exposure:
    """What each end node loses when all makers of one node stop."""
    return _exposure(network, every_node(network), pool)


def _exposure(network: SupplyNetwork, hits: Hits, pool: bool, nodes: Indices | None = None) -> Exposure:
    ends = network.ends if nodes is None else nodes
    low = propagate(network, hits, pool=pool, single=True).loss[:, 0, ends]
    high = low
    if (network.shares[:, -1] > 0).any():
        high = propagate(network, with_unknown(network, hits), pool=pool, single=True).loss[:, 0, ends]
    return Exposure(network, hits.names, ends, low, np.maximum(low, high))


@dataclass(frozen=True)
class SmallestCut:
    """The smallest set of countries found whose stop takes so much of an end node, and the `loss` that it makes.

    No set of fewer than `at_least` countries does it: all were tried, or their losses cannot sum to so much. The set
    is the smallest where it has that many; a larger one was found step by step. `countries` is empty where not even all
    of them together take so much.
    """

    end: str
    countries: tuple[str, ...]
    loss: float
    at_least: int

    @property
    def is_smallest(self) -> bool:
        """Whether it is proven that no smaller set does it."""
        return len(self.countries) <= self.at_least


def smallest_cut(network: SupplyNetwork, end: str, *, taken: float = 0.5, pool: bool = False) -> SmallestCut:
    """The smallest set of countries whose stop takes the part `taken` of an end node, unknown makers standing.

    Without spare capacity losses are at least as large, and those of a set at most the sum of its members' losses; a
    set whose sum is below it needs no trial. Raises KeyError for an unknown node.
    """
    node = network.node(end)
    countries = every_country(network)
    loss_of = _losses(network, node, pool)
    places = np.array([network.country(name) for name in countries.names], dtype=np.intp)
    bound = propagate(network, countries, pool=pool, with_spare=False).loss[:, 0, node]
    ranked = np.argsort(-bound, kind="stable")
    places, bound = places[ranked], bound[ranked]
    for size in range(1, LARGEST_SET + 1):
        sets = _possible(bound, size, taken)
        if sets is None:
            return _step_by_step(network, end, places, loss_of, taken, size)
        if not sets:
            continue
        losses = loss_of([places[list(chosen)].tolist() for chosen in sets])
        if losses.max() >= taken - NEARLY:
            best = places[list(sets[int(losses.argmax())])]
            return SmallestCut(end, tuple(network.countries[place] for place in best), float(losses.max()), size)
    return _step_by_step(network, end, places, loss_of, taken, LARGEST_SET + 1)


def _losses(network: SupplyNetwork, node: int, pool: bool) -> Callable[[list[list[int]]], Array]:
    def loss_of(sets: list[list[int]]) -> Array:
        loss: Array = propagate(network, sets_of_countries(network, sets), pool=pool).loss[:, 0, node]
        return loss

    return loss_of


def _possible(bound: Array, size: int, taken: float) -> list[tuple[int, ...]] | None:
    """The sets of this size whose bounds sum to enough; None where there are more than MOST_SETS."""
    sets: list[tuple[int, ...]] = []

    def extend(chosen: tuple[int, ...], total: float, start: int) -> bool:
        left = size - len(chosen)
        if not left:
            sets.append(chosen)
            return len(sets) <= MOST_SETS
        for place in range(start, len(bound) - left + 1):
            if total + bound[place : place + left].sum() < taken - NEARLY:
                break  # bounds fall from here on
            if not extend((*chosen, place), total + bound[place], place + 1):
                return False
        return True

    return sets if extend((), 0.0, 0) else None


def _step_by_step(
    network: SupplyNetwork,
    end: str,
    places: Indices,
    loss_of: Callable[[list[list[int]]], Array],
    taken: float,
    at_least: int,
) -> SmallestCut:
    """Countries added one by one, each the one that takes most; then those left out again without which it holds."""
    chosen: list[int] = []
    reached = 0.0
    left = places.tolist()
    while reached < taken - NEARLY and left:
        losses = loss_of([[*chosen, place] for place in left])
        best = int(losses.argmax())
        reached = float(losses[best])
        chosen.append(left.pop(best))
    if reached < taken - NEARLY:
        return SmallestCut(end, (), reached, len(places) + 1)
    for place in list(chosen):
        fewer = [other for other in chosen if other != place]
        if fewer and (loss := float(loss_of([fewer])[0])) >= taken - NEARLY:
            chosen, reached = fewer, loss
    return SmallestCut(end, tuple(network.countries[place] for place in chosen), reached, at_least)


@dataclass(frozen=True, eq=False)
class Coverage:
    """What firms at hand, a fair's own, cover of a chain.

    `share` (n,) is the share in the world's supply of the countries where there are some, `covered` (n,) whether there
    is any, `network` the same chain with them as the only makers of the nodes that they cover.
    """

    network: SupplyNetwork
    share: Array
    covered: NDArray[np.bool_]

    def records(self) -> list[dict[str, Any]]:
        """One record a node."""
        return [
            {"node": code, "covered": bool(self.covered[place]), "share": float(self.share[place])}
            for place, code in enumerate(self.network.nodes)
        ]


def coverage(network: SupplyNetwork, firms: Iterable[tuple[str, str]]) -> Coverage:
    """How far firms, each (node, country), cover a chain. In a node's makers those of the firms' countries alone stay,
    by their shares in the world, or evenly where the world's shares know none of them. Raises KeyError."""
    by_node: dict[int, list[str]] = {}
    for code, country in firms:
        network.country(country)
        by_node.setdefault(network.node(code), []).append(country)
    makers = list(network.makers)
    share, covered = np.zeros(network.n), np.zeros(network.n, dtype=bool)
    for node, codes in by_node.items():
        named = makers[node].named
        kept = {code: named[code] for code in codes if named.get(code, 0) > 0}
        share[node], covered[node] = sum(kept.values()), True
        makers[node] = _only(makers[node], kept or dict.fromkeys(codes, 1.0))
    trade = {node: flows for node, flows in network.trade.items() if not covered[node]}
    return Coverage(replace(network, makers=tuple(makers), trade=trade), share, covered)


def _only(makers: NodeShares, kept: Mapping[str, float]) -> NodeShares:
    whole = sum(kept.values())
    named = {code: share / whole for code, share in kept.items()}
    return replace(makers, named=named, others=0.0, unattributed=0.0, withheld=(), total=None)
