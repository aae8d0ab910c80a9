"""What countries are strong in: industries with an advantage, nodes that they make, and nodes that they could make."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from serai.world.arrays import Array, ratio
from serai.world.chains import BUILTIN, Chain, builtin_chains
from serai.world.measures.exports import bilateral_exports
from serai.world.scorecards.properties import code_of
from serai.world.supply.alternatives import Reach, reach_of, reach_of_package
from serai.world.supply.compilation import makers_of
from serai.world.supply.readers import shipped_shares
from serai.world.supply.records import Declared
from serai.world.supply.shares import NodeShares
from serai.world.table import WorldTable
from serai.world.trade import Exports

LEAST_SHARE = 0.01
"""Share in the world's supply from which countries count as makers of a node."""


@dataclass(frozen=True)
class Advantage:
    """An industry's share in a country's exports over its share in the world's (Balassa 1965); 1 is the average.

    `share` is the country's part in the world's exports of the industry.
    """

    industry: str
    advantage: float
    share: float


def export_advantages(table: WorldTable) -> tuple[Array, Array]:
    """Revealed comparative advantage, and share in the world's exports, by country and industry, each (N, S)."""
    exports = bilateral_exports(table).sum(axis=1).reshape(table.n_countries, table.n_industries)
    shares = np.nan_to_num(ratio(exports, exports.sum(axis=0)))
    size = exports.sum(axis=1, keepdims=True) / exports.sum()
    return np.nan_to_num(ratio(shares, size)), shares


def advantages_of(table: WorldTable, codes: Collection[str]) -> list[Advantage]:
    """The industries in which these countries together export more than the average country, the strongest first."""
    exports = bilateral_exports(table).sum(axis=1).reshape(table.n_countries, table.n_industries)
    inside = np.array([code_of(label) in codes for label in table.countries])
    own, world = exports[inside].sum(axis=0), exports.sum(axis=0)
    if own.sum() <= 0:
        return []
    shares = np.nan_to_num(ratio(own, world))
    advantage = shares / (own.sum() / world.sum())
    ranked = np.argsort(-advantage, kind="stable")
    return [
        Advantage(table.industries[place], float(advantage[place]), float(shares[place]))
        for place in ranked
        if advantage[place] >= 1
    ]


@dataclass(frozen=True)
class Makes:
    """Countries as makers of a node: their share in the world's supply together, and the place of the best of them.

    `leaders` are all countries with a known share, the largest first.
    """

    chain: str
    node: str
    share: float
    rank: int
    grade: str
    year: int | None
    leaders: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class CouldMake:
    """A node that countries do not make with an advantage, and how much of what is related to it they make, 0 to 1."""

    chain: str
    node: str
    density: float
    country: str


type Makers = Mapping[tuple[str, str], NodeShares]
"""The makers of nodes by chain and node."""


def makers_of_chains(chains: Iterable[Chain], table: WorldTable) -> Makers:
    """The makers of each node of some chains, by the closest source; the table's industries where there is no other."""
    rows = shipped_shares()
    return {
        (chain.slug, node.code): makers
        for chain in chains
        for node, makers in zip(chain.nodes, makers_of(Declared(chain), rows, None, table), strict=True)
    }


def nodes_made(makers: Makers, codes: Collection[str], least_share: float = LEAST_SHARE) -> list[Makes]:
    """The nodes of which countries (alpha-3) hold at least this share together, the largest share first."""
    made = []
    for (chain, node), shares in makers.items():
        leaders = sorted(shares.named.items(), key=lambda pair: (-pair[1], pair[0]))
        own = sum(share for code, share in leaders if code in codes)
        if own > 0 and own >= least_share:
            rank = next(place for place, (code, _share) in enumerate(leaders, 1) if code in codes)
            made.append(Makes(chain, node, own, rank, shares.grade.value, shares.year, tuple(leaders)))
    return sorted(made, key=lambda row: (-row.share, row.chain, row.node))


def nodes_in_reach(
    makers: Makers, chains: Sequence[Chain], codes: Collection[str], exports: Exports | None = None
) -> list[CouldMake]:
    """The nodes that one of these countries could make, by its exports of related products, the closest first.

    A country that has the advantage in a heading of the node, or a known share of at least LEAST_SHARE, makes it
    already.
    """
    reach = reach_at_hand(exports)
    nodes = []
    for chain in chains:
        for node in chain.nodes:
            shares = makers[chain.slug, node.code].named
            others = sorted(code for code in codes if shares.get(code, 0.0) < LEAST_SHARE)
            best, country = max(((reach.best(code, node.hs), code) for code in others), default=(0.0, ""))
            if best > 0:
                nodes.append(CouldMake(chain.slug, node.code, best, country))
    return sorted(nodes, key=lambda row: (-row.density, row.chain, row.node))


def reach_at_hand(exports: Exports | None) -> Reach:
    """What countries export and what is related to it, by exports at hand, else by those of 2017 in the package."""
    return reach_of_package() if exports is None else reach_of(exports)


@cache
def chains_of_the_package() -> tuple[Chain, ...]:
    """All chains that come with Serai."""
    return tuple(builtin_chains(BUILTIN))
