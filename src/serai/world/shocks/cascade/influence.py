"""Which firm holds back which, prepared for the engines: one structure for shortages that run downstream, one for
customers that are missed upstream.

Each firm is held back by the worst of its groups of partners; within a group the shares of the partners add to one. A
firm that has lost the share d of its output takes w min(1, share of its market) d away from the group of its partner.
Downstream a group is an essential product, or all inputs together of which the others take their part; upstream it is
the customers, and nobody is replaced.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from serai.world.firm_network import Codes, FirmNetwork
from serai.world.shocks.cascade.essential import Essential, essential_inputs
from serai.world.table import Array, Indices

NO_MARKET = -1


class Influence(NamedTuple):
    """The links of one direction, twice: by the firm that has an effect, and by the firm and group that feel it.

    `start` (n + 1), `target`, `group`, `weight` (m): on whom each firm has an effect. `first_group` (n + 1) and
    `first_source` (groups + 1), `source`, `source_weight` (m): the groups of each firm and who is in them. `market`
    (n) is the product by which a firm can be replaced, or NO_MARKET; `market_start`, `market_firms` list its makers.
    """

    start: Indices
    target: NDArray[np.int32]
    group: NDArray[np.int32]
    weight: Array
    first_group: Indices
    first_source: Indices
    source: NDArray[np.int32]
    source_weight: Array
    size: Array
    market: NDArray[np.int32]
    market_start: Indices
    market_firms: NDArray[np.int32]


def downstream(network: FirmNetwork, essential: Essential = None, *, replaceable: bool = True) -> Influence:
    """Shortages: essential products each by themselves, the others as parts of all that a firm buys."""
    products = len(network.products)
    needed = essential_inputs(network, essential)[network.traded, network.industry[network.buyer]]
    kind = np.where(needed, network.traded, products)
    alone = network.value / np.maximum(network.bought[network.buyer], np.finfo(float).tiny)
    market = network.product if replaceable else np.full(network.n, NO_MARKET)
    return _influence(network, network.supplier, network.buyer, kind, np.where(needed, np.nan, alone), market)


def upstream(network: FirmNetwork) -> Influence:
    """Lost sales: every customer counts by its share in what a firm sells to others."""
    nothing = np.full(network.m, np.nan)
    kind = np.zeros(network.m, dtype=np.intp)
    market = np.full(network.n, NO_MARKET)
    return _influence(network, network.buyer, network.supplier, kind, nothing, market)


def _influence(
    network: FirmNetwork, source: Codes, target: Codes, kind: Codes, weight: Array, market: Codes
) -> Influence:
    """Links from source to target in groups of the target by kind; a weight that is NaN is the share in the group."""
    n = network.n
    key = target.astype(np.int64) * (int(kind.max(initial=0)) + 1) + kind
    order = np.lexsort((source, key))
    new = np.ones(len(key), dtype=bool)
    new[1:] = np.diff(key[order]) != 0
    group_sorted = np.cumsum(new) - 1
    first_source = np.append(np.flatnonzero(new), len(key)).astype(np.intp)
    value = network.value[order]
    whole = np.bincount(group_sorted, value, len(first_source) - 1)[group_sorted]
    share = np.divide(value, whole, out=np.zeros(len(value)), where=whole > 0)
    weight_sorted = np.where(np.isnan(weight[order]), share, weight[order])
    first_group = np.zeros(n + 1, dtype=np.intp)
    np.cumsum(np.bincount(target[order][new], minlength=n), out=first_group[1:])
    by_source = np.argsort(source[order], kind="stable")
    start = np.zeros(n + 1, dtype=np.intp)
    np.cumsum(np.bincount(source, minlength=n), out=start[1:])
    markets = int(market.max(initial=NO_MARKET)) + 1
    of_market = np.argsort(market, kind="stable")[np.count_nonzero(market == NO_MARKET) :]
    market_start = np.zeros(markets + 1, dtype=np.intp)
    np.cumsum(np.bincount(market[market != NO_MARKET], minlength=markets), out=market_start[1:])
    return Influence(
        start=start,
        target=target[order][by_source].astype(np.int32),
        group=group_sorted[by_source].astype(np.int32),
        weight=weight_sorted[by_source],
        first_group=first_group,
        first_source=first_source,
        source=source[order].astype(np.int32),
        source_weight=weight_sorted,
        size=np.ascontiguousarray(network.size, dtype=np.float64),
        market=market.astype(np.int32),
        market_start=market_start,
        market_firms=of_market.astype(np.int32),
    )
