"""The elementwise passes of a day, each over (n, B): n cells, B scenarios side by side.

Plain loops, one thread, no fast math: results don't depend on the machine's number of cores.
"""

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
    cells, scenarios = made.shape
    for i in range(cells):
        for b in range(scenarios):
            wanted = ordered[i, b] + final[i] + rebuilding[i, b]
            grown = stretch[i, b]
            if wanted > zero:
                grown += (ceiling - grown) * pace * (wanted - before[i, b]) / wanted
            grown = max(grown, one)
            stretch[i, b] = grown
            share = grown * (one - gone[i, b])
            best = min(wanted, share * x[i])
            done = min(best, most[i, b])
            part = done / wanted if wanted > zero else zero
            weight[i, b] = share
            optimal[i, b] = min(wanted - rebuilding[i, b] * part, share * x[i])
            made[i, b] = done
            served[i, b] = part


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
    """Add a day: output made and sent to makers and final demand unmet (n, B), value added lost by country (N, B)."""
    cells, scenarios = made.shape
    for i in range(cells):
        for b in range(scenarios):
            output[i, b] += made[i, b]
            sent[i, b] += served[i, b] * ordered[i, b]
            unmet[i, b] += (1 - served[i, b]) * final[i]
            value_added[country[i], b] += vc[i] * (x[i] - made[i, b])


@njit(cache=True, nogil=True)
def restock(
    need: Array,
    goal: float,
    alarm: float,
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

    An order is what was used and the part `pace` of the gap to `goal` days of the optimal output. Yesterday's order is
    computed anew from yesterday's stock, which costs less than keeping it. `arriving` (n, B) is what suppliers deliver
    per unit ordered. Writes `stock`, `most` (the output that stocks allow, a minimum over inputs) and `ordered`.
    """
    zero, one = need.dtype.type(0), need.dtype.type(1)
    cells, scenarios = stock.shape
    for j in range(cells):
        a = need[j]
        limit = one / (alarm * goal * a) if a > zero else zero
        for b in range(scenarios):
            kept = stock[j, b]
            order = max(goal * a * optimal_before[j, b] - kept, zero) * pace + a * made_before[j, b]
            kept = kept + order * arriving[j, b] - a * made[j, b]
            stock[j, b] = kept
            ordered[j, b] = max(goal * a * optimal[j, b] - kept, zero) * pace + a * made[j, b]
            if a > zero:
                most[j, b] = min(most[j, b], kept * limit)


@njit(cache=True, nogil=True)
def restock_shifting(
    need: Array,
    goal: float,
    alarm: float,
    pace: float,
    arriving: Array,
    optimal: Array,
    made: Array,
    stock: Array,
    most: Array,
    ordered: Array,
) -> None:
    """`restock` where orders shift between suppliers: `ordered` is per unit of their weights, before and after.

    `arriving` (n, 2B) holds the sum of the suppliers' weights by the part that they deliver, then by 1 and of today.
    """
    zero, one = need.dtype.type(0), need.dtype.type(1)
    cells, scenarios = stock.shape
    for j in range(cells):
        a = need[j]
        limit = one / (alarm * goal * a) if a > zero else zero
        for b in range(scenarios):
            kept = stock[j, b] + ordered[j, b] * arriving[j, b] - a * made[j, b]
            stock[j, b] = kept
            order = max(goal * a * optimal[j, b] - kept, zero) * pace + a * made[j, b]
            weights = arriving[j, scenarios + b]
            ordered[j, b] = order / weights if weights > zero else zero
            if a > zero:
                most[j, b] = min(most[j, b], kept * limit)
