"""Where meetings are held: the tables of the fair by their place on the plan, and the walks from place to place.

Tables that stand together are one place: which of them a meeting gets matters to nobody. Those without a place on the
plan are one too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.models import TimetableSettings
from serai.expo.venue.halls.domain.plan import Standing, aisles, places, tables
from serai.expo.venue.halls.models import Booth, Stand, TableArea
from serai.match.halls.ways import distances

type Booleans = NDArray[np.bool_]
type Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Together:
    """Tables that stand together, by their numbers, and the area of the plan; none for those without a place."""

    numbers: tuple[int, ...]
    area: TableArea | None

    @property
    def label(self) -> str:
        return self.area.label if self.area else ""


def tables_of(edition: Edition) -> list[Together]:
    """Tables of the fair by their place on the plan, then those without a place."""
    numbers = range(1, edition.meeting_tables + 1)
    areas = TableArea.objects.filter(edition=edition).select_related("hall")
    placed_tables = [Together(tuple(number for number in area.numbers if number in numbers), area) for area in areas]
    placed = {number for place in placed_tables for number in place.numbers}
    loose = tuple(number for number in numbers if number not in placed)
    return [place for place in [*placed_tables, Together(loose, None)] if place.numbers]


def number_of_table(place: str) -> int | None:
    """The number of a table from its name, such as T7; None for a booth."""
    number = place[1:]
    return int(number) if place[:1] == "T" and number.isdecimal() and len(number) < 7 else None


def first_stand(host: Participation) -> Stand | None:
    """The stand at which the host receives: of several, its first."""
    return Stand.objects.filter(participation=host).select_related("booth__hall").order_by("pk").first()


def tables_for(host: Participation) -> tuple[int, ...]:
    """The tables of the host's hall in order, then those of the others."""
    stand = first_stand(host)
    return _in_turn(tables_of(host.edition), stand.booth.hall_id if stand else None)


def tables_of_hosts(edition: Edition) -> Callable[[int], tuple[int, ...]]:
    """Primary key of a host -> its tables as of ``tables_for``, for many hosts in a fixed number of queries."""
    there = tables_of(edition)
    stands = Stand.objects.filter(edition=edition).order_by("-pk")
    hall_of = dict(stands.values_list("participation_id", "booth__hall_id"))
    in_turn = {hall: _in_turn(there, hall) for hall in {None, *hall_of.values()}}
    return lambda host: in_turn[hall_of.get(host)]


def _in_turn(there: Iterable[Together], hall: int | None) -> tuple[int, ...]:
    own = next((place.numbers for place in there if place.area and place.area.hall_id == hall), ())
    return (*own, *sorted(number for place in there for number in place.numbers))


def seated_at(
    meetings: Sequence[Meeting],
    hosts: Sequence[Stand | None],
    standing: Mapping[int, Stand],
    parties: Iterable[Participation],
    tables: Sequence[Together],
) -> list[int]:
    """For each meeting the row of ``tables`` at which it is held, -1 at a booth or if there are no tables.

    A told meeting stays where its table stands. Other meetings are at the tables in the hall of the host's booth, or of
    its section. If these have none, hosts are spread so that each place has its share.
    """
    if not tables:
        return [-1] * len(meetings)
    of_number = {number: row for row, group in enumerate(tables) for number in group.numbers}
    wanted = Counter(meeting.host_id for meeting, host in zip(meetings, hosts, strict=True) if host is None)
    place = _places_of_hosts(wanted, standing, {party.pk: party for party in parties}, tables)
    rows = []
    for meeting, host in zip(meetings, hosts, strict=True):
        told = of_number.get(number_of_table(meeting.place) or 0) if meeting.is_told else None
        rows.append(-1 if host is not None else told if told is not None else place[meeting.host_id])
    return rows


def _places_of_hosts(
    wanted: Counter[int],
    standing: Mapping[int, Stand],
    parties: dict[int, Participation],
    tables: Sequence[Together],
) -> dict[int, int]:
    """Host -> row of ``tables``."""
    of_hall: dict[int, int] = {}
    of_section: dict[int, int] = {}
    for row, place in enumerate(tables):
        if place.area is not None:
            of_hall.setdefault(place.area.hall_id, row)
            if place.area.hall.section_id is not None:
                of_section.setdefault(place.area.hall.section_id, row)
    load = [0.0] * len(tables)
    row_of: dict[int, int] = {}
    for host in sorted(wanted):
        hall = standing[host].booth.hall_id if host in standing else None
        own = of_hall.get(hall or 0, of_section.get(parties[host].section_id or 0))
        row = own if own is not None else min(range(len(tables)), key=lambda row: load[row] / len(tables[row].numbers))
        row_of[host] = row
        load[row] += wanted[host]
    return row_of


def walks(
    settings: TimetableSettings, hosts: Sequence[Stand | None], areas: Sequence[TableArea | None] = ()
) -> tuple[Integers, Integers]:
    """The site of each meeting, and the minutes between each two sites beyond the turnaround time.

    `hosts` are the stands at which meetings are held, None at a table, with their booth and hall. `areas` are the
    places of the tables. A site is a booth, or tables that stand together. To tables without a place and to booths that
    are not drawn, only the way from hall to hall counts.

    Returns (n_meetings,) and (n_sites, n_sites).
    """
    if settings.turnaround_minutes is None:
        return np.zeros(len(hosts), np.int64), np.zeros((1, 1), np.int64)
    at: list[Booth | TableArea | None] = [
        host.booth if host else area for host, area in zip(hosts, areas or [None] * len(hosts), strict=True)
    ]
    keys = [_key(spot) for spot in at]
    sites = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    places_ = dict(zip(keys, at, strict=True))
    halls = [spot.hall_id if spot is not None else settings.tables_hall_id for spot in places_.values()]
    apart = np.array(halls, object)[:, None] != np.array(halls, object)
    minutes = np.where(apart, float(settings.minutes_between_halls), 0.0) if sites else np.zeros((1, 1))
    for hall in {spot.hall_id: spot.hall for spot in places_.values() if spot is not None}.values():
        drawn: list[Standing] = [*places(hall), *tables(hall)]
        used = [place for place in drawn if _key(place.what) in sites]
        if len(used) < 2:
            continue
        metres = distances(aisles(hall, drawn), np.array([place.centre for place in used]))
        rows = np.array([sites[_key(place.what)] for place in used])
        # Where no aisle leads, the way is not known, and as good as one to another hall.
        lasts = np.where(np.isfinite(metres), metres / settings.metres_a_minute, settings.minutes_between_halls)
        minutes[np.ix_(rows, rows)] = lasts
    late = np.maximum(np.ceil(np.maximum(minutes, minutes.T) - 1e-9) - settings.turnaround_minutes, 0)
    np.fill_diagonal(late, 0)
    site = np.array([sites[key] for key in keys], np.int64)
    return site, late.astype(np.int64)


def _key(what: Booth | TableArea | None) -> tuple[str, int | None]:
    return type(what).__name__, what.pk if what is not None else None
