"""What the pages of a participant's meetings show, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import timezone

from serai.expo.buyers.acting import Acting
from serai.expo.editions.models import Participation
from serai.expo.firms.directory import EXHIBITING
from serai.expo.meetings.exchanges import MeetingExchange
from serai.expo.meetings.exchanging import asked_by, own_meeting, to_answer
from serai.expo.meetings.interpreting import Pair, pair_of_each
from serai.expo.meetings.life import TOLD, UNTOLD, of_either
from serai.expo.meetings.life import agreed as known_to_both
from serai.expo.meetings.matching import reasons_with
from serai.expo.meetings.models import Meeting, MeetingNote, MeetingRequest, Wish
from serai.expo.meetings.requesting import answered, received, sent
from serai.expo.meetings.showing import showing
from serai.expo.meetings.timetabling import SAID, said_of
from serai.expo.outcomes.models import Outcome


@dataclass(frozen=True)
class Shown:
    """A meeting or a request as one side sees it."""

    row: Meeting | MeetingRequest
    other: Participation
    reasons: tuple[str, ...] = ()
    clashes: bool = False
    note: MeetingNote | None = None
    interpreters: Pair | None = None
    """The languages between which the meeting needs an interpreter."""

    @property
    def is_public(self) -> bool:
        """Whether the other side has a page in the directory."""
        return self.other.kind in EXHIBITING


@dataclass(frozen=True)
class Unseated:
    """A wish of this side, or a meeting that both agreed on, that the published timetable could not seat, and why."""

    other: Participation
    why: str
    strength: str

    @property
    def is_public(self) -> bool:
        """Whether the other side has a page in the directory."""
        return self.other.kind in EXHIBITING


@dataclass(frozen=True)
class ShownExchange:
    """Two meetings that are to exchange their times, as the side sees it that is asked, or that has asked."""

    row: MeetingExchange
    meeting: Meeting
    """That of the reader's side; of who has asked, the first of its two."""
    begins: datetime
    """When it would begin."""


@dataclass(frozen=True)
class MyMeetings:
    """All that stands on the page, the nearest first."""

    received: list[Shown]
    sent: list[Shown]
    exchanges: list[ShownExchange]
    exchanges_asked: list[ShownExchange]
    days: list[tuple[date, list[Shown]]]
    hidden: str
    """When the times that the timetable gave can be read; empty where they can."""
    without_time: list[Shown]
    """Meetings whose times cannot be read yet."""
    waiting: list[Shown]
    unseated: list[Unseated]
    past: list[Shown]
    closed: list[Shown]
    steps: list[MeetingNote] = field(default_factory=list)


CLOSED_SHOWN = 20


def my_meetings(by: Acting, *, now: datetime | None = None) -> MyMeetings:
    """What a participant has to answer, waits for, and has in its agenda. Call inside of the scope."""
    own, at = by.participation, now or timezone.now()
    asked, asking = list(received(own, at)), list(sent(own, at))
    closed = list(answered(own, at).exclude(state=MeetingRequest.State.ACCEPTED)[:CLOSED_SHOWN])
    told = list(
        Meeting.objects.filter(of_either(own), state__in=TOLD, starts_at__isnull=False)
        .select_related("host__firm", "guest__firm", "host_person", "guest_person")
        .order_by("starts_at", "pk")
    )
    agreed = list(
        Meeting.objects.filter(of_either(own), known_to_both(), state=Meeting.State.WISHED).select_related(
            "host__firm", "guest__firm"
        )
    )
    may_read = showing(by.edition, at)
    hidden = [may_read.to_a_side(meeting) for meeting in told if may_read.hides(meeting)]
    told = [meeting for meeting in told if not may_read.hides(meeting)]
    coming = [meeting for meeting in told if meeting.ends_at and meeting.ends_at > at]
    over = [meeting for meeting in told if meeting not in coming]
    rows: list[Meeting | MeetingRequest] = [*asked, *asking, *coming, *hidden, *agreed]
    others = [_other(row, own) for row in rows]
    reasons = reasons_with(own, others) if others else {}
    clashing = _clashing(coming)
    notes = {note.meeting_id: note for note in MeetingNote.objects.filter(side=own).select_related("owner", "meeting")}

    pair = pair_of_each(by.edition)

    def show(row: Meeting | MeetingRequest) -> Shown:
        other = _other(row, own)
        if isinstance(row, MeetingRequest):
            return Shown(row, other, reasons.get(other.pk, ()))
        return Shown(row, other, reasons.get(other.pk, ()), row.pk in clashing, notes.get(row.pk), pair(row))

    zone = ZoneInfo(by.edition.time_zone)

    def day(meeting: Meeting) -> date:
        assert meeting.starts_at is not None
        return meeting.starts_at.astimezone(zone).date()

    to_do = [note for note in notes.values() if note.next_step and not note.done_at]
    return MyMeetings(
        received=list(map(show, asked)),
        sent=list(map(show, asking)),
        exchanges=[ShownExchange(one, *own_meeting(one, own)) for one in to_answer(own, at, may_read)],
        exchanges_asked=[ShownExchange(one, *own_meeting(one, own)) for one in asked_by(own, at, may_read)],
        days=[(key, list(map(show, held))) for key, held in groupby(coming, key=day)],
        hidden=may_read.sentence,
        without_time=[show(meeting) for meeting in sorted(hidden, key=lambda one: one.pk)],
        waiting=list(map(show, agreed)),
        unseated=unseated(own, agreed),
        past=[show(meeting) for meeting in reversed(over)],
        closed=list(map(show, closed)),
        steps=sorted(to_do, key=lambda note: (note.next_step_on or date.max, note.pk)),
    )


def unseated(own: Participation, agreed: Iterable[Meeting] = ()) -> list[Unseated]:
    """What this side wished for or agreed to, and the timetable that was published last could not seat, with why.

    Who said no thanks is told to nobody: the same sentence stands where other meetings came first. Call inside of the
    scope.
    """
    wished = dict(
        Wish.objects.filter(wisher=own).exclude(strength=Wish.Strength.NO_THANKS).values_list("wished_id", "strength")
    )
    known = {meeting.pk for meeting in agreed}
    left_out = (
        Meeting.objects.filter(of_either(own), state__in=UNTOLD)
        .exclude(why_not_told="")
        .select_related("host__firm", "guest__firm")
        .order_by("-value", "pk")
    )
    found = []
    for meeting in left_out:
        other = _other(meeting, own)
        if other.pk in wished or meeting.pk in known:
            found.append(Unseated(other, str(SAID[said_of(meeting)]), wished.get(other.pk, "")))
    order = {Wish.Strength.MUST: 0, "": 1, Wish.Strength.WOULD: 2}
    return sorted(found, key=lambda one: order.get(one.strength, 3))


def _other(row: Meeting | MeetingRequest, own: Participation) -> Participation:
    one, two = (row.host, row.guest) if isinstance(row, Meeting) else (row.asker, row.asked)
    other: Participation = two if one.pk == own.pk else one
    return other


def _clashing(meetings: Iterable[Meeting]) -> set[int]:
    listed = [meeting for meeting in meetings if meeting.starts_at and meeting.ends_at]
    return {
        one.pk
        for one in listed
        for other in listed
        if other is not one
        and one.starts_at
        and one.ends_at
        and other.starts_at
        and other.ends_at
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    }


def outcomes_of(meeting: Meeting) -> list[Outcome]:
    """What came of a meeting so far. Call inside of the scope."""
    return list(Outcome.objects.filter(meeting=meeting).exclude(state=Outcome.State.WITHDRAWN))
