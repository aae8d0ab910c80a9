"""Whether a table can be trusted, and the named steps that repair what real tables carry.

`balance_sheet` checks the identities of docs/method/tables.md and says in sentences what holds. Each step takes a
table and returns the table after it; `table.log` tells what was done, `table.previous` undoes it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from serai.registry import Registry
from serai.world.notebook import checks_html, title_html
from serai.world.table import Array, Check, WorldTable

type Step = Callable[[WorldTable], WorldTable]

STEPS: Registry[Step] = Registry("hygiene step")
"""The repairs by name. The trade engine, which needs repaired tables itself, adds "imbalances" when it is imported."""

INPUTS_AT_MOST = 0.98
"""Share of output that intermediate inputs may take after `cap_inputs`."""

HOME_SHARE_AT_LEAST = 1e-3
"""Share of a product's purchases that comes from home after `with_home_shares`."""

USUAL_STEPS = ("inventories", "idle", "inputs")
"""What a table needs before its coefficients are solved with, in this order."""


def step(name: str) -> Callable[[Step], Step]:
    """Declare a repair under its name."""

    def declare(function: Step) -> Step:
        STEPS.add(name, function)
        return function

    return declare


def repair(table: WorldTable, steps: Iterable[str] = USUAL_STEPS) -> WorldTable:
    """The table after these steps; one that finds nothing to do leaves no trace. Raises KeyError for an unknown one."""
    for name in steps:
        table = STEPS[name](table)
    return table


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


@step("net-inventories")
def without_net_inventories(table: WorldTable) -> WorldTable:
    """Changes in inventories are taken as sold to the same buyers as the rest: rows grow by x / (x - N), N becomes 0.

    The net-inventory correction of Antràs, Chor, Fally and Hillberry (2012). Output stays as it is. A table without a
    separate use for inventories, and a cell that sells nothing else, stay as they are too.
    """
    kept = table.x - table.net_inventories
    changed = (table.net_inventories != 0) & (kept > 0)
    if table.inventories is None or not changed.any():
        return table
    scale = np.where(changed, table.x / np.where(changed, kept, 1), 1)
    amount = float(np.abs(table.net_inventories[changed]).sum())
    F = table.F * scale[:, None].astype(table.F.dtype)
    F[changed, table.uses.index(table.inventories) :: len(table.uses)] = 0
    sentence = f"net-inventories: {amount:.6g} {table.unit} spread over the other sales of {int(changed.sum())} cells."
    return table.then(sentence, Z=table.Z * scale[:, None].astype(table.Z.dtype), F=F)


@step("idle")
def without_idle_inputs(table: WorldTable) -> WorldTable:
    """Cells without output buy nothing (A column 0, value added share 1); their suppliers make so much less."""
    idle = (table.x == 0) & table.Z.any(axis=0)
    if not idle.any():
        return table
    cells = ", ".join(" ".join(table.labels[cell]) for cell in np.flatnonzero(idle))
    return _rebuilt(table, table.A, table.F, f"idle: inputs of cells without output removed in {cells}")


@step("home-shares")
def with_home_shares(table: WorldTable) -> WorldTable:
    """Where next to nothing of a product is bought at home, every buyer gets 0.1 % of it from there, the rest less.

    Rounded tables say 0, whose logarithm makes a country lose everything without trade. What each buyer pays for each
    product stays as it is.
    """
    A, F = table.A.copy(), table.F.copy()
    n, N, S = table.n, table.n_countries, table.n_industries
    raised = []
    for country in range(N):
        own = table.block(country)
        uses = slice(country * len(table.uses), (country + 1) * len(table.uses))
        bought = table.Z[:, own].sum(axis=1, dtype=np.float64) + table.F[:, uses].sum(axis=1, dtype=np.float64)
        total = bought.reshape(N, S).sum(axis=0)
        low = np.flatnonzero((total > 0) & (bought[own] < HOME_SHARE_AT_LEAST * total))
        raised += [f"{table.countries[country]} {table.industries[industry]}" for industry in low]
        for industry in low:
            makers = np.arange(industry, n, S)
            for flows in (A[:, own], F[:, uses]):
                bought_here = flows[makers]
                _raise_share(bought_here, country)
                flows[makers] = bought_here
    if not raised:
        return table
    return _rebuilt(table, A, F, f"home-shares: raised to {HOME_SHARE_AT_LEAST:.1%} in {', '.join(raised)}")


def _raise_share(bought: Array, home: int) -> None:
    """Raise row `home` to its least share of each column in place; the other rows shrink in proportion."""
    total = bought.sum(axis=0)
    least = HOME_SHARE_AT_LEAST * total
    low = (total > 0) & (bought[home] < least)
    abroad = (total - bought[home])[low]
    bought[:, low] *= (total - least)[low] / abroad
    bought[home, low] = least[low]


def _rebuilt(table: WorldTable, A: Array, F: Array, sentence: str) -> WorldTable:
    """The balanced table with these coefficients and this final demand."""
    leontief = np.asfortranarray(-A)
    leontief.flat[:: table.n + 1] += 1
    x = scipy.linalg.solve(leontief, F.sum(axis=1, dtype=np.float64), overwrite_a=True, check_finite=False)
    change = _relative(x, table.x)
    return table.then(f"{sentence}; output changes by at most {change:.2e} of the largest.", Z=A * x, F=F)


@dataclass(frozen=True)
class BalanceSheet:
    """The checks of one table. `str()` gives one sentence a line."""

    table: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether every identity holds; what is merely unusual (an idle cell, a run-down stock) doesn't count."""
        return all(check.holds for check in self.checks)

    def _repr_html_(self) -> str:
        return title_html(self.table) + checks_html((check.holds, check.sentence) for check in self.checks)

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
        *whole.sign_checks,
    ]
    return BalanceSheet(repr(table).strip("<>"), tuple(checks))


def _relative(left: Array, right: Array) -> float:
    return float(np.abs(left - right).max() / np.abs(right).max())


def _identity(name: str, off: float, tolerance: float, claim: str) -> Check:
    holds = off <= tolerance
    return Check(name, holds, off, f"{claim}." if holds else f"{claim}: violated by {off:.2e} of the largest.")
