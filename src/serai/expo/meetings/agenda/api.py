"""The caller's own agenda. It is described among the operations of the programme."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ
from serai.expo.fairs.interface.domain.pagination import Cut, Page, shown, slice_of
from serai.expo.meetings.agenda.domain import agenda, with_clashes
from serai.expo.programme.sessions.api import room
from serai.expo.programme.sessions.domain.calendar import Entry


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


@room.get("/editions/{slug}/my/agenda", "my_agenda", _("My agenda"), Page[EntryShown], scope=READ)
def my_agenda(request: Call, edition: Edition, cut: Query[Cut]) -> Any:
    """Sessions that you signed up for and meetings of your firms, with what clashes."""

    def show(row: Entry) -> EntryShown:
        return shown(EntryShown, row)

    return slice_of(with_clashes(agenda(request.user, edition)), show, cursor=cut.cursor, limit=cut.limit)
