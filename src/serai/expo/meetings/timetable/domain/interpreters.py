"""The languages between which a meeting needs an interpreter: those of its sides, where they have none in common."""

from collections.abc import Callable, Sequence

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.models import InterpreterPool

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
