"""The slots of a fair, of its tables and of booths with a meeting length of their own, and who receives in which."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableSettings
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.venue.halls.models import Stand

type Span = tuple[datetime, datetime]


def spans(kept: Iterable[Sequence[str]]) -> list[Span]:
    """Spans from the form in which they are stored."""
    return [(datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in kept]


def fullest(held: Sequence[tuple[datetime, datetime, int]], span: Span) -> int:
    """Largest number taken at once in the span. ``held`` are (begins, ends, number)."""
    begins, ends = span
    moments = [begins, *(start for start, *_rest in held if begins < start < ends)]
    return max(sum(number for start, end, number in held if start <= moment < end) for moment in moments)


def receives_at(stand: Stand | None, terms: MeetingTerms | None) -> Stand | None:
    """The stand at which a host receives, None for a table."""
    return None if terms is not None and terms.at_table else stand


def minutes_of(edition: Edition, settings: TimetableSettings, stand: Stand | None, terms: MeetingTerms | None) -> int:
    """Minutes of a meeting with a host: the booth's own, or those of all booths, or the fair's."""
    if receives_at(stand, terms) is None:
        return int(edition.meeting_minutes)
    own = terms.booth_minutes if terms is not None else None
    return int(own or settings.booth_minutes or edition.meeting_minutes)


def slots_of(host: Participation) -> tuple[Slot, ...]:
    """The slots in which a host receives."""
    edition = host.edition
    settings = TimetableSettings.objects.filter(edition=edition).first() or TimetableSettings(edition=edition)
    stand = Stand.objects.filter(participation=host).order_by("pk").first()
    terms = MeetingTerms.objects.filter(participation=host).first()
    return slots(edition, minutes_of(edition, settings, stand, terms))


def host_of(first: Participation, second: Participation) -> tuple[Participation, Participation]:
    """Host and guest of two participants: the exhibitor is the host; of two exhibitors, or none, the first."""
    return (second, first) if first.kind not in EXHIBITING and second.kind in EXHIBITING else (first, second)


def all_slots(edition: Edition, minutes: Iterable[int], told: Iterable[Span] = ()) -> tuple[Slot, ...]:
    """Slots of all these lengths, and the told spans that are none of them, in order of their beginning."""
    slot_of = {(slot.starts_at, slot.ends_at): slot for length in set(minutes) for slot in slots(edition, length)}
    day_of = {slot.starts_at.date(): slot.day for slot in slot_of.values()}
    for begins, ends in told:
        if (begins, ends) in slot_of or not slot_of:
            continue
        local = begins.astimezone(next(iter(slot_of.values())).starts_at.tzinfo).date()
        if local in day_of:
            slot_of[begins, ends] = Slot(day_of[local], begins, ends)
    return tuple(sorted(slot_of.values(), key=lambda slot: (slot.starts_at, slot.ends_at)))


def lengths(edition: Edition) -> set[int]:
    """Lengths in minutes of all slots of the fair: tables, booths, and booths with their own length."""
    settings = TimetableSettings.objects.filter(edition=edition).first()
    own = MeetingTerms.objects.filter(edition=edition, booth_minutes__isnull=False, at_table=False)
    booths = {settings.booth_minutes} if settings and settings.booth_minutes else set()
    return {int(edition.meeting_minutes), *booths, *own.values_list("booth_minutes", flat=True).distinct()}  # type: ignore[arg-type]


def row_at(grid: Sequence[Slot], moment: datetime) -> int:
    """Row of the first slot that begins at ``moment`` or later; the number of slots if there is none."""
    return next((row for row, slot in enumerate(grid) if slot.starts_at >= moment), len(grid))


def rows_by_minutes(edition: Edition, grid: Sequence[Slot], minutes: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Rows of ``grid`` by slot length in minutes."""
    row = {(slot.starts_at, slot.ends_at): number for number, slot in enumerate(grid)}
    return {
        length: frozenset(row[slot.starts_at, slot.ends_at] for slot in slots(edition, length))
        for length in set(minutes)
    }


type Hours = tuple[time | None, time | None]
"""Beginning and end by the fair's local clock; None for no limit."""


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
