"""What an ensemble says: expected loss, value at risk, expected shortfall, and how sure these are."""

from dataclasses import dataclass

import numpy as np

from serai.world.table import Array

LEVEL = 0.95
REPLICATES = 500
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number for each of k losses, shape (k,), with the bounds of its bootstrap interval of 95 %."""

    value: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Risk:
    """Risk of k losses: `expected`, `value_at_risk` (the loss that is exceeded with probability 1 - level at most) and
    `expected_shortfall`, CVaR, the mean of the worst 1 - level."""

    level: float
    expected: Estimate
    value_at_risk: Estimate
    expected_shortfall: Estimate


def risk(loss: Array, *, level: float = LEVEL, replicates: int = REPLICATES, seed: int = 0) -> Risk:
    """The risk of losses (W, k) from W equally likely draws, with percentile bootstrap intervals.

    Raises ValueError for no draws or a level outside 0 to 1.
    """
    draws = len(loss)
    if draws == 0 or not 0 < level < 1:
        raise ValueError("Risk needs at least one draw, and a level above 0 and below 1.")
    random = np.random.default_rng(seed)
    counts = random.multinomial(draws, np.full(draws, 1 / draws), size=replicates) / draws
    weights = np.concatenate([np.full((1, draws), 1 / draws), counts])
    found = np.array([weighted_risk(loss[:, column], weights, level) for column in range(loss.shape[1])])
    estimates = []
    for measure in range(found.shape[1]):
        low, high = np.quantile(found[:, measure, 1:], INTERVAL, axis=1)
        estimates.append(Estimate(found[:, measure, 0], low, high))
    return Risk(level, *estimates)


def weighted_risk(loss: Array, weights: Array, level: float) -> Array:
    """Expected loss, value at risk and expected shortfall of losses (W,) under each row of weights (R, W), as (3, R).

    Rockafellar and Uryasev (2002), Journal of Banking and Finance 26(7): the atom at the quantile is split.
    """
    order, tail = np.argsort(-loss, kind="stable"), 1 - level
    most = (
        int(2 * tail * len(loss)) + 50
    )  # of the worst losses; more are looked at only where these don't fill the tail
    while True:
        worst = order[:most]
        mass = np.cumsum(weights[:, worst], axis=1)
        if most >= len(loss) or (mass[:, -1] >= tail).all():
            break
        most *= 2
    taken = np.diff(np.minimum(mass, tail), axis=1, prepend=0)
    last = np.minimum((mass < tail * (1 - 1e-12)).sum(axis=1), len(worst) - 1)
    return np.stack([weights @ loss, loss[worst][last], taken @ loss[worst] / tail])
