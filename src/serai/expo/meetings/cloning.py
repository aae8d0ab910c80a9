"""What of the meetings is copied to a new edition: rules, limits and settings, nothing that was learned."""

from collections.abc import Mapping
from typing import Any

from serai.expo.editions.cloning import copied
from serai.expo.meetings.arrangements import InterpreterPool, MeetingBlock, TimetableSettings
from serai.expo.meetings.models import MatchingChoice, MeetingRule, RequestLimit

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
