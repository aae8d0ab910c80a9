"""Changes on the day: absences, late arrivals and walk-ins, and the smallest change of the timetable for them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import Slot, slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import ENDED, TOLD, UNTOLD
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.announcement import announce
from serai.expo.meetings.timetable.domain.drafts import Seat, TimetableRefusedError, described, seats
from serai.expo.meetings.timetable.domain.grids import row_at
from serai.expo.meetings.timetable.domain.problem import Asked, ask
from serai.expo.meetings.timetable.domain.publication import apply
from serai.expo.meetings.timetable.models import MeetingTerms, TimetableRun
from serai.expo.people.account.models import User

if TYPE_CHECKING:
    from serai.match.timetable import Timetable

SECONDS = 0.3
"""Seconds that the solver may spend on improving its first valid answer."""

WALK_IN = 3.0
"""Value of a walk-in: as much as the must of one side."""


_warm = Event()


def warm_up() -> None:
    """Load the solver in the background once a process, so that the first change does not wait for it."""
    if not _warm.is_set():
        _warm.set()
        Thread(target=_load, daemon=True).start()


def _load() -> None:
    from serai.match.timetable import Change, check, load, resolve

    tiny = load()
    solved = resolve(tiny, np.array([0, 1, -1]), Change(no_show=("one",)), seconds=SECONDS)
    check(solved.problem, solved.timetable)


class ChangeRefusedError(Exception):
    """What the organiser reported is impossible; the message says why."""


class NothingToApplyError(Exception):
    """No change is proposed, or the timetable has changed since it was."""


@dataclass(frozen=True)
class Happened:
    """Absences, late arrivals and walk-ins, by primary key of participations."""

    now: int = 0
    """The first slot that may be changed."""
    absent: tuple[int, ...] = ()
    late: dict[int, int] = field(default_factory=dict)
    """Participation -> the first slot in which it is there."""
    walk_in: tuple[tuple[int, int], ...] = ()
    """Host and guest."""
    seat_more: bool = False
    """Whether wishes without a seat may take the free slots."""

    @property
    def parties(self) -> set[int]:
        """Everybody who is absent, late or walks in."""
        return {*self.absent, *self.late, *(party for pair in self.walk_in for party in pair)}

    def with_absent(self, party: int) -> Self:
        """The same, and this participant is absent."""
        late = {other: slot for other, slot in self.late.items() if other != party}
        return replace(self, absent=tuple({*self.absent, party}), late=late)

    def with_late(self, party: int, slot: int) -> Self:
        """The same, and this participant comes late, from ``slot`` on."""
        absent = tuple(other for other in self.absent if other != party)
        return replace(self, absent=absent, late=self.late | {party: slot})

    def with_walk_in(self, host: int, guest: int) -> Self:
        """The same, and these two walk in."""
        return replace(self, walk_in=tuple(dict.fromkeys([*self.walk_in, (host, guest)])))

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Read from the form in which ``TimetableRun.happened`` stores it."""
        return cls(
            now=kept.get("now", 0),
            absent=tuple(kept.get("absent", ())),
            late={int(party): slot for party, slot in kept.get("late", {}).items()},
            walk_in=tuple((host, guest) for host, guest in kept.get("walk_in", ())),
            seat_more=kept.get("seat_more", False),
        )


def next_slot(grid: Sequence[Slot]) -> int:
    """Row of the first slot that has not begun; the number of slots if there is none."""
    now = timezone.now()
    return next((number for number, slot in enumerate(grid) if slot.starts_at >= now), len(grid))


def waiting(edition: Edition) -> TimetableRun | None:
    """The proposed change that was not applied yet."""
    return TimetableRun.objects.filter(edition=edition, live=True, state=TimetableRun.State.DRAFT).first()


def propose(edition: Edition, happened: Happened, *, by: User | None = None) -> TimetableRun:
    """Solve the timetable again after what has happened, with the smallest change, and save it as a proposal.

    Nothing changes before ``apply_change``. A locked meeting stays even if a side is absent. Raises ChangeRefusedError
    and TimetableRefusedError.
    """
    from serai.match.timetable import Change, TimetableError, check, resolve

    with scope(edition=edition):
        grid = slots(edition)
        meetings = _meetings(edition, happened, grid)
        try:
            asked = ask(edition, meetings, parties_too=(*happened.absent, *happened.late))
            # What is told may move here, only as far as it must.
            free = replace(asked.problem, fixed_slot=np.full(len(meetings), -1))

            def row(number: int) -> int:
                """Row of the same moment in the grid of tables and booths together."""
                return row_at(asked.grid, grid[number].starts_at) if number < len(grid) else len(asked.grid)

            change = Change(
                no_show=_there(asked, happened.absent),
                late={name: row(happened.late[int(name)]) for name in _there(asked, happened.late)},
                now=row(happened.now),
            )
            locked = np.array([meeting.locked or meeting.state in _OVER for meeting in meetings], np.bool_)
            solved = resolve(free, asked.told, change, locked=locked, seconds=SECONDS)
        except TimetableError as error:
            raise TimetableRefusedError(str(error)) from None
        moved = np.flatnonzero(locked & (asked.told >= 0) & (solved.timetable.slot[: len(meetings)] != asked.told))
        if len(moved):
            raise TimetableRefusedError(f"The change moved a meeting that stays: {asked.problem.name(int(moved[0]))}.")
        if faults := check(solved.problem, solved.timetable):
            raise TimetableRefusedError(f"The timetable did not pass its check and was not kept: {faults[0]}")
        with transaction.atomic():
            run = _keep(edition, asked, solved.timetable, happened, by)
            record("timetable.change_proposed", run, after=run.happened, user=by, edition=edition)
        return run


_OVER = (Meeting.State.HELD, Meeting.State.MISSED)


def _there(asked: Asked, parties: Sequence[int] | dict[int, int]) -> tuple[str, ...]:
    in_problem = set(asked.problem.parties)
    return tuple(name for name in map(str, parties) if name in in_problem)


def _meetings(edition: Edition, happened: Happened, grid: Sequence[Slot]) -> list[Meeting]:
    """Told meetings, unsaved walk-ins, and wishes if they may be seated too."""
    existing = list(Meeting.objects.filter(edition=edition).select_related("block").defer("reasons").order_by("pk"))
    by_pair = {frozenset((row.host_id, row.guest_id)): row for row in existing}
    wanted = {*TOLD, *UNTOLD} if happened.seat_more else set(TOLD)
    there = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    taking_part = set(there.order_by().values_list("pk", flat=True)) if happened.seat_more else set()
    chosen = {
        id(row): row
        for row in existing
        if row.state in wanted and (row.state in TOLD or {row.host_id, row.guest_id} <= taking_part)
    }
    if not 0 <= happened.now <= len(grid) or any(slot >= len(grid) for slot in happened.late.values()):
        raise ChangeRefusedError(_("There is no such time in this fair."))
    parties = {pk for pair in happened.walk_in for pk in pair} | {*happened.absent, *happened.late}
    if parties - set(Participation.objects.filter(edition=edition, pk__in=parties).values_list("pk", flat=True)):
        raise ChangeRefusedError(_("One of them does not take part in this fair."))
    for host, guest in happened.walk_in:
        if host == guest:
            raise ChangeRefusedError(_("Nobody meets itself."))
        meeting = by_pair.get(frozenset((host, guest)))
        if meeting is None:
            meeting = Meeting(edition=edition, host_id=host, guest_id=guest, source=Meeting.Source.WALK_IN)
        elif meeting.state in TOLD:
            raise ChangeRefusedError(_("The two have a meeting already."))
        meeting.value = WALK_IN
        chosen[id(meeting)] = meeting
    return list(chosen.values())


def _keep(edition: Edition, asked: Asked, answer: "Timetable", happened: Happened, by: User | None) -> TimetableRun:
    changes: dict[str, list[str | None]] = {}
    walked_in: list[list[Any]] = []
    for row, (meeting, seat) in enumerate(zip(asked.meetings, seats(asked, answer), strict=True)):
        if meeting._state.adding or meeting.state in ENDED:
            walked_in.append([meeting.host_id, meeting.guest_id, *seat.kept()])
        elif asked.told[row] >= 0:
            if int(answer.slot[row]) != asked.told[row]:
                changes[str(meeting.pk)] = seat.kept()
        elif seat.starts_at is not None and meeting.state in UNTOLD:
            changes[str(meeting.pk)] = seat.kept()
    TimetableRun.objects.filter(edition=edition, live=True, state=TimetableRun.State.DRAFT).update(
        state=TimetableRun.State.REPLACED
    )
    return TimetableRun.objects.create(
        edition=edition,
        made_by=by,
        live=True,
        happened=asdict(happened) | {"walked_in": walked_in},
        changes=changes,
        **described(asked, answer),
    )


def discard(run: TimetableRun, *, by: User | None = None) -> None:
    """Discard a proposed change. Told meetings stay as they are."""
    with transaction.atomic():
        run.state = TimetableRun.State.REPLACED
        run.save(update_fields=["state"])
        record("timetable.change_discarded", run, user=by, edition=run.edition)


def apply_change(edition: Edition, *, by: User | None = None) -> TimetableRun:
    """Apply the proposed change: move or unseat meetings, save walk-ins and absences, notify everybody.

    Raises NothingToApplyError, also if a timetable was published since the change was proposed.
    """
    with transaction.atomic(), scope(edition=edition):
        run = waiting(edition)
        if run is None:
            raise NothingToApplyError(_("There is no change to apply."))
        later = TimetableRun.objects.filter(
            edition=edition, state=TimetableRun.State.PUBLISHED, made_at__gt=run.made_at
        )
        if later.exists():
            raise NothingToApplyError(_("The timetable has changed since; propose the change again."))
        told = apply(run, by=by)
        for host, guest, begins, ends, place, why_not in run.happened.get("walked_in", ()):
            told += _write_walk_in(edition, run, (host, guest), seat_of((begins, ends, place, why_not)), by)
        _keep_absences(edition, Happened.of(run.happened), by)
        announce(edition, by=by)
        record("timetable.change_applied", run, after={"told": told}, user=by, edition=edition)
        return run


def seat_of(kept: Sequence[str | None]) -> Seat:
    """Read a seat from the form in which a run stores it."""
    begins, ends, place, why_not = kept
    times = [datetime.fromisoformat(moment) if moment else None for moment in (begins, ends)]
    return Seat(times[0], times[1], place or "", why_not or "")


def _write_walk_in(edition: Edition, run: TimetableRun, pair: tuple[int, int], seat: Seat, by: User | None) -> int:
    """Save a walk-in. Without a seat it stays a wish of the two, with the reason."""
    meeting = Meeting.objects.filter(edition=edition, host_id__in=pair, guest_id__in=pair).first()
    before = state(meeting) if meeting else None
    if meeting is None:
        meeting = Meeting(edition=edition, host_id=pair[0], guest_id=pair[1], source=Meeting.Source.WALK_IN)
    meeting.value, meeting.run, meeting.why_not = WALK_IN, run, seat.why_not
    meeting.starts_at, meeting.ends_at, meeting.place = seat.starts_at, seat.ends_at, seat.place
    meeting.state = Meeting.State.SCHEDULED if seat.starts_at else Meeting.State.WISHED
    meeting.save()
    record("meeting.walked_in", meeting, before=before, after=state(meeting), user=by, edition=edition)
    return int(seat.starts_at is not None)


def _keep_absences(edition: Edition, happened: Happened, by: User | None) -> None:
    grid = slots(edition)
    if happened.now >= len(grid):
        return
    begins = grid[happened.now].starts_at
    until = dict.fromkeys(happened.absent, grid[-1].ends_at)
    until |= {party: grid[slot].starts_at for party, slot in happened.late.items() if slot < len(grid)}
    for party, ends in until.items():
        if ends <= begins:
            continue
        terms, _made = MeetingTerms.objects.get_or_create(edition=edition, participation_id=party)
        before = state(terms)
        terms.away = [*terms.away, [begins.isoformat(), ends.isoformat()]]
        terms.save(update_fields=["away"])
        record("meeting_terms.changed", terms, before=before, after=state(terms), user=by, edition=edition)
