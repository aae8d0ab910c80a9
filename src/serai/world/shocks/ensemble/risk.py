"""Risk of an ensemble: expected loss, value at risk and expected shortfall, with intervals.

Losses are read in chunks, several times over, and never held all at once: what is needed of memory doesn't grow with
the number of draws.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from serai.world.shocks.ensemble.selection import order_statistics
from serai.world.table import Array

LEVEL = 0.95
INTERVAL = (0.025, 0.975)

FEWEST_IN_THE_TAIL = 10
"""Draws in the tail from which on its mean has an interval; fewer say nothing of what lies beyond the worst of them."""

type Chunks = Callable[[], Iterable[Array]]
"""A function that starts again at each call and yields losses (w, k), some draws at a time."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number for each of k losses, shape (k,), with the bounds of its interval of 95 %; NaN where none is known."""

    value: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Risk:
    """Risk of k losses: `expected`, `value_at_risk` (the loss that is exceeded with probability 1 - level at most) and
    `expected_shortfall`, CVaR, the mean of the worst 1 - level."""

    level: float
    draws: int
    expected: Estimate
    value_at_risk: Estimate
    expected_shortfall: Estimate


def risk(losses: Array | Chunks, *, level: float = LEVEL) -> Risk:
    """The risk of equally likely losses (W, k), given whole or as what begins to give them in chunks.

    CVaR splits the atom at the quantile (Rockafellar and Uryasev 2002, Journal of Banking and Finance 26(7)). Intervals
    are those of many draws: of the mean and of CVaR by the central limit theorem (Trindade et al. 2007, Journal of
    Banking and Finance 31(11)), of value at risk the losses between which the binomial law puts it. That of CVaR is NaN
    with fewer than `FEWEST_IN_THE_TAIL` draws in the tail. Raises ValueError for no draws or a level outside 0 to 1.
    """
    chunks = losses if callable(losses) else lambda: (losses,)
    draws, total = 0, np.zeros(1)
    for chunk in chunks():
        draws, total = draws + len(chunk), total + chunk.sum(axis=0)
    if draws == 0 or not 0 < level < 1:
        raise ValueError("Risk needs at least one draw, and a level above 0 and below 1.")
    tail = 1 - level
    mean = total / draws
    most, fewest = (int(binom.ppf(quantile, draws, tail)) for quantile in reversed(INTERVAL))
    worse = [int(np.ceil(tail * draws * (1 - 1e-12))) - 1, most, fewest - 1]
    ranks = draws - 1 - np.clip(worse, 0, draws - 1)
    at_risk, low, high = order_statistics(chunks, ranks, draws)
    spread, excess, excess_spread = (np.zeros_like(mean) for _ in range(3))
    for chunk in chunks():
        over = np.maximum(chunk - at_risk, 0)
        spread += ((chunk - mean) ** 2).sum(axis=0)
        excess += over.sum(axis=0)
        excess_spread += (over**2).sum(axis=0)
    beyond = excess / draws
    variance = np.maximum(excess_spread / draws - beyond**2, 0)
    sure = np.full(mean.shape, np.sqrt(1 / draws) if tail * draws >= FEWEST_IN_THE_TAIL else np.nan)
    error = np.sqrt(spread / max(draws - 1, 1) / draws) if draws > 1 else np.full(mean.shape, np.nan)
    return Risk(
        level,
        draws,
        _around(mean, error),
        Estimate(at_risk, low, high),
        _around(at_risk + beyond / tail, np.sqrt(variance) / tail * sure),
    )


def _around(value: Array, error: Array) -> Estimate:
    low, high = (float(norm.ppf(quantile)) for quantile in INTERVAL)
    return Estimate(value, value + low * error, value + high * error)
