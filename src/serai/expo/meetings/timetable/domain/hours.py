"""Hours of the day within which a meeting is held: those of its session, and those of the host's booth."""

from collections.abc import Mapping, Sequence
from datetime import time
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from serai.expo.fairs.edition.domain.slots import Slot
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.models import MeetingTerms
from serai.expo.venue.halls.models import Stand

type Hours = tuple[time | None, time | None]
"""From when until when, by the clock of the fair's own place; None where there is no limit."""


def hours_of(meeting: Meeting, terms: MeetingTerms | None, stand: Stand | None) -> list[Hours]:
    """Hours of the meeting's session, and of the host's booth if the meeting is held at ``stand``."""
    hours: list[Hours] = []
    if meeting.block is not None:
        hours.append((meeting.block.from_time, meeting.block.until_time))
    if stand is not None and terms is not None and (terms.booth_from or terms.booth_until):
        hours.append((terms.booth_from, terms.booth_until))
    return hours


def is_within(slot: Slot, zone: ZoneInfo, begins: time | None, ends: time | None) -> bool:
    """Whether the slot is within these hours of the day, on the clock of ``zone``."""
    start, end = (moment.astimezone(zone).time() for moment in (slot.starts_at, slot.ends_at))
    return (begins is None or begins <= start) and (ends is None or end <= ends)


def windows(
    hours: Sequence[Sequence[Hours]],
    own_slots: Sequence[frozenset[int]],
    grid: Sequence[Slot],
    fixed: NDArray[np.int64],
    zone: ZoneInfo,
) -> NDArray[np.bool_]:
    """Slots in which each meeting can be held, (n_meetings, n_slots).

    ``hours`` are those of each meeting, ``own_slots`` the slots of its length, ``fixed`` the slot that it keeps or -1.
    A fixed slot is always open.
    """
    within = cache(lambda begins, ends: np.array([is_within(slot, zone, begins, ends) for slot in grid], np.bool_))
    of_length = {slots: np.isin(np.arange(len(grid)), list(slots)) for slots in set(own_slots)}
    limited: Mapping[int, NDArray[np.bool_]] = {
        meeting: np.logical_and.reduce([of_length[slots], *(within(*span) for span in hours[meeting])])
        for meeting, slots in enumerate(own_slots)
        if hours[meeting] or len(slots) < len(grid)
    }
    window: NDArray[np.bool_] = np.broadcast_to(np.True_, (len(hours), len(grid)))
    if limited:
        window = window.copy()
    for meeting, slots_open in limited.items():
        window[meeting] = slots_open
        if fixed[meeting] >= 0:
            window[meeting, fixed[meeting]] = True
    return window
