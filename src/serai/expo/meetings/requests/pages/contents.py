"""A participant's page of meetings, read in a fixed number of queries."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import timezone

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.matchmaking.domain.matching import reasons_with
from serai.expo.meetings.meeting.domain.life import TOLD, UNTOLD, of_either, showing
from serai.expo.meetings.meeting.domain.life import agreed as known_to_both
from serai.expo.meetings.meeting.models import Meeting, MeetingNote, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.meetings.requests.domain.exchanges import asked_by, own_meeting, to_answer
from serai.expo.meetings.requests.domain.requests import answered, received, sent
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.drafts import SAID, said_of
from serai.expo.meetings.timetable.domain.pools import Pair, pair_of_each
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import Acting


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
    """Two meetings that are to exchange their times, as the side sees it that is asked or asks."""

    row: MeetingExchange
    meeting: Meeting
    """The meeting of the reader's side; for the side that asks, the first of its two."""
    begins: datetime
    """The new beginning of the meeting."""


@dataclass(frozen=True)
class MyMeetings:
    """The contents of the page, the nearest first."""

    received: list[Shown]
    sent: list[Shown]
    exchanges: list[ShownExchange]
    exchanges_asked: list[ShownExchange]
    days: list[tuple[date, list[Shown]]]
    hidden: str
    """When hidden times can be read; empty if none is hidden."""
    without_time: list[Shown]
    """Meetings whose times cannot be read yet."""
    waiting: list[Shown]
    unseated: list[Unseated]
    past: list[Shown]
    closed: list[Shown]
    steps: list[MeetingNote] = field(default_factory=list)


CLOSED_SHOWN = 20


def my_meetings(by: Acting) -> MyMeetings:
    """The requests, meetings, exchanges and next steps of a participant."""
    own, at = by.participation, timezone.now()
    asked, asking = list(received(own, at)), list(sent(own, at))
    closed = list(answered(own, at).exclude(state=MeetingRequest.State.ACCEPTED)[:CLOSED_SHOWN])
    told, agreed = _told(own), _agreed(own)
    may_read = showing(by.edition, at)
    hidden = sorted((may_read.to_a_side(row) for row in told if may_read.hides(row)), key=lambda meeting: meeting.pk)
    readable = [meeting for meeting in told if not may_read.hides(meeting)]
    coming = [meeting for meeting in readable if meeting.ends_at and meeting.ends_at > at]
    over = [meeting for meeting in readable if meeting not in coming]
    rows: list[Meeting | MeetingRequest] = [*asked, *asking, *coming, *hidden, *agreed]
    others = [_other(row, own) for row in rows]
    notes = {note.meeting_id: note for note in MeetingNote.objects.filter(side=own).select_related("owner", "meeting")}
    reasons = reasons_with(own, others) if others else {}
    view = _View(own, reasons, _clashing(coming), notes, pair_of_each(by.edition))
    return MyMeetings(
        received=view.of(asked),
        sent=view.of(asking),
        exchanges=[ShownExchange(row, *own_meeting(row, own)) for row in to_answer(own, at, may_read)],
        exchanges_asked=[ShownExchange(row, *own_meeting(row, own)) for row in asked_by(own, at, may_read)],
        days=_by_day(view.of(coming), ZoneInfo(by.edition.time_zone)),
        hidden=may_read.sentence,
        without_time=view.of(hidden),
        waiting=view.of(agreed),
        unseated=unseated(own, agreed),
        past=view.of(reversed(over)),
        closed=view.of(closed),
        steps=_to_do(notes.values()),
    )


@dataclass(frozen=True)
class _View:
    """What a side reads beside its meetings, by primary key of the other side or of the meeting."""

    own: Participation
    reasons: Mapping[int, tuple[str, ...]]
    clashing: Collection[int]
    notes: Mapping[int, MeetingNote]
    interpreters: Callable[[Meeting], Pair | None]

    def of(self, rows: Iterable[Meeting | MeetingRequest]) -> list[Shown]:
        return [self._shown(row) for row in rows]

    def _shown(self, row: Meeting | MeetingRequest) -> Shown:
        other = _other(row, self.own)
        reasons = self.reasons.get(other.pk, ())
        if isinstance(row, MeetingRequest):
            return Shown(row, other, reasons)
        return Shown(row, other, reasons, row.pk in self.clashing, self.notes.get(row.pk), self.interpreters(row))


def _told(own: Participation) -> list[Meeting]:
    """Meetings with a time that was told to both sides, in the order in which they begin."""
    told = Meeting.objects.filter(of_either(own), state__in=TOLD, starts_at__isnull=False)
    return list(
        told.select_related("host__firm", "guest__firm", "host_person", "guest_person").order_by("starts_at", "pk")
    )


def _agreed(own: Participation) -> list[Meeting]:
    """Meetings on which both sides agreed and which have no time yet."""
    agreed = Meeting.objects.filter(of_either(own), known_to_both(), state=Meeting.State.WISHED)
    return list(agreed.select_related("host__firm", "guest__firm"))


def _by_day(meetings: Iterable[Shown], zone: ZoneInfo) -> list[tuple[date, list[Shown]]]:
    """Meetings by day; they are in order of time."""

    def day(shown: Shown) -> date:
        assert isinstance(shown.row, Meeting)
        assert shown.row.starts_at is not None
        return shown.row.starts_at.astimezone(zone).date()

    return [(key, list(of_day)) for key, of_day in groupby(meetings, key=day)]


def _to_do(notes: Iterable[MeetingNote]) -> list[MeetingNote]:
    """Next steps that are not done, the nearest first."""
    to_do = (note for note in notes if note.next_step and not note.done_at)
    return sorted(to_do, key=lambda note: (note.next_step_on or date.max, note.pk))


def unseated(own: Participation, agreed: Iterable[Meeting] = ()) -> list[Unseated]:
    """Wishes and agreed meetings without a seat in the last published timetable, with the reason.

    A veto of the other side is not revealed: the reason is the same as for meetings of lower value.
    """
    wishes = Wish.objects.filter(wisher=own).exclude(strength=Wish.Strength.NO_THANKS)
    strengths = dict(wishes.values_list("wished_id", "strength"))
    agreed_keys = {meeting.pk for meeting in agreed}
    left_out = (
        Meeting.objects.filter(of_either(own), state__in=UNTOLD)
        .exclude(why_not_told="")
        .select_related("host__firm", "guest__firm")
        .order_by("-value", "pk")
    )
    rows = [
        Unseated(other, str(SAID[said_of(meeting)]), strengths.get(other.pk, ""))
        for meeting in left_out
        if (other := _other(meeting, own)).pk in strengths or meeting.pk in agreed_keys
    ]
    order = {Wish.Strength.MUST: 0, "": 1, Wish.Strength.WOULD: 2}
    return sorted(rows, key=lambda row: order.get(row.strength, 3))


def _other(row: Meeting | MeetingRequest, own: Participation) -> Participation:
    first, second = (row.host, row.guest) if isinstance(row, Meeting) else (row.asker, row.asked)
    other: Participation = second if first.pk == own.pk else first
    return other


def _clashing(meetings: Iterable[Meeting]) -> set[int]:
    """Primary keys of meetings that overlap another one."""
    spans = [(row.pk, row.starts_at, row.ends_at) for row in meetings if row.starts_at and row.ends_at]
    return {
        key
        for key, begins, ends in spans
        for other, other_begins, other_ends in spans
        if other != key and begins < other_ends and other_begins < ends
    }


def outcomes_of(meeting: Meeting) -> list[Outcome]:
    """Outcomes of a meeting that were not withdrawn."""
    return list(Outcome.objects.filter(meeting=meeting).exclude(state=Outcome.State.WITHDRAWN))
