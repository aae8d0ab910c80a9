"""The board of the day: meetings now and next, free tables, and the proposed change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.day.domain.changes import Happened, next_slot, seat_of, waiting
from serai.expo.meetings.meeting.domain.life import TOLD
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.drafts import Seat
from serai.expo.meetings.timetable.domain.publication import Difference, differences
from serai.expo.meetings.timetable.models import TimetableRun


@dataclass(frozen=True)
class WalkIn:
    """A walk-in with the seat that the proposed change gives it."""

    host: Participation
    guest: Participation
    seat: Seat


@dataclass(frozen=True)
class Board:
    """The meetings now and next, and the proposed change."""

    grid: Sequence[Slot]
    now: int
    """Row in ``grid``."""
    meetings: Sequence[Meeting]
    """Told meetings from the slot before ``now`` to the slot after it."""
    free_tables: Sequence[tuple[datetime, int]]
    """Free tables at the beginning of each of these slots."""
    run: TimetableRun | None
    happened: Happened | None
    people: Mapping[int, Participation]
    """Participations named in ``happened``, by primary key."""
    differences: Sequence[Difference]
    walk_ins: Sequence[WalkIn]


def board(edition: Edition, at: int | None = None) -> Board:
    """The board of the day at slot ``at`` of the grid, by default the next slot."""
    grid = slots(edition)
    run = waiting(edition)
    happened = Happened.of(run.happened) if run else None
    now = _now(grid, happened) if at is None else min(at, len(grid) - 1)
    near = grid[max(now - 1, 0) : now + 2]
    meetings = _meetings(edition, near)
    return Board(
        grid=grid,
        now=now,
        meetings=meetings,
        free_tables=_free_tables(edition, near, meetings),
        run=run,
        happened=happened,
        people=_participations(edition, happened.parties if happened else ()),
        differences=differences(run) if run else [],
        walk_ins=_walk_ins(run) if run else [],
    )


def _now(grid: Sequence[Slot], happened: Happened | None) -> int:
    if happened:
        return happened.now
    coming = next_slot(grid)
    return coming if coming < len(grid) else 0


def _meetings(edition: Edition, near: Sequence[Slot]) -> list[Meeting]:
    told = Meeting.objects.filter(edition=edition, state__in=TOLD)
    told = told.filter(ends_at__gt=near[0].starts_at, starts_at__lt=near[-1].ends_at) if near else told.none()
    return list(told.select_related("host__firm", "guest__firm").order_by("starts_at", "place", "pk"))


def _free_tables(edition: Edition, near: Sequence[Slot], meetings: Sequence[Meeting]) -> list[tuple[datetime, int]]:
    spans = [(row.starts_at, row.ends_at) for row in meetings if row.place.startswith("T")]
    taken = {
        slot.starts_at: sum(begins <= slot.starts_at < ends for begins, ends in spans if begins and ends)
        for slot in near
    }
    return [(begins, max(edition.meeting_tables - number, 0)) for begins, number in taken.items()]


def _walk_ins(run: TimetableRun) -> list[WalkIn]:
    rows = run.happened.get("walked_in", [])
    people = _participations(run.edition, {pk for row in rows for pk in row[:2]})
    return [
        WalkIn(people[host], people[guest], seat_of(seat))
        for host, guest, *seat in rows
        if host in people and guest in people
    ]


def _participations(edition: Edition, keys: Collection[int]) -> dict[int, Participation]:
    return Participation.objects.filter(edition=edition, pk__in=keys).select_related("firm").in_bulk()
