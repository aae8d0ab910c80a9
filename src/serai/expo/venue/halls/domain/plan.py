"""The plan of a hall: its places, the state of its booths, and which halls a reader sees."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from serai.expo.base.audit.domain.entries import record_change
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Booth, Entrance, Hall, Stand, TableArea
from serai.match.halls.ways import Aisles

LEAST_AISLE = 1.2
"""Metres: a gap between booths that is narrower is no aisle."""
EDGE = 1.0
"""Metres between the wall and the way along it."""
WALKING = 60.0
"""Metres a minute in a crowd."""
TABLE_SHARE = 0.5
"""Of its part of the rectangle that a table takes, chairs left out."""
LETTER, WIDE_LETTER = 0.6, 1.0
"""How wide a letter, and a Chinese one, is set, in its height."""


@dataclass(frozen=True)
class Place:
    """A booth on the plan, in metres, with who stands there, the first of them named as far as there is room."""

    booth: Booth
    x: float
    y: float
    width: float
    depth: float
    stands: tuple[Participation, ...]
    short: str

    @property
    def what(self) -> Booth:
        return self.booth

    @property
    def code(self) -> str:
        return str(self.booth.code)

    @property
    def label(self) -> str:
        return self.booth.label

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.depth / 2

    @property
    def area(self) -> float:
        """Square metres."""
        return self.width * self.depth

    @property
    def countries(self) -> tuple[str, ...]:
        """Where those who stand there come from, each country once."""
        return tuple(dict.fromkeys(participation.firm.country for participation in self.stands))


@dataclass(frozen=True)
class Table:
    """A meeting table on the plan, in metres."""

    number: int
    x: float
    y: float
    size: float

    @property
    def code(self) -> str:
        return f"T{self.number}"

    label = code

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.size / 2, self.y + self.size / 2


@dataclass(frozen=True)
class Tables:
    """Meeting tables that stand together, in metres, with each of them."""

    area: TableArea
    x: float
    y: float
    width: float
    depth: float
    each: tuple[Table, ...]

    @property
    def what(self) -> TableArea:
        return self.area

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.depth / 2


@dataclass(frozen=True)
class Door:
    """An entrance on the plan, in metres."""

    entrance: Entrance

    @property
    def code(self) -> str:
        return f"@{self.entrance.code}"

    @property
    def label(self) -> str:
        name = in_language(self.entrance.title).text
        return name or gettext("Entrance %(code)s") % {"code": self.entrance.code}

    @property
    def centre(self) -> tuple[float, float]:
        return self.entrance.x_m, self.entrance.y_m


type Standing = Place | Tables
type Spot = Place | Table | Door
"""Where a way begins or ends."""


def doors(hall: Hall) -> list[Door]:
    """The entrances of a hall in the order of their codes, by one query."""
    return [Door(entrance) for entrance in hall.entrances.all()]


def tables(hall: Hall) -> list[Tables]:
    """The meeting tables of a hall in the order of their numbers, by one query."""
    return [
        Tables(area, area.x_m, area.y_m, area.width_m, area.depth_m, tuple(_in_rows(area)))
        for area in hall.table_areas.all()
    ]


def _in_rows(area: TableArea) -> Iterator[Table]:
    """Its tables from left to right, row by row, as far apart as they can be."""
    number = len(area.numbers)
    columns = min(max(round(math.sqrt(number * area.width_m / area.depth_m)), 1), number)
    rows = math.ceil(number / columns)
    wide, deep = area.width_m / columns, area.depth_m / rows
    size = TABLE_SHARE * min(wide, deep)
    for place, code in enumerate(area.numbers):
        row, column = divmod(place, columns)
        yield Table(code, area.x_m + (column + 0.5) * wide - size / 2, area.y_m + (row + 0.5) * deep - size / 2, size)


def halls(edition: Edition) -> QuerySet[Hall]:
    """The halls of the edition in order, each with its number of booths as ``booth_count``."""
    rows = Hall.objects.filter(edition=edition).select_related("section__chain").prefetch_related("table_areas")
    return rows.annotate(booth_count=Count("booths"))


def halls_with_counts(edition: Edition) -> QuerySet[Hall]:
    """The halls with their numbers of booths, of taken and of free booths, as ``booth_count``, ``taken_count``, ..."""
    free = Q(booths__state=Booth.State.AVAILABLE, booths__stands__isnull=True)
    return (
        Hall.objects.filter(edition=edition)
        .select_related("section")
        .annotate(
            booth_count=Count("booths", distinct=True),
            taken_count=Count("booths", Q(booths__stands__isnull=False), distinct=True),
            free_count=Count("booths", free, distinct=True),
        )
    )


_READ = (
    *("booth_id", "participation__edition_id", "participation__kind"),
    *(f"participation__firm__{name}" for name in ("identifier", "name", "legal_name", "country")),
)
"""What the plan reads of who stands at a booth: a firm is a long record."""


def places(hall: Hall) -> list[Place]:
    """The booths of a hall whose place on the plan is known, in order of their codes, by two queries."""
    booths = hall.booths.filter(x_m__isnull=False, y_m__isnull=False, width_m__isnull=False, depth_m__isnull=False)
    confirmed = Stand.objects.filter(participation__state=Participation.State.CONFIRMED)
    stands = confirmed.select_related("participation__firm").order_by("pk").only(*_READ)
    rows = []
    for booth in booths.prefetch_related(Prefetch("stands", stands)):
        taking_part = tuple(stand.participation for stand in booth.stands.all())
        width, depth = float(booth.width_m or 0), float(booth.depth_m or 0)
        name = shown_name(taking_part[0].firm) if taking_part else ""
        rows.append(
            Place(booth, float(booth.x_m or 0), float(booth.y_m or 0), width, depth, taking_part, fitting(name, width))
        )
    return rows


def minutes(metres: float) -> int:
    """How long it takes to walk so far, at least a minute."""
    return max(round(metres / WALKING), 1)


def aisles(hall: Hall, standing: Sequence[Standing]) -> Aisles:
    """The ways between the rows of what stands there from wall to wall, joined along both side walls."""
    width = float(hall.width_m or max(place.x + place.width for place in standing) + 2 * EDGE)
    depth = float(hall.depth_m or max(place.y + place.depth for place in standing) + 2 * EDGE)
    heights = [middle for begins, ends in _gaps(standing, depth) for middle in [(begins + ends) / 2]]
    left, right = EDGE, width - EDGE
    points = np.array([(x, y) for y in heights for x in (left, right)])
    rows = range(len(heights))
    across = [(2 * row, 2 * row + 1) for row in rows]
    along = [(2 * row + side, 2 * (row + 1) + side) for row in rows[:-1] for side in (0, 1)]
    return Aisles(points, np.array(across + along))


def _gaps(standing: Sequence[Standing], depth: float) -> list[tuple[float, float]]:
    """Where nothing stands from wall to wall, as spans of y; the walls' own strips where there is none."""
    spans = sorted((place.y, place.y + place.depth) for place in standing)
    gaps, reached = [], 0.0
    for begins, ends in [*spans, (depth, depth)]:
        if begins - reached >= LEAST_AISLE:
            gaps.append((reached, begins))
        reached = max(reached, ends)
    return gaps or [(0.0, 2 * EDGE), (depth - 2 * EDGE, depth)]


def fitting(text: str, width: float) -> str:
    """The text as far as it fits into a booth, letters 0.9 m high."""
    room, cut = width - 0.4, ""
    for letter in text:
        room -= 0.9 * (WIDE_LETTER if ord(letter) >= 0x2E80 else LETTER)
        if room < 0:
            return f"{cut.rstrip()[:-1]}…"
        cut += letter
    return cut


KEPT = (Booth.State.RESERVED, Booth.State.CONTRACTED)


def state_now(booth: Booth) -> str:
    """The state of the booth today: a hold ends after its last day."""
    over = booth.held_until is not None and booth.held_until < timezone.localdate()
    return Booth.State.AVAILABLE if booth.state == Booth.State.ON_HOLD and over else booth.state


@transaction.atomic
def set_state(booth: Booth, to: Booth.State, *, user: User | None) -> None:
    """Set the state of the booth and end any hold."""
    record_change("booth.kept", booth, user=user, state=to, held_until=None, held_for=None)


def halls_visible_to(_user: User | AnonymousUser, edition: Edition) -> QuerySet[Hall]:
    """Every hall."""
    return Hall.objects.filter(edition=edition)


def booths_visible_to(_user: User | AnonymousUser, edition: Edition) -> QuerySet[Booth]:
    """Every booth with its confirmed exhibitors in ``standing``."""
    there = Participation.objects.filter(
        kind__in=EXHIBITING, state=Participation.State.CONFIRMED, edition=edition
    ).select_related("firm")
    return (
        Booth.objects.filter(edition=edition)
        .select_related("hall")
        .prefetch_related(Prefetch("participations", there, to_attr="standing"))
    )
