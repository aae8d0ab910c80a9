"""The economic systemic risk index (ESRI) of many firms, each failing alone, with the error of each number."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np

from serai.world.firm_network import FirmNetwork
from serai.world.shocks.cascade import MOST_VISITS
from serai.world.shocks.cascade.active import Bound, State, fail_each, put_back, spread, state_of
from serai.world.shocks.cascade.batched import sweep
from serai.world.shocks.cascade.bounds import lower_bound, upper_bound
from serai.world.shocks.cascade.essential import Essential
from serai.world.shocks.cascade.influence import Influence, downstream, upstream
from serai.world.shocks.cascade.lost_sales import LostSales, lost_sales, prepare
from serai.world.table import Array, Indices

BATCH = 64
SWITCH = 4.0
"""Shortages that visit more than this many times the links of the network are left to the batched engine."""

MOST_SWEEPS = 200
PATIENCE_IN_CIRCLES = 1e-12


@dataclass(frozen=True, eq=False)
class SystemicRisk:
    """The index of each of `firms`: share of all firms' sales that is lost when it fails alone, shape (k,) each.

    `combined` takes the larger of both losses of each firm. The exact number lies within `error` (k,) of it, certified
    but for rounding; NaN where nothing certifies it: without replacement, where a loss that runs in a circle of
    essential inputs never dies out, and for firms that sell only to one another. `rounding` is how far a batch in
    single precision was from double precision.
    """

    firms: Indices
    combined: Array
    downstream: Array
    upstream: Array
    error: Array
    rounding: float


@dataclass(frozen=True, eq=False)
class _Engines:
    """What all threads share."""

    down: Influence
    up: Influence
    system: LostSales
    bounds: tuple[Bound, ...]
    background: float
    most: int
    tolerance: float

    def __call__(
        self, firms: Indices, states: Sequence[State], dtype: type[np.float32 | np.float64] = np.float32
    ) -> Array:
        """Combined, downstream, upstream loss and error of each firm in units of output, shape (k, 4)."""
        whole = self.down.size.sum()
        sold, error = self._upstream(firms, dtype)
        lost = np.full((len(self.bounds), len(firms), 2), np.nan)
        for bound, state, losses in zip(self.bounds, states, lost, strict=True):
            fail_each(self.down, bound, state, firms, self.most, sold, losses)
            large = np.flatnonzero(np.isnan(losses[:, 0]))
            if len(large):
                short, rested = _short(self.down, bound, firms[large], dtype)
                if not rested and bound is not self.bounds[0]:
                    continue
                losses[large, 0] = self.down.size @ np.maximum(short - sold[:, large], 0)
                losses[large, 1] = self.down.size @ short
        unsold = self.down.size @ sold
        combined = unsold + lost[0, :, 0]
        error = error * whole + (unsold + lost[-1, :, 0] - combined) + self.background
        if len(self.bounds) == 1:
            error[:] = np.nan
        return np.column_stack([combined, lost[0, :, 1], unsold, error])

    def _upstream(self, firms: Indices, dtype: type[np.float32 | np.float64]) -> tuple[Array, Array]:
        sold = np.zeros((len(self.system.cell), len(firms)), dtype=dtype)
        error = np.full(len(firms), np.nan)
        closed = self.system.closed[firms]
        if not closed.all():
            sold[:, ~closed], error[~closed] = lost_sales(self.system, firms[~closed], self.tolerance / 2, dtype)
        if closed.any():
            bound = lower_bound(self.up, PATIENCE_IN_CIRCLES)
            state = state_of(bound)
            for column in np.flatnonzero(closed):
                spread(self.up, bound, state, firms[column : column + 1], np.ones(1), MOST_VISITS * len(self.up.target))
                sold[:, column] = state.loss
                put_back(bound, state)
        return sold, error


def systemic_risk(
    network: FirmNetwork,
    firms: Sequence[int] | Indices | None = None,
    essential: Essential = None,
    *,
    replaceable: bool = True,
    tolerance: float = 1e-6,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> SystemicRisk:
    """The economic systemic risk index of Diem et al. (2022, Scientific Reports 12) of `firms`, all when left out.

    `essential` as in `essential_inputs`; `replaceable` lets others of the same product stand in for a failing supplier
    as far as its share in their market allows. `tolerance` is the aim for `error`. Shortages go to the active-set
    engine, or in batches to the sweeping one where they are large; lost sales are solved in batches. `threads` share
    the batches and don't change the numbers; `progress` is told how many firms are done.
    """
    chosen = np.arange(network.n) if firms is None else np.asarray(firms, dtype=np.intp)
    down, up = downstream(network, essential, replaceable=replaceable), upstream(network)
    system = prepare(network, up)
    upper, background = upper_bound(down, tolerance / 2)
    lower = lower_bound(down, tolerance / 10)
    bounds = (lower,) if upper is None else (lower, upper)
    engines = _Engines(down, up, system, bounds, background, int(SWITCH * network.m), tolerance)
    order = np.argsort(system.reach[chosen], kind="stable")  # a batch is as slow as its largest cascade
    places = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
    indices = np.empty((len(chosen), 4))

    def work(places: Iterator[Indices]) -> None:
        states = [state_of(bound) for bound in bounds]
        for place in places:
            indices[place] = engines(chosen[place], states)
            if progress is not None:
                progress(len(place))

    _on_threads(work, places, threads or os.cpu_count() or 1)
    rounding = 0.0
    if places:
        exact = engines(chosen[places[-1]], [state_of(bound) for bound in bounds], np.float64)
        rounding = float(np.abs(exact - indices[places[-1]])[:, :3].max() / network.size.sum())
    combined, short, unsold, error = (indices / network.size.sum()).T
    return SystemicRisk(chosen, combined, short, unsold, error, rounding)


def _on_threads[Item](work: Callable[[Iterator[Item]], None], items: Sequence[Item], threads: int) -> None:
    """Let each thread take items from one list until there are none."""
    if threads == 1:
        work(iter(items))
        return
    shared = _OneByOne(items)
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, shared) for _ in range(threads)]:
            done.result()


class _OneByOne[Item](Iterator[Item]):
    """An iterator that threads may share."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = iter(items)
        self._lock = Lock()

    def __next__(self) -> Item:
        with self._lock:
            return next(self._items)


def _short(
    links: Influence, bound: Bound, failing: Indices, dtype: type[np.float32 | np.float64]
) -> tuple[Array, bool]:
    """Losses downstream when each firm of a batch fails alone, (n, k), and whether they came to rest."""
    told = np.repeat(bound.told.astype(dtype)[:, None], len(failing), axis=1)
    loss = np.empty_like(told)
    narrow = links._replace(source_weight=links.source_weight.astype(dtype))
    excess = bound.excess_of_markets
    return loss, sweep(narrow, failing, bound.patience, bound.excess, excess, bound.loss, told, loss, MOST_SWEEPS)
