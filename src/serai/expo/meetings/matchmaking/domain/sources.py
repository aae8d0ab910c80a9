"""Sources of a need at a fair: the best three at once, and one that makes the supply safer."""

from dataclasses import dataclass

from django.db import transaction

from serai.expo.meetings.matchmaking.domain.market import Read
from serai.expo.meetings.matchmaking.domain.matching import suppliers_for
from serai.expo.meetings.matchmaking.domain.partners import Partner, links_for, with_reasons
from serai.expo.offers.chains.domain.placements import place_items
from serai.expo.offers.market.models import Need
from serai.match.partners import Match

BEST = 3
LEAST = 0.5
"""What offers less than this share of what the third best fits is no source, however safe it would be."""
WEIGHED = 12
"""How many countries are looked at for the source that makes the supply safer."""


@dataclass(frozen=True)
class Sources:
    """The best sources of a need, and of the others the one whose link makes the supply least dependent on few."""

    best: list[Partner]
    safer: Partner | None
    others: int


def sources_of(need: Need) -> Sources:
    """Who at this fair could supply it, the best first, with the reasons; for the buyer's own eyes.

    What stays unnamed stands on no chain, for a place there would name it; its sources are found as if it stood there.
    Call inside of the scope.
    """
    if not need.anonymous:
        return _sources_of(need)
    with transaction.atomic():
        place_items(need.edition, [need])
        found = _sources_of(need)
        transaction.set_rollback(True)
    return found


def _sources_of(need: Need) -> Sources:
    read, found = suppliers_for(need)
    country = dict(zip(read.market.firms, read.market.countries, strict=True))
    best, others = found[:BEST], found[BEST:]
    least = LEAST * best[-1].score if best else 0.0
    # What a link does for the supply follows from its countries and industries: of each country the best will do.
    by_country: dict[str, Match] = {}
    for one in others:
        if one.score >= least and country[one.partner] != country[one.firm]:
            by_country.setdefault(country[one.partner], one)
    safer = _safer(read, list(by_country.values())[:WEIGHED])
    chosen = [*best, safer] if safer else best
    partners = with_reasons(read, need.participation, chosen)
    return Sources(partners[: len(best)], partners[-1] if safer else None, len(others))


def _safer(read: Read, others: list[Match]) -> Match | None:
    """Of the others the one whose link lowers the concentration of the buyer's supply most, by the world's table."""
    if not others:
        return None
    values = links_for(read, others)
    gains = [((values.of(one.firm, one.partner) or {}).get("secure", 0.0), one) for one in others]
    gain, best = max(gains, key=lambda pair: pair[0])
    return best if gain > 0 else None
