"""Whether the sides of a meeting may read its time and place.

Both sides know a time on which they agreed. A time that the timetable or an adviser gave them is hidden from them until
the phase of the timetable opens. Organisers read everything at any time.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.meetings.meeting.models import Meeting

GIVEN = Meeting.State.SCHEDULED
"""State of a meeting whose time was given to its sides, without their agreement."""


@dataclass(frozen=True)
class Showing:
    """What sides may read at a moment.

    ``sentence`` says when they may read given times; it is empty if they may read them now. ``known`` is the condition
    of the meetings whose times they may read.
    """

    sentence: str

    @property
    def known(self) -> Q:
        return ~Q(state=GIVEN) if self.sentence else Q()

    def hides(self, meeting: Meeting) -> bool:
        """Whether the sides of this meeting may not read its time and place."""
        return bool(self.sentence) and meeting.state == GIVEN

    def to_a_side(self, meeting: Meeting) -> Meeting:
        """The meeting as its sides may read it, for display only. Do not save it."""
        if not self.hides(meeting):
            return meeting
        shown = copy(meeting)
        shown.starts_at, shown.ends_at, shown.place = None, None, ""
        return shown


EVERYTHING = Showing("")
"""What an organiser reads."""


def showing(edition: Edition, at: datetime | None = None) -> Showing:
    """What the sides of the fair's meetings may read at ``at``, by default now. One query."""
    return Showing(closed_sentence(edition, Phase.Kind.TIMETABLE, at))
