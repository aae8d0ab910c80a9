"""Sources of a need at a fair: the best three at once, and one that makes the supply safer."""

from dataclasses import dataclass

from django.db import transaction

from serai.expo.meetings.matchmaking.domain.matching import suppliers_for
from serai.expo.meetings.matchmaking.domain.partners import Partner, with_reasons
from serai.expo.meetings.matchmaking.domain.source_values import relief_of, values_of_matches
from serai.expo.offers.chains.domain.placements import place_items
from serai.expo.offers.market.models import Need
from serai.match.partners import Match

BEST = 3
LEAST = 0.5
"""Least score of the safer source, as a share of the score of the third best."""
WEIGHED = 12
"""Number of countries considered for the safer source."""


@dataclass(frozen=True)
class Sources:
    """The best sources of a need, and the other source that makes the supply safest."""

    best: list[Partner]
    safer: Partner | None
    others: int


def sources_of(need: Need) -> Sources:
    """The best sources of a need at this fair, with reasons, for the buyer only.

    An anonymous need is on no chain, since its place there would name it. Its sources are found as if it were.
    """
    if not need.anonymous:
        return _sources_of(need)
    with transaction.atomic():
        place_items(need.edition, [need])
        sources = _sources_of(need)
        transaction.set_rollback(True)
    return sources


def _sources_of(need: Need) -> Sources:
    read, matches = suppliers_for(need)
    country = dict(zip(read.market.firms, read.market.countries, strict=True))
    best, others = matches[:BEST], matches[BEST:]
    least = LEAST * best[-1].score if best else 0.0
    # What a source does for the supply follows from its country: of each country the best will do.
    by_country: dict[str, Match] = {}
    for match in others:
        if match.score >= least and country[match.partner] != country[match.firm]:
            by_country.setdefault(country[match.partner], match)
    safer = _safer(need.edition_id, list(by_country.values())[:WEIGHED])
    chosen = [*best, safer] if safer else best
    partners = with_reasons(read, need.participation, chosen)
    return Sources(partners[: len(best)], partners[-1] if safer else None, len(others))


def _safer(edition: int, others: list[Match]) -> Match | None:
    """The source that lowers the loss by the worst stop of a country most, of those of which that can be told."""
    values = values_of_matches(edition, others)
    gains = [(relief_of(values.get((match.firm, match.partner))), number) for number, match in enumerate(others)]
    gain, best = max(gains, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    return others[best] if gain > 0 else None
