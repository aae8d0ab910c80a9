"""A timetable with few breaks by simulated annealing: what a prover starts from, and the answer where no proof comes.

A timetable is an edge colouring: participants are vertices, meetings edges, slots colours. A move takes a meeting to
another slot; the meetings of both participants that stand in its way go to the slot that it left, and so on along the
Kempe chain (Kempe 1879), so nobody ever has two meetings at once. Forbidden slots, locations, precedences and fairness
are penalties that weigh more than any break. The cooling is geometric (Kirkpatrick, Gelatt and Vecchi 1983). The same
seed, rounds and number of moves give the same timetable.
"""

from collections.abc import Sequence
from functools import cache
from time import process_time
from typing import NamedTuple

import numpy as np
from numba import njit

from serai.match.b2b.problem import Booleans, Event, Integers

HARD = 3.0
"""Penalty of a meeting in a forbidden slot or above the locations, of a precedence, and of a break above fairness."""
HOT, COLD = 0.5, 0.08
"""Temperatures at which a round begins and ends; a break costs 1."""
EACH = 8_000
"""Moves of the first round for each meeting."""
SLOWEST = 60
"""How many times longer a later round is at most."""
AIMED, BESIDE, TRIES = 0.7, 0.9, 12
"""Share of moves that look, so many times, for somebody with a break; and share of those that go beside a meeting."""
WIDEST = 62
"""Most slots: those that a participant uses are the bits of a whole number."""


def anneal(
    event: Event, allowed: Booleans, *, fairness: int, seconds: float, seed: int = 0, rounds: int = 1_000
) -> tuple[int, ...] | None:
    """The slot of each meeting, with the fewest breaks that were found; None if no sound timetable was found.

    `allowed` (n_meetings, n_slots) is that of ``narrowed``. There are at most so many `rounds`. The later ones cool as
    slowly as the `seconds` of the processor allow, since one slow round finds fewer breaks than many quick ones; none
    begins that would probably end after them.
    """
    degree = np.bincount(event.pairs.ravel(), minlength=1)
    slots = max(event.slots, 2 * int(degree.max(initial=0)) - 1)
    if slots > WIDEST or not len(event.pairs):
        return None
    best: tuple[int, ...] | None = None
    fewest = np.inf
    began, once, longer = process_time(), 0.0, 1
    for number in range(rounds):
        state = _empty(event, allowed, slots, fairness)
        random = np.random.default_rng(seed + number)
        breaks = _round(state, random, EACH * longer * len(event.pairs), event.slots)
        if breaks < fewest:
            best, fewest = tuple(state.best.tolist()), breaks
        used = process_time() - began
        if number == 0:
            once = used
            longer = min(SLOWEST, max(1, int(seconds / max(once, 1e-6)) - 1))
        if fewest == 0 or used + longer * once > seconds:
            break
    return best


class State(NamedTuple):
    """An event and a timetable of it, as arrays that the kernels change. A slot beyond those of the event is forbidden:
    it holds what has no other place yet."""

    pairs: Integers
    allowed: Booleans
    """(n_meetings, width)"""
    order: Integers
    """(2 n_precedences, 2) each meeting's others, with 1 where the other is to be later and -1 where earlier."""
    start: Integers
    """(n_meetings + 1,) where those of each meeting begin."""
    slot: Integers
    """(n_meetings,)"""
    at: Integers
    """(n_participants, width) the meeting, -1 for none."""
    mask: Integers
    """(n_participants,) the slots that each uses, as bits."""
    load: Integers
    """(width,) meetings in each slot."""
    histogram: Integers
    """(width + 2,) participants by their breaks."""
    chain: Integers
    """(n_meetings,) the meetings of the move at hand; and so its people."""
    people: Integers
    seen: Integers
    """(n_meetings,) the last move whose chain had the meeting; and so of participants."""
    touched: Integers
    best: Integers
    """(n_meetings,) the best sound timetable so far."""
    limits: Integers
    """(2,) locations, and by how much breaks may differ."""


def _empty(event: Event, allowed: Booleans, width: int, fairness: int) -> State:
    meetings, participants = len(event.pairs), event.participants
    wide = np.zeros((meetings, width), np.bool_)
    wide[:, : event.slots] = allowed
    order, start = _related(event.precedences, meetings)
    return State(
        pairs=event.pairs.astype(np.int64),
        allowed=wide,
        order=order,
        start=start,
        slot=np.zeros(meetings, np.int64),
        at=np.full((participants, width), -1),
        mask=np.zeros(participants, np.int64),
        load=np.zeros(width, np.int64),
        histogram=np.zeros(width + 2, np.int64),
        chain=np.zeros(meetings, np.int64),
        people=np.zeros(2 * meetings, np.int64),
        seen=np.zeros(meetings, np.int64),
        touched=np.zeros(participants, np.int64),
        best=np.zeros(meetings, np.int64),
        limits=np.array([event.locations, fairness]),
    )


@cache
def warm_up() -> None:
    """Have the kernels compiled, or read from where they were kept: once in a process."""
    event = Event(participants=2, slots=2, locations=1, pairs=np.array([[0, 1]]), allowed=np.ones((1, 2), np.bool_))
    anneal(event, event.allowed, fairness=0, seconds=0.0, rounds=1)


def _related(precedences: Sequence[tuple[int, int]], meetings: int) -> tuple[Integers, Integers]:
    """``State.order`` and ``State.start``."""
    rows = sorted([(before, after, 1) for before, after in precedences] + [(b, a, -1) for a, b in precedences])
    table = np.array(rows, np.int64).reshape(-1, 3)
    return table[:, 1:].copy(), np.searchsorted(table[:, 0], np.arange(meetings + 1))


@njit(cache=True)
def _breaks(mask: int) -> int:
    """Breaks of who uses these slots: blocks of consecutive bits, less one."""
    starts = mask & ~(mask << 1)
    count = 0
    while starts:
        starts &= starts - 1
        count += 1
    return max(0, count - 1)


@njit(cache=True)
def _wrong_order(s: State, meeting: int) -> int:
    """Precedences of a meeting that its slot breaks."""
    count = 0
    for k in range(s.start[meeting], s.start[meeting + 1]):
        if (s.slot[s.order[k, 0]] - s.slot[meeting]) * s.order[k, 1] <= 0:
            count += 1
    return count


@njit(cache=True)
def _unfair(s: State) -> int:
    """Breaks by which the most of a participant lie above the least and what fairness leaves."""
    least, most = -1, 0
    for k in range(len(s.histogram)):
        if s.histogram[k]:
            most = k
            if least < 0:
                least = k
    return max(0, most - least - int(s.limits[1]))


@njit(cache=True)
def _begin(s: State, random: np.random.Generator) -> tuple[int, int]:
    """Give each meeting a slot, in random order. Returns the breaks and what is not sound."""
    for meeting in random.permutation(len(s.slot)):
        slot = _free_slot(s, meeting)
        s.slot[meeting] = slot
        s.load[slot] += 1
        for side in range(2):
            s.at[s.pairs[meeting, side], slot] = meeting
            s.mask[s.pairs[meeting, side]] |= 1 << slot
    breaks, hard = 0, 0
    for person in range(len(s.mask)):
        s.histogram[_breaks(s.mask[person])] += 1
        breaks += _breaks(s.mask[person])
    for slot in range(len(s.load)):
        hard += max(0, s.load[slot] - s.limits[0])
    out_of_order = 0
    for meeting in range(len(s.slot)):
        hard += not s.allowed[meeting, s.slot[meeting]]
        out_of_order += _wrong_order(s, meeting)
    return breaks, hard + out_of_order // 2 + _unfair(s)


@njit(cache=True)
def _free_slot(s: State, meeting: int) -> int:
    """A slot in which both are free: one that is allowed and has a location, if there is any."""
    first, second = s.pairs[meeting]
    chosen, fault = -1, 3
    for slot in range(len(s.load)):
        if s.at[first, slot] < 0 and s.at[second, slot] < 0:
            here = 2 if not s.allowed[meeting, slot] else 1 if s.load[slot] >= s.limits[0] else 0
            if here < fault:
                chosen, fault = slot, here
    return chosen


@njit(cache=True)
def _below(random: np.random.Generator, most: int) -> int:
    """A random number from 0 to below `most`."""
    return int(random.random() * most)


@njit(cache=True)
def _draw(s: State, random: np.random.Generator, slots: int) -> tuple[int, int]:
    """A meeting and a slot: often a meeting of somebody with a break, and a slot beside another of its meetings."""
    meeting = _below(random, len(s.slot))
    person = int(s.pairs[meeting, _below(random, 2)])
    draw = random.random()
    if draw < AIMED:
        for _try in range(TRIES):
            if _breaks(s.mask[person]):
                break
            person = int(s.pairs[_below(random, len(s.slot)), _below(random, 2)])
        meeting = _some_meeting(s, person, _below(random, slots), slots)
    slot = _below(random, slots)
    if draw < BESIDE:
        slot = _beside(s, person, s.slot[meeting], slot, slots)
    return meeting, slot


@njit(cache=True)
def _some_meeting(s: State, person: int, begin: int, slots: int) -> int:
    """The first meeting of a person from a slot on."""
    for k in range(slots):
        if s.at[person, (begin + k) % slots] >= 0:
            return int(s.at[person, (begin + k) % slots])
    return int(s.at[person].max())


@njit(cache=True)
def _beside(s: State, person: int, old: int, begin: int, slots: int) -> int:
    """The first slot from `begin` on that is beside a meeting of a person and free; that at `old` does not count."""
    others = s.mask[person] & ~(1 << old)
    beside = ((others << 1) | (others >> 1)) & ~others
    for k in range(slots):
        if (beside >> ((begin + k) % slots)) & 1:
            return (begin + k) % slots
    return begin


@njit(cache=True)
def _follow(s: State, meeting: int, both: int, move: int) -> tuple[int, int]:
    """The chain of a meeting between two slots, given their sum: how many meetings, and how many people."""
    length, people = 1, 0
    s.chain[0] = meeting
    s.seen[meeting] = move
    k = 0
    while k < length:
        here = s.chain[k]
        for side in range(2):
            person = s.pairs[here, side]
            if s.touched[person] != move:
                s.touched[person] = move
                s.people[people] = person
                people += 1
            there = s.at[person, both - s.slot[here]]
            if there >= 0 and s.seen[there] != move:
                s.seen[there] = move
                s.chain[length] = there
                length += 1
        k += 1
    return length, people


@njit(cache=True)
def _faults(s: State, length: int, move: int) -> int:
    """Forbidden slots and precedences of the meetings of the chain; one between two of them counts once."""
    count = 0
    for k in range(length):
        here = s.chain[k]
        count += not s.allowed[here, s.slot[here]]
        for r in range(s.start[here], s.start[here + 1]):
            other = s.order[r, 0]
            if (s.seen[other] != move or other > here) and (s.slot[other] - s.slot[here]) * s.order[r, 1] <= 0:
                count += 1
    return count


@njit(cache=True)
def _flip(s: State, length: int, people: int, old: int, new: int) -> int:
    """Exchange the two slots along the chain, without ``at``. Returns the breaks that come."""
    shift = 0
    for k in range(length):
        here = s.chain[k]
        shift += 1 if s.slot[here] == old else -1
        s.slot[here] = old + new - s.slot[here]
    come = 0
    for k in range(people):
        person = s.people[k]
        before = _breaks(s.mask[person])
        if ((s.mask[person] >> old) ^ (s.mask[person] >> new)) & 1:
            s.mask[person] ^= (1 << old) | (1 << new)
        after = _breaks(s.mask[person])
        s.histogram[before] -= 1
        s.histogram[after] += 1
        come += after - before
    s.load[old] -= shift
    s.load[new] += shift
    return come


@njit(cache=True)
def _over(s: State, old: int, new: int) -> int:
    """Meetings above the locations in two slots."""
    return max(0, int(s.load[old] - s.limits[0])) + max(0, int(s.load[new] - s.limits[0]))


@njit(cache=True)
def _seat(s: State, length: int, people: int, old: int, new: int) -> None:
    """Write ``at`` anew for the chain."""
    for k in range(people):
        s.at[s.people[k], old] = s.at[s.people[k], new] = -1
    for k in range(length):
        here = s.chain[k]
        s.at[s.pairs[here, 0], s.slot[here]] = s.at[s.pairs[here, 1], s.slot[here]] = here


@njit(cache=True)
def _round(s: State, random: np.random.Generator, moves: int, slots: int) -> float:
    """Begin from nothing and cool. Returns the breaks of the best sound timetable, infinite where there was none."""
    breaks, hard = _begin(s, random)
    fewest = np.inf
    heat = HOT
    cooling = (COLD / HOT) ** (1.0 / moves)
    for move in range(1, moves + 1):
        if hard == 0 and breaks < fewest:
            fewest = float(breaks)
            s.best[:] = s.slot
            if breaks == 0:
                break
        heat *= cooling
        meeting, new = _draw(s, random, slots)
        old = s.slot[meeting]
        if new == old or not s.allowed[meeting, new]:
            continue
        length, people = _follow(s, meeting, old + new, move)
        harder = -_faults(s, length, move) - _unfair(s) - _over(s, old, new)
        come = _flip(s, length, people, old, new)
        harder += _faults(s, length, move) + _unfair(s) + _over(s, old, new)
        change = come + HARD * harder
        if change <= 0 or random.random() < np.exp(-change / heat):
            breaks += come
            hard += harder
            _seat(s, length, people, old, new)
        else:
            _flip(s, length, people, old, new)
    return fewest
