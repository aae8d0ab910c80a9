"""What stands on chains: offers, needs and what firms can make, as the matcher reads them, and what was decided
about them at a fair.
"""

from collections.abc import Collection, Iterable

from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.domain.phases import texts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.visibility import audience_of
from serai.expo.firms.record.models import Flow
from serai.expo.offers.chains.models import ChainPosition, Placement, PlacementDecision
from serai.expo.offers.market.models import MarketItem, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.match import placing
from serai.match.evidence import Evidence, EvidenceKind


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


MOST = 2_000
"""Decisions that are learned from, the latest: with each placing their texts are compared with all others."""

SURE = {PlacementDecision.By.FIRM: (0.99, "confirmed"), PlacementDecision.By.ORGANISER: (0.97, "checked")}
"""How sure a placement is that a person has decided, which is judgement, and what its evidence says of that."""


def decided_placements(
    edition: Edition, placed: Iterable[placing.Placement], keys: Collection[str]
) -> list[placing.Placement]:
    """The placements of the items of these keys; of a decided one the decided node instead of what was guessed."""
    decisions = PlacementDecision.objects.filter(edition=edition).select_related("node__chain")
    decision_of = {key: decision for decision in decisions if (key := placed_key(decision)) in keys}
    rows = [placement for placement in placed if placement.item not in decision_of]
    for key, decision in decision_of.items():
        if decision.node is not None:
            sure, said = SURE[PlacementDecision.By(decision.by)]
            evidence = (Evidence(EvidenceKind.SAID, said),)
            rows.append(placing.Placement(key, decision.node.chain.slug, decision.node.code, sure, evidence))
    return rows


def learned_from(edition: Edition) -> list[placing.Decision]:
    """What people decided at the fair: of items and descriptions, and where its exhibitors say that they stand or not.

    Positions that an organiser's list named are not among them: nobody looked at the text.
    """
    rows = PlacementDecision.objects.filter(edition=edition).select_related(
        "node__chain", "offer__participation__firm", "need__participation__firm", "participation__firm"
    )[:MOST]
    decisions = []
    for row in rows:
        item = row.need or row.offer
        (read,) = items_of([item]) if item else (description_of(row.participation),)
        decisions.append(placing.Decision(read, (row.node.chain.slug, row.node.code) if row.node else None))
    return decisions + _of_positions(edition)[: MOST - len(decisions)]


def _of_positions(edition: Edition) -> list[placing.Decision]:
    """Of the descriptions of firms that say where they stand, or where they do not."""
    positions = list(
        ChainPosition.objects.filter(firm__in=exhibitors(edition).order_by().values("firm"))
        .exclude(state=ChainPosition.State.LISTED)
        .select_related("node__chain")
        .order_by("-said_at", "-pk")[:MOST]
    )
    firms = {position.firm_id for position in positions}
    participation_of = {row.firm_id: row for row in exhibitors(edition).filter(firm__in=firms).select_related("firm")}
    return [
        placing.Decision(
            description_of(participation_of[position.firm_id]),
            (position.node.chain.slug, position.node.code),
            right=position.state != ChainPosition.State.DENIED,
        )
        for position in positions
        if participation_of[position.firm_id].firm.description
    ]
