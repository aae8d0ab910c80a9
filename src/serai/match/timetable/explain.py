"""What a party asks of its timetable: why a meeting isn't in it, and where its day has gaps."""

import numpy as np

from serai.match.timetable.problem import FREE, Booleans, Integers, Reason, TimetableProblem


def busy(problem: TimetableProblem, slot: Integers) -> Booleans:
    """(n_parties, n_slots) whether the party has a meeting."""
    answer = np.zeros(problem.available.shape, np.bool_)
    placed = slot != FREE
    answer[problem.pairs[placed], slot[placed, None]] = True
    return answer


def breaks(problem: TimetableProblem, slot: Integers) -> Integers:
    """(n_parties,) idle gaps between two meetings of one day: blocks of meetings in a row less days with meetings."""
    meets = busy(problem, slot)
    begins = meets.copy()
    begins[:, 1:] &= ~meets[:, :-1] | (np.diff(problem.day) > 0)
    days = [meets[:, problem.day == day].any(axis=1) for day in np.unique(problem.day)]
    answer: Integers = begins.sum(axis=1) - np.sum(days, axis=0, dtype=np.int64)
    return answer


def reasons(problem: TimetableProblem, slot: Integers) -> tuple[Integers, Integers]:
    """``Timetable.why_not`` and ``Timetable.limiting_party`` of a timetable in which nothing more fits as it stands.

    Where both parties have reached their maximum, the one that ``pairs`` names first is the limiting party.
    """
    placed = slot != FREE
    first, second = problem.pairs.T
    idle = problem.available & ~busy(problem, slot)
    open_slot = problem.common() & idle[first] & idle[second]
    full = problem.load(placed) >= problem.maximum
    why_not = np.select(
        [placed, problem.vetoed, ~problem.common().any(axis=1), full[first] | full[second], open_slot.any(axis=1)],
        [Reason.PLACED, Reason.VETOED, Reason.NO_COMMON_SLOT, Reason.MAXIMUM_REACHED, Reason.NO_PLACE],
        Reason.LOWER_VALUE,
    ).astype(np.int64)
    limiting = np.where(full[first], first, second)
    return why_not, np.where(why_not == Reason.MAXIMUM_REACHED, limiting, -1)
