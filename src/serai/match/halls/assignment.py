"""The quadratic assignment problem: n facilities on n locations, by robust tabu search (Taillard 1991), anytime.

minimise  Σ flow[i, j] distance[p(i), p(j)] + Σ cost[i, p(i)]   over the permutations p.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]

PATIENCE = 3_000
"""Steps without improvement, for each facility, after which the search restarts from a perturbed best permutation."""
BATCH_PAIRS = 20_000_000
"""Exchanges evaluated between two looks at the clock: some tenths of a second."""


class AssignmentError(ValueError):
    """Matrices that are not a problem; the sentence says which and why."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Assignment:
    """The best permutation found, and its cost."""

    permutation: Integers
    """(n,) the location of each facility."""
    objective: float
    seconds: float


def assign(
    flow: ArrayLike,
    distance: ArrayLike,
    cost: ArrayLike | None = None,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    start: ArrayLike | None = None,
    most_steps: int = 10**12,
    progress: Callable[[float], None] | None = None,
) -> Assignment:
    """The best permutation found in `seconds` or `most_steps`, from `start` where it is given.

    `flow`, `distance` and `cost` are (n, n); they need be neither symmetric nor whole. The same seed and `most_steps`
    give the same answer unless the clock ended the search. `progress` is told the best objective now and then. Raises
    AssignmentError.
    """
    from serai.match.halls.kernels import all_deltas, search  # loads Numba

    began = perf_counter()
    a, b = _square("flow", flow), _square("distance", distance)
    size = len(a)
    linear = np.zeros_like(a) if cost is None else _square("cost", cost)
    if not a.shape == b.shape == linear.shape:
        raise AssignmentError(f"The matrices have shapes {a.shape}, {b.shape} and {linear.shape}; give the same.")
    # No sum that the search makes is above twice this one.
    with np.errstate(over="ignore"):
        if not np.isfinite(4 * size * size * abs(a).max(initial=0) * abs(b).max(initial=0) + 2 * abs(linear).sum()):
            raise AssignmentError("The numbers are so large that what a permutation costs is beyond all numbers.")
    random = np.random.default_rng(seed)
    given = random.permutation(size) if start is None else np.array(start, np.int64)
    if sorted(given.tolist()) != list(range(size)):
        raise AssignmentError(f"The start is no permutation of 0 to {size - 1}.")
    symmetric = all((matrix == matrix.T).all() and not matrix.diagonal().any() for matrix in (a, b))
    best, least = given.copy(), objective_of(a, b, linear, given)
    batch, patience, done = max(BATCH_PAIRS // max(size * (size - 1) // 2, 1), 1), PATIENCE * size, 0

    def working() -> bool:
        return done == 0 or (done < most_steps and perf_counter() - began < seconds)

    while size > 1 and working():
        # The first search begins from the start itself, later ones from the best with a random part of it shuffled.
        current = best.copy() if done == 0 else _shaken(best, random)
        local, tabu = current.copy(), np.zeros((size, size), np.int64)
        delta = all_deltas(a, b, linear, current)
        value = lowest = objective_of(a, b, linear, current)
        step = better = 0
        while step - better < patience and working():
            steps = min(batch, patience, most_steps - done)
            tenure = np.rint(size * random.uniform(0.9, 1.1, (steps, 2))).astype(np.int64) + 1
            value, lowest, better = search(
                a, b, linear, current, delta, tabu, local, value, lowest, step, better, tenure, symmetric
            )
            step += steps
            done += steps
            if lowest < least:
                best, least = local.copy(), lowest
                if progress is not None:
                    progress(least)
    # Computed anew, because the search sums differences.
    return Assignment(permutation=best, objective=objective_of(a, b, linear, best), seconds=perf_counter() - began)


def objective_of(flow: Floats, distance: Floats, cost: Floats, permutation: Integers) -> float:
    """Cost of the permutation."""
    placed = distance[np.ix_(permutation, permutation)]
    return float((flow * placed).sum() + cost[np.arange(len(permutation)), permutation].sum())


def _square(name: str, values: ArrayLike) -> Floats:
    matrix = np.ascontiguousarray(values, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise AssignmentError(f"'{name}' has shape {matrix.shape}; a square matrix of finite numbers is needed.")
    return matrix


def _shaken(permutation: Integers, random: np.random.Generator) -> Integers:
    """The permutation with a third to all of its facilities shuffled."""
    size = len(permutation)
    rows = random.choice(size, int(random.integers(max(size // 3, 2), size + 1)), replace=False)
    answer = permutation.copy()
    answer[rows] = permutation[random.permutation(rows)]
    return answer
