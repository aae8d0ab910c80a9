"""Shortest ways on foot along the aisles, from booth to booth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

type Floats = NDArray[np.float64]


class WayError(ValueError):
    """Aisles that are not a graph, or places without a way between them; the sentence says which."""


@dataclass(frozen=True, eq=False)
class Aisles:
    """Crossings in metres on one common plan, and the aisles between them; doors and stairs are aisles too."""

    points: Floats
    """(n_crossings, 2) x and y."""
    ends: NDArray[np.int64]
    """(n_aisles, 2) the crossings that each aisle joins."""

    def __post_init__(self) -> None:
        points, ends = np.array(self.points, np.float64), np.array(self.ends, np.int64).reshape(-1, 2)
        if points.ndim != 2 or points.shape[1] != 2 or not len(ends):
            raise WayError("Aisles need crossings of shape (n, 2) and at least one aisle between two of them.")
        if ((ends < 0) | (ends >= len(points))).any():
            raise WayError(f"An aisle names a crossing that is not there; there are 0 to {len(points) - 1}.")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "ends", ends)


@dataclass(frozen=True)
class Way:
    """A walk: its corners in metres from the first place to the last, and its length."""

    corners: tuple[tuple[float, float], ...]
    metres: float


def distances(aisles: Aisles, places: ArrayLike) -> Floats:
    """(n_places, n_places) metres on foot between places (n_places, 2), infinite where no aisle leads there.

    Each place is reached from the nearest point of an aisle, straight on.
    """
    network, _points, number = _network(aisles, np.asarray(places, np.float64).reshape(-1, 2))
    rows = np.arange(number)
    return np.asarray(dijkstra(network, directed=False, indices=rows))[:, rows]


def way(aisles: Aisles, places: ArrayLike, start: int, end: int) -> Way:
    """The shortest way between two of the places. Raises WayError where there is none."""
    network, points, _number = _network(aisles, np.asarray(places, np.float64).reshape(-1, 2))
    metres, before = dijkstra(network, directed=False, indices=start, return_predecessors=True)
    if not np.isfinite(metres[end]):
        raise WayError(f"No aisle leads from place {start} to place {end}.")
    walked = [end]
    while walked[-1] != start:
        walked.append(int(before[walked[-1]]))
    corners: list[tuple[float, float]] = []
    for x, y in points[walked[::-1]].tolist():
        if len(corners) > 1 and _straight(corners[-2], corners[-1], (x, y)):
            corners.pop()
        if not corners or corners[-1] != (x, y):
            corners.append((x, y))
    return Way(tuple(corners), float(metres[end]))


def _straight(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    """Whether the middle point lies on the straight way from the first to the last."""
    return abs(math.dist(first, middle) + math.dist(middle, last) - math.dist(first, last)) < 1e-9


def _network(aisles: Aisles, places: Floats) -> tuple[sparse.csr_array, Floats, int]:
    """The graph of places (first), their feet on the aisles, and crossings; the points; the number of places."""
    number, first, second = len(places), aisles.points[aisles.ends[:, 0]], aisles.points[aisles.ends[:, 1]]
    along = second - first
    length = np.maximum((along**2).sum(axis=1), 1e-300)
    share = np.clip(((places[:, None] - first) * along).sum(axis=2) / length, 0, 1)
    feet = first + share[:, :, None] * along
    nearest = ((places[:, None] - feet) ** 2).sum(axis=2).argmin(axis=1)
    own = np.arange(number)
    points = np.concatenate([places, feet[own, nearest], aisles.points])
    links: list[Sequence[int]] = [(place, number + place) for place in range(number)]
    for aisle, (a, b) in enumerate((aisles.ends + 2 * number).tolist()):
        # The crossings of the aisle and the feet on it, in their order along it.
        here = sorted(np.flatnonzero(nearest == aisle).tolist(), key=lambda place: share[place, aisle])
        stops = [a, *(number + place for place in here), b]
        links += list(pairwise(stops))
    row, column = np.array(links).T
    # The sparse graph takes a link of length 0 for no link.
    metres = np.maximum(np.hypot(*(points[row] - points[column]).T), 1e-9)
    size = len(points)
    order = np.lexsort((metres, column, row))
    row, column, metres = row[order], column[order], metres[order]
    once = np.ones(len(row), np.bool_)
    once[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    return sparse.csr_array((metres[once], (row[once], column[once])), shape=(size, size)), points, number
