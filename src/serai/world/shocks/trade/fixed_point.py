"""Fixed points by Anderson acceleration: the next point is mixed from the last few, so that few evaluations suffice.

Anderson (1965), Journal of the ACM 12(4); the form is that of Walker and Ni (2011), SIAM Journal on Numerical Analysis
49(4), equation 2.2. The map may be any number of unknowns wide, as nothing but a few past points is kept.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from serai.world.table import Array

MEMORY = 8
"""Past steps that the next point is mixed from."""

LONGEST_STEP = 1.0
"""Largest change of an unknown in one step, here of a logarithm: a factor of e."""

WORSE = 10.0
"""Growth of the change over the smallest so far at which mixing has failed."""

SHORTEST = 0.01
"""Part of a plain step below which a search no longer goes back."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """The last point, the largest change that one more evaluation would make, and whether that is small enough."""

    point: Array
    change: float
    evaluations: int
    found: bool


def fixed_point(step: Callable[[Array], Array], start: Array, *, tolerance: float, most: int) -> FixedPoint:
    """The point that `step` leaves where it is, all unknowns in logarithms.

    Where mixing makes the change grow instead of fall, the memory is emptied and one plain step is taken.
    """
    point = start
    moves: deque[Array] = deque(maxlen=MEMORY)
    bends: deque[Array] = deque(maxlen=MEMORY)
    before: tuple[Array, Array] | None = None
    best, smallest, length, change = (start, start), np.inf, 1.0, np.inf
    for evaluation in range(1, most + 1):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a point that runs away ends the search
            residual = step(point) - point
        change = float(np.abs(residual).max(initial=0.0))
        if not np.isfinite(change):
            return FixedPoint(point, np.inf, evaluation, False)
        if change <= tolerance:
            return FixedPoint(point + residual, change, evaluation, True)
        if change > WORSE * smallest and length > SHORTEST:
            moves.clear()
            bends.clear()
            before, length = None, length / 2
            point = best[0] + length * np.clip(best[1], -LONGEST_STEP, LONGEST_STEP)
            continue
        if before is not None and (residual != before[1]).any():
            moves.append(point - before[0])
            bends.append(residual - before[1])
        if change < smallest:
            best, smallest = (point, residual), change
        before = (point, residual)
        point = point + np.clip(_mixed(residual, moves, bends), -LONGEST_STEP, LONGEST_STEP)
    return FixedPoint(point, change, most, False)


def _mixed(residual: Array, moves: deque[Array], bends: deque[Array]) -> Array:
    """The next step: the residual minus the change that past steps predict for it."""
    if not bends:
        return residual
    past = np.stack(bends)
    scale = np.linalg.norm(past, axis=1)
    past = past / scale[:, None]
    weights: np.ndarray[Any, Any] = np.linalg.lstsq(past @ past.T, past @ residual, rcond=1e-14)[0] / scale
    return residual - weights @ (np.stack(moves) + np.stack(bends))
