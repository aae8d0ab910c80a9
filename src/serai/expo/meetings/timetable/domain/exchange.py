"""Two meetings exchange their times: whether they can, and the exchange that an organiser makes.

The solver and its checker decide, as for every timetable; the other told meetings keep their times.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.domain.life import COMING, TOLD, K, MeetingRefusedError, lock, move, of_either
from serai.expo.meetings.meeting.domain.notification import tell_changed
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.drafts import why_not
from serai.expo.meetings.timetable.domain.grids import Span, lengths
from serai.expo.meetings.timetable.domain.problem import ask
from serai.expo.meetings.timetable.domain.seating import clear_drafts, place_for
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.people.account.models import User

SECONDS = 1.0
"""Seconds that the solver may work. Two meetings of a slot each take milliseconds."""


AGAINST = {
    "VETOED": gettext_lazy("one side said no thanks, or the rules of the fair don't let the two meet"),
    "NO_COMMON_SLOT": gettext_lazy("one side is not there, or it is outside of its session or the hours of the booth"),
    "LOWER_VALUE": gettext_lazy("one side has another meeting then"),
    "NO_PLACE": gettext_lazy("all tables are taken then"),
    "NO_POOL": gettext_lazy("the interpreters or the booth that it needs are taken then"),
    "TOO_FAR": gettext_lazy("one side could not walk there in time from another meeting, or from there to the next"),
    "OUT_OF_ORDER": gettext_lazy("it would not be in the order that was arranged"),
}
"""Why a meeting cannot have its new time, by the name of the solver's reason."""


type Times = tuple[Span, Span]
"""Beginning and end of both meetings after the exchange."""


@transaction.atomic
def exchange_by_right(first: Meeting, second: Meeting, *, by: User, now: datetime | None = None) -> None:
    """Exchange the times of any two meetings, as the organiser, and notify all sides. Raises MeetingRefusedError.

    A confirmed meeting has to be confirmed again.
    """
    first, second = lock_both(first, second)
    times = new_times(first, second, now=now)
    write_times(first, second, times, Meeting.State.SCHEDULED, None, by)
    for meeting in (first, second):
        tell_changed(meeting, meeting.host, meeting.guest, but=by)


def new_times(first: Meeting, second: Meeting, *, now: datetime | None = None, told_vetoes: bool = True) -> Times:
    """New times of both meetings, each with the length that it has where it is held.

    Without ``told_vetoes`` a veto is no reason: it would show. A side that vetoed is not asked and never agrees. Raises
    MeetingRefusedError with the reason.
    """
    from serai.match.timetable import TimetableError, check, solve  # loads Numba and HiGHS

    at = now or timezone.now()
    for meeting in (first, second):
        if meeting.state not in COMING or not meeting.starts_at or not meeting.ends_at or meeting.starts_at <= at:
            raise MeetingRefusedError(_("Only meetings that have a time to come can exchange it."))
        if meeting.locked:
            raise MeetingRefusedError(_("One of the two is locked by the organiser and keeps its time."))
    if first.starts_at == second.starts_at:
        raise MeetingRefusedError(_("The two are held at the same time."))
    edition: Edition = first.edition
    concerned = _concerned(first, second)
    try:
        asked = ask(edition, concerned, free={first.pk, second.pk})
        row = {meeting.pk: number for number, meeting in enumerate(asked.meetings)}
        problem, both = asked.problem, (row[first.pk], row[second.pk])
        window = np.array(np.broadcast_to(problem.window, (len(concerned), len(asked.grid))), np.bool_)
        for number, begins in zip(both, (second.starts_at, first.starts_at), strict=True):
            window[number] &= [slot.starts_at == begins for slot in asked.grid]
        load = np.bincount(problem.pairs.ravel(), minlength=len(problem.parties))
        one_way = replace(
            problem,
            window=window,
            vetoed=problem.vetoed if told_vetoes else np.zeros_like(problem.vetoed),
            maximum=np.maximum(problem.maximum, load),  # as many as before
            minimum=np.zeros_like(problem.minimum),
            must=np.zeros_like(problem.must),
            gap_weight=0.0,
        )
        answer = solve(one_way, seconds=SECONDS)
    except TimetableError as error:
        raise MeetingRefusedError(str(error)) from None
    for meeting, number in zip((first, second), both, strict=True):
        if answer.slot[number] < 0:
            reason = AGAINST.get(why_not(asked, answer, number), AGAINST["LOWER_VALUE"])
            raise MeetingRefusedError(
                _("%(one)s and %(other)s cannot meet at the other time: %(reason)s.")
                % {
                    "one": in_language(meeting.host.firm.name).text,
                    "other": in_language(meeting.guest.firm.name).text,
                    "reason": reason,
                }
            )
    if faults := check(one_way, answer):
        # The checker shares no code with the solver: what it finds is a defect of Serai, and nothing is changed.
        raise MeetingRefusedError(_("The exchange did not pass its check and nothing was changed: %s") % faults[0])
    slot_of_first, slot_of_second = (asked.grid[int(answer.slot[number])] for number in both)
    return (slot_of_first.starts_at, slot_of_first.ends_at), (slot_of_second.starts_at, slot_of_second.ends_at)


def _concerned(first: Meeting, second: Meeting) -> list[Meeting]:
    """Told meetings that may prevent it: of the same sides, at the same hours, or in a fixed order with them."""
    both = (first, second)
    sides = of_either(*(side for meeting in both for side in (meeting.host, meeting.guest)))
    longest = timedelta(minutes=max(lengths(first.edition)))
    then = Q()
    for meeting in both:
        assert meeting.starts_at is not None
        then |= Q(starts_at__lt=meeting.starts_at + longest, ends_at__gt=meeting.starts_at)
    order = Q(comes_after__in=both) | Q(pk__in=[meeting.comes_after_id for meeting in both if meeting.comes_after_id])
    told = Meeting.objects.filter(edition=first.edition, state__in=TOLD, starts_at__isnull=False)
    return list(told.filter(sides | then | order).select_related("block").defer("reasons").order_by("pk"))


def write_times(
    first: Meeting, second: Meeting, times: Times, to: Meeting.State, by: Acting | None, user: User
) -> None:
    """Give both meetings their new times and places. Raises MeetingRefusedError if no table is free."""
    both = (first, second)
    places = [place_for(meeting, *span, but=both) for meeting, span in zip(both, times, strict=True)]
    if not all(places):
        raise MeetingRefusedError(_("All tables are taken at that time. Propose another time."))
    for meeting, span, place in zip(both, times, places, strict=True):
        (meeting.starts_at, meeting.ends_at), meeting.place, meeting.why_not = span, place, ""
        move(meeting, to, K.MOVED, by, user=user)
        clear_drafts(meeting)
    _set_aside_drafts(first.edition, user)


def _set_aside_drafts(edition: Edition, user: User) -> None:
    """Replace drafts that move told meetings: they were made from the former times."""
    drafts = TimetableRun.objects.filter(edition=edition, state=TimetableRun.State.DRAFT)
    for run in drafts:
        if run.changes or run.live:
            run.state = TimetableRun.State.REPLACED
            run.save(update_fields=["state"])
            record("timetable.change_discarded", run, user=user, edition=edition)


def lock_both(first: Meeting, second: Meeting) -> tuple[Meeting, Meeting]:
    """Both meetings as they are now, with their sides locked. Raises MeetingRefusedError for one meeting twice."""
    if first.pk == second.pk:
        raise MeetingRefusedError(_("A meeting cannot exchange its time with itself."))
    lock(*(side for meeting in (first, second) for side in (meeting.host, meeting.guest)))
    related = ("host__firm", "guest__firm", "host__edition", "guest__edition", "edition", "block")
    now = Meeting.objects.filter(pk__in=(first.pk, second.pk)).select_related(*related).in_bulk()
    return now[first.pk], now[second.pk]
