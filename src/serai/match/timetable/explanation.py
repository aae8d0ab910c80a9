"""Explanation of a timetable: the reasons why meetings aren't placed, and the idle gaps."""

import numpy as np
from numba import njit

from serai.match.timetable.initial_state import start, ticks_of, units_by_tick
from serai.match.timetable.problem import FREE, Booleans, Integers, Reason, TimetableProblem
from serai.match.timetable.state import STRICTLY, State, empty, in_order, place, sit


def seats(problem: TimetableProblem, slot: Integers, person: Integers) -> Integers:
    """(n_seats, n_ticks) the meeting of each person of each party in turn, -1 where it has none."""
    tick, until, ticks = ticks_of(problem)
    seat, row = _held(problem, slot, person)
    answer = np.full((int(problem.at_once.sum()), ticks), FREE)
    at = slot[row]
    for further in range(int((until - tick).max(initial=1))):
        longer = until[at] - tick[at] > further
        answer[seat[longer], tick[at[longer]] + further] = row[longer]
    return answer


def _held(problem: TimetableProblem, slot: Integers, person: Integers) -> tuple[Integers, Integers]:
    """The seat and the meeting of each person in each placed meeting."""
    first = np.concatenate([[0], np.cumsum(problem.at_once)])
    placed = np.flatnonzero(slot != FREE)
    seat, row = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for side in (0, 1):
        for head in range(int(problem.heads[:, side].max(initial=1))):
            rows = placed[problem.heads[placed, side] > head]
            seat.append(first[problem.pairs[rows, side]] + person[rows, side] + head)
            row.append(rows)
    return np.concatenate(seat), np.concatenate(row)


def breaks(problem: TimetableProblem, slot: Integers, person: Integers) -> Integers:
    """(n_parties,) idle gaps of all its people: two meetings of a day between which a whole slot would have fitted."""
    seat, row = _held(problem, slot, person)
    order = np.lexsort((slot[row], seat))
    seat, at = seat[order], slot[row[order]]
    before, after = at[:-1], at[1:]
    same = (seat[1:] == seat[:-1]) & (problem.day[before] == problem.day[after])
    gap = same & (problem.idle_by[before] <= problem.times[after, 0])
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    return np.bincount(owner[seat[1:][gap]], minlength=len(problem.parties))


def reasons(problem: TimetableProblem, slot: Integers, person: Integers) -> tuple[Integers, Integers, Integers]:
    """``why_not``, ``limiting_party`` and ``limiting_pool`` of a timetable to which no meeting is worth adding.

    If both parties have reached their maximum, the first of the pair is the limiting party.
    """
    placed = slot != FREE
    first, second = problem.pairs.T
    at = seats(problem, slot, person)
    free, common = _free(problem, at), problem.common()
    open_slot = common & free[0][first] & free[0][second]
    for row in np.flatnonzero((problem.heads > 1).any(axis=1) & ~placed).tolist():
        first_more, second_more = problem.heads[row] - 1
        open_slot[row] = common[row] & free[first_more][first[row]] & free[second_more][second[row]]
    full = problem.load(placed) >= problem.maximum
    tables = np.bincount(slot[placed & problem.at_table], minlength=len(problem.slots))
    seated = open_slot & ((tables < problem.places) | ~problem.at_table[:, None])
    left = _left(problem, slot)
    supplied = seated.copy()
    limiting_pool = np.full(len(slot), FREE)
    for column in problem.uses.T:
        enough = left[column] | (column == FREE)[:, None]
        lacking = supplied.any(axis=1) & ~(supplied & enough).any(axis=1)
        limiting_pool[lacking] = column[lacking]
        supplied &= enough
    near, ordered = supplied.any(axis=1), supplied.any(axis=1)
    if problem.walk.any() or len(problem.before):
        state = start(problem)
        reseat(state, slot, person)
        near, ordered = np.zeros_like(near), np.zeros_like(near)
        walkable(state, np.flatnonzero(~placed & supplied.any(axis=1)), supplied, near, ordered)
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


@njit(cache=True)
def reseat(s: State, slots: Integers, person: Integers) -> None:
    """Hold each meeting in its slot with the people given, (n_meetings, 2)."""
    empty(s)
    for meeting in range(len(slots)):
        if slots[meeting] != FREE:
            s.first[meeting] = s.seat[s.owner[s.first[meeting]]] + person[meeting, 0]
            s.second[meeting] = s.seat[s.owner[s.second[meeting]]] + person[meeting, 1]
            place(s, meeting, slots[meeting])


@njit(cache=True)
def walkable(s: State, meetings: Integers, supplied: Booleans, near: Booleans, ordered: Booleans) -> None:
    """Set `near` for meetings whose people could walk to it and on in a supplied slot, and `ordered` for those that
    would also be in order in one of these slots."""
    for meeting in meetings:
        for slot in range(len(s.room)):
            if supplied[meeting, slot] and sit(s, meeting, slot, STRICTLY):
                near[meeting] = True
                if in_order(s, meeting, slot):
                    ordered[meeting] = True
                    break


def _free(problem: TimetableProblem, at: Integers) -> list[Booleans]:
    """For one, two, ... people in a row: (n_parties, n_slots) whether the party has so many free."""
    begins = np.concatenate([[0], np.cumsum(problem.at_once)])[:-1]
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    free = _all_ticks(problem, at == FREE)
    run, answer = free, []
    for head in range(int(problem.heads.max(initial=1))):
        if head:
            longer = np.zeros_like(free)
            longer[:-head] = run[:-head] & free[head:] & (owner[:-head] == owner[head:])[:, None]
            run = longer
        several = len(owner) > len(problem.parties)
        answer.append((np.logical_or.reduceat(run, begins, axis=0) if several else run) & problem.available)
    return answer


def open_slots(problem: TimetableProblem, state: State) -> Booleans:
    """(n_meetings, n_slots) whether a meeting that isn't fixed could be held beside the fixed ones, which `state`
    holds.

    Other slots never become possible, because fixed meetings never move.
    """
    first, second = problem.pairs.T
    # In overlapping slots the people of fixed meetings may change: only the number of free people counts.
    tick, until, ticks = ticks_of(problem)
    busy = np.zeros((len(problem.parties), ticks), np.int64)
    rows = np.flatnonzero(problem.fixed)
    at = problem.fixed_slot[rows]
    for further in range(int((until - tick).max(initial=1))):
        longer = until[at] - tick[at] > further
        moment = (tick[at[longer]] + further)[:, None]
        np.add.at(busy, (problem.pairs[rows[longer]], moment), problem.heads[rows[longer]])
    free = _all_ticks(problem, busy < problem.at_once[:, None])
    full = problem.load(problem.fixed) >= problem.maximum
    answer: Booleans = problem.common() & free[first] & free[second]
    answer &= (state.room > 0) | ~problem.at_table[:, None]
    answer[problem.fixed | problem.vetoed | full[first] | full[second]] = False
    return answer


def _all_ticks(problem: TimetableProblem, holds: Booleans) -> Booleans:
    """(n, n_slots) whether `holds` (n, n_ticks) is True in all ticks of the slot."""
    tick, until, _ticks = ticks_of(problem)
    if not problem.mixed:
        return holds
    number = np.concatenate([np.zeros((len(holds), 1), np.int64), np.cumsum(holds, axis=1)], axis=1)
    answer: Booleans = number[:, until] - number[:, tick] == until - tick
    return answer


def _left(problem: TimetableProblem, slot: Integers) -> Booleans:
    """(n_pools, n_slots) whether the pool has a unit left all through the slot."""
    tick, until, _ticks = ticks_of(problem)
    left = units_by_tick(problem).copy()
    for column in problem.uses.T:
        rows = np.flatnonzero((slot != FREE) & (column >= 0))
        for further in range(int((until - tick).max(initial=1))):
            longer = rows[until[slot[rows]] - tick[slot[rows]] > further]
            np.subtract.at(left, (column[longer], tick[slot[longer]] + further), 1)
    return _all_ticks(problem, left > 0)
