"""Every kernel loaded once, from the disk or by compiling, before somebody waits for one."""

import numpy as np

from serai.match.timetable.problem import TimetableProblem
from serai.match.timetable.solver import solve


def load() -> TimetableProblem:
    """Solve an event of three people who all want to meet in two slots; returns it.

    As each kernel is compiled for one type of arrays alone, whatever is solved afterwards compiles nothing.
    """
    everyone = TimetableProblem(
        parties=("one", "two", "three"),
        slots=("first", "second"),
        day=np.zeros(2, np.int64),
        pairs=np.array([[0, 1], [0, 2], [1, 2]]),
        value=np.array([1.0, 2.0, 3.0]),
        vetoed=np.zeros(3, np.bool_),
        at_table=np.array([True, False, False]),
        fixed_slot=np.full(3, -1),
        available=np.ones((3, 2), np.bool_),
        maximum=np.full(3, 2),
        minimum=np.zeros(3, np.int64),
        places=np.ones(2, np.int64),
        gap_weight=0.1,
        pools=np.array([[1, 1]]),
        uses=np.array([[0], [0], [-1]]),
        before=np.array([[1, 0]]),
        site=np.array([0, 1, 0]),
        walk=np.array([[0, 1], [1, 0]]),
    )
    solve(everyone, seconds=1.0)
    return everyone
