"""Balancing: the matrix nearest to a given one whose rows and columns add up to stated totals.

RAS (Stone 1961; Bacharach 1970, Biproportional Matrices and Input-Output Change) scales rows and columns of a matrix
without negative cells. GRAS (Junius and Oosterhaven 2003, Economic Systems Research 15(1), with the objective of
Lenzen, Wood and Gallego 2007, 19(4)) does so with negative cells, whose size shrinks where the positive ones grow.
`update_table` brings a world table to other totals with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from serai.world.arrays import Array
from serai.world.table import WorldTable

TOLERANCE = 1e-9
MOST_STEPS = 2000


class CannotBalance(ValueError):
    """The totals contradict each other or the matrix; the message says which row or column."""


@dataclass(frozen=True, eq=False)
class Balanced:
    """A balanced matrix. `residual` is the largest miss of a total, relative to the largest total."""

    values: Array
    steps: int
    residual: float


def ras(
    seed: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
) -> Balanced:
    """The biproportional matrix r_i `seed`_ij s_j with these totals, shape of `seed`; cells that are 0 stay 0.

    Raises CannotBalance for a negative cell or total, for totals with different sums, for a row or column of zeros
    whose total is not 0, and where the totals are not met in time, which means that the zeros stand in the way.
    """
    cells = np.array(seed, dtype=np.float64)
    if (cells < 0).any():
        row, column = (int(index) for index in np.argwhere(cells < 0)[0])
        raise CannotBalance(f"Row {row}, column {column} is negative: {cells[row, column]:g}; take `gras`.")
    row_totals, column_totals = _checked_totals(cells, rows, columns)
    for kind, totals, sums in (("Row", row_totals, cells.sum(axis=1)), ("Column", column_totals, cells.sum(axis=0))):
        if (totals < 0).any():
            raise CannotBalance(f"{kind} {int((totals < 0).argmax())} has a negative total; take `gras`.")
        _refuse_first(kind, (sums == 0) & (totals > 0), "holds only zeros, so that it cannot add up to {:g}.", totals)
    scale = max(float(row_totals.max(initial=0)), float(column_totals.max(initial=0))) or 1.0
    residual = np.inf
    for steps in range(1, most_steps + 1):
        cells *= _factors(row_totals, cells.sum(axis=1))[:, None]
        cells *= _factors(column_totals, cells.sum(axis=0))
        residual = float(np.abs(cells.sum(axis=1) - row_totals).max()) / scale
        if residual <= tolerance:
            return Balanced(cells, steps, residual)
    raise _not_met(most_steps, residual, cells.sum(axis=1) - row_totals)


def gras(
    seed: ArrayLike,
    rows: ArrayLike,
    columns: ArrayLike,
    *,
    known: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
) -> Balanced:
    """The matrix r_i P_ij s_j - N_ij / (r_i s_j) with these totals, P and N the positive and negative part of `seed`.

    `known` (shape of `seed`, NaN where nothing is known) fixes cells or whole blocks; only the others are balanced.
    A row or column without a positive cell is met by its negative ones (Temurshoev, Miller and Bouwmeester 2013,
    Economic Systems Research 25(3)). Raises CannotBalance as `ras` does.
    """
    cells = np.array(seed, dtype=np.float64)
    row_totals, column_totals = _checked_totals(cells, rows, columns)
    fixed = np.zeros(cells.shape)
    if known is not None:
        stated = np.asarray(known, dtype=np.float64)
        if stated.shape != cells.shape:
            raise CannotBalance(f"The known cells have shape {stated.shape}, the matrix has {cells.shape}.")
        fixed = np.nan_to_num(stated)
        cells[~np.isnan(stated)] = 0
        row_totals, column_totals = row_totals - fixed.sum(axis=1), column_totals - fixed.sum(axis=0)
    positive, negative = np.maximum(cells, 0), np.maximum(-cells, 0)
    scale = max(float(np.abs(row_totals).max(initial=0)), float(np.abs(column_totals).max(initial=0))) or 1.0
    for kind, totals, sums in (
        ("Row", row_totals, np.abs(cells).sum(axis=1)),
        ("Column", column_totals, np.abs(cells).sum(axis=0)),
    ):
        stuck = (sums == 0) & (np.abs(totals) > tolerance * scale)
        _refuse_first(kind, stuck, "has no cell left to balance, so that it cannot add up to {:g}.", totals)
    s: Array = np.ones(len(column_totals))
    residual, balanced = np.inf, cells
    for steps in range(1, most_steps + 1):
        r = _root("Row", row_totals, positive @ s, negative @ (1 / s))
        s = _root("Column", column_totals, r @ positive, (1 / r) @ negative)
        balanced = r[:, None] * positive * s - negative / (r[:, None] * s)
        residual = float(np.abs(balanced.sum(axis=1) - row_totals).max()) / scale
        if residual <= tolerance:
            return Balanced(balanced + fixed, steps, residual)
    raise _not_met(most_steps, residual, balanced.sum(axis=1) - row_totals)


def update_table(
    table: WorldTable,
    *,
    output: ArrayLike | None = None,
    value_added: ArrayLike | None = None,
    final_demand: ArrayLike | None = None,
    tolerance: float = TOLERANCE,
    most_steps: int = MOST_STEPS,
) -> WorldTable:
    """The table brought by GRAS to another output and value added by cell, and final demand by column of F.

    `output` and `value_added` have shape (n,), `final_demand` (N*U,); what is not given stays as it is. The sum of
    final demand has to be the sum of value added. Raises CannotBalance.
    """
    x = table.x if output is None else np.asarray(output, dtype=np.float64)
    v = table.v if value_added is None else np.asarray(value_added, dtype=np.float64)
    final = table.F.sum(axis=0, dtype=np.float64) if final_demand is None else np.asarray(final_demand, np.float64)
    balanced = gras(
        np.hstack([table.Z, table.F]),
        x,
        np.concatenate([x - v, final]),
        tolerance=tolerance,
        most_steps=most_steps,
    )
    changed: Mapping[str, ArrayLike | None] = {
        "output": output,
        "value added": value_added,
        "final demand": final_demand,
    }
    names = ", ".join(name for name, given in changed.items() if given is not None) or "the same totals"
    sentence = f"Brought to {names} by GRAS in {balanced.steps} steps."
    return table.then(sentence, Z=balanced.values[:, : table.n], F=balanced.values[:, table.n :])


def _checked_totals(cells: Array, rows: ArrayLike, columns: ArrayLike) -> tuple[Array, Array]:
    row_totals, column_totals = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if cells.shape != (len(row_totals), len(column_totals)):
        raise CannotBalance(
            f"The matrix has shape {cells.shape}, but there are totals of {len(row_totals)} rows and "
            f"{len(column_totals)} columns."
        )
    for name, values in (("matrix", cells), ("rows' totals", row_totals), ("columns' totals", column_totals)):
        if not np.isfinite(values).all():
            raise CannotBalance(f"The {name} hold a number that is missing or infinite.")
    by_rows, by_columns = float(row_totals.sum()), float(column_totals.sum())
    if abs(by_rows - by_columns) > 1e-6 * max(float(np.abs(row_totals).sum()), float(np.abs(column_totals).sum())):
        raise CannotBalance(f"The rows add up to {by_rows:.9g} and the columns to {by_columns:.9g}, not to the same.")
    return row_totals, column_totals


def _refuse_first(kind: str, wrong: NDArray[np.bool_], claim: str, totals: Array) -> None:
    if wrong.any():
        position = int(wrong.argmax())
        raise CannotBalance(f"{kind} {position} {claim.format(totals[position])}")


def _factors(totals: Array, sums: Array) -> Array:
    return np.divide(totals, sums, out=np.zeros(len(totals)), where=sums > 0)


def _root(kind: str, totals: Array, positive: Array, negative: Array) -> Array:
    """The multipliers r with r p - n / r = total; 1 where a row has no cells."""
    roots = np.ones(len(totals))
    both = positive > 0
    squared = np.sqrt(totals**2 + 4 * positive * negative)
    # For a negative total the usual form of the root subtracts two near numbers; the other form does not.
    larger = totals + np.sign(np.where(totals == 0, 1, totals)) * squared
    plain = both & (totals >= 0)
    roots[plain] = larger[plain] / (2 * positive[plain])
    other = both & (totals < 0)
    roots[other] = -2 * negative[other] / larger[other]
    only_negative = ~both & (negative > 0)
    _refuse_first(
        kind, only_negative & (totals >= 0), "holds only negative cells, so that it cannot add up to {:g}.", totals
    )
    roots[only_negative] = -negative[only_negative] / totals[only_negative]
    _refuse_first(kind, both & ~(roots > 0), "holds only positive cells, so that it cannot add up to {:g}.", totals)
    return roots


def _not_met(steps: int, residual: float, misses: Array) -> CannotBalance:
    return CannotBalance(
        f"The totals are not met after {steps} steps (off by {residual:.1e} of the largest, most in row "
        f"{int(np.abs(misses).argmax())}): the cells that are 0 leave no such matrix, or allow more steps."
    )
