"""Flows packed into two bytes each: a code for 0, steps of 2 % below a bound, steps of .2 % above it.

Each matrix is two planes of bytes, row by row, which compress to under half a byte a flow.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array

LEAST = 1e-4
"""The smallest flow that is kept, in the table's unit."""
BOUND = 100.0
COARSE, FINE = 0.02, 0.002
FIRST_FINE = 2 + int(np.log(BOUND / LEAST) / np.log1p(COARSE))
"""The code of BOUND: the first one of the fine steps."""
MOST_CODES = 1 << 16


def pack(values: Array, name: str) -> tuple[Array, dict[str, NDArray[np.uint8]]]:
    """What `unpack` gives back for a matrix, and its planes by name. Raises ValueError for a flow out of range."""
    codes = np.zeros(values.shape, dtype=np.int64)
    small, large = (values >= LEAST) & (values < BOUND), values >= BOUND
    codes[small] = 1 + np.rint(np.log(values[small] / LEAST) / np.log1p(COARSE))
    codes[large] = FIRST_FINE + np.rint(np.log(values[large] / BOUND) / np.log1p(FINE))
    if (values < 0).any() or codes.max(initial=0) >= MOST_CODES:
        raise ValueError(f"{name} holds a flow that is negative or too large to be packed.")
    by_row = codes.astype(np.uint16).ravel()
    planes = {f"{name}_low": (by_row & 255).astype(np.uint8), f"{name}_high": (by_row >> 8).astype(np.uint8)}
    return unpack(planes, name, values.shape), planes


def unpack(planes: Mapping[str, NDArray[np.uint8]], name: str, shape: tuple[int, int]) -> Array:
    """The matrix of a packed file, float64."""
    codes = np.asarray(planes[f"{name}_high"]).astype(np.uint16)
    codes <<= 8
    codes |= planes[f"{name}_low"]
    values = np.zeros(MOST_CODES)
    values[1:FIRST_FINE] = LEAST * np.exp(np.arange(FIRST_FINE - 1) * np.log1p(COARSE))
    fine = np.arange(min(MOST_CODES - FIRST_FINE, int(codes.max(initial=0)) + 1))
    values[FIRST_FINE : FIRST_FINE + len(fine)] = BOUND * np.exp(fine * np.log1p(FINE))
    return values[codes].reshape(shape)
