"""The elementwise passes of a day, each over (B, n): B scenarios, n cells side by side.

Plain loops, one thread, no fast math: results don't depend on the machine's number of cores.
"""

import numpy as np
from numba import njit

from serai.world.table import Array, Indices


@njit(cache=True, nogil=True)
def produce(
    x: Array,
    final: Array,
    gone: Array,
    ordered: Array,
    rebuilding: Array,
    most: Array,
    before: Array,
    ceiling: float,
    pace: float,
    stretch: Array,
    optimal: Array,
    made: Array,
    served: Array,
    weight: Array,
) -> None:
    """Output of a day: as much as is ordered, capacity allows and stocks allow.

    `stretch`, the factor of overproduction, moves with scarcity: what is ordered now and was not made `before`, as part
    of what is ordered; up to `ceiling`, never below 1. Writes `stretch`, `optimal` (the output without regard to
    stocks, and without rebuilding that is done: stocks are aimed at for it), `made`, `served` (the part of every order
    that is delivered) and `weight` (capacity relative to x).
    """
    zero, one = x.dtype.type(0), x.dtype.type(1)  # in the precision of the state: a bare 1 would make it double
    scenarios, cells = made.shape
    for b in range(scenarios):
        for i in range(cells):
            wanted = ordered[b, i] + final[b, i] + rebuilding[b, i]
            grown = stretch[b, i]
            if wanted > zero:
                grown += (ceiling - grown) * pace * (wanted - before[b, i]) / wanted
            grown = max(grown, one)
            stretch[b, i] = grown
            share = grown * (one - gone[b, i])
            best = min(wanted, share * x[i])
            done = min(best, most[b, i])
            part = done / wanted if wanted > zero else zero
            weight[b, i] = share
            optimal[b, i] = min(wanted - rebuilding[b, i] * part, share * x[i])
            made[b, i] = done
            served[b, i] = part


@njit(cache=True, nogil=True)
def account(
    x: Array,
    final: Array,
    vc: Array,
    country: Indices,
    ordered: Array,
    made: Array,
    served: Array,
    output: Array,
    sent: Array,
    unmet: Array,
    value_added: Array,
) -> None:
    """Add a day: output made and sent to makers and final demand unmet (B, n), value added lost by country (B, N)."""
    scenarios, cells = made.shape
    for b in range(scenarios):
        for i in range(cells):
            output[b, i] += made[b, i]
            sent[b, i] += served[b, i] * ordered[b, i]
            unmet[b, i] += (1 - served[b, i]) * final[b, i]
            value_added[b, country[i]] += vc[i] * (x[i] - made[b, i])


@njit(cache=True, nogil=True)
def restock(
    need: Array,
    most_per_stock: Array,
    goal: Array,
    pace: float,
    arriving: Array,
    optimal_before: Array,
    made_before: Array,
    optimal: Array,
    made: Array,
    stock: Array,
    most: Array,
    ordered: Array,
) -> None:
    """What yesterday's orders of one input bring, what production takes, and what is ordered next.

    An order is what was used and the part `pace` of the gap to `goal` (n,) days of the optimal output; where the goal
    is infinite the input stops nobody, and `stock` counts what is used beyond what arrives. Yesterday's order is
    computed anew from yesterday's stock, which costs less than keeping it. `arriving` (B, n) is what suppliers deliver
    per unit ordered, `most_per_stock` (n,) the output that a unit of stock allows. Writes `stock`, `most` (the output
    that stocks allow, a minimum over inputs) and `ordered`.
    """
    zero, endless = need.dtype.type(0), need.dtype.type(np.inf)
    scenarios, cells = stock.shape
    for b in range(scenarios):
        for j in range(cells):
            a = need[j]
            kept = stock[b, j]
            stops = goal[j] < endless
            gap = max(goal[j] * a * optimal_before[b, j] - kept, zero) * pace if stops else zero
            kept = kept + (gap + a * made_before[b, j]) * arriving[b, j] - a * made[b, j]
            stock[b, j] = kept
            gap = max(goal[j] * a * optimal[b, j] - kept, zero) * pace if stops else zero
            ordered[b, j] = gap + a * made[b, j]
            allowed = kept * most_per_stock[j] if stops and a > zero else endless
            most[b, j] = min(most[b, j], allowed)


@njit(cache=True, nogil=True)
def restock_shifting(
    need: Array,
    most_per_stock: Array,
    goal: Array,
    pace: float,
    arriving: Array,
    optimal: Array,
    made: Array,
    stock: Array,
    most: Array,
    ordered: Array,
) -> None:
    """`restock` where orders shift between suppliers: `ordered` is per unit of their weights, before and after.

    `arriving` (2B, n) holds the sum of the suppliers' weights by the part that they deliver, then by 1 and of today.
    """
    zero, endless = need.dtype.type(0), need.dtype.type(np.inf)
    scenarios, cells = stock.shape
    for b in range(scenarios):
        for j in range(cells):
            a = need[j]
            kept = stock[b, j] + ordered[b, j] * arriving[b, j] - a * made[b, j]
            stock[b, j] = kept
            stops = goal[j] < endless
            order = (max(goal[j] * a * optimal[b, j] - kept, zero) * pace if stops else zero) + a * made[b, j]
            weights = arriving[scenarios + b, j]
            ordered[b, j] = order / weights if weights > zero else zero
            allowed = kept * most_per_stock[j] if stops and a > zero else endless
            most[b, j] = min(most[b, j], allowed)
