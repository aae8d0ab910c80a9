"""Halls: assignment of exhibitors to booths, ways between booths, and the floor plan.

``lay_out`` places exhibitors, ``distances`` and ``way`` find ways along the aisles, ``route`` the shortest one that
enters no booth, ``draw`` draws the plan, and ``assign`` solves the quadratic assignment problem.
"""

from serai.match.halls.assignment import Assignment, AssignmentError, assign
from serai.match.halls.layout import Against, Booth, Deviation, Exhibitor, Layout, LayoutError, Why, fits, lay_out
from serai.match.halls.plan import draw
from serai.match.halls.qaplib import read_qaplib
from serai.match.halls.routes import route
from serai.match.halls.ways import Aisles, Way, WayError, distances, way

__all__ = [
    "Against",
    "Aisles",
    "Assignment",
    "AssignmentError",
    "Booth",
    "Deviation",
    "Exhibitor",
    "Layout",
    "LayoutError",
    "Way",
    "WayError",
    "Why",
    "assign",
    "distances",
    "draw",
    "fits",
    "lay_out",
    "read_qaplib",
    "route",
    "way",
]
