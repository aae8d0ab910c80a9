"""A bound on how far a choice is from the best one: the exact problem as a mixed integer programme, solved by HiGHS.

With continuous h and y <= h_supplier, y <= s, the largest h under the linear constraints is the fixed point, so the
programme is the problem itself; its dual bound certifies the gap even where time runs out.

No set of links puts a level below that without links or above that with all links. Levels between these are free, and
constraints that cannot bind there are left out. If the programme is still too large, only the levels that matter most
are free and the others keep the value that all links together give: the bound then holds but is looser.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from serai.world.portfolio.backup import Backup
from serai.world.portfolio.choice import Limits
from serai.world.table import Array

MOST_ROWS = 20_000
"""Constraints of a programme at most: some that HiGHS solves within the default time."""

MOVES = 1e-12
"""Difference of a level with and without links that counts as one."""


@dataclass(frozen=True)
class Certificate:
    """No set within the limits saves more than `bound`; `links` is the best one known to the programme, if any.

    `method` says how the bound was found.
    """

    bound: float
    method: str
    links: tuple[int, ...] | None


class _Programme:
    """Variables from 0 up to a bound, each worth something, and constraints sum of coefficient x variable <= limit."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.worth: list[float] = []
        self.entries: list[tuple[Any, Any, Any]] = []
        self.limits: list[float] = []

    def variable(self, upper: float, worth: float = 0.0) -> int:
        """The place of a new variable."""
        self.upper.append(upper)
        self.worth.append(worth)
        return len(self.upper) - 1

    def add(self, columns: Any, coefficients: Any, limit: float) -> None:
        """A constraint."""
        self.entries.append((np.full(len(columns), len(self.limits)), columns, coefficients))
        self.limits.append(limit)

    def constraints(self) -> scipy.optimize.LinearConstraint:
        """All of them."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        shape = (len(self.limits), len(self.upper))
        return scipy.optimize.LinearConstraint(
            scipy.sparse.csr_array((values, (rows, columns)), shape=shape), -np.inf, np.array(self.limits)
        )


@dataclass(frozen=True, eq=False)
class _Room:
    """Levels (n, W) without links and with all, what can bind in between (P, n, W), and which levels are `free`."""

    lower: Array
    upper: Array
    alone: NDArray[np.bool_]
    bundle: NDArray[np.bool_]
    free: NDArray[np.bool_]

    @property
    def whole(self) -> bool:
        """Whether every level that can move is free."""
        return bool((self.free == (self.upper - self.lower > MOVES)).all())


def _room(problem: Backup, most_rows: int) -> _Room:
    inputs, solved = problem.inputs, problem.risk.solved
    lower, upper = problem.levels(()), problem.levels(range(len(problem.links)))
    needs = inputs.needs[:, inputs.place] > 0
    lacking = 1 - np.minimum(inputs.arriving(lower[inputs.order])[:, inputs.place], 1)
    essential = solved.essential & needs
    allowed = 1 - solved.irreplaceable[:, :, None] * lacking
    alone = essential[:, :, None] & (allowed < upper + MOVES)
    weights = np.where(needs & ~solved.essential, inputs.needs[:, inputs.place] * solved.irreplaceable, 0)
    binds = 1 - (weights[:, :, None] * lacking).sum(axis=0) < upper + MOVES
    bundle = (weights > 0)[:, :, None] & (lacking > 0) & binds
    moves = upper - lower > MOVES
    matters = np.where(moves, problem.risk.systemic * problem.disruptions.probability * (upper - lower), 0).ravel()
    rows = (2 * alone.sum(axis=0) + bundle.sum(axis=0) + 1).ravel()
    order = np.argsort(-matters, kind="stable")
    free = np.zeros(matters.shape, dtype=bool)
    free[order[np.cumsum(rows[order]) <= most_rows]] = True
    return _Room(lower, upper, alone, bundle, free.reshape(moves.shape) & moves)


class _Model:
    """The programme of a problem: its free levels, one switch per link, and the variables that depend on them."""

    def __init__(self, problem: Backup, room: _Room, programme: _Programme) -> None:
        self.problem, self.room, self.programme = problem, room, programme
        inputs = problem.inputs
        self.shares = inputs.shares[:, inputs.place]  # makers in the order of the products, buyers in the table's
        worth = np.outer(problem.risk.weight, problem.disruptions.probability)
        self.level = np.full(room.free.shape, -1)
        for j, w in np.argwhere(room.free):
            self.level[j, w] = programme.variable(room.upper[j, w], worth[j, w])
        self.switches = np.array([programme.variable(1.0) for _ in range(len(problem.links))])
        self.backups: dict[tuple[int, int], int] = {}

    def backup(self, link: int, w: int) -> int:
        """The variable of what a link delivers: 0 unless it is chosen, and at most its supplier's level."""
        if (link, w) not in self.backups:
            supplier = self.problem.links.supplier[link]
            self.backups[link, w] = y = self.programme.variable(self.room.upper[supplier, w])
            self.programme.add([y, self.switches[link]], [1.0, -1.0], 0.0)
            if self.room.free[supplier, w]:
                self.programme.add([y, self.level[supplier, w]], [1.0, -1.0], 0.0)
        return self.backups[link, w]

    def arrival(self, p: int, j: int, w: int) -> int:
        """The variable of what cell j gets of product p."""
        inputs, links = self.problem.inputs, self.problem.links
        q = self.programme.variable(1.0)
        block = np.arange(inputs.first[p], inputs.first[p + 1])
        block = block[self.shares[block, j] > 0]
        makers, part = inputs.order[block], self.shares[block, j]
        free = self.room.free[makers, w]
        mine = np.flatnonzero((links.buyer == j) & (self.problem.product == p))
        columns = [q, *self.level[makers[free], w], *(self.backup(int(link), w) for link in mine)]
        others = float(part[~free] @ self.room.upper[makers[~free], w])
        self.programme.add(columns, [1.0, *-part[free], *-links.share[mine]], others)
        return q

    def hold_back(self, j: int, w: int) -> None:
        """The constraints of a level."""
        inputs, solved = self.problem.inputs, self.problem.risk.solved
        for p in np.flatnonzero(self.room.alone[:, j, w]):
            kappa = solved.irreplaceable[p, j]
            self.programme.add([self.level[j, w], self.arrival(int(p), j, w)], [1.0, -kappa], 1.0 - kappa)
        bundle = np.flatnonzero(self.room.bundle[:, j, w])
        if len(bundle):
            weights = inputs.needs[bundle, inputs.place[j]] * solved.irreplaceable[bundle, j]
            columns = [self.level[j, w], *(self.arrival(int(p), j, w) for p in bundle)]
            self.programme.add(columns, [1.0, *-weights], float(1.0 - weights.sum()))

    def limit(self, limits: Limits) -> None:
        """The constraints of the choice."""
        self.programme.add(self.switches, np.ones(len(self.switches)), limits.links)
        for group in () if limits.group is None else np.unique(limits.group):
            members = self.switches[limits.group == group]
            self.programme.add(members, np.ones(len(members)), limits.each)
        for effect in limits.effects:
            self.programme.add(self.switches, -effect, 0.0)


def certify(
    problem: Backup, limits: Limits, *, seconds: float = 30.0, whole: bool = True, most_rows: int = MOST_ROWS
) -> Certificate:
    """A bound on what links within the limits can save; `whole` False solves the relaxation only, which is looser.

    Levels are free as far as `most_rows` constraints allow.
    """
    room = _room(problem, most_rows)
    worth = np.outer(problem.risk.weight, problem.disruptions.probability)
    together = float((worth * (room.upper - room.lower)).sum())
    programme = _Programme()
    model = _Model(problem, room, programme)
    for j, w in np.argwhere(room.free):
        model.hold_back(int(j), int(w))
    model.limit(limits)
    objective = -np.array(programme.worth)
    whole_numbers = np.zeros(len(objective), dtype=np.int64)
    whole_numbers[model.switches] = int(whole)
    scale = float(np.abs(objective).max()) or 1.0
    answer = scipy.optimize.milp(
        objective / scale,
        constraints=programme.constraints(),
        bounds=scipy.optimize.Bounds(0, np.array(programme.upper)),
        integrality=whole_numbers,
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    dual = answer.mip_dual_bound if whole else answer.fun
    if dual is None or not np.isfinite(dual):
        return Certificate(together, "all links together; the programme ran out of time", None)
    fixed = float((worth * (room.upper - room.lower))[~room.free].sum())
    free = -dual * scale - float((worth * room.lower)[room.free].sum())
    links = None
    if whole and answer.x is not None:
        links = tuple(np.flatnonzero(answer.x[model.switches] > 0.5).tolist())
    method = "mixed integer programme" if whole else "relaxation"
    if not room.whole and together > 0:
        method += f" of the levels that matter most; all others, {fixed / together:.0%}, as with all links together"
    return Certificate(min(max(free + fixed, 0.0), together), method, links)
