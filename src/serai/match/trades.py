"""What would be traded in a match: the link of a chain that the supplier makes, from a country to another."""

from collections.abc import Mapping
from dataclasses import dataclass

from serai.match.partners import Match
from serai.match.reasons import ReasonKind

BOUGHT: Mapping[ReasonKind, str] = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: "theirs",
    ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED: "theirs",
    ReasonKind.FEEDS_YOUR_NODE: "theirs",
    ReasonKind.NEEDS_WHAT_YOU_OFFER: "own",
    ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY: "own",
    ReasonKind.USES_YOUR_NODE: "own",
}
"""Whose product is bought, by the kind of a reason. That industries trade says nothing of a product."""

SURE = 0.25
"""Least chance that both items are placed right: each more likely than not."""


@dataclass(frozen=True)
class Trade:
    """What would be traded: a link of a chain, the buyer's country and the source's."""

    chain: str
    node: str
    buyer: str
    source: str


def trade_of(match: Match, country: Mapping[str, str]) -> Trade | None:
    """The trade of a match by its first reason that names a link of a chain surely enough; None where there is none.

    `country` is that of each firm by its key. A need says what is bought; where two offers stand one after the other,
    it is what the supplier makes.
    """
    for reason in match.reasons:
        side = BOUGHT.get(reason.kind)
        if side is None or reason.confidence < SURE:
            continue
        buyer, source = (match.firm, match.partner) if side == "theirs" else (match.partner, match.firm)
        made = reason.their_place if side == "theirs" else reason.own_place
        if made is not None and country.get(buyer) and country.get(source):
            return Trade(made.chain, made.node, country[buyer], country[source])
    return None
