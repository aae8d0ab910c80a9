"""The states of a meeting, which state may follow which, and the record that each step leaves; who may read its time
and place; and how far a participant is with its partners.

Both sides know a time on which they agreed. A time that the timetable or an adviser gave them is hidden from them
until the phase of the timetable opens. Organisers read everything at any time.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.participants.participation.domain.representation import Acting, desks_of
from serai.expo.people.account.models import User

GIVEN = Meeting.State.SCHEDULED
"""State of a meeting whose time was given to its sides, without their agreement."""


@dataclass(frozen=True)
class Showing:
    """What sides may read at a moment.

    ``sentence`` says when they may read given times; it is empty if they may read them now. ``known`` is the condition
    of the meetings whose times they may read.
    """

    sentence: str

    @property
    def known(self) -> Q:
        return ~Q(state=GIVEN) if self.sentence else Q()

    def hides(self, meeting: Meeting) -> bool:
        """Whether the sides of this meeting may not read its time and place."""
        return bool(self.sentence) and meeting.state == GIVEN

    def to_a_side(self, meeting: Meeting) -> Meeting:
        """The meeting as its sides may read it, for display only. Do not save it."""
        if not self.hides(meeting):
            return meeting
        shown = copy(meeting)
        shown.starts_at, shown.ends_at, shown.place = None, None, ""
        return shown


EVERYTHING = Showing("")
"""What an organiser reads."""


def showing(edition: Edition, at: datetime | None = None) -> Showing:
    """What the sides of the fair's meetings may read at ``at``, by default now. One query."""
    return Showing(closed_sentence(edition, Phase.Kind.TIMETABLE, at))


S = Meeting.State
K = MeetingEvent.Kind

TOLD = Meeting.TOLD

UNTOLD = (S.PROPOSED, S.WISHED)
"""States in which a time is part of a draft only."""

COMING = (S.SCHEDULED, S.CONFIRMED)
"""States of a meeting to come whose time both sides know."""

ENDED = (S.DECLINED, S.CANCELLED)

FOLLOWS: Mapping[str, frozenset[str]] = {
    S.PROPOSED: frozenset({S.WISHED, S.SCHEDULED, S.CONFIRMED, S.DECLINED, S.CANCELLED}),
    S.WISHED: frozenset({S.SCHEDULED, S.CONFIRMED, S.DECLINED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.SCHEDULED, S.CONFIRMED, S.HELD, S.MISSED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.SCHEDULED, S.CONFIRMED, S.HELD, S.MISSED, S.CANCELLED}),
    S.MISSED: frozenset({S.HELD}),
    S.DECLINED: frozenset({S.WISHED, S.CONFIRMED}),
    S.CANCELLED: frozenset({S.WISHED, S.CONFIRMED}),
    S.HELD: frozenset(),
}
"""States that may follow each state. A meeting that was held keeps its state; no meeting is deleted."""


class MeetingRefusedError(ValueError):
    """The reason why something cannot be done with a meeting, in the reader's language."""


def move(
    meeting: Meeting,
    to: Meeting.State,
    kind: MeetingEvent.Kind,
    by: Acting | None,
    *,
    user: User | None = None,
    words: str = "",
) -> None:
    """Save the meeting in its next state, with an event and an audit entry.

    The caller notifies the sides. Raises ValueError for a state that may not follow; the caller has to check this
    first.
    """
    before = state(Meeting.objects.get(pk=meeting.pk)) if meeting.pk else None
    if before is not None and to not in FOLLOWS[before["state"]]:
        raise ValueError(f"A meeting that is {before['state']} does not become {to}.")
    meeting.state = to
    was = before["state"] if before else ""
    hidden = {GIVEN} if GIVEN in (was, to) and showing(meeting.edition).sentence else set()
    knew, know = (status in TOLD and status not in hidden for status in (was, to))
    meeting.written_starts_at, meeting.written_place = (meeting.starts_at, meeting.place) if know else (None, "")
    meeting.save()
    # The sides read the history: the time of a draft, or one that they may not read yet, has no place in it.
    happened(kind, by, meeting=meeting, user=user, starts_at=meeting.starts_at if know or knew else None, words=words)
    after = state(meeting) | ({"acted_for": by.participation.firm.identifier} if by and by.by_proxy else {})
    record(
        f"meeting.{kind}", meeting, before=before, after=after, user=by.user if by else user, edition=meeting.edition
    )


def happened(
    kind: MeetingEvent.Kind,
    by: Acting | None,
    *,
    meeting: Meeting | None = None,
    request: MeetingRequest | None = None,
    user: User | None = None,
    starts_at: datetime | None = None,
    words: str = "",
) -> MeetingEvent:
    """Add an event to the history of a meeting or a request."""
    of = meeting or request
    assert of is not None
    return MeetingEvent.objects.create(
        edition=of.edition,
        meeting=meeting,
        request=request,
        side=by.participation if by else None,
        user=by.user if by else user,
        kind=kind,
        starts_at=starts_at,
        words=words,
    )


def of_either(*participations: Participation) -> Q:
    """Condition that one of these participations is a side of the meeting."""
    return Q(host__in=participations) | Q(guest__in=participations)


def agreed() -> Exists:
    """Condition that both sides have agreed to the meeting."""
    return Exists(MeetingRequest.objects.filter(meeting=OuterRef("pk"), state=MeetingRequest.State.ACCEPTED).order_by())


def meeting_of(first: Participation, second: Participation) -> Meeting | None:
    """The meeting of a pair, whoever is its host."""
    return Meeting.objects.filter(Q(host=first, guest=second) | Q(host=second, guest=first)).first()


def visible_to(user: User, edition: Edition) -> QuerySet[Meeting]:
    """All meetings for an organiser; for others the meetings of the firms for which they act.

    Nobody but an organiser sees a meeting that exists only in a draft or in a wish of the other side.
    """
    meetings = Meeting.objects.filter(edition=edition)
    if user.has_perm("expo.read_meetings", edition):
        return meetings
    told_or_agreed = Q(state__in=TOLD) | Q(agreed()) | Q(state=S.CANCELLED)
    return meetings.filter(of_either(*desks_of(user, edition)), told_or_agreed)


def lock(*participations: Participation) -> None:
    """Lock these participations, so that changes of their meetings happen one after the other."""
    keys = sorted(participation.pk for participation in participations)
    list(Participation.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def lock_with_partners(participation: Participation) -> None:
    """Lock a participation and all that it has a meeting or a request with, in the order of `lock`."""
    meetings = Meeting.objects.filter(of_either(participation)).order_by().values_list("host_id", "guest_id")
    asked = Q(asker=participation) | Q(asked=participation)
    requests = MeetingRequest.objects.filter(asked).order_by().values_list("asker_id", "asked_id")
    keys = {participation.pk, *(key for pair in (*meetings, *requests) for key in pair)}
    rows = Participation.objects.filter(edition=participation.edition, pk__in=keys)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def across(meeting: Meeting, side: Participation) -> Participation:
    """The other side of a meeting."""
    other: Participation = meeting.guest if meeting.host_id == side.pk else meeting.host
    return other


class PartnerStatus(StrEnum):
    """How far a participant is with another; with most it has not begun."""

    ASKED = "asked"
    TO_ANSWER = "to-answer"
    AGREED = "agreed"
    MET = "met"


def partner_statuses(participation: Participation) -> dict[int, PartnerStatus]:
    """Other participants, by primary key, with whom a request waits, a meeting is agreed, or a meeting was held.

    A request of somebody whom the participant has refused stays unseen, and so does a time that is not told yet.
    """
    statuses: dict[int, PartnerStatus] = {}
    own, at = participation.pk, timezone.now()
    requests = MeetingRequest.objects.filter(
        Q(asker=own) | Q(asked=own), state=MeetingRequest.State.OPEN, expires_at__gt=at
    )
    refused = Wish.objects.filter(wisher=own, strength=Wish.Strength.NO_THANKS).values("wished")
    for asker, asked, awaiting in requests.exclude(asker__in=refused).values_list("asker", "asked", "awaiting"):
        other = asked if asker == own else asker
        statuses[other] = PartnerStatus.TO_ANSWER if awaiting == own else PartnerStatus.ASKED
    told = Q(state__in=COMING) & showing(participation.edition, at).known
    meetings = Meeting.objects.filter(of_either(participation)).filter(told | Q(state=Meeting.State.HELD) | agreed())
    for host, guest, meeting_state in meetings.values_list("host", "guest", "state"):
        is_held = meeting_state == Meeting.State.HELD
        statuses[guest if host == own else host] = PartnerStatus.MET if is_held else PartnerStatus.AGREED
    return statuses
