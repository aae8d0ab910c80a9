"""Who supplies whom with a node: known trade, or iterative proportional fitting of a seed to two margins.

Deming and Stephan (1940), Annals of Mathematical Statistics 11(4); Bacharach (1970), Biproportional Matrices and
Input-Output Change. Only the pattern of a seed counts: a factor per row or column is fitted away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from serai.world.arrays import Array, frozen, share

TOLERANCE = 1e-9
"""Largest distance of a fitted margin from the one wanted, both sum to 1."""

MOST_STEPS = 2_000


@dataclass(frozen=True, eq=False)
class Flows:
    """`shares` (n, K, K): node, origin, destination; what each destination uses of a node by origin, sums to 1.

    `steps` (n,) of the fitting, 0 where trade is known, and `residual` (n,), the largest distance from a margin.
    """

    shares: Array
    steps: Array
    residual: Array


def fitted(makers: Array, use: Array, affinity: Array, trade: Mapping[int, Array]) -> Flows:
    """Flows of n nodes between K countries.

    `makers` (n, K) and `use` (n, K) are the margins, each sums to 1 over the countries; `affinity` (n, K, K) is the
    seed, above 0; `trade` holds what is known of it, (K, K), by node. A destination that uses nothing has the pattern
    that its seed and the makers' factors give.
    """
    rows = np.where(makers > 0, makers, 0.0)
    to, steps, residual = _scaled(rows, use, affinity)
    shares = to[:, :, None] * affinity
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    for node, sent in trade.items():
        arriving = sent.sum(axis=0)
        shares[node] = np.where(arriving > 0, share(sent, arriving), shares[node])
        steps[node] = residual[node] = 0
    return Flows(frozen(shares), frozen(steps), frozen(residual))


def _scaled(rows: Array, columns: Array, affinity: Array) -> tuple[Array, Array, Array]:
    """The factors of the rows (n, K) that fit the seeds to both margins, the steps and the residuals, each (n,).

    Node by node: only the rows of its makers take part, and these are few of all countries.
    """
    n = len(rows)
    to, steps, residual = np.zeros_like(rows), np.zeros(n), np.zeros(n)
    for node in range(n):
        makers = np.flatnonzero(rows[node] > 0)
        seed, wanted = np.ascontiguousarray(affinity[node, makers]), rows[node, makers]
        factor: Array = np.ones(len(makers))
        for step in range(1, MOST_STEPS + 1):
            sent = seed @ share(columns[node], factor @ seed)
            steps[node], residual[node] = step, np.abs(factor * sent - wanted).max(initial=0.0)
            factor = share(wanted, sent)
            if residual[node] <= TOLERANCE:
                break
        to[node, makers] = factor
    return to, steps, residual


def trade_matrix(trade: Array, production: Array) -> Array:
    """Trade (K, K) with domestic supply on the diagonal where none is stated: production less exports, at least 0."""
    abroad = trade.copy()
    np.fill_diagonal(abroad, 0)
    at_home = np.where(np.diag(trade) > 0, np.diag(trade), np.maximum(production - abroad.sum(axis=1), 0))
    whole: Array = abroad + np.diag(at_home)
    return whole
