"""Shortage: which production stops in the first weeks, when makers lack inputs that nothing can replace so soon.

The damped generalised Leontief model (docs/method/shocks.md). The level h of cell j relative to its usual one is

    h_j = min(1 - d_j,  min over essential p of 1 - k_jp (1 - q_jp),  1 - sum over the other p of a_jp k_jp (1 - q_jp))
    q_jp = sum over makers i of p of w_ij h_i

with d the capacity lost, q what arrives of product p, w the shares of j's suppliers in it, a the input coefficient and
k < 1 the share of what is missing that nothing replaces within the horizon. The map is a contraction with factor max k
in the maximum norm, so the solution exists, is the only one, and is reached by iterating from h = 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray

from serai.world.classifications.industries import divisions, industries
from serai.world.shocks import Horizon, Losses, Status, shock
from serai.world.shocks.inputs import Inputs, inputs_of
from serai.world.shocks.values import SHARE, Parameter, number
from serai.world.table import Array, Indices, WorldTable

IRREPLACEABLE = 0.4
"""Default k, an assumption: three fifths of what is missing come from stocks, spare capacity and substitutes."""

ESSENTIAL_DIVISIONS = range(1, 40)
"""ISIC Rev.4 divisions whose products are essential by default: goods, energy and water."""

CAPACITY, OTHERS = -1, -2
"""The binding constraint if it is no essential input: the cell's own capacity, or the bundle of the other inputs."""

TOLERANCE = 1e-13
MOST_STEPS = 10_000


@dataclass(frozen=True, eq=False)
class Adjoint:
    """lambda (n, W), loss of a weighted sum of levels per unit of each cell's own loss, and how well it was solved.

    `residual` is the largest violation of (I - T') lambda = weights, relative to the largest lambda.
    """

    values: Array
    steps: int
    residual: float

    @property
    def status(self) -> Status:
        """Whether the equations hold."""
        return Status.SOLVED if self.residual <= TOLERANCE else Status.NOT_CONVERGED


@dataclass(frozen=True, eq=False)
class Shortage:
    """The levels of n cells in W scenarios; cells stand in the order of the table.

    `h` (n, W) is output relative to the usual one, `binding` (n, W) the product that holds the cell back, CAPACITY or
    OTHERS, `essential` and `irreplaceable` (P, n) those of the model, `residual` the largest |h - map(h)|.
    """

    inputs: Inputs
    h: Array
    binding: NDArray[np.int32]
    essential: NDArray[np.bool_]
    irreplaceable: Array
    steps: int
    residual: float

    @cached_property
    def q(self) -> Array:
        """What each cell gets of each product relative to the usual amount, shape (P, n, W); 1 where it needs none."""
        got = self.inputs.arriving(self.h[self.inputs.order])[:, self.inputs.place]
        got += (self._needs == 0)[:, :, None]
        return got

    @cached_property
    def sensitivity(self) -> Array:
        """c (P, n, W): what the cell's level loses per unit of what is missing of a product, others unchanged."""
        products = np.arange(len(self._needs))[:, None, None]
        alone = (self.binding == products) * self.irreplaceable[:, :, None]
        together = np.where(self.essential, 0, self._needs * self.irreplaceable)
        slope: Array = alone + (self.binding == OTHERS) * together[:, :, None]
        return slope

    @property
    def status(self) -> Status:
        """Whether the levels are those of the fixed point."""
        return Status.SOLVED if self.residual <= TOLERANCE else Status.NOT_CONVERGED

    def adjoint(self, weights: ArrayLike, *, most_steps: int = MOST_STEPS) -> Adjoint:
        """lambda = (I - T')^-1 `weights`: loss of the weighted sum of levels per unit of each cell's own loss.

        `weights` is (n,) or (n, W); T_jk = dh_j/dh_k at the solution. The gradient of weights'h to d is -lambda where
        capacity binds, else 0.
        """
        given = np.asarray(weights, dtype=np.float64)
        wanted = np.broadcast_to(given if given.ndim == 2 else given[:, None], self.h.shape)[self.inputs.order]
        sensitivity = self.sensitivity[:, self.inputs.order]
        solution = wanted.copy()
        for step in range(1, most_steps + 1):  # noqa: B007  the number of steps is told
            new = wanted.copy()
            for product, rows, shares in self.inputs.blocks():
                new[rows] += shares @ (sensitivity[product] * solution)
            largest = float(np.abs(new).max(initial=0)) or 1.0
            residual = float(np.abs(new - solution).max(initial=0)) / largest
            solution = new
            if residual <= TOLERANCE:
                break
        return Adjoint(solution[self.inputs.place], step, residual)

    @property
    def _needs(self) -> Array:
        return self.inputs.needs[:, self.inputs.place]


def shortage_solution(
    inputs: Inputs,
    lost: ArrayLike,
    *,
    irreplaceable: ArrayLike = IRREPLACEABLE,
    essential: ArrayLike = True,
    start: Array | None = None,
) -> Shortage:
    """The levels when cells lose the shares `lost` (n,) or (n, W) of their capacity, one column a scenario.

    `irreplaceable` and `essential` are one for all, by product (P, 1), or by product and buyer (P, n). `start` (n, W),
    such as the solution before a small change, saves steps. Raises ValueError for shares outside 0 to 1, or an
    `irreplaceable` outside 0 to below 1, where the fixed point would not be unique.
    """
    damage = np.asarray(lost, dtype=np.float64)
    damage = damage[:, None] if damage.ndim == 1 else damage
    if not ((damage >= 0) & (damage <= 1)).all():
        raise ValueError("The share of capacity that is lost lies between 0 and 1 in every cell.")
    shape = inputs.needs.shape
    k = np.broadcast_to(np.asarray(irreplaceable, dtype=np.float64), shape)
    if not ((k >= 0) & (k < 1)).all():
        raise ValueError("The irreplaceable share of an input lies between 0 and below 1, else levels aren't unique.")
    needed = np.broadcast_to(np.asarray(essential, dtype=np.bool_), shape)
    order = inputs.order
    alone = np.where(needed & (inputs.needs[:, inputs.place] > 0), k, 0)[:, order]
    together = np.where(needed, 0, k)[:, order] * inputs.needs
    ceiling = 1 - damage[order]
    levels: Array = ceiling.copy() if start is None else start[order].astype(np.float64)
    for step in range(1, MOST_STEPS + 1):  # noqa: B007  the number of steps is told
        new, binding = _held_back(inputs, levels, ceiling, alone, together)
        residual = float(np.abs(new - levels).max(initial=0))
        levels = new
        if residual <= TOLERANCE:
            break
        if damage.shape[1] == 1:
            levels = 1 - _missing_while_bound(
                inputs, binding[:, 0], 1 - ceiling[:, 0], 1 - levels[:, 0], alone, together
            )
    place = inputs.place
    return Shortage(inputs, levels[place], binding[place], needed, k, step, residual)


def _held_back(
    inputs: Inputs, levels: Array, ceiling: Array, alone: Array, together: Array
) -> tuple[Array, NDArray[np.int32]]:
    """One step of the map, in the order of `inputs`, and what binds."""
    new = ceiling.copy()
    binding = np.full(new.shape, CAPACITY, dtype=np.int32)
    bundle = np.zeros_like(new)
    for product, rows, shares in inputs.blocks():
        missing = shares.T @ (1 - levels[rows])
        if together[product].any():
            bundle += together[product][:, None] * missing
        if alone[product].any():
            allowed = 1 - alone[product][:, None] * missing
            lower = allowed < new
            np.copyto(new, allowed, where=lower)
            binding[lower] = product
    allowed = 1 - bundle
    lower = allowed < new
    np.copyto(new, allowed, where=lower)
    binding[lower] = OTHERS
    return new, binding


def _missing_while_bound(
    inputs: Inputs, binding: NDArray[np.int32], lost: Array, missing: Array, alone: Array, together: Array
) -> Array:
    """What each cell misses (n, 1) if what holds it back stays the same: a linear system of few links, iterated.

    Howard's policy iteration: the map is the minimum of such systems, so that a step with this answer falls towards its
    fixed point and reaches it when no binding changes any more, after some four looks at all inputs instead of 25.
    """
    rows, columns, weights = [], [], []
    others = np.flatnonzero(binding == OTHERS)
    for product, block, shares in inputs.blocks():
        for bound, factor in ((np.flatnonzero(binding == product), alone[product]), (others, together[product])):
            cells = bound[factor[bound] > 0]
            if len(cells):
                linked = shares[:, cells] * factor[cells]
                seller, buyer = np.nonzero(linked)
                rows.append(cells[buyer])
                columns.append(block.start + seller)
                weights.append(linked[seller, buyer])
    constant = np.where(binding == CAPACITY, lost, 0)
    if not rows:
        return constant[:, None]
    links = scipy.sparse.csr_array(
        (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(inputs.n, inputs.n)
    )
    for _ in range(MOST_STEPS):
        new = constant + links @ missing
        settled = np.abs(new - missing).max() <= TOLERANCE / 100
        missing = new
        if settled:
            break
    return np.asarray(missing[:, None])


def essential_industries(table: WorldTable) -> tuple[str, ...]:
    """The industries whose products are essential by default: goods and utilities; all where that isn't known."""
    facts = industries(table.classification)
    if not all(label in facts for label in table.industries):
        return table.industries
    chosen = {f"{division:02d}" for division in ESSENTIAL_DIVISIONS}
    return tuple(label for label in table.industries if not chosen.isdisjoint(divisions(facts[label]["isic4"])))


def shortages(table: WorldTable, scenarios: Sequence[Mapping[str, Any]]) -> list[Losses]:
    """The answers of many scenarios that share `irreplaceable` and `essential`, solved together where they do."""
    alike: dict[tuple[float, tuple[str, ...]], list[int]] = {}
    for position, scenario in enumerate(scenarios):
        essential = scenario.get("essential")
        chosen = essential_industries(table) if essential is None else tuple(essential)
        alike.setdefault((scenario.get("irreplaceable", IRREPLACEABLE), chosen), []).append(position)
    inputs = inputs_of(table)
    losses_of: dict[int, Losses] = {}
    for (irreplaceable, chosen), positions in alike.items():
        lost = np.zeros((table.n, len(positions)))
        for column, position in enumerate(positions):
            scenario = scenarios[position]
            cells: Indices = table.cells(scenario.get("countries"), scenario.get("industries"))
            lost[cells, column] = scenario["share"]
        wanted = np.isin(np.arange(table.n_industries), table.cells([table.countries[0]], chosen))[:, None]
        solved = shortage_solution(inputs, lost, irreplaceable=irreplaceable, essential=wanted)
        losses_of |= {position: _losses(table, solved, column) for column, position in enumerate(positions)}
    return [losses_of[position] for position in range(len(scenarios))]


def _losses(table: WorldTable, solved: Shortage, column: int) -> Losses:
    output = table.x * (1 - solved.h[:, column])
    words = {CAPACITY: "capacity", OTHERS: "other inputs"} | dict(enumerate(table.industries))
    bound = tuple(
        words[int(which)] if level < 1 else ""
        for which, level in zip(solved.binding[:, column], solved.h[:, column], strict=True)
    )
    return Losses(table.vc * output, output, solved.residual, solved.status, bound=bound, answer=solved)


@shock(
    "shortage",
    question="What stops in the first weeks when cells lose capacity and buyers can't replace what they lack?",
    parameters={
        "share": Parameter("share of capacity that is lost, 0 to 1", SHARE),
        "countries": "countries of the cells that are hit, all when left out",
        "industries": "industries of the cells that are hit, all when left out",
        "irreplaceable": Parameter(
            f"share of a missing input that nothing replaces, 0 to below 1; {IRREPLACEABLE} when left out",
            number(0, 1, below=True),
        ),
        "essential": "industries whose products stop a maker that lacks them; goods and utilities when left out",
    },
    horizon=Horizon.WEEKS,
    limits=(
        "Losses are rates while the shortage lasts: nothing recovers, nobody finds a supplier, prices don't ration.",
        "What is missing is shared out in proportion; final demand waits.",
        "An industry of a table hides its products: real choke points are narrower.",
    ),
    sources=(
        "Damped generalised Leontief model after Diem et al. (2022), Scientific Reports 12, 7719",
        "Pichler et al. (2022), Journal of Economic Dynamics and Control 144 (which inputs are critical)",
    ),
    together=shortages,
)
def shortage(
    table: WorldTable,
    share: float,
    countries: Iterable[str] | None = None,
    industries: Iterable[str] | None = None,
    irreplaceable: float = IRREPLACEABLE,
    essential: Iterable[str] | None = None,
) -> Losses:
    """Value added and output lost a year if the shortage lasted, and what holds each cell back."""
    scenario = {"share": share, "countries": countries, "industries": industries}
    return shortages(table, [scenario | {"irreplaceable": irreplaceable, "essential": essential}])[0]
