"""What this room tells the registries: desk, cloning, moved phases."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.cloning import copied
from serai.expo.fairs.edition.domain.phases import follows
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.meetings.requests.models import MatchingChoice, MeetingRule, RequestLimit
from serai.expo.meetings.timetable.domain.announcement import announce_when_open
from serai.expo.meetings.timetable.domain.relocation import places_follow
from serai.expo.meetings.timetable.models.arrangements import InterpreterPool, MeetingBlock, TimetableSettings
from serai.expo.people.account.models import User
from serai.expo.venue.halls.domain.relocation import Relocated, booths_relabelled, hosts_relocated
from serai.expo.venue.halls.models import Booth

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


@hosts_relocated.register
def _move_meetings(edition: Edition, participations: Collection[int], by: User | None) -> Relocated:
    followed = places_follow(edition, participations, by=by)
    return Relocated(len(followed.moved), len(followed.without))


@booths_relabelled.register
def _rename_places(
    edition: Edition, former_labels: Mapping[Booth, str], hosts: Collection[int], by: User | None
) -> Relocated:
    renamed = {former: booth.label for booth, former in former_labels.items()}
    followed = places_follow(edition, hosts, renamed=renamed, by=by)
    return Relocated(len(followed.moved), len(followed.without))
