"""The programme: sessions, speakers, rooms, releases; and the caller's own seats."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import GivenTexts, Of, Texts, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import DECIDE, Room
from serai.expo.fairs.interface.domain.pagination import Cut, Listed, Page, asked_by, filter_of, page_of
from serai.expo.programme.sessions.domain import sign_ups, visibility
from serai.expo.programme.sessions.domain.conflicts import Conflict, all_conflicts_of
from serai.expo.programme.sessions.domain.releases import (
    ConflictingReleaseError,
    NothingToReleaseError,
    release_programme,
)
from serai.expo.programme.sessions.domain.session_list import ProgrammeFilter, matching
from serai.expo.programme.sessions.models import Release, Session, Speaker

room = Room(_("Programme"), sign_ups.SignUpRefusedError, NothingToReleaseError, ConflictingReleaseError)


class AppearanceShown(Schema):
    speaker: int
    name: Texts
    role: str


class SessionShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    forum: str
    kind: str
    chain: str | None
    title: Texts
    summary: Texts
    state: str
    starts_at: datetime
    ends_at: datetime
    room: int | None
    place: Texts
    capacity: int | None = Field(description="Seats to sign up for; null for as many as come")
    languages: list[str]
    interpreted: list[str]
    host: str | None = Field(description="Identifier of the exhibitor at whose booth it is held")
    speakers: list[AppearanceShown]


class SessionInFull(SessionShown):
    taken: int
    free: int | None
    own_seat: str | None = Field(description="confirmed or waiting, where you have signed up")
    place_in_line: int | None


class SpeakerShown(Schema):
    number: int
    name: Texts
    position: Texts
    affiliation: Texts
    country: str
    biography: Texts
    firm: str | None = Field(description="Identifier of the exhibitor for whom they speak")


class RoomShown(Schema):
    number: Annotated[int, Of("pk")]
    title: Texts
    seats: int | None


class ReleaseShown(Schema):
    number: int
    note: Texts
    released_at: datetime
    sessions: int


class ReleaseGiven(Schema):
    note: GivenTexts = Field(default_factory=dict, description="What is new, in a sentence")
    despite_conflicts: bool = Field(
        default=False, description="Also where sessions need one room or one speaker at the same time"
    )


class ConflictShown(Schema):
    sessions: list[int]
    sentence: str
    meetings: list[int] = Field(description="Told meetings for which a session leaves too few people")


class SeatShown(Schema):
    session: int
    state: str = Field(description="confirmed, or waiting for a seat")
    place_in_line: int | None


@asked_by(ProgrammeFilter)
class SessionsWanted(Cut):
    """The filter of the programme's page, by the same names."""


def _fields(row: Session) -> dict[str, Any]:
    return {
        "number": row.pk,
        "forum": row.forum.slug,
        "kind": row.forum.kind,
        "chain": row.forum.chain.slug if row.forum.chain else None,
        "title": row.title or row.forum.title,
        "summary": row.summary or row.forum.summary,
        "room": row.room_id,
        "host": row.host.firm.identifier if row.host else None,
        "speakers": [
            AppearanceShown(speaker=appearance.speaker_id, name=appearance.speaker.name, role=appearance.role)
            for appearance in row.appearances.all()
        ],
    }


@room.get("/programme", _("Sessions"), Page[SessionShown])
def programme(request: Call, edition: Edition, wanted: Query[SessionsWanted]) -> Any:
    """In order of time. schedule.xml, schedule.json and iCalendar are beside the programme's page."""
    asked = filter_of(ProgrammeFilter, wanted)
    entries = visibility.listed_to(request.user, edition, with_texts=bool(asked.words))
    rows = matching(entries, asked, ZoneInfo(edition.time_zone))
    page = page_of(rows, lambda row: row.number, wanted)
    held = {row.pk: row for row in visibility.sessions_of(request.user, edition, page["items"])}
    rows_shown = [held[number] for number in page["items"] if number in held]
    return page | {"items": [shown(SessionShown, row, **_fields(row)) for row in rows_shown]}


def session_of(request: Call, edition: Edition, number: int) -> Session:
    """A session that the caller may see. Raises Http404."""
    rows = visibility.sessions_of(request.user, edition, [number]) if number < 2**63 else []
    if not rows:
        raise Http404(_("The programme has no such session."))
    return rows[0]


@room.get("/programme/{number}", _("A session"), SessionInFull)
def session(request: Call, edition: Edition, number: int) -> Any:
    """With its seats, and your own."""
    row = session_of(request, edition, number)
    taken = sign_ups.seats_taken(row)
    own = sign_ups.seat_of(request.user, row)
    return shown(
        SessionInFull,
        row,
        **_fields(row),
        taken=taken,
        free=None if row.capacity is None else max(row.capacity - taken, 0),
        own_seat=own.state if own else None,
        place_in_line=sign_ups.place_in_line(own),
    )


@room.put("/programme/{number}/seat", _("Sign up for a session"), SeatShown)
def take_seat(request: Call, edition: Edition, number: int) -> Any:
    """A seat, or a place on the waiting list. Doing it twice changes nothing."""
    seat = sign_ups.sign_up(request.user, session_of(request, edition, number))
    return SeatShown(session=number, state=seat.state, place_in_line=sign_ups.place_in_line(seat))


@room.delete("/programme/{number}/seat", _("Withdraw from a session"))
def give_seat_up(request: Call, edition: Edition, number: int) -> Any:
    sign_ups.withdraw(request.user, session_of(request, edition, number))


@room.list("/speakers", _("Speakers"), SpeakerShown)
def speakers(request: Call, edition: Edition) -> Any:
    rows = visibility.speakers_visible_to(request.user, edition).select_related("participation__firm")
    return Listed(rows, _speaker)


@room.get("/speakers/{number}", _("A speaker"), SpeakerShown)
def speaker(request: Call, edition: Edition, number: int) -> Any:
    row = row_of(visibility.speakers_visible_to(request.user, edition), number, _("There is no such speaker."))
    return _speaker(row)


def _speaker(row: Speaker) -> SpeakerShown:
    firm = visibility.firm_shown_with(row)
    return shown(SpeakerShown, row, number=row.pk, firm=firm.identifier if firm else None)


@room.list("/rooms", _("Rooms"), RoomShown)
def rooms(request: Call, edition: Edition) -> Any:
    return visibility.rooms_visible_to(request.user, edition)


@room.list("/releases", _("Releases of the programme"), ReleaseShown)
def releases(_request: Call, edition: Edition) -> Any:
    """As what the programme was made known, the first release first."""
    return Listed(Release.objects.filter(edition=edition), _release)


def _release(row: Release) -> ReleaseShown:
    return shown(ReleaseShown, row, sessions=len(row.sessions))


@room.post("/releases", _("Release the programme"), ReleaseShown, scope=DECIDE, status=201)
def release(request: Call, edition: Edition, given: ReleaseGiven) -> Any:
    """Make it known as it stands."""
    return _release(release_programme(edition, **given.model_dump(), by=request.user))


@room.list("/programme-conflicts", _("What cannot both hold"), ConflictShown, scope=DECIDE[:1])
def conflicts(_request: Call, edition: Edition) -> Any:
    """One room or one speaker twice at a time, what does not fit, and meetings whose people a session takes."""

    def show(row: Conflict) -> ConflictShown:
        return ConflictShown(
            sessions=[item.pk for item in row.sessions],
            sentence=str(row.sentence),
            meetings=[item.pk for item in row.meetings],
        )

    return Listed(all_conflicts_of(edition), show)
