"""Agendas: the caller's own, described among the operations of the programme, and that of a delegation."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Listed
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.meetings.agenda.domain import agenda, agenda_by_day, with_clashes
from serai.expo.meetings.meeting.domain.life import EVERYTHING, showing
from serai.expo.meetings.requests.api.meetings import MeetingShown, meeting
from serai.expo.meetings.timetable.domain.pools import pair_of_each
from serai.expo.participants.delegations.api import delegation_of
from serai.expo.programme.sessions.api import room

delegations = Room(_("Buyers and delegations"))


class EntryShown(Schema):
    uid: str
    kind: str = Field(description="A session or a meeting")
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    tentative: bool
    clashes: bool
    cancelled: bool


@room.list("/my/agenda", _("My agenda"), EntryShown, scope=READ)
def my_agenda(request: Call, edition: Edition) -> Any:
    """Sessions that you signed up for and meetings of your firms, with what clashes."""

    return with_clashes(agenda(request.user, edition))


@delegations.list("/delegations/{number}/agenda", _("Agenda of a delegation"), MeetingShown, scope=READ)
def delegation_agenda(request: Call, edition: Edition, number: int) -> Any:
    """The meetings of those who let the leader act for them, in order of time."""
    row = delegation_of(request, edition, number)
    if not request.user.has_perm("expo.see_delegation", row):
        raise ProblemError(403, _("This is for the leader and the organiser."))
    members = row.members.filter(~Q(participation=None), ~Q(proxy_since=None)).select_related("participation")
    theirs = [member.participation for member in members if member.participation]
    organises = request.user.has_perm("expo.read_meetings", edition)
    may_read = EVERYTHING if organises else showing(edition)
    days = agenda_by_day(theirs, edition, may_read) if theirs else []
    show = partial(meeting, organises=organises, may_read=may_read, pair=pair_of_each(edition))
    return Listed([agreed for _day, held in days for agreed in held], show)
