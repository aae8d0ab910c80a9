"""Whether a table can be trusted, and the named steps that repair what real tables carry.

`balance_sheet` checks the identities of measures.md section 1 and says in sentences what holds. Each step takes a table
and returns the table after it; `table.log` tells what was done, `table.previous` undoes it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from serai.registry import Registry
from serai.world.table import Array, WorldTable

type Step = Callable[[WorldTable], WorldTable]

STEPS: Registry[Step] = Registry("hygiene step")
"""The repairs by name."""

INPUTS_AT_MOST = 0.98
"""Share of output that intermediate inputs may take after `cap_inputs`."""


def step(name: str) -> Callable[[Step], Step]:
    """Declare a repair under its name."""

    def declare(function: Step) -> Step:
        STEPS.add(name, function)
        return function

    return declare


@step("inventories")
def without_negative_demand(table: WorldTable) -> WorldTable:
    """Negative final demand (inventories run down) becomes zero and output is solved anew: x = L f, Z = A xhat.

    Costinot and Rodríguez-Clare 2014, online appendix. Input coefficients stay as they are.
    """
    negative = table.F < 0
    if not negative.any():
        return table
    removed = -float(table.F[negative].sum(dtype=np.float64))
    F = np.maximum(table.F, 0)
    return _rebuilt(
        table,
        table.A,
        F,
        f"inventories: {int(negative.sum())} negative final demands ({removed:.6g} {table.unit}) set to 0",
    )


@step("inputs")
def cap_inputs(table: WorldTable) -> WorldTable:
    """Cells whose inputs exceed 98 % of output (value added negative or nearly so) buy proportionally less of each."""
    shares = table.A.sum(axis=0, dtype=np.float64)
    over = shares > INPUTS_AT_MOST
    if not over.any():
        return table
    A = table.A * np.where(over, INPUTS_AT_MOST / np.where(over, shares, 1), 1).astype(table.A.dtype)
    cells = ", ".join(" ".join(table.labels[cell]) for cell in np.flatnonzero(over))
    return _rebuilt(table, A, table.F, f"inputs: capped at {INPUTS_AT_MOST:.0%} of output in {cells}")


def _rebuilt(table: WorldTable, A: Array, F: Array, sentence: str) -> WorldTable:
    """The balanced table with these coefficients and this final demand."""
    leontief = np.asfortranarray(-A)
    leontief.flat[:: table.n + 1] += 1
    x = scipy.linalg.solve(leontief, F.sum(axis=1, dtype=np.float64), overwrite_a=True, check_finite=False)
    change = _relative(x, table.x)
    return table.then(f"{sentence}; output changes by at most {change:.2e} of the largest.", Z=A * x, F=F)


@dataclass(frozen=True)
class Check:
    """One identity or expectation, whether it holds and how far off it is relative to the size of what is compared."""

    name: str
    holds: bool
    off: float
    sentence: str


@dataclass(frozen=True)
class BalanceSheet:
    """The checks of one table. `str()` gives one sentence a line."""

    table: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every identity holds; what is merely unusual (an idle cell, a run-down stock) doesn't count."""
        return all(check.holds for check in self.checks)

    def __str__(self) -> str:
        return "\n".join([self.table, *(f"{'+' if check.holds else '-'} {check.sentence}" for check in self.checks)])


def balance_sheet(table: WorldTable) -> BalanceSheet:
    """Check the identities of a table: totals, vc'L = 1', 1'O = 1'F, spectral radius of A below 1, signs.

    The spectral radius is bounded without an eigenvalue: y = L1 > 0 proves it, and it is at most 1 - 1/max y
    (Collatz and Wielandt).
    """
    whole = table.on(None)
    tolerance = float(1e3 * np.finfo(table.Z.dtype).eps * table.n**0.5)
    multiplier = whole.solve_leontief_transposed(whole.vc)
    outputs = whole.solve_leontief(np.ones(whole.n))
    demanded = whole.final.sum(axis=0)
    radius = 1 - 1 / outputs.max() if outputs.min() > 0 else np.inf
    totals = _relative(np.array([whole.final.sum()]), np.array([whole.v.sum()]))
    satisfied = _relative(whole.output_by_destination.sum(axis=1), whole.x)
    embodied = _relative(whole.origins.sum(axis=0), demanded)
    unit_content = float(np.abs(multiplier - 1).max())
    checks = [
        _identity("totals", totals, tolerance, "World final demand equals world value added"),
        _identity("output", satisfied, tolerance, "Output is what final demand needs: x = L f"),
        _identity("content", unit_content, tolerance, "A unit of final output is made of value added only: vc'L = 1'"),
        _identity(
            "origins", embodied, tolerance, "Value added by origin adds up to each country's final demand: 1'O = 1'F"
        ),
        Check(
            "productive",
            bool(radius < 1),
            float(radius),
            f"The economy is productive: the spectral radius of A is at most {radius:.3f}."
            if radius < 1
            else "The economy is not productive: some chain of inputs needs more than it makes.",
        ),
        _count(whole, "negative flows", (whole.Z < 0).any(axis=1), "with a negative intermediate flow", fatal=True),
        _count(
            whole,
            "negative final demand",
            (whole.F < 0).any(axis=1),
            "with a negative final demand (inventories run down)",
        ),
        _count(whole, "negative value added", whole.v < 0, "with negative value added"),
        _count(whole, "negative output", whole.x < 0, "with negative output", fatal=True),
        _count(whole, "no output", whole.x == 0, "without output"),
    ]
    return BalanceSheet(repr(table).strip("<>"), tuple(checks))


def _relative(left: Array, right: Array) -> float:
    return float(np.abs(left - right).max() / np.abs(right).max())


def _identity(name: str, off: float, tolerance: float, claim: str) -> Check:
    holds = off <= tolerance
    return Check(name, holds, off, f"{claim}." if holds else f"{claim}: violated by {off:.2e} of the largest.")


def _count(
    table: WorldTable, name: str, found: np.ndarray[tuple[int], np.dtype[np.bool_]], what: str, *, fatal: bool = False
) -> Check:
    cells = np.flatnonzero(found)
    if not len(cells):
        return Check(name, True, 0.0, f"No cell {what}.")
    named = ", ".join(" ".join(table.labels[cell]) for cell in cells[:3])
    more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
    return Check(name, not fatal, len(cells) / table.n, f"{len(cells)} of {table.n} cells {what}: {named}{more}.")
