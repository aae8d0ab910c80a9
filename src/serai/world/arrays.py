"""Types of arrays, and quotients that give NaN or 0 where a denominator is zero."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]
type Indices = NDArray[np.intp]


def ratio(numerator: Array, denominator: Array) -> Array:
    """numerator / denominator, and NaN (undefined) where the denominator is zero."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    out: Array = np.full(numerator.shape, np.nan)
    return np.divide(numerator, denominator, out=out, where=denominator != 0)


def quotient(numerator: float | np.floating[Any], denominator: float | np.floating[Any]) -> float:
    """`ratio` of two numbers."""
    return float(numerator / denominator) if denominator else float("nan")


def share(part: Array, whole: Array) -> Array:
    """part / whole, and 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole != 0)


def inverse(values: Array) -> Array:
    """1 / values, and 0 where a value is 0."""
    return np.divide(1.0, values, out=np.zeros(values.shape), where=values != 0)


def frozen[Values: np.ndarray[Any, Any]](values: Values) -> Values:
    """The same array, read-only from now on."""
    values.flags.writeable = False
    return values
