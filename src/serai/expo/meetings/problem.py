"""The problem that the matcher solves, read from the rows of an edition."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from serai.expo.editions.domain import Slot
from serai.expo.editions.models import Edition, Participation
from serai.expo.halls.models import Stand
from serai.expo.meetings.arrangements import MeetingTerms, TimetableSettings
from serai.expo.meetings.candidates import is_of_a_wish
from serai.expo.meetings.engaged import Engaged, engaged
from serai.expo.meetings.grids import Span, all_slots, minutes_of, receives_at, rows_by_minutes, spans
from serai.expo.meetings.interpreting import pools_of, spoken
from serai.expo.meetings.life import TOLD, UNTOLD
from serai.expo.meetings.matching import protected
from serai.expo.meetings.models import Meeting, Wish
from serai.expo.meetings.permitting import permits, wishes_against
from serai.expo.meetings.standing import Together, seated_at, tables_of
from serai.expo.meetings.walking import walks

if TYPE_CHECKING:
    from serai.match.timetable import TimetableProblem

type Booleans = NDArray[np.bool_]
type Integers = NDArray[np.int64]


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
    """(n_meetings,) all booths of a host that receives at one: what was told at any of them is held there."""
    pools: Sequence[str]
    """What each pool is: a pair of languages, a booth, tables that stand together, or the people of a participant."""
    table_pools: int
    """The first pool that is tables: so many are none."""
    people_pools: int
    """The first pool that is the people of a participant."""
    musts_step: float
    """How much more a must counts than its value."""


def settings_of(edition: Edition) -> TimetableSettings:
    """What is set for the edition's timetable, else the defaults, not yet written. Call inside of the scope."""
    return TimetableSettings.objects.filter(edition=edition).first() or TimetableSettings(edition=edition)


def ask(
    edition: Edition,
    meetings: Sequence[Meeting],
    *,
    free_told: bool = False,
    free: Collection[int] = (),
    parties_too: Sequence[int] = (),
) -> Asked:
    """The problem of seating these meetings. Call inside of the edition's scope.

    What was told keeps its time; with ``free_told``, what is neither locked, confirmed nor over may move, and whatever
    the state, the meetings whose keys are in ``free``.
    ``parties_too`` are participations that are parties though they have no meeting yet. Raises TimetableError.
    """
    from serai.match.timetable import TimetableProblem  # loads Numba and HiGHS
    from serai.match.timetable.problem import by_class

    settings = settings_of(edition)
    parties = _parties(edition, meetings, parties_too)
    row = {participation.pk: number for number, participation in enumerate(parties)}
    terms = {one.participation_id: one for one in MeetingTerms.objects.filter(edition=edition)}
    stands = list(Stand.objects.filter(edition=edition).select_related("booth__hall").order_by("-pk"))
    standing = {stand.participation_id: stand for stand in stands}
    hosts = [receives_at(standing.get(one.host_id), terms.get(one.host_id)) for one in meetings]
    minutes = [
        minutes_of(edition, settings, host, terms.get(one.host_id)) for one, host in zip(meetings, hosts, strict=True)
    ]
    spans_told = [_span(one, TOLD) for one in meetings]
    spans_before = [_span(one, (*TOLD, *UNTOLD)) for one in meetings]
    lengths_there = {*minutes, edition.meeting_minutes}
    grid = all_slots(edition, lengths_there, filter(None, spans_told))
    slot_of = {(slot.starts_at, slot.ends_at): number for number, slot in enumerate(grid)}
    told, before = (
        np.array([slot_of.get(span, -1) if span else -1 for span in some], np.int64)
        for some in (spans_told, spans_before)
    )
    own_slots = rows_by_minutes(edition, grid, lengths_there)
    loose = np.array([one.state == Meeting.State.SCHEDULED and not one.locked for one in meetings], np.bool_)
    fixed = np.where((loose & free_told) | np.array([one.pk in free for one in meetings], np.bool_), -1, told)
    pairs = np.array([(row[one.host_id], row[one.guest_id]) for one in meetings], np.int64).reshape(-1, 2)
    against = wishes_against(edition)
    said = Wish.objects.filter(edition=edition).values_list("wisher_id", "wished_id", "strength")
    wishes = [wish for wish in said if wish[:2] not in against]
    carried = {frozenset(wish[:2]) for wish in wishes if wish[2] != Wish.Strength.NO_THANKS}
    refused = {frozenset(wish[:2]) for wish in wishes if wish[2] == Wish.Strength.NO_THANKS}
    musts = {frozenset(wish[:2]) for wish in wishes if wish[2] == Wish.Strength.MUST}
    must = np.array([frozenset((one.host_id, one.guest_id)) in musts for one in meetings], np.bool_)
    value = np.array([one.value for one in meetings], np.float64)
    weighed = by_class(value, must) if settings.musts_first else value
    people = np.array([terms[one.pk].people if one.pk in terms else 1 for one in parties], np.int64)
    left = _left(parties, people, engaged(edition, row), grid)
    available = _presence(parties, terms, grid) & (left > 0)
    # A veto or an absence said after a meeting was told is for the organiser to settle; the solver may not move either.
    kept = np.flatnonzero(fixed >= 0)
    available[pairs[kept], fixed[kept, None]] = True
    tables = tables_of(edition)
    at_tables = seated_at(meetings, hosts, standing, parties, tables)
    pools, units, uses = _pools(edition, meetings, parties, row, terms, hosts, len(grid))
    table_pools = len(pools)
    if len(tables) > 1:
        pools, units, uses = _with_tables(tables, at_tables, pools, units, uses)
    heads = _heads(meetings, pairs, people)
    people_pools = len(pools)
    pools, units, uses = _with_people(parties, people, left, pairs, heads, pools, units, uses)
    site, walk = walks(settings, hosts, [tables[row].area if row >= 0 else None for row in at_tables])
    at_table = np.array([host is None for host in hosts], np.bool_)
    # A told meeting at a time that is no slot of the tables any more has its table, and no other meeting has it then.
    off_grid = at_table & (fixed >= 0) & ~np.isin(fixed, list(own_slots[edition.meeting_minutes]))
    times = _times(grid)
    window = _windows(edition, meetings, terms, hosts, grid, fixed, [own_slots[length] for length in minutes])
    vetoed = _vetoed(edition, meetings, parties, row, refused, carried)
    minimum = _floors(edition, settings, parties, pairs[~vetoed])
    problem = TimetableProblem(
        parties=tuple(str(participation.pk) for participation in parties),
        slots=tuple(f"{slot.starts_at.isoformat()}/{slot.ends_at.isoformat()}" for slot in grid),
        day=np.array([slot.day for slot in grid], np.int64),
        pairs=pairs,
        value=weighed,
        vetoed=vetoed & (fixed < 0),
        at_table=at_table & ~off_grid,
        fixed_slot=fixed,
        available=available,
        maximum=np.maximum(
            [one.meetings_maximum for one in parties], np.bincount(pairs[kept].ravel(), minlength=len(parties))
        ),
        minimum=np.minimum(minimum, [one.meetings_maximum for one in parties]),
        places=_places(edition, own_slots[edition.meeting_minutes], times, fixed, at_table & ~off_grid, off_grid),
        gap_weight=settings.gap_cost,
        must=must,
        window=_manned(window, left, pairs, heads, fixed),
        pools=units,
        uses=uses,
        before=_order(meetings),
        site=site,
        walk=walk,
        at_once=np.maximum(people, _crowd(pairs, heads, fixed, len(parties), times)),
        heads=heads,
        times=times,
    )
    step = float((weighed - value).max(initial=0.0))
    booth = [host.booth.label if host else "" for host in hosts]
    own: dict[int, set[str]] = defaultdict(set)
    for stand in stands:
        own[stand.participation_id].add(stand.booth.label)
    booths = [frozenset(own[host.participation_id] if host else ()) for host in hosts]
    return Asked(
        list(meetings),
        problem,
        grid,
        told,
        before,
        tables,
        at_tables,
        booth,
        booths,
        pools,
        table_pools,
        people_pools,
        step,
    )


_READ = (
    *("edition_id", "kind", "section_id", "firm_id", "meetings_minimum", "meetings_maximum"),
    *("firm__languages", "firm__language", "firm__country"),
)
"""What is read of thousands of participations and their firms."""


def _parties(edition: Edition, meetings: Sequence[Meeting], parties_too: Sequence[int]) -> list[Participation]:
    wanted = {party for one in meetings for party in (one.host_id, one.guest_id)} | set(parties_too)
    # The whole edition in one query: thousands of keys would not fit into one.
    everyone = Participation.objects.filter(edition=edition).select_related("firm").order_by("pk").only(*_READ)
    return [one for one in everyone if one.pk in wanted]


def _vetoed(
    edition: Edition,
    meetings: Sequence[Meeting],
    parties: Sequence[Participation],
    row: Mapping[int, int],
    refused: set[frozenset[int]],
    carried: set[frozenset[int]],
) -> Booleans:
    """Whether a side said no thanks, no wish carries it any more, or the rules say no: to the two or to every wish."""
    known = permits(edition)
    return np.array(
        [
            frozenset((one.host_id, one.guest_id)) in refused
            or (is_of_a_wish(one) and frozenset((one.host_id, one.guest_id)) not in carried)
            or not known.may_meet(parties[row[one.host_id]], parties[row[one.guest_id]])
            for one in meetings
        ],
        np.bool_,
    )


def _presence(parties: Sequence[Participation], terms: Mapping[int, MeetingTerms], grid: Sequence[Slot]) -> Booleans:
    """(n_parties, n_slots) who is there when."""
    there = np.ones((len(parties), len(grid)), np.bool_)
    for number, one in enumerate(parties):
        for begins, ends in spans(terms[one.pk].away) if one.pk in terms else ():
            for column, slot in enumerate(grid):
                if slot.starts_at < ends and begins < slot.ends_at:
                    there[number, column] = False
    return there


def _left(parties: Sequence[Participation], people: Integers, taken: Engaged, grid: Sequence[Slot]) -> Integers:
    """(n_parties, n_slots) how many people of each the programme leaves for meetings."""
    left = np.repeat(people[:, None], len(grid), axis=1)
    for number, one in enumerate(parties):
        if one.pk in taken.of:
            left[number] = [taken.left(one.pk, int(people[number]), (slot.starts_at, slot.ends_at)) for slot in grid]
    return left


def _span(meeting: Meeting, states: Collection[str]) -> Span | None:
    """When a meeting in one of these states begins and ends."""
    if meeting.state not in states or meeting.starts_at is None or meeting.ends_at is None:
        return None
    return meeting.starts_at, meeting.ends_at


def _windows(
    edition: Edition,
    meetings: Sequence[Meeting],
    terms: Mapping[int, MeetingTerms],
    hosts: Sequence[Stand | None],
    grid: Sequence[Slot],
    fixed: Integers,
    own: Sequence[frozenset[int]],
) -> Booleans:
    """(n_meetings, n_slots) the slots of where it is held, the session, and the hours of the host's booth."""
    zone = ZoneInfo(edition.time_zone)
    within = cache(lambda begins, ends: np.array([is_within(slot, zone, begins, ends) for slot in grid], np.bool_))
    rows: dict[int, Booleans] = {}
    of_grid = {slots_: np.isin(np.arange(len(grid)), list(slots_)) for slots_ in set(own)}
    for number, one in enumerate(meetings):
        if len(own[number]) < len(grid):
            rows[number] = of_grid[own[number]]
        for begins, ends in hours_of(one, terms.get(one.host_id), hosts[number]):
            rows[number] = rows.get(number, np.True_) & within(begins, ends)
    window: Booleans = np.broadcast_to(np.True_, (len(meetings), len(grid)))
    if rows:
        window = window.copy()
        for number, row in rows.items():
            window[number] = row
            if fixed[number] >= 0:
                window[number, fixed[number]] = True
    return window


def hours_of(
    meeting: Meeting, terms: MeetingTerms | None, stand: Stand | None
) -> list[tuple[time | None, time | None]]:
    """Within which hours of each day a meeting is held: of its session, and of the host's booth where it is at one."""
    found: list[tuple[time | None, time | None]] = []
    if meeting.block is not None:
        found.append((meeting.block.from_time, meeting.block.until_time))
    if stand is not None and terms is not None and (terms.booth_from or terms.booth_until):
        found.append((terms.booth_from, terms.booth_until))
    return found


def is_within(slot: Slot, zone: ZoneInfo, begins: time | None, ends: time | None) -> bool:
    """Whether the slot is within these hours of the day, on the clock of the fair's own place."""
    start, end = (moment.astimezone(zone).time() for moment in (slot.starts_at, slot.ends_at))
    return (begins is None or begins <= start) and (ends is None or end <= ends)


def _pools(
    edition: Edition,
    meetings: Sequence[Meeting],
    parties: Sequence[Participation],
    row: Mapping[int, int],
    terms: Mapping[int, MeetingTerms],
    hosts: Sequence[Stand | None],
    slots_: int,
) -> tuple[list[str], Integers, Integers]:
    """The names of the pools, their units (n_pools, n_slots), and what each meeting uses: interpreters, and a booth."""
    interpreters = pools_of(edition)
    names = [f"{pool.one}-{pool.other}" for pool in interpreters]
    units = [pool.number for pool in interpreters]
    by_pair = {frozenset((pool.one, pool.other)): number for number, pool in reversed(list(enumerate(interpreters)))}
    desks: dict[int, int] = {}
    labels: dict[int, str] = {}
    for host in hosts:
        limit = terms[host.participation_id].booth_desks if host and host.participation_id in terms else None
        if host and limit is not None:
            desks[host.booth_id] = min(desks.get(host.booth_id, limit), limit)
            labels[host.booth_id] = host.booth.label
    booth_pool = {booth: len(names) + number for number, booth in enumerate(sorted(desks))}
    names += [labels[booth] for booth in booth_pool]
    units += [desks[booth] for booth in booth_pool]
    uses = np.full((len(meetings), 2), -1, np.int64)
    languages = [spoken(one) for one in parties]
    for number, one in enumerate(meetings):
        host = hosts[number]
        if host and host.booth_id in booth_pool:
            uses[number, 1] = booth_pool[host.booth_id]
        left, right = languages[row[one.host_id]], languages[row[one.guest_id]]
        if by_pair and not set(left) & set(right):
            found = [by_pair[pair] for a in left for b in right if (pair := frozenset((a, b))) in by_pair]
            uses[number, 0] = min(found, default=-1)
    if not names:
        return [], np.zeros((0, slots_), np.int64), np.zeros((len(meetings), 0), np.int64)
    return names, np.repeat(np.array(units, np.int64)[:, None], slots_, axis=1), uses


def _with_tables(
    tables: Sequence[Together], at_tables: Sequence[int], names: list[str], units: Integers, uses: Integers
) -> tuple[list[str], Integers, Integers]:
    """The pools with one more for each place of tables: no more meetings at once than tables stand there."""
    row = np.array(at_tables, np.int64)
    more = np.repeat(np.array([len(one.numbers) for one in tables])[:, None], units.shape[1], axis=1)
    column = np.where(row >= 0, len(names) + row, -1)[:, None]
    return (
        [*names, *(one.label for one in tables)],
        np.concatenate([units, more]),
        np.concatenate([uses, column], axis=1),
    )


def _with_people(
    parties: Sequence[Participation],
    people: Integers,
    left: Integers,
    pairs: Integers,
    heads: Integers,
    names: list[str],
    units: Integers,
    uses: Integers,
) -> tuple[list[str], Integers, Integers]:
    """The pools with one more for each participant of several people of whom the programme takes some but not all.

    A pool counts meetings: with fewer people than there are, only so many as they could hold if each were the largest.
    """
    fewer = left < people[:, None]
    short = np.flatnonzero((fewer & (left > 0)).any(axis=1))
    if not len(short):
        return names, units, uses
    largest = np.ones(len(parties), np.int64)
    np.maximum.at(largest, pairs, heads)
    more = np.where(fewer, np.maximum(left // largest[:, None], 1), people[:, None])[short]
    pool = np.full(len(parties), -1, np.int64)
    pool[short] = len(names) + np.arange(len(short))
    return (
        [*names, *(str(parties[number].pk) for number in short.tolist())],
        np.concatenate([units, more]),
        np.concatenate([uses, pool[pairs]], axis=1),
    )


def _manned(window: Booleans, left: Integers, pairs: Integers, heads: Integers, fixed: Integers) -> Booleans:
    """The window without the slots for which a meeting that several share has too few people left; a told one stays."""
    shared = np.flatnonzero((heads > 1).any(axis=1))
    lacking = (heads[shared][:, :, None] > left[pairs[shared]]).any(axis=1)
    if not lacking.any():
        return window
    window = window.copy()
    window[shared] &= ~lacking
    kept = shared[fixed[shared] >= 0]
    window[kept, fixed[kept]] = True
    return window


def _floors(
    edition: Edition, settings: TimetableSettings, parties: Sequence[Participation], pairs: Integers
) -> Integers:
    """(n_parties,) what each was promised; protected exhibitors at least the floor, as far as they are wished for."""
    minimum = np.array([one.meetings_minimum for one in parties], np.int64)
    if settings.protected_floor:
        shielded = protected(edition)
        wished = np.bincount(pairs.ravel(), minlength=len(parties))
        floor = np.minimum(wished, settings.protected_floor)
        minimum = np.maximum(minimum, np.where([one.pk in shielded for one in parties], floor, 0))
    return minimum


def _order(meetings: Sequence[Meeting]) -> Integers:
    row = {one.pk: number for number, one in enumerate(meetings)}
    found = [
        (row[one.comes_after_id], number)
        for number, one in enumerate(meetings)
        if one.comes_after_id is not None and one.comes_after_id in row and one.comes_after_id != one.pk
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def _heads(meetings: Sequence[Meeting], pairs: Integers, people: Integers) -> Integers:
    wanted = np.array([(one.host_people, one.guest_people) for one in meetings], np.int64).reshape(-1, 2)
    return np.minimum(np.maximum(wanted, 1), people[pairs])


def _times(grid: Sequence[Slot]) -> Integers:
    """(n_slots, 2) when each slot begins and ends, in minutes since the first."""
    if not grid:
        return np.zeros((0, 2), np.int64)
    first = grid[0].starts_at
    spans_ = [((slot.starts_at - first).total_seconds(), (slot.ends_at - first).total_seconds()) for slot in grid]
    return np.rint(np.array(spans_) / 60).astype(np.int64)


def _places(
    edition: Edition, own: frozenset[int], times: Integers, fixed: Integers, at_table: Booleans, off_grid: Booleans
) -> Integers:
    """(n_slots,) tables in the slots of tables: as many as told meetings have, even where the fair has fewer by now."""
    places = np.zeros(len(times), np.int64)
    places[list(own)] = edition.meeting_tables
    for slot in fixed[off_grid].tolist():
        over = (times[:, 0] < times[slot, 1]) & (times[slot, 0] < times[:, 1])
        places[over] = np.maximum(places[over] - 1, 0)
    return np.maximum(places, np.bincount(fixed[at_table & (fixed >= 0)], minlength=len(times)))


def _crowd(pairs: Integers, heads: Integers, fixed: Integers, parties: int, times: Integers) -> Integers:
    """(n_parties,) most told meetings of each party at once: it must have had the people when they were told."""
    slots_ = len(times)
    held = np.zeros((parties, slots_), np.int64)
    rows = np.flatnonzero(fixed >= 0)
    np.add.at(held, (pairs[rows], fixed[rows, None]), heads[rows])
    # Of slots that overlap, most run at once when one begins.
    begins, ends = times.T
    running = (begins[:, None] <= begins) & (begins < ends[:, None])
    if running.sum() > slots_:
        held = held @ running
    return held.max(axis=1, initial=1)
