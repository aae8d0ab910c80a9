"""From wishes to a draft of the timetable, with its proof and the reasons of the meetings without a seat."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.domain.life import COMING, UNTOLD
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.candidates import candidates, save
from serai.expo.meetings.timetable.domain.forecast import count_with_buyer
from serai.expo.meetings.timetable.domain.places import number_of_table
from serai.expo.meetings.timetable.domain.problem import Asked, ask
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.people.account.models import User
from serai.world.progress import Progress, silent

if TYPE_CHECKING:
    from serai.match.timetable import Timetable

REASONS = {
    "VETOED": _("one side said no thanks, neither wishes it any more, or the rules of the fair don't let the two meet"),
    "NO_COMMON_SLOT": _("the two are never there at the same time"),
    "MAXIMUM_REACHED": _("one of the two has as many meetings as it may have"),
    "NO_PLACE": _("all tables are taken when both are free"),
    "LOWER_VALUE": _("other meetings of the two were wished for more"),
    "NO_POOL": _("the interpreters or the booth that it needs are taken when both are free"),
    "TOO_FAR": _("one of the two could not walk there in time from another meeting"),
    "OUT_OF_ORDER": _("it could only be held before a meeting that must come first"),
    "WAITING": _("it would leave more waiting than it is worth"),
}


SAID = {
    reason: text
    for reason, text in REASONS.items()
    if reason in {"NO_COMMON_SLOT", "MAXIMUM_REACHED", "NO_PLACE", "NO_POOL", "TOO_FAR", "OUT_OF_ORDER"}
} | {"NO_SEAT": _("no seat was found beside the other meetings of the two")}
"""Reasons that a side may read. A reason that could reveal a veto, a rule or a preference of the other side is told as
NO_SEAT.
"""


def said_of(meeting: Meeting) -> str:
    """Why the last published timetable has no seat for the meeting, as its sides may read it: a key of ``SAID``."""
    why: str = meeting.why_not_told
    return why if why in SAID or not why else "NO_SEAT"


class NoWishesError(Exception):
    """Nobody wishes for a meeting, and there is no match along a chain."""


class TimetableRefusedError(Exception):
    """The timetable contradicts itself; the message names the meeting."""


def make_timetable(
    edition: Edition,
    *,
    seconds: float = 60.0,
    by: User | None = None,
    progress: Progress | None = None,
    move_told: bool = False,
) -> TimetableRun:
    """Solve the timetable of all wishes and save it as a draft, which only organisers see before it is published.

    Without any wish, the best matches along the chain are proposed and seated. Among equally good timetables it changes
    few times of the last draft and of told meetings. Told meetings keep their time; with ``move_told`` only locked,
    confirmed and past meetings do, and the draft stores what becomes of the others. Raises NoWishesError without a wish
    or a match, and TimetableRefusedError if the meetings contradict each other (two confirmed meetings of one firm at
    one time).
    """
    # Numba and HiGHS take most of a second to load, which no page but this should wait for.
    from serai.match.timetable import TimetableError, check, solve_anew

    report = progress or silent
    with scope(edition=edition):
        report(gettext("Reading the wishes"), 0.0)
        try:
            meetings = candidates(edition)
            if not meetings:
                raise NoWishesError
            asked = ask(edition, meetings, free_told=move_told)
            # No transaction here: nobody else need wait for the solver.
            report(gettext("Solving"), 0.1)
            answer = solve_anew(asked.problem, asked.before, seconds=seconds)
        except TimetableError as error:
            raise TimetableRefusedError(str(error)) from None
        if faults := check(asked.problem, answer):
            # The checker shares no code with the solver: what it finds is a defect of Serai, and nothing is kept.
            raise TimetableRefusedError(f"The timetable did not pass its check and was not kept: {faults[0]}")
        report(gettext("Writing the timetable"), 0.9)
        description = described(asked, answer)
        placed = [meeting for meeting, is_placed in zip(asked.meetings, answer.placed, strict=True) if is_placed]
        description["proof"] |= {"with_buyer": count_with_buyer(edition, placed)}
        with transaction.atomic():
            run = _keep(edition, asked, answer, description, by)
            after = {"placed": run.placed, "objective": run.objective}
            record("timetable.made", run, after=after, user=by, edition=edition)
        report(gettext("Done"), 1.0)
        return run


def _changed(asked: Asked, answer: "Timetable") -> dict[str, int]:
    """Number of meetings that stay, move, lose and gain a time, against told times and the last draft."""
    before, after = asked.before, answer.slot
    had, has = before >= 0, after >= 0
    return {
        "stay": int((had & (before == after)).sum()),
        "move": int((had & has & (before != after)).sum()),
        "lose": int((had & ~has).sum()),
        "gain": int((~had & has).sum()),
    }


def _keep(
    edition: Edition, asked: Asked, answer: "Timetable", description: dict[str, Any], by: User | None
) -> TimetableRun:
    """Save the run with its proof, and the time and place of each meeting that may move."""
    TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT).update(
        state=TimetableRun.State.REPLACED
    )
    if (asked.before >= 0).any():
        description["proof"] |= {"changed": _changed(asked, answer)}
    run = TimetableRun.objects.create(edition=edition, made_by=by, **description)
    # While the solver worked, a meeting may have been confirmed, declined or taken back, and another agreed on.
    now = dict(Meeting.objects.filter(edition=edition).values_list("pk", "state"))
    agreed = _agreed_meanwhile(edition, asked)
    moved = []
    for row, (meeting, seat) in enumerate(zip(asked.meetings, seats(asked, answer), strict=True)):
        taken = seat.starts_at is not None and any(_in_the_way(other, meeting, seat) for other in agreed)
        given = Seat(None, None, "", "NO_COMMON_SLOT") if taken else seat
        if now.get(meeting.pk) in UNTOLD:
            meeting.run = run
            meeting.why_not = given.why_not
            meeting.starts_at, meeting.ends_at, meeting.place = given.starts_at, given.ends_at, given.place
            moved.append(meeting)
        elif now.get(meeting.pk) in COMING and asked.told[row] >= 0 and given.starts_at != meeting.starts_at:
            run.changes[str(meeting.pk)] = given.kept()
    run.save(update_fields=["changes"])
    save(moved, ["run", "why_not", "starts_at", "ends_at", "place"])
    return run


def _agreed_meanwhile(edition: Edition, asked: Asked) -> list[Meeting]:
    """Meetings on whose time both sides agreed while the solver worked."""
    told_before = {meeting.pk for row, meeting in enumerate(asked.meetings) if asked.told[row] >= 0}
    told = Meeting.objects.filter(edition=edition, state__in=COMING, starts_at__isnull=False, ends_at__isnull=False)
    return [meeting for meeting in told if meeting.pk not in told_before]


def _in_the_way(agreed: Meeting, meeting: Meeting, seat: "Seat") -> bool:
    """Whether the agreed meeting needs one of the two sides, or the table, at the time of the seat."""
    assert agreed.starts_at is not None
    assert agreed.ends_at is not None
    assert seat.starts_at is not None
    assert seat.ends_at is not None
    if agreed.ends_at <= seat.starts_at or seat.ends_at <= agreed.starts_at:
        return False
    sides = {meeting.host_id, meeting.guest_id}
    return bool(sides & {agreed.host_id, agreed.guest_id}) or agreed.place == seat.place


def described(asked: Asked, answer: "Timetable") -> dict[str, Any]:
    """What a run stores of an answer: its value without the bonus of musts, and its proofs."""
    names = [why_not(asked, answer, row) for row in range(len(asked.meetings)) if not answer.placed[row]]
    added = asked.musts_step * int((asked.problem.must & answer.placed).sum())
    return {
        "status": answer.status,
        "objective": answer.objective - added,
        "bound": max(answer.bound - added, answer.objective - added),
        "seconds": answer.seconds,
        "wished": len(asked.meetings),
        "placed": int(answer.placed.sum()),
        "why_not": dict(Counter(names)),
        "proof": {
            "musts": int((asked.problem.must & ~asked.problem.vetoed).sum()),
            "musts_missing": answer.musts_missing,
            "least_musts_missing": answer.least_musts_missing,
            "floors": int((asked.problem.minimum > 0).sum()),
            "shortfall": int(answer.shortfall.sum()),
            "least_shortfall": answer.least_shortfall,
            "gaps": int(answer.breaks.sum()),
        },
    }


@dataclass(frozen=True)
class Seat:
    """Time and place of a meeting, or the reason why it has none."""

    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    why_not: str

    def kept(self) -> list[str | None]:
        """The form in which ``TimetableRun.changes`` stores it."""
        times = [at.isoformat() if at else None for at in (self.starts_at, self.ends_at)]
        return [*times, self.place, self.why_not]


def seats(asked: Asked, answer: "Timetable") -> list[Seat]:
    """A seat for each meeting: the host's booth, or a free table of its place.

    A meeting that keeps its time keeps its place while its host still receives there; a past meeting always does. A
    told meeting for which no table is left has no place until the organiser gives it another time.
    """
    taken: dict[int, set[str]] = defaultdict(set)
    told = (asked.told >= 0) & (asked.told == answer.slot)
    numbers = {number for group in asked.tables for number in group.numbers}
    places = {
        row: asked.meetings[row].place for row in np.flatnonzero(told).tolist() if _place_holds(asked, row, numbers)
    }

    def take(row: int, place: str) -> None:
        places[row] = place
        for slot in asked.problem.over[int(answer.slot[row])]:
            taken[slot].add(place)

    for row in list(places):
        take(row, places[row])
    for row in np.flatnonzero(~told & (asked.before >= 0) & (asked.before == answer.slot)).tolist():
        place = asked.meetings[row].place
        stands = number_of_table(place) in asked.tables[asked.at_tables[row]].numbers if not asked.booth[row] else False
        if stands and place not in taken[int(answer.slot[row])]:
            take(row, place)
    seats_ = []
    for row in range(len(asked.meetings)):
        slot = int(answer.slot[row])
        if slot < 0:
            seats_.append(Seat(None, None, "", why_not(asked, answer, row)))
            continue
        if row not in places:
            take(row, asked.booth[row] or _free_table(asked, row, taken[slot], beyond=not told[row]))
        seats_.append(Seat(asked.grid[slot].starts_at, asked.grid[slot].ends_at, places[row], ""))
    return seats_


def _place_holds(asked: Asked, row: int, tables: Collection[int]) -> bool:
    """Whether a told meeting keeps its place: it is over, or the place is a booth of the host or a table."""
    meeting = asked.meetings[row]
    if meeting.state not in COMING:
        return True
    own = asked.booths[row]
    return meeting.place in own if own else number_of_table(meeting.place) in tables


def _free_table(asked: Asked, row: int, taken: set[str], *, beyond: bool) -> str:
    """The first free table of the meeting's own place, or of another place; empty if there is none.

    With ``beyond`` it may be a table that the fair does not have yet, if told meetings took those that the solver
    counted.
    """
    at = asked.at_tables[row]
    own = asked.tables[at].numbers if at >= 0 else ()
    numbers = chain(own, (number for group in asked.tables for number in group.numbers), count(1) if beyond else ())
    return next((place for number in numbers if (place := f"T{number}") not in taken), "")


def why_not(asked: Asked, answer: "Timetable", row: int) -> str:
    """Name of the reason why a meeting is not placed.

    Pools of tables are told as places, and pools of people as meetings of lower value.
    """
    from serai.match.timetable import Reason  # loads Numba and HiGHS

    reason = Reason(int(answer.why_not[row]))
    if reason is Reason.NO_POOL and answer.limiting_pool[row] >= asked.people_pools:
        return Reason.LOWER_VALUE.name
    of_tables = reason is Reason.NO_POOL and answer.limiting_pool[row] >= asked.table_pools
    return (Reason.NO_PLACE if of_tables else reason).name


@transaction.atomic
def lock(meeting: Meeting, *, locked: bool, by: User | None = None) -> None:
    """Lock a meeting, so that no timetable moves it, or unlock it."""
    if meeting.locked != locked:
        before = {"locked": meeting.locked}
        meeting.locked = locked
        meeting.save(update_fields=["locked"])
        record("meeting.locked", meeting, before=before, after={"locked": locked}, user=by, edition=meeting.edition)
