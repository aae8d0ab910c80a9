"""Congestion: lists for firms with little time, by matching with transferable utility.

Lists by score alone send all to the same few firms, which cannot answer so many. The matching of Choo and Siow (2006,
Journal of Political Economy 114(1)) spreads the meetings: each firm has a capacity, and the expected meetings of a pair
are mu_ij = sqrt(mu_i0 mu_0j) exp(surplus_ij / 2t), where mu_i0 is the capacity that stays free and t the spread of
tastes that the scores do not contain. Tomita, Togashi and Moriwaki (2022, RecSys) rank by mu_ij. The margins are solved
by proportional fitting (Galichon and Salanié 2022, Review of Economic Studies 89(5)) on the candidate pairs alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

LARGEST_EXPONENT = 300.0
"""Largest surplus over twice the temperature: the square of e^300 is still a finite number."""


@dataclass(frozen=True)
class Matching:
    """Expected meetings of each candidate pair, `expected` (n, m); `free` capacity of the rows (n,) and columns (m,).

    `residual` is the largest gap between the capacity of a row or column and what its meetings and free capacity add up
    to, as a share of the capacity. Where it is above `tolerance`, `converged` is False. Where hardly any capacity stays
    free, single small meetings are known less exactly than these sums.
    """

    expected: sparse.csr_array
    free_rows: Floats
    free_columns: Floats
    residual: float
    iterations: int
    tolerance: float

    @property
    def converged(self) -> bool:
        return self.residual <= self.tolerance


def match(
    surplus: sparse.csr_array,
    *,
    rows: ArrayLike = 1.0,
    columns: ArrayLike = 1.0,
    temperature: float = 0.05,
    tolerance: float = 1e-9,
    most_iterations: int = 2_000,
) -> Matching:
    """The matching of rows and columns with these capacities; only the entries of `surplus` (n, m) are candidates.

    A `surplus` is what both sides gain together, such as the sum of their scores; one of 0 has to be an entry all the
    same. A high `temperature` spreads the meetings more, a low one follows the surplus. Raises ValueError for a
    capacity or temperature that is not positive, and for a surplus that is not finite or too large for the temperature.
    """
    capacity = [_capacity(rows, surplus.shape[0], "row"), _capacity(columns, surplus.shape[1], "column")]
    if temperature <= 0:
        raise ValueError(f"The temperature is {temperature:g}; give one above 0, such as 0.05.")
    exponent = surplus.data / (2 * temperature)
    if not np.all(np.abs(exponent) <= LARGEST_EXPONENT):
        raise ValueError(
            f"A surplus is not a number, or larger than {2 * LARGEST_EXPONENT:g} times the temperature; scale it to 1."
        )
    attraction = sparse.csr_array((np.exp(exponent), surplus.indices, surplus.indptr), shape=surplus.shape)
    of_columns = attraction.T.tocsr()
    row_part, column_part = _parts(surplus)

    # The unknowns are the square roots of what stays free.
    of_column = np.sqrt(capacity[1])
    pull = attraction @ of_column
    residual, iteration = np.inf, 0
    while iteration < most_iterations and not residual <= tolerance:
        iteration += 1
        of_row = _square_root_free(pull, capacity[0])
        of_column = _square_root_free(of_columns @ of_row, capacity[1])
        scale = _scale(of_row, of_column, capacity, row_part, column_part)
        of_row, of_column = of_row * scale[row_part], of_column / scale[column_part]
        pull = attraction @ of_column
        residual = max(_gap(of_row, pull, capacity[0]), _gap(of_column, of_columns @ of_row, capacity[1]))
    data = attraction.data * np.repeat(of_row, np.diff(attraction.indptr)) * of_column[attraction.indices]
    return Matching(
        expected=sparse.csr_array((data, surplus.indices, surplus.indptr), shape=surplus.shape),
        free_rows=of_row**2,
        free_columns=of_column**2,
        residual=residual,
        iterations=iteration,
        tolerance=tolerance,
    )


def _parts(surplus: sparse.csr_array) -> tuple[Integers, Integers]:
    """The connected part of the candidate graph in which each row and each column is."""
    n, m = surplus.shape
    column = surplus.indices.astype(np.int64) + n
    graph = sparse.csr_array(
        (np.ones(len(column), dtype=np.int8), column, np.append(surplus.indptr, [surplus.nnz] * m)),
        shape=(n + m, n + m),
    )
    part: Integers = csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return part[:n], part[n:]


def _scale(
    of_row: Floats, of_column: Floats, capacity: list[Floats], row_part: Integers, column_part: Integers
) -> Floats:
    """The c of each part with which c x rows and columns / c leave free what the capacities of the part differ by.

    The meetings are the same for any c, so fitting the margins in turn finds it last: where nearly all capacity is
    used up the plain iteration needs thousands of rounds, with this step some ten.
    """
    parts = 1 + max(row_part.max(initial=-1), column_part.max(initial=-1))
    rows = np.bincount(row_part, of_row**2, parts)
    columns = np.bincount(column_part, of_column**2, parts)
    more = np.bincount(row_part, capacity[0], parts) - np.bincount(column_part, capacity[1], parts)
    root = np.sqrt(more**2 + 4 * rows * columns)
    # Of the two forms of the root of rows x c^2 - columns / c^2 = more, the one that subtracts nothing.
    square = np.where(
        more >= 0,
        (more + root) / np.where(rows > 0, 2 * rows, 1),
        2 * columns / np.where(more < 0, root - more, 1),
    )
    scale: Floats = np.sqrt(np.where((rows > 0) & (columns > 0), square, 1))
    return scale


def _gap(of_own: Floats, pull: Floats, capacity: Floats) -> float:
    return float(np.max(np.abs(of_own * (of_own + pull) / capacity - 1), initial=0.0))


def _square_root_free(pull: Floats, capacity: Floats) -> Floats:
    """The root x of x^2 + x pull = capacity in the form that subtracts nothing: a strong pull loses no digits."""
    half = pull / 2
    root: Floats = capacity / (np.sqrt(capacity + half**2) + half)
    return root


def _capacity(given: ArrayLike, size: int, what: str) -> Floats:
    capacity = np.broadcast_to(np.asarray(given, dtype=np.float64), (size,))
    if not np.all((capacity > 0) & np.isfinite(capacity)):
        wrong = int(np.argmin((capacity > 0) & np.isfinite(capacity)))
        raise ValueError(
            f"The capacity of {what} {wrong} is {capacity[wrong]:g}; give a number above 0, or leave it out."
        )
    return capacity
