"""Exact order statistics of numbers that do not fit in memory, found in several passes.

Radix selection: the bits of a double, suitably turned, sort as whole numbers. Each pass counts how many numbers begin
with which bits and so learns `DIGIT` more bits of the one that is sought, until those that are left are few enough to
be held and sorted.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from serai.world.table import Array

HELD = 2**18
"""Numbers that are held at once at most, over all columns and ranks."""

DIGIT, ALL = 11, 64
"""Bits that a pass learns, and those that a number has."""

SIGN = np.uint64(1 << 63)

type Keys = NDArray[np.uint64]


def order_statistics(
    chunks: Callable[[], Iterable[Array]], ranks: NDArray[np.int64], count: int, *, held: int = HELD
) -> Array:
    """The numbers of these `ranks` (R,), from 0 for the smallest, in each of k columns: shape (R, k).

    `chunks` begins anew to give `count` rows of the columns, some at a time; none is NaN. Memory: some `held` numbers,
    and 2**`DIGIT` counts a rank and column, however many rows there are.
    """
    columns = next(iter(chunks())).shape[1]
    rank = np.repeat(np.asarray(ranks, dtype=np.int64)[:, None], columns, axis=1)
    prefix = np.zeros(rank.shape, dtype=np.uint64)
    inside, known_bits = np.full(rank.shape, count), 0
    while known_bits < ALL and inside.sum() > held:
        width = min(DIGIT, ALL - known_bits)
        counted = np.zeros((*rank.shape, 1 << width), dtype=np.int64)
        for chunk in chunks():
            keys = _keys(chunk)
            digit = (keys >> np.uint64(ALL - known_bits - width)) & np.uint64((1 << width) - 1)
            place = np.arange(columns)[None, :] << width | digit.astype(np.int64)
            for row, wanted in enumerate(prefix):
                bins = place[_begins(keys, wanted, known_bits)]
                counted[row] += np.bincount(bins, minlength=columns << width).reshape(columns, -1)
        upto = counted.cumsum(axis=2)
        step = (upto <= rank[:, :, None]).sum(axis=2)
        at = step[:, :, None]
        inside = np.take_along_axis(counted, at, axis=2)[:, :, 0]
        rank = rank - (np.take_along_axis(upto, at, axis=2)[:, :, 0] - inside)
        prefix = prefix << np.uint64(width) | step.astype(np.uint64)
        known_bits += width
    return _values(prefix) if known_bits == ALL else _sorted(chunks, prefix, known_bits, rank)


def _sorted(chunks: Callable[[], Iterable[Array]], prefix: Keys, known_bits: int, rank: NDArray[np.int64]) -> Array:
    """The numbers of these ranks among those that begin with `prefix`, by holding these."""
    columns = prefix.shape[1]
    kept: list[list[tuple[Array, NDArray[np.intp]]]] = [[] for _ in prefix]
    for chunk in chunks():
        keys = _keys(chunk)
        for row, wanted in enumerate(prefix):
            match = _begins(keys, wanted, known_bits)
            kept[row].append((chunk[match], np.nonzero(match)[1]))
    selected = np.empty(prefix.shape)
    for row, matches in enumerate(kept):
        values, column = (np.concatenate(part) for part in zip(*matches, strict=True))
        order = np.lexsort((values, column))
        first = np.searchsorted(column[order], np.arange(columns))
        selected[row] = values[order][first + rank[row]]
    return selected


def _begins(keys: Keys, wanted: Keys, known_bits: int) -> NDArray[np.bool_]:
    """Which keys (w, k) begin with the `known` bits `wanted` (k,)."""
    return np.ones(keys.shape, dtype=bool) if known_bits == 0 else (keys >> np.uint64(ALL - known_bits)) == wanted


def _keys(values: Array) -> Keys:
    """Whole numbers in the order of these doubles; the two zeros are one."""
    bits = (values + 0.0).view(np.uint64)
    return np.where(bits & SIGN, ~bits, bits | SIGN)


def _values(keys: Keys) -> Array:
    """The doubles of these keys."""
    values: Array = np.where(keys & SIGN, keys ^ SIGN, ~keys).view(np.float64)
    return values
