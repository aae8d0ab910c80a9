"""What this room tells the registries: desk, cloning, moved phases."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.changes import edition_changed
from serai.expo.fairs.edition.domain.cloning import copied
from serai.expo.fairs.edition.domain.phases import follows
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.meetings.requests.models import MatchingChoice, MeetingRule, RequestLimit
from serai.expo.meetings.timetable.domain.announcement import announce_when_open
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models.arrangements import InterpreterPool, MeetingBlock, TimetableSettings
from serai.expo.people.account.models import User

card(
    "live",
    "meetings",
    title=_("The day itself"),
    text=_("Who does not come, comes late or walks in: the timetable mended with the smallest change."),
    page="live",
)


NOT_LEARNED: Mapping[str, Any] = {
    "learned": {},
    "learned_at": None,
    "curve": [],
    "curve_at": None,
    "curve_asked_at": None,
}

# A rule on a section without its section would be a rule on everybody.
copied(MeetingRule, "rules", whole=True)
copied(RequestLimit, "rules")
copied(TimetableSettings, "timetable")
copied(MeetingBlock, "timetable")
copied(MatchingChoice, "timetable", anew=NOT_LEARNED)
copied(InterpreterPool, "interpreters")


follows(Phase.Kind.TIMETABLE, announce_when_open)


@edition_changed.register
def move_meetings(edition: Edition, before: Mapping[str, Any], user: User | None) -> None:
    """Move meetings to other places where the number of meeting tables has changed."""
    if edition.meeting_tables != before["meeting_tables"]:
        with scope(edition=edition):
            places_follow(edition, by=user)
