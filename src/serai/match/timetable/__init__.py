"""The timetable of a fair: the slot of each meeting, with a bound of the optimum.

Describe the fair as a ``TimetableProblem``, ``solve`` it, ``check`` the ``Timetable`` before publishing it, and
``resolve`` it on the day when somebody does not come.
"""

from serai.match.timetable.checker import check
from serai.match.timetable.disruption import Change, Resolved, resolve
from serai.match.timetable.problem import Reason, Status, Timetable, TimetableError, TimetableProblem
from serai.match.timetable.reoptimisation import repaired, solve_anew
from serai.match.timetable.solver import load, solve

__all__ = [
    "Change",
    "Reason",
    "Resolved",
    "Status",
    "Timetable",
    "TimetableError",
    "TimetableProblem",
    "check",
    "load",
    "repaired",
    "resolve",
    "solve",
    "solve_anew",
]
