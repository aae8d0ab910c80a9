"""How concentrated the makers of a node are, with the unknown remainder at both ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serai.world.arrays import Array, inverse

SINGLE_SOURCE = 0.7
"""Share of the largest maker from which a node has a single source."""

CONCENTRATED = 0.25
"""Herfindahl index from which the makers of a node are concentrated."""


@dataclass(frozen=True, eq=False)
class Concentration:
    """Of n nodes, all of shape (n,).

    `low` and `high` bound the Herfindahl index, `first` is the share of the largest maker, `first_three` of the
    largest three, `largest` the place of the largest maker, -1 where none is known.
    """

    low: Array
    high: Array
    first: Array
    first_three: Array
    largest: NDArray[np.intp]

    @property
    def single_source(self) -> NDArray[np.bool_]:
        """Whether the largest maker alone has the share SINGLE_SOURCE or more, by the low end."""
        return self.first >= SINGLE_SOURCE

    @property
    def concentrated(self) -> NDArray[np.bool_]:
        """Whether the Herfindahl index is CONCENTRATED or more, by the low end."""
        return self.low >= CONCENTRATED

    @property
    def effective_number(self) -> tuple[Array, Array]:
        """The effective number of countries, 1/H, low and high; 0 where no maker is known."""
        return inverse(self.high), inverse(self.low)


def concentration(named: Array, others: Array, unattributed: Array) -> Concentration:
    """Bounds from shares `named` (n, C) of countries and two kinds of unknown remainder, each (n,).

    Low: the squares of the named, as if each of the unknown were tiny. High: the others are one country, and the
    unattributed belongs to the largest.
    """
    ranked = -np.sort(-named, axis=1)
    first = ranked[:, 0] if named.shape[1] else np.zeros(len(named))
    low = (named**2).sum(axis=1)
    high = low - first**2 + (first + unattributed) ** 2 + others**2
    largest = np.where(first > 0, named.argmax(axis=1), -1) if named.shape[1] else np.full(len(named), -1)
    return Concentration(low, high, first, ranked[:, :3].sum(axis=1), largest)
