"""What was decided at a fair about placements, as the matcher learns from it."""

from collections.abc import Collection, Iterable

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.domain.placed_items import description_of, items_of, placed_key
from serai.expo.offers.chains.models import ChainPosition, PlacementDecision
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.match import placing
from serai.match.evidence import Evidence, EvidenceKind

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
