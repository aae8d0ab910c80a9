"""Hypothetical extraction: what the accounts say is gone when cells are taken out of the table.

Extracting the cells K (their sales, purchases and final demand) leaves output x - L_K L_KK^-1 x_K, where L_K are the
columns K of the Leontief inverse: one solve per extracted cell, no new factorisation and no inverse. World value added
falls by 1'z with L_KK z = x_K, because vc'L = 1'.
"""

from collections.abc import Iterable

import numpy as np
import scipy.linalg

from serai.world.shocks import Horizon, Losses, shock
from serai.world.table import Array, Indices, WorldTable

SOURCES = (
    "Paelinck, de Caevel and Degueldre (1965); Schultz (1977), Journal of Policy Modeling 1(1)",
    "Dietzenbacher and Lahr (2013), Expanding extractions, Economic Systems Research 25(3)",
)
TOLERANCE = 1e-13
MOST_STEPS = 200


@shock(
    "extraction",
    question="How much of the world's accounts hangs on these cells?",
    parameters={
        "countries": "countries to extract, all when left out",
        "industries": "industries to extract, likewise",
    },
    horizon=Horizon.ACCOUNTING,
    limits=(
        "Nothing is replaced: other suppliers, stocks and prices don't react.",
        "Buyers of what is gone make less by what they bought, not more: shortages don't stop them.",
    ),
    sources=SOURCES,
)
def extraction(
    table: WorldTable, countries: Iterable[str] | None = None, industries: Iterable[str] | None = None
) -> Losses:
    """Losses when the cells of these countries and these industries are gone with all they sell and buy."""
    cells = table.cells(countries, industries)
    output = output_lost(table, cells)

    def residual() -> float:
        left = table.x - output
        gap = left - table.inputs_for(left) - table.F.sum(axis=1, dtype=np.float64)
        gap[cells] = 0
        return float(np.abs(gap).max() / np.abs(table.x).max())

    return Losses(table.vc * output, output, residual)


def output_lost(table: WorldTable, cells: Indices) -> Array:
    """Gross output lost by cell when `cells` are extracted, shape (n,): L_K L_KK^-1 x_K."""
    columns = _leontief_columns(table, cells)
    lost: Array = columns @ scipy.linalg.solve(columns[cells], table.x[cells])
    lost[cells] = table.x[cells]
    return lost


def value_added_lost_by_cell(table: WorldTable) -> Array:
    """World value added lost when each single cell is extracted, shape (n,): x_j / L_jj."""
    return table.x / leontief_diagonal(table)


def output_lost_by_cell(table: WorldTable) -> Array:
    """World gross output lost when each single cell is extracted, shape (n,): (1'L)_j x_j / L_jj."""
    return table.solve_leontief_transposed(np.ones(table.n)) * table.x / leontief_diagonal(table)


def leontief_diagonal(table: WorldTable) -> Array:
    """The diagonal of the Leontief inverse, shape (n,), kept with the table.

    (I - A)^-1 = U^-1 T^-1 P' from the factors P T U: both triangles inverted cost half of the inverse, and no n x n
    product is made.
    """
    if _DIAGONAL not in vars(table):
        vars(table)[_DIAGONAL] = np.diag(table.L).copy() if "L" in vars(table) else _diagonal_of_inverse(table)
    diagonal: Array = vars(table)[_DIAGONAL]
    return diagonal


_DIAGONAL = "serai.world.shocks.extraction.leontief_diagonal"
_ROWS = 256
"""Rows of a product at a time, for the cache of the processor."""


def _diagonal_of_inverse(table: WorldTable) -> Array:
    factors, pivots = table._factors
    (trtri,) = scipy.linalg.get_lapack_funcs(("trtri",), (factors,))
    upper, _ = trtri(factors)
    lower, _ = trtri(factors, lower=1, unitdiag=1)
    for column in range(table.n):  # LAPACK leaves the other triangle as it was
        upper[column + 1 :, column] = 0
        lower[:column, column] = 0
        lower[column, column] = 1
    place = np.arange(table.n)
    for row, pivot in enumerate(pivots):
        place[[row, pivot]] = place[[pivot, row]]
    place = np.argsort(place)  # where each row of I - A went
    blocks = (slice(start, start + _ROWS) for start in range(0, table.n, _ROWS))
    return np.concatenate([(upper[rows] * lower[:, place[rows]].T).sum(axis=1) for rows in blocks])


def _leontief_columns(table: WorldTable, cells: Indices) -> Array:
    """Columns of the Leontief inverse, shape (n, k): read where it is at hand, solved for otherwise."""
    if "L" in vars(table):
        return table.L[:, cells]
    unit = np.zeros((table.n, len(cells)), order="F")
    unit[cells, np.arange(len(cells))] = 1
    return table.solve_leontief(unit)


def value_added_lost_by_country(table: WorldTable) -> Array:
    """World value added lost when each country is extracted, all at once, shape (N,).

    Solves L_KK z = x_K for all countries K together, preconditioned by the domestic I - A_KK: what leaves a country and
    comes home through others is small, so that a few solves with N right-hand sides give full precision. Raises
    ArithmeticError where they don't.
    """
    member = np.zeros((table.n, table.n_countries), order="F")
    member[np.arange(table.n), table.country_of] = 1
    scale = np.abs(table.x).max()
    z = np.zeros(table.n)
    missing = table.x
    for _ in range(MOST_STEPS):
        z = z + missing - _domestic_inputs(table, missing)
        home = table.solve_leontief(member * z[:, None])[np.arange(table.n), table.country_of]
        missing = table.x - home
        if np.abs(missing).max() <= TOLERANCE * table.n * scale:
            return table.by_country(z)
    raise ArithmeticError(
        "Extracting every country did not converge: the feedback between countries is too strong. Extract one by one."
    )


def _domestic_inputs(table: WorldTable, output: Array) -> Array:
    """Domestic inputs that `output` (n,) needs, country by country."""
    inputs = np.empty(table.n)
    for country in range(table.n_countries):
        own = table.block(country)
        inputs[own] = table.A[own, own] @ output[own]
    return inputs
