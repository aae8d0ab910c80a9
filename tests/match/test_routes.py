"""A route enters no booth, is as long as the way back, and is the shortest there is."""

import heapq
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.halls import Way, WayError, route

SIZE = (14, 12)
CLEARANCE = 0.5
type Rectangle = tuple[float, float, float, float]


@st.composite
def plans(draw: st.DrawFn) -> list[Rectangle]:
    """Two to seven booths that do not overlap, in whole metres; many of them touch."""
    booths: list[Rectangle] = []
    for _ in range(draw(st.integers(2, 7))):
        x, y = draw(st.integers(0, SIZE[0] - 1)), draw(st.integers(0, SIZE[1] - 1))
        right, far = min(x + draw(st.integers(1, 5)), SIZE[0]), min(y + draw(st.integers(1, 4)), SIZE[1])
        if all(right <= b[0] or x >= b[2] or far <= b[1] or y >= b[3] for b in booths):
            booths.append((x, y, right, far))
    return booths if len(booths) > 1 else [(1, 1, 3, 2), (6, 5, 8, 9)]


def searched(booths: list[Rectangle], start: Rectangle, end: Rectangle) -> float:
    """The metres of the shortest way on a lattice of half metres, point by point; infinite where there is none."""

    def inside(x: float, y: float, side: Rectangle, more: float) -> bool:
        return side[0] - more < x < side[2] + more and side[1] - more < y < side[3] + more

    def is_free(x: float, y: float) -> bool:
        in_hall = CLEARANCE <= x <= SIZE[0] - CLEARANCE and CLEARANCE <= y <= SIZE[1] - CLEARANCE
        return in_hall and not any(inside(x, y, booth, CLEARANCE) for booth in booths)

    def doors(side: Rectangle) -> dict[tuple[float, float], float]:
        """Straight out through any point of a side of the booth."""
        cx, cy = (side[0] + side[2]) / 2, (side[1] + side[3]) / 2
        along_x = np.arange(side[0], side[2] + 0.25, 0.5)
        along_y = np.arange(side[1], side[3] + 0.25, 0.5)
        out = [(x, y) for x in along_x for y in (side[1] - CLEARANCE, side[3] + CLEARANCE)]
        out += [(x, y) for y in along_y for x in (side[0] - CLEARANCE, side[2] + CLEARANCE)]
        return {(x, y): abs(x - cx) + abs(y - cy) for x, y in out if is_free(x, y)}

    reached, waiting = {}, [(metres, door) for door, metres in doors(start).items()]
    heapq.heapify(waiting)
    while waiting:
        metres, (x, y) = heapq.heappop(waiting)
        if (x, y) in reached:
            continue
        reached[x, y] = metres
        for dx, dy in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5)):
            if is_free(x + dx, y + dy) and is_free(x + dx / 2, y + dy / 2):
                heapq.heappush(waiting, (metres + 0.5, (x + dx, y + dy)))
    return min((reached[door] + metres for door, metres in doors(end).items() if door in reached), default=math.inf)


def found(booths: list[Rectangle], start: Rectangle, end: Rectangle) -> Way | None:
    try:
        return route(booths, SIZE, start, end, CLEARANCE)
    except WayError:
        return None


def crosses(first: tuple[float, float], second: tuple[float, float], booth: Rectangle) -> bool:
    """Whether a line that is parallel to a wall runs through the inside of a booth."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return bool((high > booth[0:2]).all() and (low < booth[2:4]).all())


@given(plans())
@settings(max_examples=60, deadline=None)
def test_a_route_is_the_shortest_and_enters_no_booth_but_its_ends(booths: list[Rectangle]) -> None:
    start, end = booths[0], booths[1]
    there, back = found(booths, start, end), found(booths, end, start)
    expected = searched(booths, start, end)
    if there is None or back is None:
        assert there is back is None
        assert expected == math.inf
        return
    assert there.metres == pytest.approx(expected)
    assert back.metres == pytest.approx(there.metres)
    assert there.metres == pytest.approx(sum(math.dist(a, b) for a, b in pairwise(there.corners)))
    for first, second in pairwise(there.corners):
        assert first[0] == second[0] or first[1] == second[1]
        assert not any(crosses(first, second, booth) for booth in booths[2:])


def test_of_routes_of_one_length_the_one_with_the_fewest_turns_is_taken() -> None:
    """Along the front of a row of booths, between two rows: out, along, and in again."""
    row = [(x, 0, x + 3, 3) for x in range(0, 30, 3)] + [(x, 6, x + 3, 9) for x in range(0, 30, 3)]
    way = route(row, (30, 9), row[0], row[9], 0.6)
    assert way.corners == ((1.5, 1.5), (1.5, 3.6), (28.5, 3.6), (28.5, 1.5))
    assert way.metres == pytest.approx(27 + 2 * 2.1)


def test_a_gap_is_an_aisle_only_where_it_is_wide_enough() -> None:
    booths = [(0, 4, 5.5, 6), (6.5, 4, 12, 6), (1, 1, 2, 2), (1, 8, 2, 9)]
    assert route(booths, (12, 10), booths[2], booths[3], 0.5).metres == pytest.approx(2 * 4.5 + 7)
    with pytest.raises(WayError, match="without entering a booth"):
        route(booths, (12, 10), booths[2], booths[3], 0.51)


def test_a_door_in_the_wall_is_a_place_too() -> None:
    way = route([(4, 4, 6, 6)], (10, 10), (0, 5, 0, 5), (4, 4, 6, 6), 0.6)
    assert way.corners == ((0, 5), (5, 5))
    with pytest.raises(WayError, match="closed in"):
        route([(0, 3, 4, 7)], (10, 10), (0, 5, 0, 5), (8, 8, 9, 9), 0.6)


def test_booths_that_touch_within_the_width_of_a_hair_leave_no_gap() -> None:
    booths = [(1, 2, 5, 8), (5.0004, 2, 9, 8), (4, 0, 6, 1), (4, 9, 6, 10)]
    way = route(booths, (10, 10), booths[2], booths[3], 0.5)
    assert all(x <= 0.5 or x >= 9.5 for x, y in way.corners if 2 < y < 8)
    assert way.metres > 10


def test_a_plan_of_more_lines_than_can_be_searched_is_refused() -> None:
    rng = np.random.default_rng(1)
    left = rng.uniform(0, 900, (1200, 2))
    many = np.concatenate([left, left + 0.01], axis=1)
    with pytest.raises(WayError, match="crossings"):
        route(many, (1000, 1000), (0, 999, 0, 999), (999, 0, 999, 0), 0.6)
