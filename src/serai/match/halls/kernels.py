"""The search of the quadratic assignment problem, compiled: one step after another in place."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]


@njit(cache=True)
def delta_of(a: Floats, b: Floats, c: Floats, p: Integers, r: int, s: int) -> float:
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
def all_deltas(a: Floats, b: Floats, c: Floats, p: Integers) -> Floats:
    """(n, n) `delta_of` of each pair, above the diagonal."""
    answer = np.zeros(a.shape)
    for r in range(len(p)):
        for s in range(r + 1, len(p)):
            answer[r, s] = delta_of(a, b, c, p, r, s)
    return answer


@njit(cache=True)
def update(a: Floats, b: Floats, c: Floats, p: Integers, delta: Floats, r: int, s: int, symmetric: bool) -> None:
    """Bring `delta` up to date after r and s have exchanged their locations: O(1) for each pair of others."""
    size, u, v = len(p), p[r], p[s]
    for i in range(size):
        if i in (r, s):
            for j in range(size):
                if j != i:
                    low, high = min(i, j), max(i, j)
                    delta[low, high] = delta_of(a, b, c, p, low, high)
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
def search(
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
        update(a, b, c, p, delta, r, s, symmetric)
        if value < lowest - 1e-9:
            lowest, better = value, now
            best[:] = p
    return value, lowest, better
