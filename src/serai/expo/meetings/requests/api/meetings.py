"""Meetings of a participant for whom one acts. An organiser reads every meeting."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Code, Line, Words, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ
from serai.expo.fairs.interface.domain.pagination import Cut, Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.meetings.day.domain import attendance as holding
from serai.expo.meetings.meeting.api import room
from serai.expo.meetings.meeting.domain.life import Showing, showing, visible_to
from serai.expo.meetings.meeting.models import Meeting, MeetingNote
from serai.expo.meetings.requests.domain import requests
from serai.expo.meetings.timetable.domain.drafts import said_of
from serai.expo.meetings.timetable.domain.pools import Pair, pair_of_each
from serai.expo.participants.exhibitors.api.represented import acting_among
from serai.expo.participants.participation.domain.representation import Acting, desks_of
from serai.expo.people.account.models import User


class MeetingShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    host: str
    guest: str
    state: str
    source: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    hidden: str = Field(description="When time and place can be read, where they can't be read yet; empty elsewhere")
    why_not: str = Field(description="Why the timetable has not placed it")
    locked: bool
    host_arrived_at: datetime | None
    guest_arrived_at: datetime | None
    interpreters: list[str] = Field(
        description="The languages of host and guest between which an interpreter is needed; empty with one in common"
    )


class NoteShown(Schema):
    rating: int | None
    note: str
    next_step: str
    next_step_on: date | None
    owner: str | None
    done: bool


class MeetingInFull(MeetingShown):
    code: str | None = Field(description="Your code, which the other side scans; null for an organiser")
    note: NoteShown | None = Field(description="What your side keeps of it; the other side never sees it")


class MeetingsWanted(Cut):
    state: str = Field(
        "",
        pattern=f"^({'|'.join(Meeting.State.values)})?$",
        json_schema_extra={"enum": ["", *Meeting.State.values]},
    )
    firm: str = Field("", max_length=16, pattern="^[A-Za-z0-9]*$", description="Identifier of a side")


class Scanned(Schema):
    code: Code = Field(min_length=1, description="The code of the other side")


class NoteGiven(Schema):
    rating: int | None = Field(None, ge=1, le=5)
    note: Annotated[Words, Field(max_length=2000)] = ""
    next_step: Annotated[Line, Field(max_length=300)] = ""
    next_step_on: date | None = None
    owner: str = Field("", max_length=254, description="Mail address of a colleague who takes the next step")
    done: bool = False


class PersonGiven(Schema):
    mail: str = Field("", max_length=254, description="Mail address of the colleague who goes; empty for nobody")


class Calling(Schema):
    words: Annotated[Words, Field(max_length=1000)] = Field("", description="Why; told to the other side")


def meeting(
    row: Meeting, *, organises: bool, may_read: Showing, pair: Callable[[Meeting], Pair | None]
) -> MeetingShown:
    sides = {"host": row.host.firm.identifier, "guest": row.guest.firm.identifier}
    # The time and place of a draft, or of a timetable that can't be seen yet, a draft's reason, and who said no thanks,
    # are for the organiser alone.
    hidden = may_read.sentence if may_read.hides(row) and not organises else ""
    told: dict[str, Any] = {} if organises else {"why_not": said_of(row)}
    if hidden or (not organises and not row.is_told):
        told |= {"starts_at": None, "ends_at": None, "place": ""}
    more = {"number": row.pk, "interpreters": list(pair(row) or ()), "hidden": hidden}
    return shown(MeetingShown, row, **more | sides | told)


def in_full(row: Meeting, own: Participation | None) -> MeetingInFull:
    note = MeetingNote.objects.filter(meeting=row, side=own).select_related("owner").first() if own else None
    return MeetingInFull.model_validate(
        meeting(row, organises=own is None, may_read=showing(row.edition), pair=pair_of_each(row.edition)).model_dump()
        | {"code": holding.code_of(row, own) if own else None, "note": _note(note) if note else None}
    )


def _note(row: MeetingNote) -> NoteShown:
    return shown(NoteShown, row, owner=row.owner.email if row.owner else None, done=row.done_at is not None)


def seen_meeting(request: Call, edition: Edition, number: int) -> Meeting:
    rows = visible_to(request.user, edition).select_related(
        "host__firm", "guest__firm", "host__edition", "guest__edition"
    )
    return row_of(rows, number, _("There is no such meeting."))


def own_meeting(request: Call, edition: Edition, number: int) -> tuple[Meeting, Acting]:
    row = seen_meeting(request, edition, number)
    return row, acting_among(request, edition, row.host, row.guest)


@room.list("/meetings", _("Meetings"), MeetingShown, scope=READ)
def meetings(request: Call, edition: Edition, wanted: Query[MeetingsWanted]) -> Any:
    """Your own; all for an organiser."""
    rows = visible_to(request.user, edition).select_related("host__firm", "guest__firm")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.firm:
        sides = Participation.objects.filter(edition=edition, firm__identifier=leading(wanted.firm))
        rows = rows.filter(host__in=sides) | rows.filter(guest__in=sides)
    organises = request.user.has_perm("expo.read_meetings", edition)
    return Listed(rows, partial(meeting, organises=organises, may_read=showing(edition), pair=pair_of_each(edition)))


@room.get("/meetings/{number}", _("A meeting"), MeetingInFull, scope=READ)
def meeting_(request: Call, edition: Edition, number: int) -> Any:
    """With your code and your note."""
    row = seen_meeting(request, edition, number)
    own = {desk.pk: desk for desk in desks_of(request.user, edition)}
    return in_full(row, own.get(row.host_id) or own.get(row.guest_id))


def _after(row: Meeting, by: Acting) -> MeetingInFull:
    changed = Meeting.objects.select_related("host__firm", "guest__firm").get(pk=row.pk)
    return in_full(changed, by.participation)


@room.post("/meetings/{number}/scan", _("Scan the other side's code"), MeetingInFull)
def scan_meeting(request: Call, edition: Edition, number: int, given: Scanned) -> Any:
    """It proves that the other side is there; with both sides' scans the meeting is held."""
    row, by = own_meeting(request, edition, number)
    holding.scan(row, by, given.code)
    return _after(row, by)


@room.post("/meetings/{number}/confirm", _("Say that I am there"), MeetingInFull)
def confirm_meeting(request: Call, edition: Edition, number: int) -> Any:
    row, by = own_meeting(request, edition, number)
    holding.confirm(row, by)
    return _after(row, by)


@room.post("/meetings/{number}/missed", _("Report that nobody came"), MeetingInFull)
def miss_meeting(request: Call, edition: Edition, number: int) -> Any:
    """That the other side has not come, from ten minutes after the beginning."""
    row, by = own_meeting(request, edition, number)
    holding.report_missed(row, by)
    return _after(row, by)


@room.post("/meetings/{number}/cancel", _("Cancel a meeting"), MeetingInFull)
def cancel_meeting(request: Call, edition: Edition, number: int, given: Calling) -> Any:
    row, by = own_meeting(request, edition, number)
    requests.cancel(row, by, words=given.words)
    return _after(row, by)


def _colleague(by: Acting, mail: str) -> User | None:
    if not mail:
        return None
    colleague = next(
        (person_ for person_ in holding.colleagues(by.participation) if person_.email == mail.strip().lower()), None
    )
    if colleague is None:
        raise ProblemError(409, _("Only people of your own firm can be sent."))
    return colleague


@room.put("/meetings/{number}/note", _("Rate a meeting and keep a note"), MeetingInFull)
def note_meeting(request: Call, edition: Edition, number: int, given: NoteGiven) -> Any:
    """For your side alone: how good it was, and what comes next, when and by whom."""
    row, by = own_meeting(request, edition, number)
    values = given.model_dump() | {"owner": _colleague(by, given.owner)}
    holding.keep_note(row, by, **values)
    return _after(row, by)


@room.put("/meetings/{number}/person", _("Send a colleague"), MeetingInFull)
def send_colleague(request: Call, edition: Edition, number: int, given: PersonGiven) -> Any:
    row, by = own_meeting(request, edition, number)
    holding.assign(row, by, _colleague(by, given.mail))
    return _after(row, by)
