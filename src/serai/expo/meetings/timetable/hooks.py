"""What this room tells the registries: desk, cloning, moved phases."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.cloning import copied
from serai.expo.fairs.edition.domain.phases import follows
from serai.expo.fairs.edition.models import Phase
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.meetings.meeting.models import MeetingRule, RequestLimit
from serai.expo.meetings.timetable.domain.announcement import announce_when_open
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, TimetableSettings

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
