"""How long the way is from one meeting to the next: along the aisles of a hall, and from hall to hall."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from serai.expo.halls.models import Stand
from serai.expo.halls.plan import aisles, places
from serai.expo.meetings.arrangements import TimetableSettings
from serai.match.halls.ways import distances

type Integers = NDArray[np.int64]
type Floats = NDArray[np.float64]


def walks(settings: TimetableSettings, hosts: Sequence[Stand | None]) -> tuple[Integers, Integers]:
    """The site of each meeting, and the minutes between each two sites beyond the time that there is for a walk.

    `hosts` are the stands at which meetings are held, None at a table; each comes with its booth and hall. A site is a
    booth, or the tables, which have no place on a plan: a way to them, or to a booth that is not drawn, counts from
    hall to hall alone. Call inside of the edition's scope.
    """
    if settings.turnaround_minutes is None:
        return np.zeros(len(hosts), np.int64), np.zeros((1, 1), np.int64)
    booths = {host.booth_id: host.booth for host in hosts if host}
    keys: list[int | None] = [host.booth_id if host else None for host in hosts]
    sites = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    halls = [booths[key].hall_id if key is not None else settings.tables_hall_id for key in sites]
    apart = np.array(halls, object)[:, None] != np.array(halls, object)
    minutes = np.where(apart, float(settings.minutes_between_halls), 0.0) if sites else np.zeros((1, 1))
    for hall in {booth.hall_id: booth.hall for booth in booths.values()}.values():
        drawn = places(hall)
        known = [place for place in drawn if place.booth.pk in sites]
        if len(known) < 2:
            continue
        metres = distances(aisles(hall, drawn), np.array([place.centre for place in known]))
        rows = np.array([sites[place.booth.pk] for place in known])
        # Where no aisle leads, the way is not known, and as good as one to another hall.
        lasts = np.where(np.isfinite(metres), metres / settings.metres_a_minute, settings.minutes_between_halls)
        minutes[np.ix_(rows, rows)] = lasts
    late = np.maximum(np.ceil(np.maximum(minutes, minutes.T) - 1e-9) - settings.turnaround_minutes, 0)
    np.fill_diagonal(late, 0)
    site = np.array([sites[key] for key in keys], np.int64)
    return site, late.astype(np.int64)
