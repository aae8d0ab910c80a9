"""The initial state of a problem: its arrays as the kernels take them, with the fixed meetings held."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from serai.match.timetable.problem import FREE, Booleans, Integers, TimetableError, TimetableProblem, everywhere
from serai.match.timetable.state import ABSENT, Diary, State, Stock, hold

RESEATINGS = 50
"""Number of orders in which fixed meetings are seated if some take several people in a row."""


def start(problem: TimetableProblem) -> State:
    """The timetable that holds the fixed meetings only."""
    slots, meetings = len(problem.slots), len(problem.value)
    owner = np.repeat(np.arange(len(problem.parties)), problem.at_once)
    seat = np.concatenate([[0], np.cumsum(problem.at_once)])
    windowed = problem.mixed or not everywhere(problem.window)
    earlier, earlier_of = _listed(problem.before[:, ::-1], meetings)
    later, later_of = _listed(problem.before, meetings)
    reach = int(problem.walk.max(initial=0))
    tick, until, ticks = ticks_of(problem)
    width = int((until - tick).max(initial=1))
    grid, follows, precedes = _neighbours(problem)
    diary = Diary(
        at=_own(np.where(_by_tick(problem.available, tick, until, ticks, np.maximum, False), FREE, ABSENT)[owner]),
        slot=np.full(meetings, FREE),
        day=_own(problem.day),
        begins=_own(problem.times[:, 0]),
        idle_by=_own(problem.idle_by),
        tick=_own(tick),
        until=_own(until),
        tick_day=_own(_by_tick(problem.day, tick, until, ticks, np.maximum, 0)),
        mixed=problem.mixed,
    )
    stock = Stock(
        table=_own(problem.at_table.astype(np.int64)),
        room=_own(problem.places),
        held=np.zeros(slots, np.int64),
        uses=_own(problem.uses),
        left=_own(units_by_tick(problem)),
        tick=diary.tick,
        until=diary.until,
    )
    state = State(
        first=_own(seat[problem.pairs[:, 0]]),
        second=_own(seat[problem.pairs[:, 1]]),
        value=_own(problem.value),
        table=stock.table,
        fixed=_own(problem.fixed),
        rigid=_own((problem.heads > 1).any(axis=1)),
        day=diary.day,
        begins=diary.begins,
        ends=_own(problem.times[:, 1]),
        idle_by=diary.idle_by,
        tick=diary.tick,
        until=diary.until,
        tick_day=diary.tick_day,
        mixed=diary.mixed,
        grid=grid,
        follows=follows,
        precedes=precedes,
        maximum=_own(problem.maximum),
        minimum=_own(problem.minimum),
        penalty=float(problem.penalty),
        gap_weight=float(problem.gap_weight),
        slot=diary.slot,
        at=diary.at,
        owner=owner,
        seat=seat,
        heads=_own(problem.heads),
        load=np.zeros(len(problem.parties), np.int64),
        room=stock.room,
        held=stock.held,
        extras=bool(windowed or problem.uses.size or len(problem.before) or reach),
        windowed=windowed,
        window=_own(_window(problem)) if windowed else np.ones((1, 1), np.bool_),
        uses=stock.uses,
        left=stock.left,
        site=_own(problem.site),
        walk=_own(problem.walk),
        reach=reach,
        earlier=earlier,
        earlier_of=earlier_of,
        later=later,
        later_of=later_of,
        diary=diary,
        stock=stock,
        chain=np.zeros(len(owner), np.int64),
        given_up=np.zeros(1 + (2 + problem.uses.shape[1]) * (1 + width), np.int64),
        given_slot=np.zeros(1 + (2 + problem.uses.shape[1]) * (1 + width), np.int64),
    )
    _hold_fixed(problem, state)
    return state


def _hold_fixed(problem: TimetableProblem, state: State) -> None:
    """Seat every fixed meeting, or raise TimetableError: an announced meeting is never dropped silently."""
    slots, fixed = _own(problem.fixed_slot), np.flatnonzero(problem.fixed)
    order = fixed[np.argsort(slots[fixed], kind="stable")]
    for _again in range(RESEATINGS):
        hold(state, slots, order)
        lost = state.slot[order] == FREE
        if not lost.any():
            return
        # Only meetings with several people in a row can fail: they are seated first next time.
        order = np.concatenate([order[lost], order[~lost]])
    row = int(order[0])
    raise TimetableError(
        f"{problem.name(row)} is fixed to slot '{problem.slots[slots[row]]}', and beside the other fixed meetings "
        "nobody was found on both sides who could be sent; release one of them."
    )


def _own(array: NDArray[Any]) -> NDArray[Any]:
    """A writeable copy: the kernels would be compiled again for read-only arrays."""
    return np.array(array, order="C")


def _window(problem: TimetableProblem) -> Booleans:
    # A party may be there in only one of two overlapping slots, which ticks can't represent.
    if not problem.mixed:
        return problem.window
    first, second = problem.pairs.T
    window: Booleans = problem.available[first] & problem.available[second] & problem.window
    fixed = np.flatnonzero(problem.fixed)
    window[fixed, problem.fixed_slot[fixed]] = True
    return window


def ticks_of(problem: TimetableProblem) -> tuple[Integers, Integers, int]:
    """(n_slots,) the first tick of each slot, (n_slots,) the tick after its last, and how many ticks there are."""
    slots = len(problem.slots)
    if not problem.mixed:
        return np.arange(slots), np.arange(1, slots + 1), slots
    begins, ends = problem.times.T
    moments = np.unique(problem.times)
    covered = ((begins[:, None] <= moments) & (moments < ends[:, None])).any(axis=0)
    number = np.concatenate([[0], np.cumsum(covered)])
    at = np.searchsorted(moments, problem.times)
    return number[at[:, 0]], number[at[:, 1]], int(number[-1])


def _by_tick(
    of_slots: NDArray[Any], tick: Integers, until: Integers, ticks: int, over: np.ufunc, nothing: Any
) -> NDArray[Any]:
    """(..., n_ticks) from (..., n_slots): the values of all slots over a tick combined by ``over``."""
    if ticks == len(tick) and (until - tick == 1).all():
        return of_slots
    answer = np.full((*of_slots.shape[:-1], ticks), nothing, of_slots.dtype)
    for slot, (begin, end) in enumerate(zip(tick.tolist(), until.tolist(), strict=True)):
        answer[..., begin:end] = over(answer[..., begin:end], of_slots[..., slot, None])
    return answer


def units_by_tick(problem: TimetableProblem) -> Integers:
    """(n_pools, n_ticks) units of each pool at every moment: the least of the slots over it."""
    tick, until, ticks = ticks_of(problem)
    return _by_tick(problem.pools, tick, until, ticks, np.minimum, np.iinfo(np.int64).max)


def _neighbours(problem: TimetableProblem) -> tuple[Integers, Integers, Integers]:
    """The length of each slot, and by length and slot the nearest slot of its day after and before it."""
    begins, ends = problem.times.T
    lengths, grid = np.unique(ends - begins, return_inverse=True)
    slots = len(begins)
    same_day = problem.day[:, None] == problem.day
    after, before = same_day & (begins >= ends[:, None]), same_day & (ends <= begins[:, None])
    follows = np.full((max(len(lengths), 1), slots), FREE)
    precedes = follows.copy()
    for length in range(len(lengths) if slots else 0):
        of_length = grid == length
        follows[length] = np.where((after & of_length).any(axis=1), (after & of_length).argmax(axis=1), FREE)
        last = slots - 1 - (before & of_length)[:, ::-1].argmax(axis=1)
        precedes[length] = np.where((before & of_length).any(axis=1), last, FREE)
    return grid.astype(np.int64), follows, precedes


def _listed(order: Integers, meetings: int) -> tuple[Integers, Integers]:
    """Adjacency list of `order`: the second meetings sorted by the first, and the index where those of each begin."""
    by_first = order[np.argsort(order[:, 0], kind="stable")]
    begins = np.searchsorted(by_first[:, 0], np.arange(meetings + 1))
    return by_first[:, 1].copy(), begins.astype(np.int64)
