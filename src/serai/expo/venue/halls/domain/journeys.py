"""The way on foot from one place to another, in a hall or across halls by their entrances, told in steps."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _

from serai.expo.venue.halls.domain.plan import (
    EDGE,
    LEAST_AISLE,
    Door,
    Place,
    Spot,
    Standing,
    Table,
    Tables,
    doors,
    places,
    tables,
)
from serai.expo.venue.halls.models import Hall
from serai.match.halls import Way, WayError, route

CLEARANCE = LEAST_AISLE / 2
"""Metres kept to booths and walls, so that no gap is used that is narrower than an aisle."""

type Point = tuple[float, float]


@dataclass(frozen=True)
class Floor:
    """A hall with what stands in it."""

    hall: Hall
    places: Sequence[Place]
    tables: Sequence[Tables]
    doors: Sequence[Door]

    @property
    def standing(self) -> list[Standing]:
        return [*self.places, *self.tables]

    @property
    def size(self) -> Point:
        """Width and depth; where they are not known, so much that everything stands in it."""
        right = max((standing.x + standing.width for standing in self.standing), default=0.0) + 2 * EDGE
        far = max((standing.y + standing.depth for standing in self.standing), default=0.0) + 2 * EDGE
        return float(self.hall.width_m or right), float(self.hall.depth_m or far)

    @cached_property
    def by_code(self) -> dict[str, Spot]:
        """Booths, tables and entrances by what names them in an address."""
        spots: list[Spot] = [*self.doors, *(table for area in self.tables for table in area.each), *self.places]
        return {spot.code: spot for spot in spots}


@dataclass(frozen=True)
class Leg:
    """The part of a journey that lies in one hall."""

    floor: Floor
    start: Spot
    end: Spot
    way: Way

    @property
    def points(self) -> str:
        """The corners as SVG writes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.way.corners)

    @property
    def steps(self) -> list[str]:
        """What to do from corner to corner, in sentences."""
        return list(steps(self))


@dataclass(frozen=True)
class Journey:
    """A way from place to place: one leg, or two with the way outside between two entrances."""

    legs: Sequence[Leg]
    outside: float | None = None
    """Metres between the two entrances as the crow flies; None in one hall, or where it is not known."""

    @property
    def metres(self) -> float:
        return sum(leg.way.metres for leg in self.legs) + (self.outside or 0.0)

    @property
    def start(self) -> Spot:
        return self.legs[0].start

    @property
    def end(self) -> Spot:
        return self.legs[-1].end


def floor_of(hall: Hall) -> Floor:
    """A hall with its booths, meeting tables and entrances, by four queries."""
    return Floor(hall, places(hall), tables(hall), doors(hall))


def leg(floor: Floor, start: Spot, end: Spot) -> Leg:
    """The shortest way in a hall that enters no booth but its ends. Raises WayError where there is none.

    From a place to itself it has no length and no steps.

    Tables are passed between where the way ends at one of them; else their whole place is walked around.
    """
    if start == end:
        return Leg(floor, start, end, Way((start.centre,), 0.0))
    at_table = [side for side in (start, end) if isinstance(side, Table)]
    around = [area for area in floor.tables if not any(table in area.each for table in at_table)]
    standing: list[Standing] = [*floor.places, *around]
    blocks = [
        (obstacle.x, obstacle.y, obstacle.x + obstacle.width, obstacle.y + obstacle.depth) for obstacle in standing
    ]
    return Leg(floor, start, end, route(blocks, floor.size, _rectangle(start), _rectangle(end), CLEARANCE))


def journey(first: Floor, start: Spot, last: Floor, end: Spot) -> Journey:
    """The shortest way from a place to another, across halls by the two entrances that make it so.

    Raises WayError where none leads there, and where the entrances of one of the halls are not known.
    """
    if first.hall.pk == last.hall.pk:
        return Journey([leg(first, start, end)])
    out = list(_legs(first, [(start, door) for door in first.doors]))
    into = list(_legs(last, [(door, end) for door in last.doors]))
    journeys = [
        Journey([leaving, entering], _outside(first.hall, leaving.end, last.hall, entering.start))
        for leaving in out
        for entering in into
    ]
    if not journeys:
        raise WayError("No entrance of the one hall leads to one of the other.")
    return min(journeys, key=lambda journey: journey.metres)


def _legs(floor: Floor, ends: Iterable[tuple[Spot, Spot]]) -> Iterator[Leg]:
    for start, end in ends:
        try:
            yield leg(floor, start, end)
        except WayError:
            continue


def _outside(hall: Hall, leaving: Spot, other: Hall, entering: Spot) -> float | None:
    """Metres from an entrance of a hall to one of another; None where the place of a hall on the site is not known."""
    if hall.site_x_m is None or hall.site_y_m is None or other.site_x_m is None or other.site_y_m is None:
        return None
    (x, y), (to_x, to_y) = leaving.centre, entering.centre
    return math.dist((hall.site_x_m + x, hall.site_y_m + y), (other.site_x_m + to_x, other.site_y_m + to_y))


def _rectangle(spot: Spot) -> tuple[float, float, float, float]:
    if isinstance(spot, Door):
        x, y = spot.centre
        return x, y, x, y
    width, depth = (spot.width, spot.depth) if isinstance(spot, Place) else (spot.size, spot.size)
    return spot.x, spot.y, spot.x + width, spot.y + depth


def steps(leg: Leg) -> Iterator[str]:
    """A sentence for each straight part of a way: how far, past what, and how one turns there."""
    corners = leg.way.corners
    for number, (first, second) in enumerate(pairwise(corners)):
        values = {"metres": max(round(math.dist(first, second)), 1), "place": leg.end.label}
        if number == len(corners) - 2:
            yield _("Walk %(metres)d m to %(place)s.") % values
            continue
        beside = _beside(leg.floor, second)
        third = corners[number + 2]
        turn = (second[0] - first[0]) * (third[1] - second[1]) - (second[1] - first[1]) * (third[0] - second[0])
        if turn == 0:  # out of a booth and into the one beside it
            yield _("Walk %(metres)d m and turn round.") % values
        elif beside is None:
            left, right = _("Walk %(metres)d m and turn left."), _("Walk %(metres)d m and turn right.")
            yield (right if turn > 0 else left) % values
        else:
            values["place"] = beside.label
            left = _("Walk %(metres)d m to booth %(place)s and turn left.")
            right = _("Walk %(metres)d m to booth %(place)s and turn right.")
            yield (right if turn > 0 else left) % values


def _beside(floor: Floor, point: Point) -> Place | None:
    """The booth that is nearest to a corner of the way; None in a hall without booths."""

    def away(place: Place) -> float:
        x = max(place.x - point[0], point[0] - place.x - place.width, 0.0)
        y = max(place.y - point[1], point[1] - place.y - place.depth, 0.0)
        return math.hypot(x, y)

    return min(floor.places, key=away, default=None)
