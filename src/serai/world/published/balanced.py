"""The example of GRAS, as it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from serai.world.balancing import gras
from serai.world.published import quantity
from serai.world.table import Array


@dataclass(frozen=True, eq=False)
class Example:
    """A matrix and the totals that it is brought to."""

    seed: Array
    rows: Array
    columns: Array


def read_example() -> Example:
    """The matrix of Junius and Oosterhaven (2003) with negative entries."""
    seed = np.array([[7.0, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]])
    return Example(seed, np.array([15.0, 26, -1]), np.array([9.0, 16, 17, -2]))


@quantity("balanced by GRAS")
def balanced_by_gras(example: Example) -> Mapping[str, float]:
    """The balanced matrix, cell by cell, rows and columns counted from 1."""
    values = gras(example.seed, example.rows, example.columns).values
    return {f"row {i + 1}, column {j + 1}": float(value) for (i, j), value in np.ndenumerate(values)}
