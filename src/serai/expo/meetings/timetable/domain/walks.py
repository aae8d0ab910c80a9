"""How long the way is from one meeting to the next: along the aisles of a hall, and from hall to hall."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from serai.expo.meetings.timetable.models import TimetableSettings
from serai.expo.venue.halls.domain.plan import Standing, aisles, places, tables
from serai.expo.venue.halls.models import Booth, Stand, TableArea
from serai.match.halls.ways import distances

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]


def walks(
    settings: TimetableSettings, hosts: Sequence[Stand | None], areas: Sequence[TableArea | None] = ()
) -> tuple[Integers, Integers]:
    """The site of each meeting, and the minutes between each two sites beyond the time that there is for a walk.

    `hosts` are the stands at which meetings are held, None at a table; each comes with its booth and hall. `areas` say
    for a meeting at a table where that stands. A site is a booth, or tables that stand together; a way to tables that
    have no place, or to a booth that is not drawn, counts from hall to hall alone. Call inside of the edition's scope.
    """
    if settings.turnaround_minutes is None:
        return np.zeros(len(hosts), np.int64), np.zeros((1, 1), np.int64)
    at: list[Booth | TableArea | None] = [
        host.booth if host else area for host, area in zip(hosts, areas or [None] * len(hosts), strict=True)
    ]
    keys = [_key(one) for one in at]
    sites = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    places_ = dict(zip(keys, at, strict=True))
    halls = [one.hall_id if one is not None else settings.tables_hall_id for one in places_.values()]
    apart = np.array(halls, object)[:, None] != np.array(halls, object)
    minutes = np.where(apart, float(settings.minutes_between_halls), 0.0) if sites else np.zeros((1, 1))
    for hall in {one.hall_id: one.hall for one in places_.values() if one is not None}.values():
        drawn: list[Standing] = [*places(hall), *tables(hall)]
        known = [place for place in drawn if _key(place.what) in sites]
        if len(known) < 2:
            continue
        metres = distances(aisles(hall, drawn), np.array([place.centre for place in known]))
        rows = np.array([sites[_key(place.what)] for place in known])
        # Where no aisle leads, the way is not known, and as good as one to another hall.
        lasts = np.where(np.isfinite(metres), metres / settings.metres_a_minute, settings.minutes_between_halls)
        minutes[np.ix_(rows, rows)] = lasts
    late = np.maximum(np.ceil(np.maximum(minutes, minutes.T) - 1e-9) - settings.turnaround_minutes, 0)
    np.fill_diagonal(late, 0)
    site = np.array([sites[key] for key in keys], np.int64)
    return site, late.astype(np.int64)


def _key(what: Booth | TableArea | None) -> tuple[str, int | None]:
    return type(what).__name__, what.pk if what is not None else None
