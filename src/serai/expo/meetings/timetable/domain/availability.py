"""Whom of a participant the programme takes, and how many people it leaves for meetings.

A person is taken by a confirmed session in which it speaks or has a seat. An event at the participant's own booth takes
one, where it takes nobody by name, and so does a speaker who is named with the participant and is nobody of its team.
The team are those who were said to take meetings, else all who act for the firm: of a team of more than meet side by
side, one may be in a session and nothing is lost.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from serai.expo.base.among import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.timetable.domain.grids import Span, spans
from serai.expo.meetings.timetable.models.presence import Presence
from serai.expo.people.account.models import Role
from serai.expo.programme.sessions.models import Appearance, Session, SignUp

type Person = tuple[str, int]
"""A user, or who has no name in the team: a speaker, or somebody at the booth."""
type Team = Mapping[int, Sequence[Span]]
"""The users who take meetings, and when each is away."""

CONFIRMED = Session.State.CONFIRMED


@dataclass(frozen=True)
class Engagement:
    """One person of a participant in one session."""

    person: Person
    session: int
    span: Span


@dataclass(frozen=True)
class Engaged:
    """What the programme takes, by primary keys of participations."""

    of: Mapping[int, Sequence[Engagement]]
    teams: Mapping[int, Team]

    def at(self, participation: int, span: Span) -> list[Engagement]:
        """Whom it takes at any moment of the span, of those who are there."""
        team = self.teams.get(participation, {})
        found = [one for one in self.of.get(participation, ()) if _overlap(one.span, span)]
        return [one for one in found if one.person[0] != "user" or _is_there(team[one.person[1]], span)]

    def left(self, participation: int, people: int, span: Span) -> int:
        """How many of the people who meet side by side can hold a meeting that lasts for the span."""
        taken = len({one.person for one in self.at(participation, span)})
        if not taken:
            return people
        there = sum(_is_there(away, span) for away in self.teams.get(participation, {}).values())
        return min(people, max(max(there, people) - taken, 0))


def engaged(edition: Edition, of: Collection[int]) -> Engaged:
    """Whom the programme as it stands takes of these participations, in a fixed number of queries.

    Call inside of the edition's scope.
    """
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
    found: dict[int, set[Engagement]] = defaultdict(set)
    for user, session, span in (*_seated(edition, for_whom), *_speaking(edition, for_whom)):
        for participation in for_whom[user]:
            found[participation].add(Engagement(("user", user), session, span))
    for speaker, named, account, session, span in _named(edition, firm_of):
        # Who acts for the firm has been counted, or has been said to take no meetings.
        if account is None or account not in acting[firm_of[named]] | teams[named].keys():
            found[named].add(Engagement(("speaker", speaker), session, span))
    for participation, session, span in _hosting(edition, firm_of):
        if all(one.session != session for one in found[participation]):
            found[participation].add(Engagement(("booth", participation), session, span))
    return Engaged({key: sorted(rows, key=lambda one: one.span) for key, rows in found.items() if rows}, teams)


def sessions_at(edition: Edition, times: Collection[Span]) -> list[int]:
    """The confirmed sessions that are held at a moment of one of these spans."""
    held = Session.objects.filter(edition=edition, state=CONFIRMED).order_by()
    rows = held.values_list("pk", "starts_at", "ends_at")
    return [pk for pk, *span in rows if any(_overlap((span[0], span[1]), one) for one in times)]


def taking_part(edition: Edition, sessions: Collection[int]) -> set[int]:
    """The participations of which somebody may be in one of these sessions, in a fixed number of queries.

    Call inside of the edition's scope.
    """
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
    said: dict[int, dict[int, Sequence[Span]]] = defaultdict(dict)
    presences = Presence.objects.filter(among("participation", firm_of), edition=edition).order_by()
    for participation, user, away in presences.values_list("participation_id", "user_id", "away"):
        said[participation][user] = spans(away)
    return {key: said.get(key) or dict.fromkeys(acting.get(firm, ()), ()) for key, firm in firm_of.items()}


def _seated(edition: Edition, users: Collection[int]) -> Iterator[tuple[int, int, Span]]:
    """Who has a seat, of which session; a place in the line takes nobody."""
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
    """Speakers with the participant with whom each is named, and the user where it has an account."""
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
    return ((one, named or 0, user, session, (begins, ends)) for one, named, user, session, begins, ends in rows)


def _hosting(edition: Edition, participations: Collection[int]) -> Iterator[tuple[int, int, Span]]:
    held = Session.objects.filter(among("host", participations), edition=edition, state=CONFIRMED).order_by()
    rows = held.values_list("host_id", "pk", "starts_at", "ends_at")
    return ((host or 0, session, (begins, ends)) for host, session, begins, ends in rows)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_there(away: Iterable[Span], span: Span) -> bool:
    return not any(_overlap(one, span) for one in away)
