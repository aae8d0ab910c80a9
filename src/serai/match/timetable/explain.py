"""What a party asks of its timetable: why a meeting isn't in it, and where its day has gaps."""

import numpy as np

from serai.match.timetable.problem import FREE, Booleans, Integers, Reason, TimetableProblem


def seats(problem: TimetableProblem, slot: Integers, person: Integers) -> Integers:
    """(n_seats, n_slots) the meeting of each person of each party in turn, -1 where it has none."""
    first = np.concatenate([[0], np.cumsum(problem.at_once)])
    answer = np.full((int(problem.at_once.sum()), len(problem.slots)), FREE)
    placed = np.flatnonzero(slot != FREE)
    for side in (0, 1):
        for head in range(int(problem.heads[:, side].max(initial=1))):
            rows = placed[problem.heads[placed, side] > head]
            answer[first[problem.pairs[rows, side]] + person[rows, side] + head, slot[rows]] = rows
    return answer


def breaks(problem: TimetableProblem, slot: Integers, person: Integers) -> Integers:
    """(n_parties,) idle gaps between two meetings of one day: blocks of meetings in a row less days with meetings."""
    meets = seats(problem, slot, person) != FREE
    begins = meets.copy()
    begins[:, 1:] &= ~meets[:, :-1] | (np.diff(problem.day) > 0)
    days = [meets[:, problem.day == day].any(axis=1) for day in np.unique(problem.day)]
    by_seat = begins.sum(axis=1) - np.sum(days, axis=0, dtype=np.int64)
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    answer = np.zeros(len(problem.parties), np.int64)
    np.add.at(answer, owner, by_seat)
    return answer


def reasons(problem: TimetableProblem, slot: Integers, person: Integers) -> tuple[Integers, Integers, Integers]:
    """``why_not``, ``limiting_party`` and ``limiting_pool`` of a timetable in which nothing more is worth placing.

    Where both parties have reached their maximum, the one that ``pairs`` names first is the limiting party.
    """
    placed = slot != FREE
    first, second = problem.pairs.T
    at = seats(problem, slot, person)
    free, common = _free(problem, at), problem.common()
    open_slot = common & free[0][first] & free[0][second]
    for row in np.flatnonzero((problem.heads > 1).any(axis=1) & ~placed).tolist():
        one, other = problem.heads[row] - 1
        open_slot[row] = common[row] & free[one][first[row]] & free[other][second[row]]
    full = problem.load(placed) >= problem.maximum
    tables = np.bincount(slot[placed & problem.at_table], minlength=len(problem.slots))
    seated = open_slot & ((tables < problem.places) | ~problem.at_table[:, None])
    left = problem.pools - _taken(problem, slot)
    supplied = seated.copy()
    limiting_pool = np.full(len(slot), FREE)
    for column in problem.uses.T:
        enough = (left > 0)[column] | (column == FREE)[:, None]
        lacking = supplied.any(axis=1) & ~(supplied & enough).any(axis=1)
        limiting_pool[lacking] = column[lacking]
        supplied &= enough
    near, ordered = supplied.any(axis=1), supplied.any(axis=1)
    if problem.walk.any() or len(problem.before):
        for row in np.flatnonzero(~placed & near).tolist():
            walkable = [t for t in np.flatnonzero(supplied[row]).tolist() if within_reach(problem, at, row, t)]
            near[row] = bool(walkable)
            ordered[row] = any(in_order(problem, slot, row, t) for t in walkable)
    why_not = np.select(
        [
            placed,
            problem.vetoed,
            ~common.any(axis=1),
            full[first] | full[second],
            ~open_slot.any(axis=1),
            ~seated.any(axis=1),
            ~supplied.any(axis=1),
            ~near,
            ~ordered,
        ],
        [
            Reason.PLACED,
            Reason.VETOED,
            Reason.NO_COMMON_SLOT,
            Reason.MAXIMUM_REACHED,
            Reason.LOWER_VALUE,
            Reason.NO_PLACE,
            Reason.NO_POOL,
            Reason.TOO_FAR,
            Reason.OUT_OF_ORDER,
        ],
        Reason.WAITING,
    ).astype(np.int64)
    limiting = np.where(full[first], first, second)
    return (
        why_not,
        np.where(why_not == Reason.MAXIMUM_REACHED, limiting, FREE),
        np.where(why_not == Reason.NO_POOL, limiting_pool, FREE),
    )


def within_reach(problem: TimetableProblem, at: Integers, meeting: int, slot: int) -> bool:
    """Whether each side has people in a row who are free in `slot` and could walk to the meeting and on."""
    begins = np.concatenate([[0], np.cumsum(problem.at_once)])
    for side, party in enumerate(problem.pairs[meeting].tolist()):
        need, number = int(problem.heads[meeting, side]), int(problem.at_once[party])
        sits = [_can_walk(problem, at[begins[party] + k], meeting, slot) for k in range(number)]
        if not any(all(sits[k : k + need]) for k in range(number - need + 1)):
            return False
    return True


def _can_walk(problem: TimetableProblem, diary: Integers, meeting: int, slot: int) -> bool:
    if diary[slot] != FREE:
        return False
    for other_slot in np.flatnonzero((diary != FREE) & (problem.day == problem.day[slot])).tolist():
        needed = problem.walk[problem.site[meeting], problem.site[diary[other_slot]]]
        if abs(other_slot - slot) <= needed:
            return False
    return True


def in_order(problem: TimetableProblem, held: Integers, meeting: int, slot: int) -> bool:
    """Whether what must come before and after the meeting does, where it is held."""
    for earlier, later in problem.before[(problem.before == meeting).any(axis=1)].tolist():
        other = int(held[earlier if later == meeting else later])
        if other != FREE and (other >= slot if later == meeting else other <= slot):
            return False
    return True


def _free(problem: TimetableProblem, at: Integers) -> list[Booleans]:
    """By people in a row, from one: (n_parties, n_slots) whether the party has so many free."""
    begins = np.concatenate([[0], np.cumsum(problem.at_once)])[:-1]
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    free = at == FREE
    run, answer = free, []
    for head in range(int(problem.heads.max(initial=1))):
        if head:
            longer = np.zeros_like(free)
            longer[:-head] = run[:-head] & free[head:] & (owner[:-head] == owner[head:])[:, None]
            run = longer
        several = len(owner) > len(problem.parties)
        answer.append((np.logical_or.reduceat(run, begins, axis=0) if several else run) & problem.available)
    return answer


def _taken(problem: TimetableProblem, slot: Integers) -> Integers:
    taken = np.zeros(problem.pools.shape, np.int64)
    for column in problem.uses.T:
        rows = np.flatnonzero((slot != FREE) & (column >= 0))
        np.add.at(taken, (column[rows], slot[rows]), 1)
    return taken
