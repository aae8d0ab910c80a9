"""Offers, needs and what firms can make, as the matcher reads them, and how it knows them."""

from collections.abc import Iterable

from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.domain.slots import texts
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.visibility import audience_of
from serai.expo.firms.record.models import Flow
from serai.expo.offers.chains.models import Placement, PlacementDecision
from serai.expo.offers.market.models import MarketItem, Offer
from serai.match import placing
from serai.match.evidence import EvidenceKind


def item_key(item: MarketItem) -> str:
    """How the matcher knows an offer or a need: ``offer-12``, ``need-7``."""
    return f"{item._meta.model_name}-{item.pk}"


def items_of(items: Iterable[MarketItem]) -> list[placing.Item]:
    """Offers and needs as the matcher reads them. An offer without ISIC classes takes those of its firm."""
    return [
        placing.Item(
            key=item_key(item),
            side=placing.Side.OFFER if isinstance(item, Offer) else placing.Side.NEED,
            text="\n".join(texts(item.title, item.summary, item.text)),
            hs=tuple(item.hs),
            isic=tuple(item.isic or (item.participation.firm.isic if isinstance(item, Offer) else ())),
        )
        for item in items
    ]


OFFER = placing.Side.OFFER

SAID_OUTPUT = (EvidenceKind.SAID, "output")
"""What stands first in the evidence that an output of the firm led to a node."""


def description_of(participation: Participation) -> placing.Item:
    """What the firm can make by its own description and classes."""
    firm = participation.firm
    description = "\n".join(texts(firm.description))
    return placing.Item(f"firm-{participation.pk}", OFFER, description, isic=tuple(firm.isic), named=False)


def capabilities_of(participations: Iterable[Participation]) -> list[placing.Item]:
    """What firms can make, as the matcher reads them: by their description and classes, plants and outputs.

    Plants and outputs that a firm does not show to everyone are passed over, and what it takes in is no offer.
    """
    items = []
    for participation in participations:
        firm, key = participation.firm, f"firm-{participation.pk}"
        items.append(description_of(participation))
        for plant in firm.plants.all() if audience_of(firm, "plants") == Audience.PUBLIC else ():
            process = "\n".join(texts(plant.process))
            items.append(placing.Item(f"{key}-{EvidenceKind.PLANT}-{plant.pk}", OFFER, process, named=False))
        for flow in firm.flows.all() if audience_of(firm, "flows") == Audience.PUBLIC else ():
            if flow.direction == Flow.Direction.OUTPUT:
                codes = (flow.code,) if flow.scheme == Flow.Scheme.HS else ()
                text = "\n".join(texts(flow.text))
                items.append(placing.Item(f"{key}-output-{flow.pk}", OFFER, text, codes, named=False))
    return items


def placed_key(row: Placement | PlacementDecision) -> str:
    """How the matcher knows what is placed: ``offer-12``, ``need-7``, or ``firm-3`` for a participant's description."""
    if row.need_id:
        return f"need-{row.need_id}"
    return f"offer-{row.offer_id}" if row.offer_id else f"firm-{row.participation_id}"
