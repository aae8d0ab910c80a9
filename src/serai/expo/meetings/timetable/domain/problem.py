"""The timetable problem of an edition, as the solver takes it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.matching import protected
from serai.expo.meetings.meeting.domain.life import TOLD, UNTOLD
from serai.expo.meetings.meeting.domain.permission import permits, wishes_against
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.domain.availability import engaged
from serai.expo.meetings.timetable.domain.candidates import is_of_a_wish
from serai.expo.meetings.timetable.domain.grids import Span, all_slots, hours_of, minutes_of, rows_by_minutes, windows
from serai.expo.meetings.timetable.domain.places import Booleans, Integers, Together, seated_at, tables_of, walks
from serai.expo.meetings.timetable.domain.pools import no_pools, with_desks, with_interpreters, with_people, with_tables
from serai.expo.meetings.timetable.domain.sides import Sides, crowd, left_over, presence, sides_of
from serai.expo.meetings.timetable.models import TimetableSettings

if TYPE_CHECKING:
    from serai.match.timetable import TimetableProblem


@dataclass(frozen=True)
class Asked:
    """The meetings in the order of the problem's rows, with the problem and where each may be held."""

    meetings: list[Meeting]
    problem: "TimetableProblem"
    grid: tuple[Slot, ...]
    told: Integers
    """(n_meetings,) the slot that was told to both sides, -1 where none was."""
    before: Integers
    """(n_meetings,) the slot that was told, else that of the last draft, -1 for none."""
    tables: Sequence[Together]
    """Tables that stand together."""
    at_tables: Sequence[int]
    """(n_meetings,) at which of ``tables`` the meeting is held, -1 at a booth."""
    booth: Sequence[str]
    """(n_meetings,) the host's booth where the meeting is held there, "" where at a table."""
    booths: Sequence[frozenset[str]]
    """(n_meetings,) all booths of a host that receives at one: a meeting told at any of them is held there."""
    pools: Sequence[str]
    """Name of each pool: a pair of languages, a booth, tables that stand together, or a participation."""
    table_pools: int
    """The first pool of tables; equal to ``people_pools`` if there is none."""
    people_pools: int
    """The first pool of people of a participant."""
    musts_step: float
    """How much more a must counts than its value."""


def settings_of(edition: Edition) -> TimetableSettings:
    """Settings of the edition's timetable, or unsaved defaults."""
    return TimetableSettings.objects.filter(edition=edition).first() or TimetableSettings(edition=edition)


def ask(
    edition: Edition,
    meetings: Sequence[Meeting],
    *,
    free_told: bool = False,
    free: Collection[int] = (),
    parties_too: Sequence[int] = (),
) -> Asked:
    """The problem of seating these meetings.

    A told meeting keeps its time. With ``free_told``, a meeting that is neither locked, confirmed nor over may move;
    the meetings whose primary keys are in ``free`` may move in any state. ``parties_too`` are participations that are
    parties though they have no meeting yet. Raises TimetableError.
    """
    from serai.match.timetable import TimetableProblem  # loads Numba and HiGHS
    from serai.match.timetable.problem import by_class

    settings = settings_of(edition)
    sides = sides_of(edition, meetings, parties_too)
    calendar = _calendar(edition, settings, meetings, sides)
    fixed = _fixed(meetings, calendar.told, free_told=free_told, free=free)
    wishes = _wishes(edition)
    must = np.array([_couple(meeting) in wishes.musts for meeting in meetings], np.bool_)
    value = np.array([meeting.value for meeting in meetings], np.float64)
    weighed = by_class(value, must) if settings.musts_first else value
    left = left_over(sides, engaged(edition, sides.row), calendar.grid)
    # A veto or an absence after a meeting was told is for the organiser to settle; the solver may not move the meeting.
    kept = np.flatnonzero(fixed >= 0)
    available = presence(sides, calendar.grid) & (left > 0)
    available[sides.pairs[kept], fixed[kept, None]] = True
    tables = tables_of(edition)
    at_tables = seated_at(meetings, sides.hosts, sides.standing, sides.parties, tables)
    shared = with_desks(
        with_interpreters(no_pools(len(meetings), len(calendar.grid)), edition, sides.parties, sides.pairs),
        sides.hosts,
        sides.terms,
    )
    shared_tables = with_tables(shared, tables, at_tables)
    pools = with_people(shared_tables, sides.parties, sides.people, left, sides.pairs, sides.heads)
    site, walk = walks(settings, sides.hosts, [tables[row].area if row >= 0 else None for row in at_tables])
    at_table = np.array([host is None for host in sides.hosts], np.bool_)
    # A told meeting at a time that is no slot of the tables any more has its table, and no other meeting has it then.
    own = calendar.of_minutes[edition.meeting_minutes]
    off_grid = at_table & (fixed >= 0) & ~np.isin(fixed, list(own))
    vetoed = _vetoed(edition, meetings, sides, wishes)
    maximum = np.array([party.meetings_maximum for party in sides.parties], np.int64)
    problem = TimetableProblem(
        parties=tuple(str(party.pk) for party in sides.parties),
        slots=tuple(f"{slot.starts_at.isoformat()}/{slot.ends_at.isoformat()}" for slot in calendar.grid),
        day=np.array([slot.day for slot in calendar.grid], np.int64),
        pairs=sides.pairs,
        value=weighed,
        vetoed=vetoed & (fixed < 0),
        at_table=at_table & ~off_grid,
        fixed_slot=fixed,
        available=available,
        maximum=np.maximum(maximum, np.bincount(sides.pairs[kept].ravel(), minlength=len(maximum))),
        minimum=np.minimum(_floors(edition, settings, sides.parties, sides.pairs[~vetoed]), maximum),
        places=_places(edition, own, calendar.times, fixed, at_table & ~off_grid, off_grid),
        gap_weight=settings.gap_cost,
        must=must,
        window=_manned(_windows(edition, meetings, sides, calendar, fixed), left, sides, fixed),
        pools=pools.units,
        uses=pools.uses,
        before=_order(meetings),
        site=site,
        walk=walk,
        at_once=np.maximum(sides.people, crowd(sides, fixed, calendar.times)),
        heads=sides.heads,
        times=calendar.times,
    )
    return Asked(
        list(meetings),
        problem,
        calendar.grid,
        calendar.told,
        calendar.before,
        tables,
        at_tables,
        [host.booth.label if host else "" for host in sides.hosts],
        [sides.booths[host.participation_id] if host else frozenset() for host in sides.hosts],
        pools.names,
        len(shared),
        len(shared_tables),
        float((weighed - value).max(initial=0.0)),
    )


# Slots: when meetings are and may be held


@dataclass(frozen=True)
class _Calendar:
    """The slots of the problem in the order in which they begin, and those that the meetings have."""

    grid: tuple[Slot, ...]
    of_minutes: Mapping[int, frozenset[int]]
    """Slots of each length in minutes."""
    minutes: Sequence[int]
    """(n_meetings,) how long each meeting lasts."""
    told: Integers
    """(n_meetings,) the slot that was told to both sides, or -1."""
    before: Integers
    """(n_meetings,) the slot that was told, else that of the last draft, or -1."""
    times: Integers
    """(n_slots, 2) when each slot begins and ends, in minutes since the first."""


def _calendar(edition: Edition, settings: TimetableSettings, meetings: Sequence[Meeting], sides: Sides) -> _Calendar:
    minutes = [
        minutes_of(edition, settings, host, sides.terms.get(meeting.host_id))
        for meeting, host in zip(meetings, sides.hosts, strict=True)
    ]
    told = [_span(meeting, TOLD) for meeting in meetings]
    drafted = [_span(meeting, (*TOLD, *UNTOLD)) for meeting in meetings]
    lengths = {*minutes, edition.meeting_minutes}
    grid = all_slots(edition, lengths, filter(None, told))
    row = {(slot.starts_at, slot.ends_at): number for number, slot in enumerate(grid)}

    def rows(meeting_spans: Sequence[Span | None]) -> Integers:
        return np.array([row.get(span, -1) if span else -1 for span in meeting_spans], np.int64)

    of_minutes = rows_by_minutes(edition, grid, lengths)
    return _Calendar(grid, of_minutes, minutes, rows(told), rows(drafted), _times(grid))


def _span(meeting: Meeting, states: Collection[str]) -> Span | None:
    """When a meeting in one of these states begins and ends."""
    if meeting.state not in states or meeting.starts_at is None or meeting.ends_at is None:
        return None
    return meeting.starts_at, meeting.ends_at


def _times(grid: Sequence[Slot]) -> Integers:
    """(n_slots, 2) when each slot begins and ends, in minutes since the first."""
    seconds = [[(moment - grid[0].starts_at).total_seconds() for moment in (s.starts_at, s.ends_at)] for s in grid]
    return np.rint(np.array(seconds).reshape(-1, 2) / 60).astype(np.int64)


def _fixed(meetings: Sequence[Meeting], told: Integers, *, free_told: bool, free: Collection[int]) -> Integers:
    """(n_meetings,) the slot that the meeting keeps, or -1."""
    may_move = [
        meeting.pk in free or (free_told and meeting.state == Meeting.State.SCHEDULED and not meeting.locked)
        for meeting in meetings
    ]
    return np.where(np.array(may_move, np.bool_), -1, told)


def _windows(
    edition: Edition, meetings: Sequence[Meeting], sides: Sides, calendar: _Calendar, fixed: Integers
) -> Booleans:
    """(n_meetings, n_slots) slots of the meeting's length within its hours."""
    hours = [
        hours_of(meeting, sides.terms.get(meeting.host_id), host)
        for meeting, host in zip(meetings, sides.hosts, strict=True)
    ]
    own_slots = [calendar.of_minutes[length] for length in calendar.minutes]
    return windows(hours, own_slots, calendar.grid, fixed, ZoneInfo(edition.time_zone))


def _manned(window: Booleans, left: Integers, sides: Sides, fixed: Integers) -> Booleans:
    """The window without the slots in which a side of several people has too few left; a told slot stays."""
    shared = np.flatnonzero((sides.heads > 1).any(axis=1))
    lacking = (sides.heads[shared][:, :, None] > left[sides.pairs[shared]]).any(axis=1)
    if not lacking.any():
        return window
    window = window.copy()
    window[shared] &= ~lacking
    kept = shared[fixed[shared] >= 0]
    window[kept, fixed[kept]] = True
    return window


def _places(
    edition: Edition, own: frozenset[int], times: Integers, fixed: Integers, at_table: Booleans, off_grid: Booleans
) -> Integers:
    """(n_slots,) tables in the slots of tables: at least as many as the told meetings there have."""
    places = np.zeros(len(times), np.int64)
    places[list(own)] = edition.meeting_tables
    for slot in fixed[off_grid].tolist():
        over = (times[:, 0] < times[slot, 1]) & (times[slot, 0] < times[:, 1])
        places[over] = np.maximum(places[over] - 1, 0)
    return np.maximum(places, np.bincount(fixed[at_table & (fixed >= 0)], minlength=len(times)))


def _order(meetings: Sequence[Meeting]) -> Integers:
    """(n, 2) meetings of which the first is over before the second begins."""
    row = {meeting.pk: number for number, meeting in enumerate(meetings)}
    ordered = [
        (row[meeting.comes_after_id], number)
        for number, meeting in enumerate(meetings)
        if meeting.comes_after_id is not None and meeting.comes_after_id in row and meeting.comes_after_id != meeting.pk
    ]
    return np.array(ordered, np.int64).reshape(-1, 2)


# Wishes, vetoes and floors


@dataclass(frozen=True)
class _Wishes:
    """Pairs of participations by what one said of the other."""

    wished: frozenset[frozenset[int]]
    musts: frozenset[frozenset[int]]
    refused: frozenset[frozenset[int]]


def _couple(meeting: Meeting) -> frozenset[int]:
    return frozenset((meeting.host_id, meeting.guest_id))


def _wishes(edition: Edition) -> _Wishes:
    """The wishes of the edition that its rules allow."""
    against = wishes_against(edition)
    couples: dict[str, set[frozenset[int]]] = defaultdict(set)
    wishes = Wish.objects.filter(edition=edition).values_list("wisher_id", "wished_id", "strength")
    for wisher, wished, strength in wishes:
        if (wisher, wished) not in against:
            couples[strength].add(frozenset((wisher, wished)))
    refused = couples.pop(Wish.Strength.NO_THANKS, set())
    return _Wishes(frozenset().union(*couples.values()), frozenset(couples[Wish.Strength.MUST]), frozenset(refused))


def _vetoed(edition: Edition, meetings: Sequence[Meeting], sides: Sides, wishes: _Wishes) -> Booleans:
    """(n_meetings,) whether a side refused, the wish it came from is gone, or the rules of the fair forbid it."""
    permitted = permits(edition)
    return np.array(
        [
            _couple(meeting) in wishes.refused
            or (is_of_a_wish(meeting) and _couple(meeting) not in wishes.wished)
            or not permitted.may_meet(sides.parties[host], sides.parties[guest])
            for meeting, (host, guest) in zip(meetings, sides.pairs.tolist(), strict=True)
        ],
        np.bool_,
    )


def _floors(
    edition: Edition, settings: TimetableSettings, parties: Sequence[Participation], pairs: Integers
) -> Integers:
    """(n_parties,) meetings promised to each; to protected exhibitors at least the floor, as far as they are wished."""
    minimum = np.array([party.meetings_minimum for party in parties], np.int64)
    if settings.protected_floor:
        shielded = protected(edition)
        wished = np.bincount(pairs.ravel(), minlength=len(parties))
        floor = np.minimum(wished, settings.protected_floor)
        minimum = np.maximum(minimum, np.where([party.pk in shielded for party in parties], floor, 0))
    return minimum
