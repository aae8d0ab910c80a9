"""The engine for large cascades: all firms are swept in turn for a batch of failures at once.

The equations and the two bounds are those of `active`; a link is read once for the whole batch, which is what a sparse
matrix times a block of columns costs.
"""

import numpy as np
from numba import njit

from serai.world.shocks.cascade.influence import Influence
from serai.world.table import Array, Indices


@njit(cache=True, nogil=True)
def sweep(  # noqa: C901  a kernel is one loop
    links: Influence,
    failing: Indices,
    patience: Array,
    excess: Array,
    excess_of_markets: float,
    background: Array,
    told: Array,
    loss: Array,
    most: int,
) -> bool:
    """Losses (n, batch) when each of `failing` fails alone, column by column, in place; whether it converged.

    A column whose firm is -1 has no failure. `told` starts at the background of the bound and has the floating point
    type of `loss`. At most `most` sweeps.
    """
    n, batch = loss.shape
    column_of = np.full(n, -1, dtype=np.int32)
    for column in range(batch):
        if failing[column] >= 0:
            column_of[failing[column]] = column
    markets = len(links.market_start) - 1
    left = np.zeros((markets, batch))
    missing = np.zeros(batch, dtype=loss.dtype)
    worst = np.zeros(batch, dtype=loss.dtype)
    quiet = 0
    for firm in range(n):
        loss[firm] = background[firm]
    for _round in range(most):
        left[:] = 0
        for firm in range(n):
            market = links.market[firm]
            if market >= 0:
                for column in range(batch):
                    left[market, column] += links.size[firm] * (1 - loss[firm, column])
        changed = False
        for firm in range(n):
            worst[:] = background[firm]
            if column_of[firm] >= 0:
                worst[column_of[firm]] = 1
            for group in range(links.first_group[firm], links.first_group[firm + 1]):
                missing[:] = 0
                for link in range(links.first_source[group], links.first_source[group + 1]):
                    source, weight = links.source[link], links.source_weight[link]
                    for column in range(batch):
                        missing[column] += weight * told[source, column]
                for column in range(batch):
                    worst[column] = max(worst[column], missing[column])
            market = links.market[firm]
            for column in range(batch):
                needed = min(worst[column], 1)
                loss[firm, column] = needed
                if market >= 0:
                    rest = left[market, column] * (1 - excess_of_markets)
                    if links.size[firm] < rest:
                        needed *= links.size[firm] / rest
                if needed > told[firm, column] + patience[firm]:
                    told[firm, column] = min(needed + excess[firm], 1)
                    changed = True
        quiet = 0 if changed else quiet + 1
        if quiet == 2:  # the second time with the markets of the first
            return True
    return False
