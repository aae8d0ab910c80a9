"""From wishes to a timetable: the problem that the matcher solves, and the rows that keep its answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.audit.domain import record
from serai.expo.editions.domain import Slot, slots
from serai.expo.editions.models import Edition, Participation
from serai.expo.halls.models import Stand
from serai.expo.meetings.candidates import OPEN, candidates, save
from serai.expo.meetings.models import Meeting, TimetableRun, Wish
from serai.expo.meetings.permitting import permits
from serai.expo.people.models import User
from serai.world.progress import Progress, silent

if TYPE_CHECKING:
    from serai.match.timetable import Timetable, TimetableProblem

KEPT = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD, Meeting.State.MISSED)
"""States of meetings that have been told to the two sides: no new timetable moves them."""

REASONS = {
    "VETOED": _("one side said no thanks, or the rules of the fair don't let the two meet"),
    "NO_COMMON_SLOT": _("the two are never there at the same time"),
    "MAXIMUM_REACHED": _("one of the two has as many meetings as it may have"),
    "NO_PLACE": _("all tables are taken when both are free"),
    "LOWER_VALUE": _("other meetings of the two were wished for more"),
}


class NoWishesError(Exception):
    """There is nothing to make a timetable of: no wish to meet, and no match along a chain."""


class TimetableRefusedError(Exception):
    """The timetable contradicts itself: the sentence names the meeting."""


class NothingToPublishError(Exception):
    """The edition has no draft of a timetable."""


@dataclass(frozen=True)
class _Asked:
    """The meetings in the order of the problem's rows, with the problem."""

    meetings: list[Meeting]
    problem: "TimetableProblem"
    grid: tuple[Slot, ...]


def make_timetable(
    edition: Edition, *, seconds: float = 60.0, by: User | None = None, progress: Progress | None = None
) -> TimetableRun:
    """Solve the timetable of all wishes and keep it as a draft, which only organisers see until it is published.

    Where nobody has wished for anything yet, the best matches along the chain are proposed and seated instead.
    Meetings that have been told to both sides keep their time. Raises NoWishesError where there is neither wish nor
    match, and TimetableRefusedError where what is kept contradicts itself (two confirmed meetings of one firm at one
    time).
    """
    # Numba and HiGHS take most of a second to load, which no page but this should wait for.
    from serai.match.timetable import TimetableError, check, solve

    report = progress or silent
    with scope(edition=edition):
        report("Reading the wishes", 0.0)
        try:
            asked = _ask(edition, candidates(edition))
        except TimetableError as error:
            raise TimetableRefusedError(str(error)) from None
        # No transaction here: nobody else need wait for the solver.
        report("Solving", 0.1)
        answer = solve(asked.problem, seconds=seconds)
        if faults := check(asked.problem, answer):
            # The checker shares no code with the solver: what it finds is a defect of Serai, and nothing is kept.
            raise TimetableRefusedError(f"The timetable did not pass its check and was not kept: {faults[0]}")
        report("Writing the timetable", 0.9)
        with transaction.atomic():
            run = _keep(edition, asked, answer, by)
            after = {"placed": run.placed, "objective": run.objective}
            record("timetable.made", run, after=after, user=by, edition=edition)
        report("Done", 1.0)
        return run


def _ask(edition: Edition, meetings: Sequence[Meeting]) -> _Asked:
    from serai.match.timetable import TimetableProblem  # loads Numba and HiGHS

    if not meetings:
        raise NoWishesError
    grid = slots(edition)
    slot_of = {slot.starts_at: number for number, slot in enumerate(grid)}
    parties = list(
        Participation.objects.filter(
            pk__in={party for meeting in meetings for party in (meeting.host_id, meeting.guest_id)}
        )
        .select_related("firm")
        .order_by("pk")
    )
    known, by_number = permits(edition), {participation.pk: participation for participation in parties}
    row = {participation.pk: number for number, participation in enumerate(parties)}
    pairs = np.array([(row[meeting.host_id], row[meeting.guest_id]) for meeting in meetings])
    refused = {
        frozenset(pair)
        for pair in Wish.objects.filter(edition=edition, strength=Wish.Strength.NO_THANKS).values_list(
            "wisher_id", "wished_id"
        )
    }
    fixed = np.array(
        [
            slot_of.get(meeting.starts_at, -1) if meeting.state in KEPT and meeting.starts_at else -1
            for meeting in meetings
        ]
    )
    standing = set(Stand.objects.filter(edition=edition).values_list("participation_id", flat=True))
    problem = TimetableProblem(
        parties=tuple(str(participation.pk) for participation in parties),
        slots=tuple(slot.starts_at.isoformat() for slot in grid),
        day=np.array([slot.day for slot in grid]),
        pairs=pairs,
        value=np.array([meeting.value for meeting in meetings]),
        # A veto said after a meeting was confirmed is for the organiser to settle; the solver may not move either.
        vetoed=np.array(
            [
                frozenset((meeting.host_id, meeting.guest_id)) in refused
                or not known.may_meet(by_number[meeting.host_id], by_number[meeting.guest_id])
                for meeting in meetings
            ]
        )
        & (fixed < 0),
        at_table=np.array([meeting.host_id not in standing for meeting in meetings]),
        fixed_slot=fixed,
        available=np.ones((len(parties), len(grid)), dtype=bool),
        maximum=np.array([participation.meetings_maximum for participation in parties]),
        minimum=np.array(
            [min(participation.meetings_minimum, participation.meetings_maximum) for participation in parties]
        ),
        places=np.full(len(grid), edition.meeting_tables),
    )
    return _Asked(list(meetings), problem, grid)


def _keep(edition: Edition, asked: _Asked, answer: "Timetable", by: User | None) -> TimetableRun:
    """Write the answer: the run with its proof, and the time and place of each meeting that may move."""
    from serai.match.timetable import Reason  # loads Numba and HiGHS

    TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT).update(
        state=TimetableRun.State.REPLACED
    )
    why_not = [Reason(reason).name for reason in answer.why_not.tolist()]
    run = TimetableRun.objects.create(
        edition=edition,
        made_by=by,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        seconds=answer.seconds,
        wished=len(asked.meetings),
        placed=int(answer.placed.sum()),
        why_not=dict(Counter(reason for reason in why_not if reason != Reason.PLACED.name)),
    )
    booth_of = {
        stand.participation_id: stand.booth.label
        for stand in Stand.objects.filter(edition=edition).select_related("booth__hall")
    }
    tables: Counter[int] = Counter()
    # While the solver worked, a meeting may have been confirmed, declined or taken back.
    movable = set(Meeting.objects.filter(edition=edition, state__in=OPEN).values_list("pk", flat=True))
    moved = []
    for row, meeting in enumerate(asked.meetings):
        slot = int(answer.slot[row])
        at_table = bool(asked.problem.at_table[row])
        if slot >= 0 and at_table:
            tables[slot] += 1
        if meeting.pk not in movable:
            continue
        meeting.run = run
        meeting.why_not = "" if slot >= 0 else why_not[row]
        meeting.starts_at = asked.grid[slot].starts_at if slot >= 0 else None
        meeting.ends_at = asked.grid[slot].ends_at if slot >= 0 else None
        meeting.place = _place(booth_of.get(meeting.host_id), tables[slot]) if slot >= 0 else ""
        moved.append(meeting)
    save(moved, ["run", "why_not", "starts_at", "ends_at", "place"])
    return run


def _place(booth: str | None, table: int) -> str:
    """The host's booth, or the table with this number."""
    return booth or f"T{table}"


@transaction.atomic
def publish_timetable(edition: Edition, *, by: User | None = None) -> TimetableRun:
    """Tell both sides: the meetings that the latest draft seats become scheduled. Raises NothingToPublishError."""
    with scope(edition=edition):
        run = TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT).first()
        if run is None:
            raise NothingToPublishError
        TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.PUBLISHED).update(
            state=TimetableRun.State.REPLACED
        )
        run.state = TimetableRun.State.PUBLISHED
        run.save(update_fields=["state"])
        told = Meeting.objects.filter(edition=edition, run=run, state__in=OPEN, starts_at__isnull=False).update(
            state=Meeting.State.SCHEDULED
        )
        record("timetable.published", run, after={"told": told}, user=by, edition=edition)
        return run
