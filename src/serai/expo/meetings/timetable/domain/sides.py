"""The two sides of each meeting of a timetable problem: who meets, at which booth, with how many people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serai.expo.fairs.edition.domain.phases import Slot
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.availability import Engaged
from serai.expo.meetings.timetable.domain.grids import receives_at, spans
from serai.expo.meetings.timetable.domain.places import Booleans, Integers
from serai.expo.meetings.timetable.models import MeetingTerms
from serai.expo.venue.halls.models import Stand


@dataclass(frozen=True)
class Sides:
    """The participants of the problem by row, and the two sides of each meeting."""

    parties: Sequence[Participation]
    row: Mapping[int, int]
    """Row of each participant by primary key."""
    people: Integers
    """(n_parties,) how many people of each meet side by side."""
    terms: Mapping[int, MeetingTerms]
    standing: Mapping[int, Stand]
    """The first stand of each participation."""
    booths: Mapping[int, frozenset[str]]
    """Labels of all booths of each participation."""
    hosts: Sequence[Stand | None]
    """(n_meetings,) the stand at which the host receives, None at a table."""
    pairs: Integers
    """(n_meetings, 2) rows of host and guest."""
    heads: Integers
    """(n_meetings, 2) how many people of host and guest come."""


def sides_of(edition: Edition, meetings: Sequence[Meeting], parties_too: Sequence[int]) -> Sides:
    """The sides of these meetings; ``parties_too`` are primary keys of participants without a meeting."""
    parties = _parties(edition, meetings, parties_too)
    row = {party.pk: number for number, party in enumerate(parties)}
    terms = {own.participation_id: own for own in MeetingTerms.objects.filter(edition=edition)}
    standing: dict[int, Stand] = {}
    booths: dict[int, set[str]] = defaultdict(set)
    for stand in Stand.objects.filter(edition=edition).select_related("booth__hall").order_by("pk"):
        standing.setdefault(stand.participation_id, stand)
        booths[stand.participation_id].add(stand.booth.label)
    people = np.array([terms[party.pk].people if party.pk in terms else 1 for party in parties], np.int64)
    pairs = np.array([(row[meeting.host_id], row[meeting.guest_id]) for meeting in meetings], np.int64).reshape(-1, 2)
    wanted = [(meeting.host_people, meeting.guest_people) for meeting in meetings]
    return Sides(
        parties=parties,
        row=row,
        people=people,
        terms=terms,
        standing=standing,
        booths={participation: frozenset(labels) for participation, labels in booths.items()},
        hosts=[receives_at(standing.get(meeting.host_id), terms.get(meeting.host_id)) for meeting in meetings],
        pairs=pairs,
        heads=np.minimum(np.maximum(np.array(wanted, np.int64).reshape(-1, 2), 1), people[pairs]),
    )


_READ = (
    *("edition_id", "kind", "section_id", "firm_id", "meetings_minimum", "meetings_maximum"),
    *("firm__languages", "firm__language", "firm__country"),
)
"""Fields to read of participations and firms; there are thousands."""


def _parties(edition: Edition, meetings: Sequence[Meeting], parties_too: Sequence[int]) -> list[Participation]:
    wanted = {party for meeting in meetings for party in (meeting.host_id, meeting.guest_id)} | set(parties_too)
    # The whole edition in one query: thousands of keys would not fit into one.
    everyone = Participation.objects.filter(edition=edition).select_related("firm").order_by("pk").only(*_READ)
    return [participation for participation in everyone if participation.pk in wanted]


def presence(sides: Sides, grid: Sequence[Slot]) -> Booleans:
    """(n_parties, n_slots) when each party is at the fair."""
    present = np.ones((len(sides.parties), len(grid)), np.bool_)
    for number, party in enumerate(sides.parties):
        for begins, ends in spans(sides.terms[party.pk].away) if party.pk in sides.terms else ():
            present[number] &= [slot.starts_at >= ends or begins >= slot.ends_at for slot in grid]
    return present


def left_over(sides: Sides, taken: Engaged, grid: Sequence[Slot]) -> Integers:
    """(n_parties, n_slots) how many people of each party are not in a session."""
    left = np.repeat(sides.people[:, None], len(grid), axis=1)
    for number, party in enumerate(sides.parties):
        if party.pk in taken.of:
            people = int(sides.people[number])
            left[number] = [taken.left(party.pk, people, (slot.starts_at, slot.ends_at)) for slot in grid]
    return left


def crowd(sides: Sides, fixed: Integers, times: Integers) -> Integers:
    """(n_parties,) largest number of people of each party in told meetings at once."""
    held = np.zeros((len(sides.parties), len(times)), np.int64)
    kept = np.flatnonzero(fixed >= 0)
    np.add.at(held, (sides.pairs[kept], fixed[kept, None]), sides.heads[kept])
    # Of slots that overlap, most run at once when one begins.
    begins, ends = times.T
    running = (begins[:, None] <= begins) & (begins < ends[:, None])
    if running.sum() > len(times):
        held = held @ running
    return held.max(axis=1, initial=1)
