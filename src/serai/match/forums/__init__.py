"""The timetable of the forums: which session in which room at what time.

Describe the sessions and ``plan`` them; if that is impossible, the answer names the demands that contradict each other.
"""

from serai.match.forums.checker import check
from serai.match.forums.programme import Against, ForumError, Programme, Room, Session, Status
from serai.match.forums.solver import plan

__all__ = ["Against", "ForumError", "Programme", "Room", "Session", "Status", "check", "plan"]
