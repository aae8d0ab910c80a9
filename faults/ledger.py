"""The checker: what was answered with success, against what the database holds afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Write:
    """Something that was sent to be kept. `mark` names it: the writes of one mark come one after the other."""

    kind: str
    mark: str
    value: str
    acknowledged: bool


@dataclass(frozen=True)
class Booking:
    """A meeting with a time, in seconds of the epoch; `takers` are its two sides and its place."""

    number: int
    begins: float
    ends: float
    takers: Sequence[str]


type Held = Mapping[str, Mapping[str, Sequence[str]]]
"""Kind -> mark -> the value of each row that has this mark."""


def lost(writes: Iterable[Write], held: Held) -> list[str]:
    """What was acknowledged and is not there, or is there with an older value."""
    return [
        f"{kind} {mark}"
        for (kind, mark), possible in _possible_values(writes).items()
        if possible and not possible & set(held.get(kind, {}).get(mark, ()))
    ]


def _possible_values(writes: Iterable[Write]) -> dict[tuple[str, str], set[str]]:
    """The value acknowledged last, and those without an answer since: nobody knows what became of them."""
    possible: dict[tuple[str, str], set[str]] = defaultdict(set)
    for write in writes:
        values = possible[write.kind, write.mark]
        if write.acknowledged:
            values.clear()
        if values or write.acknowledged:
            values.add(write.value)
    return possible


def doubled(held: Held) -> list[str]:
    """What is there more than once."""
    return [f"{kind} {mark}" for kind, rows in held.items() for mark, values in rows.items() if len(values) > 1]


def double_booked(bookings: Iterable[Booking]) -> list[str]:
    """Pairs of meetings that want the same side or the same place at the same time."""
    taken: dict[str, list[Booking]] = defaultdict(list)
    for booking in bookings:
        for taker in booking.takers:
            taken[taker].append(booking)
    return [
        f"{taker}: meetings {first.number} and {second.number}"
        for taker, of_taker in taken.items()
        for first, second in combinations(of_taker, 2)
        if first.begins < second.ends and second.begins < first.ends
    ]


def unsent(letters: Iterable[tuple[str, str]], arrived: Mapping[str, int]) -> list[str]:
    """Addresses that got fewer letters than the outbox holds for them. ``letters`` are addresses with their states."""
    due: dict[str, int] = defaultdict(int)
    for address, _state in letters:
        due[address] += 1
    return [
        f"{address}: {arrived.get(address, 0)} of {count}"
        for address, count in due.items()
        if arrived.get(address, 0) < count
    ]
