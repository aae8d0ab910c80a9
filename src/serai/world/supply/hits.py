"""Hits: which makers stop, and how much of each. Many hits at once, as a sparse list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from serai.world.arrays import Array, Indices
from serai.world.supply.network import Firm, SupplyNetwork


@dataclass(frozen=True, eq=False)
class Hits:
    """`count` hits. Entry m says that of hit `hit[m]` the makers of node `node[m]` in country `country[m]` lose the
    part `part[m]` of their output; an entry stands once. `names` (count,) say what stops."""

    names: tuple[str, ...]
    hit: Indices
    node: Indices
    country: Indices
    part: Array

    @property
    def count(self) -> int:
        """Number of hits."""
        return len(self.names)

    def some(self, chosen: slice) -> "Hits":
        """These hits alone, in their order."""
        start, stop, _ = chosen.indices(self.count)
        inside = (self.hit >= start) & (self.hit < stop)
        return Hits(
            self.names[start:stop], self.hit[inside] - start, self.node[inside], self.country[inside], self.part[inside]
        )


def hits_of(parts: Array, names: Sequence[str]) -> Hits:
    """Hits from parts (hits, n, K)."""
    hit, node, country = np.nonzero(parts)
    return Hits(tuple(names), hit, node, country, parts[hit, node, country])


def every_country(network: SupplyNetwork) -> Hits:
    """One hit for each country that makes anything: it stops everywhere."""
    makes = network.shares[:, :-1] > 0
    countries = np.flatnonzero(makes.any(axis=0))
    number = np.full(makes.shape[1], -1)
    number[countries] = np.arange(len(countries))
    node, country = np.nonzero(makes)
    return Hits(
        tuple(network.countries[country] for country in countries),
        number[country],
        node,
        country,
        np.ones(len(node)),
    )


def every_maker(network: SupplyNetwork) -> Hits:
    """One hit for each country and node that it makes, node by node."""
    node, country = np.nonzero(network.shares[:, :-1] > 0)
    names = tuple(f"{network.nodes[i]}/{network.countries[c]}" for i, c in zip(node, country, strict=True))
    return Hits(names, np.arange(len(node)), node, country, np.ones(len(node)))


def every_node(network: SupplyNetwork) -> Hits:
    """One hit for each node: all of its makers stop, the unknown ones too."""
    node, country = np.nonzero(network.shares > 0)
    return Hits(network.nodes, node, node, country, np.ones(len(node)))


def sets_of_countries(network: SupplyNetwork, sets: Sequence[Iterable[int]]) -> Hits:
    """One hit for each set of countries, given by their places: they stop everywhere."""
    parts = [(hit, country) for hit, places in enumerate(sets) for country in places]
    hit, country = (np.array(column, dtype=np.intp) for column in zip(*parts, strict=True))
    makes = network.shares[:, country] > 0  # (n, entries)
    node, entry = np.nonzero(makes)
    names = tuple(" ".join(network.countries[place] for place in places) for places in sets)
    return Hits(names, hit[entry], node, country[entry], np.ones(len(node)))


def joined(parts: Sequence[Hits]) -> Hits:
    """Several lists of hits as one."""
    first = np.cumsum([0, *(part.count for part in parts)])
    return Hits(
        tuple(name for part in parts for name in part.names),
        np.concatenate([part.hit + start for part, start in zip(parts, first, strict=False)]),
        np.concatenate([part.node for part in parts]),
        np.concatenate([part.country for part in parts]),
        np.concatenate([part.part for part in parts]),
    )


def with_unknown(network: SupplyNetwork, hits: Hits) -> Hits:
    """The same hits with the unknown remainder of a node hit like its largest maker: the upper end of the losses."""
    largest = network.concentration.largest
    unknown = len(network.countries) - 1
    alike = (largest[hits.node] == hits.country) & (network.shares[hits.node, -1] > 0)
    return replace(
        hits,
        hit=np.concatenate([hits.hit, hits.hit[alike]]),
        node=np.concatenate([hits.node, hits.node[alike]]),
        country=np.concatenate([hits.country, np.full(int(alike.sum()), unknown)]),
        part=np.concatenate([hits.part, hits.part[alike]]),
    )


def firm_part(network: SupplyNetwork, firm: Firm) -> float:
    """The part of a firm in what its country makes of its node. Raises ValueError where nobody says how large it is."""
    whole = network.shares[network.node(firm.node), network.country(firm.country)]
    if firm.share is None or whole <= 0:
        raise ValueError(f"Nobody says which share of '{firm.node}' {firm.name} makes; add it to providers.csv.")
    return float(min(1.0, firm.share / whole))
