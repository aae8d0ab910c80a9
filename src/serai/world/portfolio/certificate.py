"""How far a choice can be from the best one: the exact problem as a mixed integer programme, solved by HiGHS.

With continuous h and y <= h_supplier, y <= s, the largest h under the linear constraints is the fixed point, so the
programme is the problem itself; its dual bound certifies the gap even where time runs out.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse

from serai.world.portfolio.backup import Backup
from serai.world.portfolio.choice import Limits
from serai.world.table import Indices

MOST_ROWS = 60_000
"""A programme with more constraints is not tried; all links together bound the value then."""


@dataclass(frozen=True)
class Certificate:
    """No set within the limits saves more than `bound`; `links` is the best one known to the programme, if any.

    `method` says how the bound was found.
    """

    bound: float
    method: str
    links: tuple[int, ...] | None


class _Rows:
    """Constraints sum of coefficient x variable <= limit, gathered entry by entry."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, Any, Any]] = []
        self.limits: list[float] = []

    def add(self, columns: Any, coefficients: Any, limit: float) -> None:
        self.entries.append((np.full(len(columns), len(self.limits)), columns, coefficients))
        self.limits.append(limit)

    def matrix(self, width: int) -> scipy.sparse.csr_array:
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        return scipy.sparse.csr_array((values, (rows, columns)), shape=(len(self.limits), width))


def _add_scenario(rows: _Rows, problem: Backup, pairs: Indices, w: int) -> None:
    """The model in scenario w. Variables, each by scenario: levels, arrivals of `pairs`, backups; then the switches."""
    inputs, solved, links = problem.inputs, problem.risk.solved, problem.links
    n, scenarios = solved.h.shape
    k, arrival = len(links), n * scenarios
    backup = arrival + len(pairs) * scenarios
    shares = inputs.shares[:, inputs.place]  # makers in the order of the products, buyers in that of the table
    others: dict[int, list[tuple[int, float]]] = {j: [] for j in range(n)}
    for number, (p, j) in enumerate(pairs):
        block = np.arange(inputs.first[p], inputs.first[p + 1])
        block = block[shares[block, j] > 0]
        mine = np.flatnonzero((links.buyer == j) & (problem.product == p))
        q, kappa = arrival + number * scenarios + w, solved.irreplaceable[p, j]
        columns = [q, *(inputs.order[block] * scenarios + w), *(backup + mine * scenarios + w)]
        rows.add(columns, [1.0, *(-shares[block, j]), *(-links.share[mine])], 0.0)
        if solved.essential[p, j]:
            rows.add([j * scenarios + w, q], [1.0, -kappa], 1.0 - kappa)
        else:
            others[j].append((q, inputs.needs[p, inputs.place[j]] * kappa))
    for j, bundle in others.items():
        weights = [weight for _, weight in bundle]
        columns = [j * scenarios + w, *(q for q, _ in bundle)]
        rows.add(columns, [1.0, *(-weight for weight in weights)], 1.0 - sum(weights))
    for c in range(k):
        y = backup + c * scenarios + w
        rows.add([y, links.supplier[c] * scenarios + w], [1.0, -1.0], 0.0)
        rows.add([y, backup + k * scenarios + c], [1.0, -1.0], 0.0)


def certify(problem: Backup, limits: Limits, *, seconds: float = 30.0, whole: bool = True) -> Certificate:
    """A bound on what links within the limits can save; `whole` False solves the relaxation only, which is looser."""
    inputs, solved = problem.inputs, problem.risk.solved
    n, scenarios = solved.h.shape
    k = len(problem.links)
    needed = inputs.needs[:, inputs.place] > 0
    if n * scenarios + int(needed.sum()) * scenarios + 2 * k * scenarios > MOST_ROWS:
        return Certificate(problem.saved(range(k)), "all links together; the programme is too large", None)
    pairs = np.argwhere(needed)  # product, buyer
    backup = n * scenarios + len(pairs) * scenarios
    width = backup + k * scenarios + k
    rows = _Rows()
    for w in range(scenarios):
        _add_scenario(rows, problem, pairs, w)
    switches = backup + k * scenarios + np.arange(k)
    rows.add(switches, np.ones(k), limits.links)
    if limits.group is not None:
        for group in np.unique(limits.group):
            members = switches[limits.group == group]
            rows.add(members, np.ones(len(members)), limits.each)
    for effect in limits.effects:
        rows.add(switches, -effect, 0.0)
    upper = np.ones(width)
    upper[: n * scenarios] = (1 - problem.disruptions.lost).ravel()
    objective = np.zeros(width)
    objective[: n * scenarios] = -np.outer(problem.risk.weight, problem.disruptions.probability).ravel()
    whole_numbers = np.zeros(width)
    whole_numbers[switches] = int(whole)
    scale = float(np.abs(objective).max()) or 1.0
    answer = scipy.optimize.milp(
        objective / scale,
        constraints=scipy.optimize.LinearConstraint(rows.matrix(width), -np.inf, np.array(rows.limits)),
        bounds=scipy.optimize.Bounds(0, upper),
        integrality=whole_numbers,
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    dual = answer.mip_dual_bound if whole else answer.fun
    if dual is None:
        return Certificate(problem.saved(range(k)), "all links together; the programme ran out of time", None)
    without = float(problem.risk.weight @ problem.levels(()) @ problem.disruptions.probability)
    links = None
    if whole and answer.x is not None:
        links = tuple(np.flatnonzero(answer.x[switches] > 0.5).tolist())
    return Certificate(max(-dual * scale - without, 0.0), "mixed integer programme" if whole else "relaxation", links)
