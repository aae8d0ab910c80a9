"""Which team members are busy in sessions, how many remain free for meetings, and which told meetings lack people.

A person is busy in a confirmed session in which it speaks or has a seat. A session at the participant's own booth keeps
one person busy if no team member is in it by name. A speaker named with the participant who is not in its team counts
as one person too. The team are the members who take meetings, or all who act for the firm if none was chosen. A team
larger than the number of meetings held side by side can spare a person for a session.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from serai.expo.base.rows import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.life import COMING
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.grids import Span, fullest, spans
from serai.expo.meetings.timetable.models import MeetingTerms, Presence
from serai.expo.people.account.models import Role
from serai.expo.programme.sessions.models import Appearance, Session, SignUp

type Person = tuple[str, int]
"""A user, a speaker outside the team, or somebody at the booth: kind and primary key."""
type Team = Mapping[int, Sequence[Span]]
"""Users who take meetings, with the times when each is away."""

CONFIRMED = Session.State.CONFIRMED


@dataclass(frozen=True)
class Engagement:
    """A person of a participant in a session."""

    person: Person
    session: int
    span: Span


@dataclass(frozen=True)
class Engaged:
    """Engagements and teams by primary key of the participation."""

    of: Mapping[int, Sequence[Engagement]]
    teams: Mapping[int, Team]

    def at(self, participation: int, span: Span) -> list[Engagement]:
        """Engagements that overlap the span, of people who are at the fair then."""
        team = self.teams.get(participation, {})
        engagements = [engagement for engagement in self.of.get(participation, ()) if _overlap(engagement.span, span)]
        return [
            engagement
            for engagement in engagements
            if engagement.person[0] != "user" or _is_there(team[engagement.person[1]], span)
        ]

    def left(self, participation: int, people: int, span: Span) -> int:
        """How many of the people who meet side by side remain for a meeting in the span."""
        taken = len({engagement.person for engagement in self.at(participation, span)})
        if not taken:
            return people
        there = sum(_is_there(away, span) for away in self.teams.get(participation, {}).values())
        return min(people, max(max(there, people) - taken, 0))


def engaged(edition: Edition, of: Collection[int]) -> Engaged:
    """Who of these participations is busy in sessions. A fixed number of queries."""
    listed = Participation.objects.filter(among("pk", of), edition=edition).order_by()
    firm_of = dict(listed.values_list("pk", "firm_id"))
    acting: dict[int, set[int]] = defaultdict(set)
    for firm, user in Role.objects.filter(among("firm", set(firm_of.values()))).values_list("firm_id", "user_id"):
        acting[firm or 0].add(user)
    teams = _teams(edition, firm_of, acting)
    for_whom: dict[int, set[int]] = defaultdict(set)
    for participation, team in teams.items():
        for user in team:
            for_whom[user].add(participation)
    engagements: dict[int, set[Engagement]] = defaultdict(set)
    for user, session, span in (*_seated(edition, for_whom), *_speaking(edition, for_whom)):
        for participation in for_whom[user]:
            engagements[participation].add(Engagement(("user", user), session, span))
    for speaker, named, account, session, span in _named(edition, firm_of):
        # Who acts for the firm has been counted, or has been said to take no meetings.
        if account is None or account not in acting[firm_of[named]] | teams[named].keys():
            engagements[named].add(Engagement(("speaker", speaker), session, span))
    for participation, session, span in _hosting(edition, firm_of):
        if all(engagement.session != session for engagement in engagements[participation]):
            engagements[participation].add(Engagement(("booth", participation), session, span))
    return Engaged(
        {key: sorted(rows, key=lambda engagement: engagement.span) for key, rows in engagements.items() if rows}, teams
    )


def sessions_at(edition: Edition, times: Collection[Span]) -> list[int]:
    """Confirmed sessions that overlap one of these spans."""
    held = Session.objects.filter(edition=edition, state=CONFIRMED).order_by()
    rows = held.values_list("pk", "starts_at", "ends_at")
    return [pk for pk, *span in rows if any(_overlap((span[0], span[1]), time) for time in times)]


def taking_part(edition: Edition, sessions: Collection[int]) -> set[int]:
    """Participations of which somebody may be in one of these sessions. A fixed number of queries."""
    seats = SignUp.objects.filter(among("session", sessions), edition=edition, state=SignUp.State.CONFIRMED)
    speaking = Appearance.objects.filter(among("session", sessions), edition=edition).order_by()
    speakers = list(speaking.values_list("speaker__user_id", "speaker__participation_id"))
    users = {user for user, _named in speakers if user} | set(seats.order_by().values_list("user_id", flat=True))
    acting = Participation.objects.filter(among("firm__roles__user", users), edition=edition).order_by()
    sent = Presence.objects.filter(among("user", users), edition=edition).order_by()
    hosting = Session.objects.filter(among("pk", sessions), edition=edition, host__isnull=False).order_by()
    return {
        *(named for _user, named in speakers if named),
        *acting.values_list("pk", flat=True),
        *sent.values_list("participation_id", flat=True),
        *(host for host in hosting.values_list("host_id", flat=True) if host),
    }


def _teams(
    edition: Edition, firm_of: Mapping[int, int], acting: Mapping[int, Iterable[int]]
) -> dict[int, dict[int, Sequence[Span]]]:
    chosen: dict[int, dict[int, Sequence[Span]]] = defaultdict(dict)
    presences = Presence.objects.filter(among("participation", firm_of), edition=edition).order_by()
    for participation, user, away in presences.values_list("participation_id", "user_id", "away"):
        chosen[participation][user] = spans(away)
    return {key: chosen.get(key) or dict.fromkeys(acting.get(firm, ()), ()) for key, firm in firm_of.items()}


def _seated(edition: Edition, users: Collection[int]) -> Iterator[tuple[int, int, Span]]:
    """Users with a seat in a session, without those on a waiting list."""
    kept = SignUp.objects.filter(among("user", users), edition=edition, state=SignUp.State.CONFIRMED).order_by()
    seats = list(kept.values_list("user_id", "session_id"))
    # The times of a session are read once, not with each of its seats.
    held = Session.objects.filter(among("pk", {session for _user, session in seats}), edition=edition, state=CONFIRMED)
    span_of = {pk: (begins, ends) for pk, begins, ends in held.order_by().values_list("pk", "starts_at", "ends_at")}
    return ((user, session, span_of[session]) for user, session in seats if session in span_of)


def _speaking(edition: Edition, users: Collection[int]) -> Iterator[tuple[int, int, Span]]:
    held = Appearance.objects.filter(
        among("speaker__user", users), edition=edition, session__state=CONFIRMED
    ).order_by()
    rows = held.values_list("speaker__user_id", "session_id", "session__starts_at", "session__ends_at")
    return ((user or 0, session, (begins, ends)) for user, session, begins, ends in rows)


def _named(edition: Edition, participations: Collection[int]) -> Iterator[tuple[int, int, int | None, int, Span]]:
    """Speakers that are named with a participant, with their user if they have an account."""
    held = Appearance.objects.filter(
        among("speaker__participation", participations), edition=edition, session__state=CONFIRMED
    ).order_by()
    rows = held.values_list(
        "speaker_id",
        "speaker__participation_id",
        "speaker__user_id",
        "session_id",
        "session__starts_at",
        "session__ends_at",
    )
    return (
        (speaker, named or 0, user, session, (begins, ends)) for speaker, named, user, session, begins, ends in rows
    )


def _hosting(edition: Edition, participations: Collection[int]) -> Iterator[tuple[int, int, Span]]:
    held = Session.objects.filter(among("host", participations), edition=edition, state=CONFIRMED).order_by()
    rows = held.values_list("host_id", "pk", "starts_at", "ends_at")
    return ((host or 0, session, (begins, ends)) for host, session, begins, ends in rows)


def _overlap(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _is_there(away: Iterable[Span], span: Span) -> bool:
    return not any(_overlap(absence, span) for absence in away)


type Held = tuple[datetime, datetime, int, int]
"""Beginning, end, number of people and primary key of a meeting of a participant."""


def colliding(edition: Edition) -> dict[int, list[Meeting]]:
    """Session -> meetings to come for which it leaves too few people, in order of time."""
    told = Meeting.objects.filter(
        edition=edition, state__in=COMING, starts_at__isnull=False, ends_at__isnull=False
    ).order_by()
    # Of a large fair few sessions and few participants are left by this, of whom alone everything is read.
    times = [(begins, ends) for begins, ends in told.values_list("starts_at", "ends_at").distinct() if begins and ends]
    whom = taking_part(edition, sessions_at(edition, times))
    if not whom:
        return {}
    held = _held(told.filter(among("host", whom) | among("guest", whom)), whom)
    taken = engaged(edition, held)
    terms = dict(MeetingTerms.objects.filter(among("participation", held)).values_list("participation_id", "people"))
    meetings_of: dict[int, set[int]] = defaultdict(set)
    for side in taken.of:
        people = terms.get(side, 1)
        in_meetings = [(begins, ends, min(heads, people)) for begins, ends, heads, _meeting in held[side]]
        for begins, ends, _heads, meeting in held[side]:
            sessions = {engagement.session for engagement in taken.at(side, (begins, ends))}
            if sessions and taken.left(side, people, (begins, ends)) < fullest(in_meetings, (begins, ends)):
                for session in sessions:
                    meetings_of[session].add(meeting)
    return _read(meetings_of)


def _held(told: QuerySet[Meeting], whom: Collection[int]) -> dict[int, list[Held]]:
    """Participant of ``whom`` -> its meetings."""
    held: dict[int, list[Held]] = defaultdict(list)
    columns = ("pk", "starts_at", "ends_at", "host_id", "host_people", "guest_id", "guest_people")
    for pk, begins, ends, host, of_host, guest, of_guest in told.values_list(*columns):
        for side, people in ((host, of_host), (guest, of_guest)):
            if side in whom and begins and ends:
                held[side].append((begins, ends, max(people, 1), pk))
    return held


def _read(meetings_of: dict[int, set[int]]) -> dict[int, list[Meeting]]:
    numbers = {pk for meetings in meetings_of.values() for pk in meetings}
    meetings = Meeting.objects.filter(among("pk", numbers)).select_related("host__firm", "guest__firm").defer("reasons")
    listed = list(meetings.order_by("starts_at", "pk")) if numbers else []
    return {session: [meeting for meeting in listed if meeting.pk in pks] for session, pks in meetings_of.items()}
