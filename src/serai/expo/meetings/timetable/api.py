"""The timetable of an organiser: drafts with their proof, and publishing; and when people of a team take meetings."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Key, Mail, Of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.fairs.jobs.api import JobShown, shown_job
from serai.expo.fairs.jobs.domain import start
from serai.expo.meetings.timetable.domain import arrangements
from serai.expo.meetings.timetable.domain.publication import differences
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.participants.exhibitors.api.represented import desk_of

room = Room(_("Matches and timetable"))


class RunShown(Schema):
    number: Key
    state: str = Field(description="draft, published or replaced")
    made_at: datetime
    status: str = Field(description="optimal where it is proved that none is better")
    objective: float
    bound: float = Field(description="No timetable is worth more")
    seconds: float
    wished: int
    placed: int
    why_not: dict[str, int] = Field(description="How many meetings are not placed, by reason")
    live: bool


class DraftGiven(Schema):
    seconds: float = Field(20.0, ge=0.1, le=60, description="For how long to look for a better one at most")
    move_told: bool = Field(False, description="Meetings that both sides know of may move, unless they are locked")


class DifferenceShown(Schema):
    meeting: Annotated[int, Of("meeting.pk")]
    what: str
    starts_at: datetime | None
    place: str
    why_not: str


@room.list("/timetables", _("Timetables"), RunShown, scope=ORGANISE)
def timetables(_request: Call, edition: Edition) -> Any:
    """Every draft and what became of it, the first first."""
    return TimetableRun.objects.filter(edition=edition)


@room.post("/timetables", _("Draft a timetable"), JobShown, scope=DECIDE, status=202)
def draft_timetable(request: Call, edition: Edition, given: DraftGiven) -> Any:
    """Have all wishes solved into a draft, which only organisers see; the job says its number when it is made."""
    return shown_job(start(edition, "timetable", user=request.user, **given.model_dump()))


@room.list("/timetables/{number}/differences", _("What a draft would change"), DifferenceShown, scope=ORGANISE)
def timetable_differences(_request: Call, edition: Edition, number: int) -> Any:
    """Against what has been told, in order of time."""
    row = row_of(TimetableRun.objects.filter(edition=edition), number, _("There is no such timetable."))

    return differences(row)


@room.post("/timetables/publish", _("Publish the timetable"), JobShown, scope=DECIDE, status=202)
def publish_timetable(request: Call, edition: Edition) -> Any:
    """Have both sides told of every meeting that the latest draft seats, moves or drops."""
    return shown_job(start(edition, "timetable-publication", user=request.user))


# When each person of a team takes meetings

team_room = Room(_("Team"))


class PartShown(Schema):
    key: str
    begins: datetime
    ends: datetime


class PresenceShown(Schema):
    mail: str
    name: str
    takes_meetings: bool
    there: list[str] = Field(description="Keys of the parts of days in which the person is there")


class AvailabilityShown(Schema):
    parts: list[PartShown] = Field(description="The parts of the fair's days")
    people: list[PresenceShown] = Field(description="The team")


class PresenceGiven(Schema):
    mail: Mail
    there: list[str] = Field(max_length=200, description="Keys of the parts in which the person is there")


class AvailabilityGiven(Schema):
    people: list[PresenceGiven] = Field(max_length=500, description="Who takes meetings; who is left out takes none")


type _Team = tuple[list[arrangements.Part], list[arrangements.Person]]
"""The parts of the fair's days, and who of a team is there in which."""


def _team(participation: Participation) -> _Team:
    parts = arrangements.parts(participation.edition)
    return parts, arrangements.people(participation, parts)


def _availability(team: _Team) -> AvailabilityShown:
    parts, people = team
    return AvailabilityShown(
        parts=[shown(PartShown, part) for part in parts],
        people=[
            shown(PresenceShown, person, mail=person.user.email, name=person.user.name, there=sorted(person.there))
            for person in people
        ],
    )


@team_room.get("/firms/{identifier}/availability", _("Availability of people"), AvailabilityShown, scope=READ)
def availability_(request: Call, edition: Edition, identifier: str) -> Any:
    """Who of the team takes meetings, and when."""
    return _availability(_team(desk_of(request, edition, identifier, "expo.edit_desk")))


@team_room.put("/firms/{identifier}/availability", _("Say who takes meetings, and when"), AvailabilityShown)
def set_availability(request: Call, edition: Edition, identifier: str, given: AvailabilityGiven) -> Any:
    """The timetable's terms follow at once."""
    participation = desk_of(request, edition, identifier, "expo.edit_desk")
    now = _team(participation)
    require_unchanged(request, _availability(now))
    parts, team = {part.key for part in now[0]}, {member.user.email: member.user.pk for member in now[1]}
    there: dict[int, list[str]] = {}
    for person in given.people:
        user = team.get(person.mail.lower())
        if user is None:
            raise ProblemError(409, _("There is no such person in the team."))
        if unknown := [key for key in person.there if key not in parts]:
            raise ProblemError(409, _("This fair has no part of a day with the key %s.") % unknown[0][:20])
        there[user] = person.there
    arrangements.set_people(participation, there, user=request.user)
    return _availability(_team(participation))
