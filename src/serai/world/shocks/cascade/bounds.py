"""The two bounds between which the active-set engine encloses a cascade; see `active`."""

import numpy as np

from serai.world.shocks.cascade.active import Bound
from serai.world.shocks.cascade.batched import sweep
from serai.world.shocks.cascade.influence import Influence
from serai.world.table import Array

PATIENCE_OF_MARKETS = 1e-4
"""Relative change of a market's supply that need not be passed on."""

MOST_SWEEPS = 200
ATTEMPTS = 4


def lower_bound(links: Influence, patience: float, of_markets: float = PATIENCE_OF_MARKETS) -> Bound:
    """Nothing lost before the failure; a change of less than `patience` of a firm's output is not passed on."""
    left, share = _markets(links)
    nothing, groups = np.zeros(len(links.size)), len(links.first_source) - 1
    return Bound(patience * share, nothing, of_markets, 0.0, np.zeros(groups), nothing, nothing, left, left)


def upper_bound(links: Influence, tolerance: float) -> tuple[Bound | None, float]:
    """A bound whose background loses at most `tolerance` of all output, and that output; None where there is none."""
    whole = float(links.size.sum())
    step, background = tolerance, np.inf
    for _attempt in range(ATTEMPTS):
        backdrop = _background(links, step)
        if backdrop is None:
            return None, 0.0
        background = float(links.size @ backdrop.loss)
        if background <= tolerance * whole:
            break
        step *= 0.5 * tolerance * whole / background
    return backdrop, background


def _background(links: Influence, step: float) -> Bound | None:
    """The equations solved with every firm telling between half of `step` and `step` of its share too much."""
    left, share = _markets(links)
    n, nothing = len(links.size), np.zeros(len(links.size))
    excess = step * share
    told, loss = excess[:, None].copy(), np.zeros((n, 1))
    nobody = np.array([-1])
    if not sweep(links, nobody, -excess / 2, excess, PATIENCE_OF_MARKETS, nothing, told, loss, MOST_SWEEPS):
        return None
    told, loss = told[:, 0], loss[:, 0]
    missing = np.add.reduceat(np.append(links.source_weight * told[links.source], 0.0), links.first_source[:-1])
    traded = links.market >= 0
    left = left - np.bincount(links.market[traded], (links.size * loss)[traded], len(left))
    seen = np.maximum(left, 0) * (1 - PATIENCE_OF_MARKETS)
    return Bound(nothing, excess, 0.0, PATIENCE_OF_MARKETS, missing, loss, told, left, seen)


def _markets(links: Influence) -> tuple[Array, Array]:
    """Supply of each market before anything fails, and each firm's share in it; 1 for a firm without a market."""
    traded = links.market >= 0
    left = np.bincount(links.market[traded], links.size[traded], len(links.market_start) - 1)
    whole = np.where(traded, np.append(left, 1.0)[links.market], links.size)
    return left, np.divide(links.size, whole, out=np.ones(len(whole)), where=whole > 0)
