"""Check of a schedule from the event alone, independent of the encoding and the provers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from serai.match.b2b.problem import Event, Schedule, Status


def check(event: Event, schedule: Schedule, *, fairness: int) -> tuple[str, ...]:
    """The faults of the schedule, a sentence each; empty if it is sound."""
    if schedule.slot is None:
        held = schedule.status in {Status.OPTIMAL, Status.FEASIBLE}
        return (f"The status is '{schedule.status}' and there is no timetable.",) if held else ()
    if schedule.status not in {Status.OPTIMAL, Status.FEASIBLE}:
        return (f"The status is '{schedule.status}' and there is a timetable.",)
    faults = list(check_slots(event, schedule.slot, fairness=fairness))
    if not faults:
        breaks = sum(_gaps(event, schedule.slot))
        if schedule.objective != breaks:
            faults.append(f"The timetable has {breaks} breaks, not {schedule.objective}.")
        if schedule.bound is None or schedule.bound > breaks:
            faults.append(f"The timetable has {breaks} breaks, less than the bound {schedule.bound}.")
        elif (schedule.status is Status.OPTIMAL) != (schedule.bound == breaks):
            faults.append(f"The status is '{schedule.status}' with {breaks} breaks and the bound {schedule.bound}.")
    return tuple(faults)


def check_slots(event: Event, slot: Sequence[int], *, fairness: int) -> tuple[str, ...]:
    """The constraints of the event that the timetable violates, a sentence each. Rows count from 1, as published."""
    if len(slot) != len(event.pairs):
        return (f"The timetable has {len(slot)} meetings; the event has {len(event.pairs)}.",)
    return tuple(_violations(event, slot, fairness))


def _violations(event: Event, slot: Sequence[int], fairness: int) -> Iterator[str]:
    busy: dict[tuple[int, int], int] = {}
    for meeting, (at, pair) in enumerate(zip(slot, event.pairs.tolist(), strict=True)):
        if not (0 <= at < event.slots and event.allowed[meeting, at]):
            yield f"Meeting {meeting + 1} may not be held in slot {at + 1}."
        for participant in pair:
            if (other := busy.setdefault((participant, at), meeting)) != meeting:
                yield f"Participant {participant + 1} has meetings {other + 1} and {meeting + 1} in slot {at + 1}."
    for at, number in Counter(slot).items():
        if number > event.locations:
            yield f"Slot {at + 1} holds {number} meetings; there are {event.locations} locations."
    for before, after in event.precedences:
        if slot[before] >= slot[after]:
            yield f"Meeting {before + 1} is to be held before meeting {after + 1} and is not."
    gaps = _gaps(event, slot)
    if gaps and max(gaps) - min(gaps) > fairness:
        yield f"One participant has {max(gaps)} breaks and another {min(gaps)}; they may differ by {fairness}."


def _gaps(event: Event, slot: Sequence[int]) -> list[int]:
    """Breaks of each participant: the number of meetings after which the next slot is idle, without the last."""
    days: dict[int, set[int]] = defaultdict(set)
    for at, pair in zip(slot, event.pairs.tolist(), strict=True):
        for participant in pair:
            days[participant].add(at)
    return [
        sum(at + 1 not in days[participant] for at in days[participant]) - bool(days[participant])
        for participant in range(event.participants)
    ]
