"""The moves of annealing: two slots exchanged along a Kempe path, from a participant with a break if there is one.

A timetable is an edge colouring: participants are vertices, meetings edges, slots colours. The meetings of two slots
form paths and rings, and exchanging the two slots along one of them leaves nobody with two meetings at once (Kempe
1879). Only the two people at the ends of a path then have other slots than before, and nobody along a ring: so what a
move changes is known before anything is written. Forbidden slots, locations, precedences and fairness are penalties
that weigh more than any break.

What is to be least is the discontent of all: a participant's breaks, and its meetings outside the stretch of slots, as
long as its meetings are many, that holds most of them. Breaks alone don't tell two meetings that stand apart from two
halves of a day.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from serai.match.b2b.problem import Booleans, Integers

HARD = 6.0
"""Penalty of a meeting in a forbidden slot or above the locations, of a precedence, and of a break above fairness."""
SIDE = 3.0
"""By which the person at one end of a path becomes more content at most."""
ANY, AIMED, BESIDE = 0.3, 0.6, 0.9
"""Shares of moves along the chain of any meeting, ring or path; of the others, from somebody with a break, and to a
slot beside another meeting."""
KEEN, TRIES = 0.6, 8
"""Share of the aimed moves that look, so many times, for one by which that person becomes more content."""


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
    meetings: Integers
    """(2 n_meetings,) the meetings of each participant in turn."""
    first: Integers
    """(n_participants + 1,) where those of each participant begin."""
    slot: Integers
    """(n_meetings,)"""
    at: Integers
    """(n_participants, width) the meeting, -1 for none."""
    mask: Integers
    """(n_participants,) the slots that each uses, as bits."""
    load: Integers
    """(width,) meetings in each slot."""
    breaks: Integers
    """(n_participants,)"""
    discontent: Integers
    """(n_participants,)"""
    histogram: Integers
    """(width + 2,) participants by their breaks."""
    broken: Integers
    """(n_participants,) those who have a break come first."""
    place: Integers
    """(n_participants,) where each of these stands there."""
    counts: Integers
    """(2,) those who have a break, and those who have more than fairness leaves if somebody has none."""
    chain: Integers
    """(n_meetings,) the meetings of the move at hand."""
    seen: Integers
    """(n_meetings,) the last move whose chain had the meeting."""
    best: Integers
    """(n_meetings,) the best sound timetable so far."""
    limits: Integers
    """(3,) locations, by how much breaks may differ, and slots."""


@njit(cache=True, inline="always")
def _breaks(mask: int) -> int:
    """Breaks of who uses these slots: blocks of consecutive bits, less one."""
    starts = mask & ~(mask << 1)
    count = 0
    while starts:
        starts &= starts - 1
        count += 1
    return max(0, count - 1)


@njit(cache=True, inline="always")
def _outside(mask: int, number: int, slots: int) -> int:
    """Of so many meetings in the slots of `mask`, those outside the stretch of as many slots that holds most."""
    inside = 0
    window = mask & ((1 << number) - 1)
    while window:
        window &= window - 1
        inside += 1
    most = inside
    for k in range(slots - number):
        inside += ((mask >> (k + number)) & 1) - ((mask >> k) & 1)
        most = max(most, inside)
    return number - most


@njit(cache=True, inline="always")
def _discontent(s: State, person: int, mask: int) -> int:
    """Of a person who would use these slots."""
    return _breaks(mask) + _outside(mask, s.first[person + 1] - s.first[person], s.limits[2])


@njit(cache=True, inline="always")
def _below(random: np.random.Generator, most: int) -> int:
    """A random number from 0 to below `most`."""
    return int(random.random() * most)


@njit(cache=True, inline="always")
def _faults(s: State, length: int, move: int) -> int:
    """Precedences that the meetings of the chain break; one between two of them counts once."""
    count = 0
    for k in range(length):
        here = s.chain[k]
        for r in range(s.start[here], s.start[here + 1]):
            other = s.order[r, 0]
            if (s.seen[other] != move or other > here) and (s.slot[other] - s.slot[here]) * s.order[r, 1] <= 0:
                count += 1
    return count


@njit(cache=True, inline="always")
def _unfair(s: State) -> int:
    """Breaks by which the most of a participant lie above the least and what fairness leaves."""
    if s.counts[1] == 0:
        return 0
    least, most = -1, 0
    for k in range(len(s.histogram)):
        if s.histogram[k]:
            most = k
            if least < 0:
                least = k
    return max(0, most - least - int(s.limits[1]))


@njit(cache=True, inline="always")
def _over(s: State, old: int, new: int, shift: int) -> int:
    """Meetings above the locations in two slots, after so many went from the first to the second."""
    return max(0, int(s.load[old] - shift - s.limits[0])) + max(0, int(s.load[new] + shift - s.limits[0]))


@njit(cache=True)
def begin(s: State, random: np.random.Generator) -> tuple[int, int]:
    """Give each meeting a slot, in random order. Returns the breaks and what is not sound."""
    s.at[:] = -1
    s.load[:] = 0
    for meeting in random.permutation(len(s.slot)):
        slot = _free_slot(s, meeting)
        s.slot[meeting] = slot
        s.load[slot] += 1
        for side in range(2):
            s.at[s.pairs[meeting, side], slot] = meeting
    return _counted(s)


@njit(cache=True)
def resume(s: State, slot: Integers) -> tuple[int, int]:
    """Begin with a timetable, the slot of each meeting. Returns the breaks and what is not sound."""
    s.at[:] = -1
    s.load[:] = 0
    for meeting in range(len(s.slot)):
        s.slot[meeting] = slot[meeting]
        s.load[slot[meeting]] += 1
        for side in range(2):
            s.at[s.pairs[meeting, side], slot[meeting]] = meeting
    return _counted(s)


@njit(cache=True, inline="always")
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


@njit(cache=True, inline="always")
def _counted(s: State) -> tuple[int, int]:
    """Write what follows from ``at``, ``slot`` and ``load``. Returns the breaks and what is not sound."""
    s.histogram[:] = 0
    s.histogram[0] = len(s.mask)
    s.breaks[:] = 0
    s.counts[:] = 0
    s.seen[:] = 0
    for person in range(len(s.mask)):
        mask = 0
        for slot in range(len(s.load)):
            if s.at[person, slot] >= 0:
                mask |= 1 << slot
        _use(s, person, mask)
    hard = _unfair(s)
    for slot in range(len(s.load)):
        hard += max(0, s.load[slot] - s.limits[0])
    for meeting in range(len(s.slot)):
        hard += not s.allowed[meeting, s.slot[meeting]]
        s.chain[meeting] = meeting
    return int(s.breaks.sum()), hard + _faults(s, len(s.chain), 0)


@njit(cache=True, inline="always")
def _use(s: State, person: int, mask: int) -> None:
    """Have a person use the slots of `mask`, in all but ``at``."""
    before, after = s.breaks[person], _breaks(mask)
    s.mask[person] = mask
    s.breaks[person] = after
    s.discontent[person] = _discontent(s, person, mask)
    s.histogram[before] -= 1
    s.histogram[after] += 1
    s.counts[1] += int(after > s.limits[1]) - int(before > s.limits[1])
    if after and not before:
        s.broken[s.counts[0]] = person
        s.place[person] = s.counts[0]
        s.counts[0] += 1
    elif before and not after:
        s.counts[0] -= 1
        last = s.broken[s.counts[0]]
        s.broken[s.place[person]] = last
        s.place[last] = s.place[person]


@njit(cache=True, inline="always")
def _draw(s: State, random: np.random.Generator) -> tuple[int, int, int]:
    """A person at the end of a path, the slot that it leaves and the one that it takes; alike if none came up."""
    aimed = s.counts[0] and random.random() < AIMED
    if aimed:
        person = int(s.broken[_below(random, s.counts[0])])
    else:
        person = int(s.pairs[_below(random, len(s.slot)), _below(random, 2)])
    mask, number = int(s.mask[person]), s.first[person + 1] - s.first[person]
    keen = aimed and random.random() < KEEN
    for _try in range(TRIES if keen else 1):
        meeting = s.meetings[s.first[person] + _below(random, number)]
        old, new = s.slot[meeting], _below(random, s.limits[2])
        if random.random() < BESIDE:
            new = _beside(mask, mask & ~(1 << old), new, s.limits[2])
        if (mask >> new) & 1 or not s.allowed[meeting, new]:
            continue
        if not keen or _discontent(s, person, mask ^ (1 << old | 1 << new)) < s.discontent[person]:
            return person, old, new
    return person, 0, 0


@njit(cache=True, inline="always")
def _beside(mask: int, others: int, begin: int, slots: int) -> int:
    """The first slot from `begin` on that is not in `mask` and beside one of `others`; `begin` if there is none."""
    beside = ((others << 1) | (others >> 1)) & ~mask
    for k in range(begin, begin + slots):
        slot = k if k < slots else k - slots
        if (beside >> slot) & 1:
            return slot
    return begin


@njit(cache=True, inline="always")
def _draw_meeting(s: State, random: np.random.Generator) -> tuple[int, int, int]:
    """Of the chain of any meeting: a person at its end, or any where it is a ring; slots as by ``_draw``."""
    meeting, new = _below(random, len(s.slot)), _below(random, s.limits[2])
    person, old = int(s.pairs[meeting, 0]), int(s.slot[meeting])
    end, here, there = person, old, new
    if new == old or not s.allowed[meeting, new]:
        return person, old, old
    while meeting >= 0:
        end = s.pairs[meeting, 0] + s.pairs[meeting, 1] - end
        if end == person:
            return person, old, new
        meeting = s.at[end, there]
        if meeting >= 0:
            here, there = there, here
    return int(end), int(here), int(there)


@njit(cache=True, inline="always")
def _follow(s: State, person: int, old: int, new: int, move: int, spare: float) -> tuple[int, int, int]:
    """Follow the chain of a person between two slots: meetings, who is at its end, and forbidden slots that come.

    No meetings where more would come than `spare`, or where the chain of one who is busy in both slots is no ring.
    """
    length, harder = 0, 0
    ring = s.at[person, new] >= 0
    end, here, there = person, old, new
    meeting = s.at[person, old]
    while meeting >= 0:
        s.chain[length] = meeting
        s.seen[meeting] = move
        length += 1
        harder += int(s.allowed[meeting, here]) - int(s.allowed[meeting, there])
        if harder > spare:
            return 0, end, 0
        end = s.pairs[meeting, 0] + s.pairs[meeting, 1] - end
        if end == person:
            return length, end, harder
        meeting = s.at[end, there]
        here, there = there, here
    return (0 if ring else length), end, harder


@njit(cache=True, inline="always")
def _flip(s: State, length: int, both: int) -> None:
    """Exchange the two slots along the chain, given their sum, without ``at``."""
    for k in range(length):
        s.slot[s.chain[k]] = both - s.slot[s.chain[k]]


@njit(cache=True, inline="always")
def _seat(s: State, length: int, person: int, end: int, old: int, new: int) -> None:
    """Write ``at`` and ``load`` anew for the chain."""
    if end != person:
        s.at[person, old] = s.at[end, old] = s.at[end, new] = -1
        s.load[old] -= length & 1
        s.load[new] += length & 1
    for k in range(length):
        here = s.chain[k]
        s.at[s.pairs[here, 0], s.slot[here]] = s.at[s.pairs[here, 1], s.slot[here]] = here


@njit(cache=True, inline="always")
def _exchanged(s: State, person: int, old: int, new: int, move: int, most: float, hard: int) -> tuple[int, int]:
    """Exchange two slots along the chain of a person where the loss is at most `most`.

    Returns the breaks that come, and what comes that is not sound.
    """
    both, ends = (1 << old) | (1 << new), s.at[person, new] < 0
    come = _discontent(s, person, s.mask[person] ^ both) - s.discontent[person] if ends else 0
    least = most + HARD * hard + (SIDE if ends else 0.0)
    if come > least:
        return 0, 0
    length, end, harder = _follow(s, person, old, new, move, (least - come) / HARD)
    if length == 0:
        return 0, 0
    if ends:
        come += _discontent(s, end, s.mask[end] ^ both) - s.discontent[end]
        harder += _over(s, old, new, length & 1) - _over(s, old, new, 0)
    if come + HARD * harder > most + HARD * hard:
        return 0, 0
    unfair = _unfair(s)
    if len(s.order):
        harder -= _faults(s, length, move)
    _flip(s, length, old + new)
    if len(s.order):
        harder += _faults(s, length, move)
    if come + HARD * (harder - unfair) > most:
        _flip(s, length, old + new)
        return 0, 0
    if not ends:
        _seat(s, length, person, end, old, new)
        return 0, harder
    before = s.breaks[person] + s.breaks[end]
    _use(s, person, s.mask[person] ^ both)
    _use(s, end, s.mask[end] ^ both)
    harder += _unfair(s) - unfair
    if come + HARD * harder > most:
        _flip(s, length, old + new)
        _use(s, person, s.mask[person] ^ both)
        _use(s, end, s.mask[end] ^ both)
        return 0, 0
    _seat(s, length, person, end, old, new)
    return s.breaks[person] + s.breaks[end] - before, harder


@njit(cache=True)
def wander(s: State, random: np.random.Generator, moves: int, hot: float, cold: float, breaks: int, hard: int) -> float:
    """Cool in so many moves. Returns the breaks of the best sound timetable, infinite where there was none."""
    fewest = np.inf
    heat, cooling = hot, (cold / hot) ** (1.0 / moves)
    for move in range(1, moves + 1):
        if hard == 0 and breaks < fewest:
            fewest = float(breaks)
            s.best[:] = s.slot
            if breaks == 0:
                break
        heat *= cooling
        person, old, new = _draw_meeting(s, random) if random.random() < ANY else _draw(s, random)
        if old != new:
            loss = -heat * np.log(1.0 - random.random())
            come, harder = _exchanged(s, person, old, new, move, loss, hard)
            breaks += come
            hard += harder
    if hard == 0 and breaks == fewest:
        s.best[:] = s.slot
    return fewest
