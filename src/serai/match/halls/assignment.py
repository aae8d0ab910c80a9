"""The quadratic assignment problem: n facilities on n locations, by robust tabu search (Taillard 1991), anytime.

minimise  Σ flow[i, j] distance[p(i), p(j)] + Σ cost[i, p(i)]   over the permutations p.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numba import njit
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
        delta = _all_deltas(a, b, linear, current)
        value = lowest = objective_of(a, b, linear, current)
        step = better = 0
        while step - better < patience and working():
            steps = min(batch, patience, most_steps - done)
            tenure = np.rint(size * random.uniform(0.9, 1.1, (steps, 2))).astype(np.int64) + 1
            value, lowest, better = _search(
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


@njit(cache=True)
def _delta(a: Floats, b: Floats, c: Floats, p: Integers, r: int, s: int) -> float:
    """Change of the objective when facilities r and s exchange their locations."""
    u, v = p[r], p[s]
    change = (
        (a[r, r] - a[s, s]) * (b[v, v] - b[u, u])
        + (a[r, s] - a[s, r]) * (b[v, u] - b[u, v])
        + c[r, v]
        + c[s, u]
        - c[r, u]
        - c[s, v]
    )
    for k in range(len(p)):
        if k not in (r, s):
            w = p[k]
            change += (a[k, r] - a[k, s]) * (b[w, v] - b[w, u]) + (a[r, k] - a[s, k]) * (b[v, w] - b[u, w])
    return float(change)


@njit(cache=True)
def _all_deltas(a: Floats, b: Floats, c: Floats, p: Integers) -> Floats:
    """(n, n) `_delta` of each pair, above the diagonal."""
    answer = np.zeros(a.shape)
    for r in range(len(p)):
        for s in range(r + 1, len(p)):
            answer[r, s] = _delta(a, b, c, p, r, s)
    return answer


@njit(cache=True)
def _update(a: Floats, b: Floats, c: Floats, p: Integers, delta: Floats, r: int, s: int, symmetric: bool) -> None:
    """Bring `delta` up to date after r and s have exchanged their locations: O(1) for each pair of others."""
    size, u, v = len(p), p[r], p[s]
    for i in range(size):
        if i in (r, s):
            for j in range(size):
                if j != i:
                    low, high = min(i, j), max(i, j)
                    delta[low, high] = _delta(a, b, c, p, low, high)
            continue
        w, from_i, to_i = p[i], a[r, i] - a[s, i], b[v, p[i]] - b[u, p[i]]
        for j in range(i + 1, size):
            if j in (r, s):
                continue
            x = p[j]
            change = (from_i - a[r, j] + a[s, j]) * (to_i - b[v, x] + b[u, x])
            if symmetric:
                change += change
            else:
                change += (a[i, r] - a[j, r] + a[j, s] - a[i, s]) * (b[w, v] - b[x, v] + b[x, u] - b[w, u])
            delta[i, j] += change


@njit(cache=True)
def _search(
    a: Floats,
    b: Floats,
    c: Floats,
    p: Integers,
    delta: Floats,
    tabu: Integers,
    best: Integers,
    value: float,
    lowest: float,
    step: int,
    better: int,
    tenure: Integers,
    symmetric: bool,
) -> tuple[float, float, int]:
    """Robust tabu search from `p`, worth `value`; `best`, worth `lowest`, is the best so far.

    A step for each row of `tenure` (n_steps, 2): for how long the two facilities may not go back.
    Each step makes the best exchange that does not bring both back where they have lately been, unless it gives a new
    best, or neither has been where it would go for long. Returns value, lowest, and the step of the last
    better one; `p`, `delta`, `tabu` and `best` are changed in place.
    """
    size = len(p)
    long = 5 * size * size
    for k in range(len(tenure)):
        now = step + k + 1
        r, s, least, urgent = -1, -1, np.inf, False
        for i in range(size - 1):
            for j in range(i + 1, size):
                first, second = tabu[i, p[j]], tabu[j, p[i]]
                wanted = value + delta[i, j] < lowest - 1e-9 or (first < now - long and second < now - long)
                allowed = first < now or second < now or wanted
                if allowed and ((wanted and not urgent) or (wanted == urgent and delta[i, j] < least)):
                    r, s, least, urgent = i, j, delta[i, j], wanted
        if r < 0:
            continue
        tabu[r, p[r]] = now + tenure[k, 0]
        tabu[s, p[s]] = now + tenure[k, 1]
        value += delta[r, s]
        p[r], p[s] = p[s], p[r]
        delta[r, s] = -delta[r, s]
        _update(a, b, c, p, delta, r, s, symmetric)
        if value < lowest - 1e-9:
            lowest, better = value, now
            best[:] = p
    return value, lowest, better
