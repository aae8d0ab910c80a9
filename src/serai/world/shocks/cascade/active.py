"""The engine for small cascades: it visits only the firms that a failure reaches.

What holds a firm back only grows, so the order of visits doesn't matter: the losses found are the smallest that satisfy
the equations. A firm tells its partners of a change once it exceeds `patience`; then its loss is a lower bound. Where
it tells at once, and `excess` more than it lost, nothing is left to tell at the end and its loss is an upper bound
(Tarski: losses that are at least what they imply are at least the smallest solution). The upper bound starts from a
background in which every firm has already told `excess`, so that it too visits only what a failure reaches.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from serai.world.shocks.cascade.influence import Influence
from serai.world.table import Array, Indices


class Bound(NamedTuple):
    """How losses are passed on, and the background before anything fails.

    `patience` and `excess` (n); markets are looked at again when they have shrunk by `patience_of_markets`, and taken
    to be smaller by `excess_of_markets`. `missing` (groups), `loss`, `told` (n), `left`, `seen` (markets): background.
    """

    patience: Array
    excess: Array
    patience_of_markets: float
    excess_of_markets: float
    missing: Array
    loss: Array
    told: Array
    left: Array
    seen: Array


class State(NamedTuple):
    """What a cascade has done so far, and the lists of what to put back afterwards."""

    missing: Array
    loss: Array
    told: Array
    counted: Array
    left: Array
    seen: Array
    shrunk: NDArray[np.bool_]
    queue: NDArray[np.int32]
    waiting: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    firms: NDArray[np.int32]
    groups: NDArray[np.int32]
    counts: Indices  # in the queue, its head, firms reached, groups reached


def state_of(bound: Bound) -> State:
    """A fresh state at the background of a bound."""
    n, groups = len(bound.loss), len(bound.missing)
    return State(
        bound.missing.copy(),
        bound.loss.copy(),
        bound.told.copy(),
        bound.loss.copy(),
        bound.left.copy(),
        bound.seen.copy(),
        np.zeros(len(bound.left), dtype=np.bool_),
        np.zeros(max(n, 1), dtype=np.int32),
        np.zeros(n, dtype=np.bool_),
        np.zeros(n, dtype=np.bool_),
        np.zeros(n, dtype=np.int32),
        np.zeros(groups, dtype=np.int32),
        np.zeros(4, dtype=np.intp),
    )


@njit(cache=True, nogil=True)
def _wait(state: State, firm: int) -> None:
    if not state.reached[firm]:
        state.reached[firm] = True
        state.firms[state.counts[2]] = firm
        state.counts[2] += 1
    if not state.waiting[firm]:
        state.waiting[firm] = True
        tail = state.counts[1] + state.counts[0]
        state.queue[tail if tail < len(state.queue) else tail - len(state.queue)] = firm
        state.counts[0] += 1


@njit(cache=True, nogil=True)
def _needed(links: Influence, state: State, firm: int) -> float:
    """The loss that a firm passes on: the part that its market does not replace."""
    market = links.market[firm]
    if market < 0:
        return float(state.loss[firm])
    size, seen = links.size[firm], state.seen[market]
    return float(state.loss[firm] if size >= seen else state.loss[firm] * size / seen)


@njit(cache=True, nogil=True)
def spread(  # noqa: C901  a kernel is one loop
    links: Influence, bound: Bound, state: State, firms: Indices, shares: Array, most: int
) -> int:
    """Let `firms` lose `shares` of their output; returns the number of links visited, or -1 where it exceeds `most`."""
    for place in range(len(firms)):
        state.loss[firms[place]] = max(state.loss[firms[place]], shares[place])
        _wait(state, firms[place])
    visited = 0
    while True:
        while state.counts[0] > 0:
            firm = state.queue[state.counts[1]]
            state.counts[1] = state.counts[1] + 1 if state.counts[1] + 1 < len(state.queue) else 0
            state.counts[0] -= 1
            state.waiting[firm] = False
            market = links.market[firm]
            if market >= 0 and state.loss[firm] > state.counted[firm]:
                state.left[market] -= links.size[firm] * (state.loss[firm] - state.counted[firm])
                state.counted[firm] = state.loss[firm]
                if state.left[market] < state.seen[market] * (1 - bound.patience_of_markets):
                    state.shrunk[market] = True
            needed = _needed(links, state, firm)
            if needed <= state.told[firm] + bound.patience[firm]:
                continue
            more = min(needed + bound.excess[firm], 1.0) - state.told[firm]
            state.told[firm] += more
            visited += links.start[firm + 1] - links.start[firm]
            if visited > most:
                return -1
            for link in range(links.start[firm], links.start[firm + 1]):
                group = links.group[link]
                before = state.missing[group]
                after = before + links.weight[link] * more
                if after == before:
                    continue
                if before == bound.missing[group]:
                    state.groups[state.counts[3]] = group
                    state.counts[3] += 1
                state.missing[group] = after
                target = links.target[link]
                if after > state.loss[target]:
                    state.loss[target] = min(after, 1.0)
                    _wait(state, target)
        for market in range(len(state.shrunk)):
            if state.shrunk[market]:
                state.shrunk[market] = False
                state.seen[market] = max(state.left[market], 0.0) * (1 - bound.excess_of_markets)
                for place in range(links.market_start[market], links.market_start[market + 1]):
                    firm = links.market_firms[place]
                    if _needed(links, state, firm) > state.told[firm] + bound.patience[firm]:
                        _wait(state, firm)
        if state.counts[0] == 0:
            return visited


@njit(cache=True, nogil=True)
def put_back(bound: Bound, state: State) -> None:
    """Bring the state back to the background, at the cost of what the cascade reached."""
    for place in range(state.counts[2]):
        firm = state.firms[place]
        state.loss[firm] = state.counted[firm] = bound.loss[firm]
        state.told[firm] = bound.told[firm]
        state.reached[firm] = state.waiting[firm] = False
    for place in range(state.counts[3]):
        state.missing[state.groups[place]] = bound.missing[state.groups[place]]
    state.left[:] = bound.left
    state.seen[:] = bound.seen
    state.shrunk[:] = False
    state.counts[:] = 0


@njit(cache=True, nogil=True)
def fail_each(
    links: Influence, bound: Bound, state: State, firms: Indices, most: int, beside: Array, lost: Array
) -> None:
    """Output lost when each firm fails alone, (k, 2): beyond the losses `beside` (n, k), and all; NaN beyond `most`.

    Only of the firms that each failure reaches; the background of the others is the caller's.
    """
    whole = np.ones(1)
    for place in range(len(firms)):
        lost[place] = 0.0
        if spread(links, bound, state, firms[place : place + 1], whole, most) < 0:
            lost[place] = np.nan
        else:
            for k in range(state.counts[2]):
                firm = state.firms[k]
                lost[place, 0] += links.size[firm] * max(state.loss[firm] - beside[firm, place], 0.0)
                lost[place, 1] += links.size[firm] * state.loss[firm]
        put_back(bound, state)
