"""What several meetings share in a slot: interpreters, desks of a booth, tables of one place, people of a
participant.

Each is a pool with a number of units in every slot, of which a meeting takes one. A meeting needs an interpreter
between the languages of its sides if they have none in common.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.domain.places import Integers, Together
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingTerms
from serai.expo.venue.halls.models import Stand

type Pair = tuple[str, str]
"""A language of the host and one of the guest."""


def spoken(participation: Participation) -> list[str]:
    """What its people speak, without the region: zh-hans and zh-hant are spoken alike."""
    firm = participation.firm
    return list(dict.fromkeys(code.split("-")[0] for code in (firm.languages or [firm.language])))


def pools_of(edition: Edition) -> list[InterpreterPool]:
    """The interpreters of a fair, the most numerous first: the order in which they are given to meetings."""
    return list(InterpreterPool.objects.filter(edition=edition).order_by("-number", "pk"))


def pair_of(pools: Sequence[InterpreterPool], host: Participation, guest: Participation) -> Pair | None:
    """Between which languages they need an interpreter; None with one in common.

    Of several pairs it is the one for which the fair has most interpreters. Where it has none for any, a firm that has
    not said what its people speak is not taken to need one.
    """
    left, right = spoken(host), spoken(guest)
    if set(left) & set(right):
        return None
    pairs = [(a, b) for a in left for b in right]
    there = ({pool.one, pool.other} for pool in pools)
    both_said = host.firm.languages and guest.firm.languages
    return next(
        (pair for languages in there for pair in pairs if set(pair) == languages), pairs[0] if both_said else None
    )


def pair_of_each(edition: Edition) -> Callable[[Meeting], Pair | None]:
    """`pair_of` for any number of meetings whose firms are loaded, in one query."""
    pools = pools_of(edition)
    return lambda meeting: pair_of(pools, meeting.host, meeting.guest)


@dataclass(frozen=True)
class Pools:
    """Pools by row."""

    names: tuple[str, ...]
    """A pair of languages, the label of a booth or of tables, or the primary key of a participation."""
    units: Integers
    """(n_pools, n_slots) how many meetings can use the pool at once."""
    uses: Integers
    """(n_meetings, k) up to k pools of which the meeting takes one unit each, -1 for none."""

    def __len__(self) -> int:
        return len(self.names)

    def with_more(self, names: Sequence[str], units: Integers, uses: Integers) -> "Pools":
        """Adds pools of one kind.

        ``units`` are (n,) or (n, n_slots). ``uses`` are rows of the added pools, -1 for none: (n_meetings,) or
        (n_meetings, k).
        """
        if not len(names):
            return self
        in_slots = np.broadcast_to(units.reshape(len(names), -1), (len(names), self.units.shape[1]))
        columns = np.atleast_2d(np.where(uses >= 0, uses + len(self), -1).T).T
        return Pools(
            (*self.names, *names),
            np.concatenate([self.units, in_slots]),
            np.concatenate([self.uses, columns], axis=1),
        )


def no_pools(meetings: int, slots: int) -> Pools:
    return Pools((), np.zeros((0, slots), np.int64), np.zeros((meetings, 0), np.int64))


def with_interpreters(pools: Pools, edition: Edition, parties: Sequence[Participation], pairs: Integers) -> Pools:
    """Adds the interpreters of the fair. ``pairs`` are the rows of host and guest in ``parties``, (n_meetings, 2).

    A meeting whose sides have no language in common takes the first pool for a language of the host and one of the
    guest.
    """
    interpreters = pools_of(edition)
    row_of_pair: dict[frozenset[str], int] = {}
    for row, pool in enumerate(interpreters):
        row_of_pair.setdefault(frozenset((pool.one, pool.other)), row)
    languages = [spoken(party) for party in parties]
    uses = np.full(len(pairs), -1, np.int64)
    for meeting, (host, guest) in enumerate(pairs.tolist() if interpreters else ()):
        if not set(languages[host]) & set(languages[guest]):
            translated = (frozenset((a, b)) for a in languages[host] for b in languages[guest])
            uses[meeting] = min((row_of_pair[pair] for pair in translated if pair in row_of_pair), default=-1)
    units = np.array([pool.number for pool in interpreters], np.int64)
    return pools.with_more([f"{pool.one}-{pool.other}" for pool in interpreters], units, uses)


def with_desks(pools: Pools, stands: Sequence[Stand | None], terms: Mapping[int, MeetingTerms]) -> Pools:
    """Adds the booths with a limited number of desks; of several hosts at one booth the lowest limit holds.

    ``stands`` are where the meetings are held, None for a table, (n_meetings,); ``terms`` are by the host's primary
    key.
    """
    desks: dict[int, int] = {}
    labels: dict[int, str] = {}
    for stand in filter(None, stands):
        limit = terms[stand.participation_id].booth_desks if stand.participation_id in terms else None
        if limit is not None:
            desks[stand.booth_id] = min(desks.get(stand.booth_id, limit), limit)
            labels[stand.booth_id] = stand.booth.label
    row_of_booth = {booth: row for row, booth in enumerate(sorted(desks))}
    uses = np.array([row_of_booth.get(stand.booth_id, -1) if stand else -1 for stand in stands], np.int64)
    units = np.array([desks[booth] for booth in row_of_booth], np.int64)
    return pools.with_more([labels[booth] for booth in row_of_booth], units, uses)


def with_tables(pools: Pools, tables: Sequence[Together], at_tables: Sequence[int]) -> Pools:
    """Adds the places of tables, if there are several.

    ``at_tables`` are the rows of ``tables`` at which the meetings are held, -1 for a booth, (n_meetings,).
    """
    if len(tables) < 2:
        return pools
    units = np.array([len(place.numbers) for place in tables], np.int64)
    return pools.with_more([place.label for place in tables], units, np.array(at_tables, np.int64))


def with_people(
    pools: Pools,
    parties: Sequence[Participation],
    people: Integers,
    left: Integers,
    pairs: Integers,
    heads: Integers,
) -> Pools:
    """Adds participants of several people of whom some but not all are in sessions.

    A pool counts meetings: it has as many units as the remaining people can hold meetings of the largest size.
    ``people`` are those of each party, (n_parties,), ``left`` those not in a session, (n_parties, n_slots).
    """
    fewer = left < people[:, None]
    short = np.flatnonzero((fewer & (left > 0)).any(axis=1))
    largest = np.ones(len(parties), np.int64)
    np.maximum.at(largest, pairs, heads)
    units = np.where(fewer, np.maximum(left // largest[:, None], 1), people[:, None])[short]
    row = np.full(len(parties), -1, np.int64)
    row[short] = np.arange(len(short))
    return pools.with_more([str(parties[party].pk) for party in short.tolist()], units, row[pairs])
