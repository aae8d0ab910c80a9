"""The meeting event of the literature: all meetings are to be held, with the fewest breaks, to a proven optimum.

``read_events`` reads the published format, ``schedule`` solves with a proof, ``check`` recounts the answer.
"""

from serai.match.b2b.checker import check
from serai.match.b2b.problem import Event, EventError, Schedule, Status, event_of, read_events
from serai.match.b2b.solver import schedule

__all__ = ["Event", "EventError", "Schedule", "Status", "check", "event_of", "read_events", "schedule"]
