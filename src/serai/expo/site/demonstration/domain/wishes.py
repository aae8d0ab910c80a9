"""Wishes to meet: buyers wish for exhibitors that offer what they need, and the reverse."""

from collections import defaultdict
from random import Random

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Wish
from serai.expo.site.demonstration.domain.entrants import Entrant

WISHES_OF_BUYERS = 12_000
WISHES_OF_EXHIBITORS = 3_000
VETOES = 300
MUST = 0.25
"""The share of wishes with the strength of a must."""

SKEW = 0.9
"""The exponent of Zipf's law: a few exhibitors are wished for by many."""

type Pairing = tuple[Entrant, Entrant]


def wishes(edition: Edition, random: Random, exhibitors: list[Entrant], buyers: list[Entrant]) -> list[Wish]:
    """The wishes of both sides, at most one in each direction. A pair with a veto has no other wish."""
    offering: dict[str, dict[int, Entrant]] = defaultdict(dict)
    for number, exhibitor in enumerate(exhibitors):
        for trade in exhibitor.stands_at:
            offering[trade.key][number] = exhibitor
    ranks = random.sample(range(1, len(exhibitors) + 1), len(exhibitors))

    fitting: list[Pairing] = []
    liked: list[float] = []
    for buyer in buyers:
        offering_it = {number: seller for trade in buyer.looks_for for number, seller in offering[trade.key].items()}
        fitting += [(buyer, exhibitor) for exhibitor in offering_it.values()]
        liked += [ranks[number] ** -SKEW for number in offering_it]

    order = sorted(range(len(fitting)), key=lambda _: random.random())
    refused, open_ = order[:VETOES], order[VETOES:]
    # Efraimidis and Spirakis 2006: the largest of u**(1/w) are a sample without replacement with weights w.
    wished = sorted(open_, key=lambda pair: random.random() ** (1 / liked[pair]))[-WISHES_OF_BUYERS:]
    returned = random.sample(open_, WISHES_OF_EXHIBITORS)

    written = [_wish(edition, fitting[pair], _strength(random)) for pair in wished]
    written += [_wish(edition, fitting[pair][::-1], _strength(random)) for pair in returned]
    for pair in refused:
        sides = fitting[pair] if random.random() < 0.8 else fitting[pair][::-1]
        written.append(_wish(edition, sides, Wish.Strength.NO_THANKS))
    return written


def _strength(random: Random) -> Wish.Strength:
    return Wish.Strength.MUST if random.random() < MUST else Wish.Strength.WOULD


def _wish(edition: Edition, pair: Pairing, strength: Wish.Strength) -> Wish:
    wisher, wished = pair
    return Wish(edition=edition, wisher=wisher.participation, wished=wished.participation, strength=strength)
