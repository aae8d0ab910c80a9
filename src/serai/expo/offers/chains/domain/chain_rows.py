"""The rows of an organisation's chain follow its newest version, and what points at a node that goes is moved."""

from collections.abc import Iterable, Mapping

from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import entry, record_all, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.models import (
    CONFIDENT,
    Chain,
    ChainPosition,
    Edge,
    Node,
    Placement,
    PlacementDecision,
    Stage,
)
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.world import chains as world

MOVED = "moved"
"""Kind of the evidence of a placement that an organiser moved with its node."""


def write_rows(
    chain: Chain, document: world.Chain, moves: Mapping[str, str], *, user: User | None, edition: Edition
) -> None:
    """Make the rows of a chain those of ``document``. A node keeps its row by its code.

    ``moves`` says to which node goes what stood on a removed one; of others the firms are placed by their texts.
    """
    chain.title, chain.summary = dict(document.title), dict(document.summary)
    chain.save(update_fields=["title", "summary"])
    stages = {stage.code: stage for stage in chain.stages.all()}
    for number, stage in enumerate(document.stages, start=1):
        row = stages.get(stage.code) or Stage(chain=chain, code=stage.code)
        row.position, row.title, row.order = stage.position, dict(stage.title), number
        row.save()
        stages[stage.code] = row
    nodes = {node.code: node for node in chain.nodes.all()}
    for number, node in enumerate(document.nodes, start=1):
        fields = node_fields(node) | {"stage": stages[node.stage], "order": number}
        nodes[node.code], _made = Node.objects.update_or_create(chain=chain, code=node.code, defaults=fields)
    gone = nodes.keys() - {node.code for node in document.nodes}
    with scopes_disabled():
        for code in sorted(gone):
            move_to(nodes[code], nodes.get(moves.get(code, "")), user=user, edition=edition)
        Node.objects.filter(pk__in=[nodes[code].pk for code in gone]).delete()
    chain.stages.exclude(code__in=[stage.code for stage in document.stages]).delete()
    Edge.objects.filter(supplier__chain=chain).delete()
    Edge.objects.bulk_create(Edge(supplier=nodes[supplier], user=nodes[to]) for supplier, to in document.edges)


def node_fields(node: world.Node) -> dict[str, object]:
    """The columns of a node, but for its chain, its stage and its order."""
    return {
        "title": dict(node.title),
        "summary": dict(node.summary),
        "keywords": {language: list(words) for language, words in node.keywords.items()},
        "examples": {language: list(words) for language, words in node.examples.items()},
        "hs": list(node.hs),
        "isic": list(node.isic),
    }


def move_to(old: Node, new: Node | None, *, user: User | None, edition: Edition) -> None:
    """Move what stands on a node to another: what firms and organisers said, and where firms are more likely than not.

    Without another node it ends, and so does what stands there of a firm that stands on the other too.
    """
    if new is not None:
        for model in (Offer, Need, PlacementDecision):
            _update(model.objects.filter(node=old).exclude(participation__edition__state="closed"), new, user, edition)
        there = set(ChainPosition.objects.filter(node=new).values_list("firm_id", flat=True))
        _update(ChainPosition.objects.filter(node=old).exclude(firm__in=there), new, user, edition)
        placed = Placement.objects.filter(node=new)
        taken = {(row.participation_id, row.offer_id, row.need_id) for row in placed}
        rows = list(Placement.objects.filter(node=old, confidence__gte=CONFIDENT))
        moved = [row for row in rows if (row.participation_id, row.offer_id, row.need_id) not in taken]
        for row in moved:
            row.node, row.evidence = new, [[MOVED, old.code], *row.evidence]
        Placement.objects.bulk_update(moved, ["node", "evidence"], batch_size=500)
    record_all(
        [
            entry("chainposition.removed", row, before=state(row), user=user, edition=edition)
            for row in ChainPosition.objects.filter(node=old)
        ]
    )


def _update(
    rows: Iterable[Offer | Need | ChainPosition | PlacementDecision], node: Node, user: User | None, edition: Edition
) -> None:
    entries = []
    for row in rows:
        before = state(row)
        row.node = node
        row.save(update_fields=["node"])
        action = f"{row._meta.model_name}.moved"
        entries.append(entry(action, row, before=before, after=state(row), user=user, edition=edition))
    record_all(entries)
