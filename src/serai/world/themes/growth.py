"""The growth of a theme between two years: the geometric mean of the relatives of its indicators.

The geometric mean is the only mean of relatives that meets the tests of time reversal and of circularity, and that does
not change with the unit of an indicator (Balk 2008, Price and Quantity Index Numbers, chapter 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Growth:
    """A theme's level against its base year, which is 1, with every weight the same.

    `low` and `high` are the lowest and the highest value that any choice of weights gives. The weighted geometric mean
    is monotone in each weight, so these are the smallest and the largest relative. `relatives` are by indicator, turned
    round where less is better; `weight` is that of each.
    """

    value: float
    low: float
    high: float
    relatives: Mapping[str, float]

    @property
    def weight(self) -> float:
        return 1 / len(self.relatives)


def geometric_mean(relatives: ArrayLike, weights: Sequence[float] | None = None) -> float:
    """The weighted geometric mean of positive numbers, shape (K,); weights need not sum to one.

    Raises ValueError where a number is not positive, or where no weight is.
    """
    numbers = np.asarray(relatives, dtype=float)
    shares = np.ones_like(numbers) if weights is None else np.asarray(weights, dtype=float)
    if not numbers.size or not np.all(numbers > 0):
        raise ValueError("A geometric mean is of positive numbers.")
    if np.any(shares < 0) or shares.sum() <= 0:
        raise ValueError("Weights are not negative, and one of them is above zero.")
    return float(np.exp(np.log(numbers) @ (shares / shares.sum())))


def growth(relatives: Mapping[str, float]) -> Growth:
    """The growth of a theme from the relatives of its indicators. Raises ValueError where one is not positive."""
    values = list(relatives.values())
    return Growth(geometric_mean(values), min(values), max(values), dict(relatives))
