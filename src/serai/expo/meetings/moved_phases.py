"""What of meetings waits for the day of a phase: letters about a timetable that may not be read yet."""

from serai.expo.editions.models import Phase
from serai.expo.editions.phases import follows
from serai.expo.meetings.announcing import announce_when_open

follows(Phase.Kind.TIMETABLE, announce_when_open)
