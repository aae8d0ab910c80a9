"""Shortest routes on foot among booths, as arrays: no route ever enters a booth but its ends.

Who walks keeps a clearance to every booth and wall. So booths are grown by the clearance, and a point walks between
them, parallel to the walls. Such a shortest route can always be laid on the lines along the grown booths and through
its ends (Larson and Li 1981, Finding minimum rectilinear distance paths in the presence of barriers, Networks 11): the
plan is searched exactly, however narrow its booths are, and not on squares of some size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from serai.match.halls.ways import Way, WayError

type Floats = NDArray[np.float64]
type Rectangle = tuple[float, float, float, float]
"""Left, near, right and far side, in metres; a point, such as a door, is one without a size."""

TURN = 1e-5
"""Metres that a turn counts, so that of routes of one length the one with the fewest turns is taken."""
MOST_CROSSINGS = 1_000_000
"""Of the lines that are searched: some five hundred booths none of which stands in line with another."""


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines on which routes run, and where they are blocked."""

    xs: Floats
    ys: Floats
    across: NDArray[np.bool_]
    """(n_xs - 1, n_ys) whether one can walk from a crossing to the next one in x."""
    along: NDArray[np.bool_]
    """(n_xs, n_ys - 1) the same in y."""


def route(blocks: ArrayLike, size: tuple[float, float], start: Rectangle, end: Rectangle, clearance: float) -> Way:
    """The shortest way parallel to the walls from the centre of one rectangle to that of another.

    ``blocks`` (n, 4) are the rectangles that nobody enters, in a hall of this size (width, depth). The ends may be
    among them: each is left and entered straight through one of its sides. Raises WayError where no way leads there.
    """
    rectangles = np.asarray(blocks, np.float64).reshape(-1, 4)
    grown = _mm(rectangles + np.array([-clearance, -clearance, clearance, clearance]))
    walls = _mm([clearance, clearance, size[0] - clearance, size[1] - clearance])
    doors = [_doors(side, clearance, walls, grown) for side in (start, end)]
    lines = _lines(grown, walls, np.concatenate([door for door, _metres in doors]))
    crossings = len(lines.xs) * len(lines.ys)
    network = _network(lines, [(_number(lines, points), metres) for points, metres in doors])
    source, target = 2 * crossings, 2 * crossings + 1
    metres, before = dijkstra(network, directed=True, indices=source, return_predecessors=True)
    if not np.isfinite(metres[target]):
        raise WayError("No way leads from the one to the other without entering a booth.")
    passed = [int(before[target])]
    while int(before[passed[-1]]) != source:
        passed.append(int(before[passed[-1]]))
    column, row = np.divmod(np.array(passed[::-1]) % crossings, len(lines.ys))
    walked = [(float(x), float(y)) for x, y in zip(lines.xs[column], lines.ys[row], strict=True)]
    corners = _corners([*_inside(start, walked[0]), *walked, *reversed(_inside(end, walked[-1]))])
    return Way(corners, float(np.abs(np.diff(np.array(corners), axis=0)).sum()))


def _mm(metres: ArrayLike) -> Floats:
    """In whole millimetres, so that booths that touch are seen to touch."""
    return np.round(np.asarray(metres, np.float64), 3)


def _centre(side: Rectangle) -> tuple[float, float]:
    x, y = _mm([(side[0] + side[2]) / 2, (side[1] + side[3]) / 2])
    return float(x), float(y)


def _within(values: Floats, least: float, most: float) -> Floats:
    """The values between two others, each once."""
    return np.unique(values[(values >= least) & (values <= most)])


def _doors(side: Rectangle, clearance: float, walls: Floats, grown: Floats) -> tuple[Floats, Floats]:
    """Where a rectangle can be left: (n, 2) points before its sides, and (n,) the metres from its centre to each.

    Of a side those before its middle, its ends, and where another booth begins or ends to stand in the way: on a
    shortest way no other is needed. Raises WayError where all are blocked.
    """
    left, near, right, far = side
    x, y = _centre(side)
    if left == right and near == far:  # a door in a wall
        points = _mm([np.clip([x, y], walls[:2], walls[2:])])
    else:
        along_x = _within(np.concatenate([grown[:, 0], grown[:, 2], [left, x, right]]), left, right)
        along_y = _within(np.concatenate([grown[:, 1], grown[:, 3], [near, y, far]]), near, far)
        points = _mm(
            [(at, way) for at in along_x for way in (near - clearance, far + clearance)]
            + [(way, at) for at in along_y for way in (left - clearance, right + clearance)]
        )
    inside = (points >= walls[:2]).all(axis=1) & (points <= walls[2:]).all(axis=1)
    entered = (
        (points[:, None] > grown[None, :, :2]).all(axis=2) & (points[:, None] < grown[None, :, 2:]).all(axis=2)
    ).any(axis=1)
    free = points[inside & ~entered]
    if not len(free):
        raise WayError("A place is closed in by booths and walls on all sides.")
    beside = np.abs(free - np.array([x, y]))
    return free, beside.sum(axis=1) + TURN * (beside > 0).all(axis=1)  # one turn more than straight before the centre


def _lines(grown: Floats, walls: Floats, doors: Floats) -> Lines:
    """The lines along grown rectangles and through doors, within the walls. Raises WayError where they are too many."""
    xs, ys = (
        np.unique(
            np.clip(np.concatenate([grown[:, axis], grown[:, axis + 2], doors[:, axis]]), walls[axis], walls[axis + 2])
        )
        for axis in (0, 1)
    )
    if len(xs) * len(ys) > MOST_CROSSINGS:
        raise WayError(f"Ways are searched on up to {MOST_CROSSINGS} crossings, and this plan has more.")
    across = _blocked(xs, ys, grown)
    along = _blocked(ys, xs, grown[:, [1, 0, 3, 2]]).T
    return Lines(xs, ys, ~across, ~along)


def _blocked(xs: Floats, ys: Floats, grown: Floats) -> NDArray[np.bool_]:
    """(n_xs - 1, n_ys) whether the step from a crossing to the next one in x runs through the inside of a rectangle."""
    first = np.clip(np.searchsorted(xs, grown[:, 0], "right") - 1, 0, None)
    last = np.searchsorted(xs, grown[:, 2], "left")
    low = np.searchsorted(ys, grown[:, 1], "right")
    high = np.maximum(np.searchsorted(ys, grown[:, 3], "left"), low)
    changes = np.zeros((len(xs) + 1, len(ys) + 1), np.int64)
    for column, row, sign in ((first, low, 1), (last, low, -1), (first, high, -1), (last, high, 1)):
        np.add.at(changes, (column, row), sign)
    covered: NDArray[np.bool_] = changes.cumsum(axis=0).cumsum(axis=1)[: len(xs) - 1, : len(ys)] > 0
    return covered


def _number(lines: Lines, points: Floats) -> NDArray[np.int64]:
    """The numbers of the crossings at some points."""
    return np.searchsorted(lines.xs, points[:, 0]) * len(lines.ys) + np.searchsorted(lines.ys, points[:, 1])


def _network(lines: Lines, doors: Sequence[tuple[NDArray[np.int64], Floats]]) -> sparse.csr_array:
    """The graph: each crossing twice, as one comes to it in x and in y; then the start and the end."""
    crossings = len(lines.xs) * len(lines.ys)
    number = np.arange(crossings).reshape(len(lines.xs), len(lines.ys))
    wide = np.broadcast_to(np.diff(lines.xs)[:, None], lines.across.shape)
    deep = np.broadcast_to(np.diff(lines.ys)[None, :], lines.along.shape)
    every = np.arange(crossings)
    (leaving, out), (entering, into) = doors
    source, target = 2 * crossings, 2 * crossings + 1
    links = [
        (number[:-1][lines.across], number[1:][lines.across], wide[lines.across]),
        (number[:, :-1][lines.along] + crossings, number[:, 1:][lines.along] + crossings, deep[lines.along]),
        (every, every + crossings, np.full(crossings, TURN)),
    ]
    there = [np.concatenate(parts) for parts in zip(*links, strict=True)]
    row = np.concatenate([there[0], there[1], np.full(2 * len(out), source), entering, entering + crossings])
    column = np.concatenate([there[1], there[0], leaving, leaving + crossings, np.full(2 * len(into), target)])
    # The sparse graph takes a link of length 0 for no link.
    metres = np.concatenate([there[2], there[2], np.maximum(np.tile(out, 2), 1e-9), np.maximum(np.tile(into, 2), 1e-9)])
    return sparse.csr_array((metres, (row, column)), shape=(2 * crossings + 2, 2 * crossings + 2))


def _inside(side: Rectangle, door: tuple[float, float]) -> list[tuple[float, float]]:
    """The way from the centre of a rectangle to a door of it, without the door: first along, then straight out."""
    left, near, right, far = side
    x, y = _centre(side)
    if left == right and near == far:
        return [(x, y), (door[0], y)]
    out_by_end = left <= door[0] <= right
    return [(x, y), (door[0], y) if out_by_end else (x, door[1])]


def _corners(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Where a way turns, with its first and last point."""
    corners: list[tuple[float, float]] = []
    for point in points:
        if corners and corners[-1] == point:
            continue
        if len(corners) > 1 and _straight_on(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    return tuple(corners)


def _straight_on(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    return any(
        first[axis] == middle[axis] == last[axis]
        and (middle[1 - axis] - first[1 - axis]) * (last[1 - axis] - middle[1 - axis]) > 0
        for axis in (0, 1)
    )
