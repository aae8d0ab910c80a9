"""Placements: the offers, needs and capabilities of an edition on the nodes of its chains, and which of them a
reader may see.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.domain.placed_items import (
    SAID_OUTPUT,
    capabilities_of,
    decided_placements,
    item_key,
    items_of,
    learned_from,
    placed_key,
)
from serai.expo.offers.chains.models import CONFIDENT, Chain, ChainPosition, Edge, Node, Placement, Stage
from serai.expo.offers.market.domain.visibility import visible_to as items_visible_to
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.participants.participation.domain.exhibitors import visible_to as participations_visible_to
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.match import placing
from serai.match.evidence import Evidence, EvidenceKind
from serai.world import chains as world
from serai.world.progress import Progress, silent

STATED = 0.99
"""How sure a placement is that the firm itself has stated."""


@transaction.atomic
def load_builtin_chains(slugs: Iterable[str] = world.MISSION) -> list[Chain]:
    """These built-in chains as rows. Makes missing ones and leaves those that an organiser has edited."""
    existing = Chain.objects.in_bulk(field_name="slug")
    return [
        existing.get(chain.slug) or save_chain(chain, order=world.BUILTIN.index(chain.slug) + 1)
        for chain in world.builtin_chains(tuple(slugs))
    ]


def save_chain(chain: world.Chain, *, order: int) -> Chain:
    """Write a chain of the world with its stages, nodes and edges."""
    saved = Chain.objects.create(slug=chain.slug, title=dict(chain.title), summary=dict(chain.summary), order=order)
    stages = Stage.objects.bulk_create(
        Stage(chain=saved, code=stage.code, position=stage.position, title=dict(stage.title), order=number)
        for number, stage in enumerate(chain.stages, start=1)
    )
    stage_of = {stage.code: stage for stage in stages}
    nodes = Node.objects.bulk_create(
        Node(
            chain=saved,
            stage=stage_of[node.stage],
            code=node.code,
            title=dict(node.title),
            summary=dict(node.summary),
            examples={language: list(words) for language, words in node.examples.items()},
            keywords={language: list(words) for language, words in node.keywords.items()},
            hs=list(node.hs),
            isic=list(node.isic),
            order=number,
        )
        for number, node in enumerate(chain.nodes, start=1)
    )
    node_of = {node.code: node for node in nodes}
    Edge.objects.bulk_create(Edge(supplier=node_of[supplier], user=node_of[user]) for supplier, user in chain.edges)
    return saved


def chains_of_edition(edition: Edition) -> list[Chain]:
    """The chains that the edition's sections stand for, in their order; where no section stands for one, those of the
    mission and of the edition's organisation."""
    with scope(edition=edition):
        chosen = list(Chain.objects.filter(sections__edition=edition).distinct().order_by("sections__order", "order"))
    return list(dict.fromkeys(chosen)) or list(Chain.objects.filter(of_edition(edition)).distinct())


def chain_of_edition(edition: Edition, slug: str) -> Chain | None:
    """The chain of the edition that has this address; None where it has no such chain."""
    return next((chain for chain in chains_of_edition(edition) if chain.slug == slug), None)


def chain_or_404(edition: Edition, slug: str) -> Chain:
    """The chain of the edition that has this address. Raises Http404 with a sentence where it has no such chain."""
    chain = chain_of_edition(edition, slug)
    if chain is None:
        raise Http404(_("This fair has no such chain."))
    return chain


def of_edition(edition: Edition, way: str = "") -> Q:
    """Which chains the edition may use: those for every fair, those of its organisation, and those of its sections.

    ``way`` is the lookup that leads to the chain. A section may stand for many rows, so the rows are to be distinct.
    """
    for_every_fair = Q(**{f"{way}organisation": None}) & ~Q(**{f"{way}slug__in": world.CHOSEN})
    own = Q(**{f"{way}organisation": edition.organisation_id})
    return for_every_fair | own | Q(**{f"{way}sections__edition": edition})


def as_world_chain(chain: Chain) -> world.Chain:
    """The chain as the matcher and the world know it, with the organiser's edits."""
    stages = chain.stages.all()
    nodes = list(chain.nodes.select_related("stage"))
    return world.Chain(
        slug=chain.slug,
        title=chain.title,
        summary=chain.summary,
        stages=tuple(world.Stage(stage.code, world.Position(stage.position), stage.title) for stage in stages),
        nodes=tuple(
            world.Node(
                code=node.code,
                stage=node.stage.code,
                title=node.title,
                hs=tuple(node.hs),
                isic=tuple(node.isic),
                keywords={language: tuple(words) for language, words in node.keywords.items()},
                summary=node.summary,
                examples={language: tuple(words) for language, words in node.examples.items()},
            )
            for node in nodes
        ),
        edges=tuple(
            Edge.objects.filter(supplier__chain=chain)
            .order_by("supplier__order", "user__order")
            .values_list("supplier__code", "user__code")
        ),
    )


def _by_firm(placed: Iterable[placing.Placement]) -> list[placing.Placement]:
    """Assign placements of plants and outputs to their firm, and keep the surest of each item at each node."""
    surest: dict[tuple[str, str, str], placing.Placement] = {}
    for placement in placed:
        item, evidence = placement.item, placement.evidence
        if item.startswith("firm-"):
            side, key, *of = item.split("-")
            item = f"{side}-{key}"
            if of:
                led = Evidence(EvidenceKind.PLANT, of[1]) if of[0] == EvidenceKind.PLANT else Evidence(*SAID_OUTPUT)
                evidence = (led, *evidence)
        own = replace(placement, item=item, evidence=evidence)
        place = item, placement.chain, placement.node
        if place not in surest or surest[place].confidence < placement.confidence:
            surest[place] = own
    return list(surest.values())


def _published(edition: Edition, **of: Any) -> list[MarketItem]:
    return [
        item
        for model in (Offer, Need)
        for item in model.objects.filter(PUBLISHED, edition=edition, **of)
        .select_related("participation__firm")
        .order_by("pk")
    ]


def place_edition(edition: Edition, progress: Progress | None = None) -> int:
    """Place every offer, every need and what every exhibitor can make again; what a person has confirmed stays.

    The placements of a few participants at a time are replaced, so that others write meanwhile. Returns the number of
    placements.
    """
    report = progress or silent
    with scope(edition=edition):
        report(_("Reading offers and needs"), 0.0)
        exhibiting = exhibitors(edition).select_related("firm").prefetch_related("firm__plants", "firm__flows")
        _replace(Placement.objects.filter(edition=edition), edition, _published(edition), list(exhibiting), report)
        report(_("Placed"), 1.0)
        return Placement.objects.count()


def place_again(edition: Edition, participations: Sequence[int], progress: Progress) -> int:
    """Place some participants again, as `place_edition` does; all others stay. Returns how many placements it made."""
    with scope(edition=edition):
        progress(_("Reading offers and needs"), 0.0)
        own = Participation.objects.filter(edition=edition, pk__in=participations)
        exhibiting = exhibitors(edition).filter(pk__in=own.values("pk")).select_related("firm")
        exhibiting = exhibiting.prefetch_related("firm__plants", "firm__flows")
        items = _published(edition, participation__in=own)
        present = Placement.objects.filter(edition=edition, participation__in=own)
        count = _replace(present, edition, items, list(exhibiting), progress)
        progress(_("Placed"), 1.0)
        return count


@transaction.atomic
def place_participation(participation: Participation) -> int:
    """Place one participant's offers, needs and what it can make again; what a person has confirmed stays.

    Returns the number of its placements.
    """
    edition = participation.edition
    own = Placement.objects.filter(participation=participation)
    exhibiting = list(exhibitors(edition).filter(pk=participation.pk).select_related("firm"))
    _replace(own, edition, _published(edition, participation=participation), exhibiting, silent)
    return own.count()


@transaction.atomic
def place_items(edition: Edition, items: Sequence[MarketItem]) -> int:
    """Place some offers or needs as they are now; all other placements and what a person has confirmed stay.

    Returns the number of placements made.
    """
    offers, needs = ([item.pk for item in items if isinstance(item, model)] for model in (Offer, Need))
    present = Placement.objects.filter(Q(offer__in=offers) | Q(need__in=needs))
    return _replace(present, edition, items, (), silent)


def _replace(
    present: QuerySet[Placement],
    edition: Edition,
    items: Sequence[MarketItem],
    exhibiting: Sequence[Participation],
    report: Progress,
) -> int:
    """Replace the placements that nobody has confirmed by new ones of these items and exhibitors. Returns how many."""
    chains = chains_of_edition(edition)
    report(_("Placing them on the chains"), 0.2)
    read = [*items_of(items), *capabilities_of(exhibiting)]
    placed = placing.place(read, [as_world_chain(chain) for chain in chains], decisions=learned_from(edition))
    placed = _by_firm(_of_chains(decided_placements(edition, placed, {item.key for item in read}), chains))
    report(_("Writing the placements"), 0.7)
    nodes = {(node.chain.slug, node.code): node for node in Node.objects.select_related("chain")}
    participation_of = {item_key(item): item.participation_id for item in items}
    participation_of |= {f"firm-{participation.pk}": participation.pk for participation in exhibiting}
    stated = _as_stated(placed, items, nodes, chains)
    guessed = [_row(edition, placement, nodes, participation_of) for placement in stated]
    rows = defaultdict[int, list[Placement]](list)
    for row in _with_positions(edition, guessed, exhibiting, items):
        rows[row.participation_id].append(row)
    count = 0

    def write(participations: Sequence[int]) -> None:
        nonlocal count
        of_these = present.filter(participation__in=participations)
        of_these.filter(confirmed=False).delete()
        made = [row for participation in participations for row in rows[participation]]
        made = _still_to_place(made, {placed_key(row) for row in of_these})
        count += len(Placement.objects.bulk_create(made, batch_size=2_000))

    concerned = {*rows, *present.filter(confirmed=False).values_list("participation_id", flat=True).distinct()}
    write_in_parts(sorted(concerned), write)
    return count


def _of_chains(placed: Iterable[placing.Placement], chains: Iterable[Chain]) -> list[placing.Placement]:
    """Without those on chains that the fair has not."""
    slugs = {chain.slug for chain in chains}
    return [placement for placement in placed if placement.chain in slugs]


def _still_to_place(rows: Sequence[Placement], confirmed: set[str]) -> list[Placement]:
    """Without those that a person has confirmed, and without those of what is gone since it was read."""
    there: dict[str, set[int | None]] = {}
    for name, model in (("offer_id", Offer), ("need_id", Need), ("position_id", ChainPosition), ("node_id", Node)):
        wanted = {getattr(row, name) for row in rows} - {None}
        there[name] = {None, *model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)}
    return [
        row
        for row in rows
        if (row.position_id or placed_key(row) not in confirmed)
        and all(getattr(row, name) in keys for name, keys in there.items())
    ]


SURE = {ChainPosition.State.LISTED: 0.9, ChainPosition.State.CONFIRMED: 1.0, ChainPosition.State.CHECKED: 1.0}
"""How sure it is that a firm stands where somebody says that it does: judgement; a list may be old."""


def _with_positions(
    edition: Edition, rows: Iterable[Placement], exhibiting: Iterable[Participation], items: Iterable[MarketItem]
) -> list[Placement]:
    """The placements as firms correct them: none where a firm says that it does not stand, those that it names
    added, and of a firm that names any none guessed from its description."""
    participation_of = {position.firm_id: position.pk for position in exhibiting}
    positions = [
        position
        for position in ChainPosition.objects.filter(
            firm__in=participation_of, node__chain__in=chains_of_edition(edition)
        ).order_by("pk")
        if position.state != ChainPosition.State.DENIED
    ]
    speaking = {
        participation_of[position.firm_id] for position in positions if position.state != ChainPosition.State.LISTED
    }
    stands = {(participation_of[position.firm_id], position.node_id) for position in positions}
    kept = [
        row
        for row in _without_denied(rows, items, exhibiting)
        if not _is_guess_of(row, speaking) and not (_is_of_firm(row) and (row.participation_id, row.node_id) in stands)
    ]
    return kept + [
        Placement(
            edition=edition,
            participation_id=participation_of[position.firm_id],
            side=Placement.Side.OFFER,
            node_id=position.node_id,
            confidence=SURE[ChainPosition.State(position.state)],
            evidence=[["said", position.state]],
            position=position,
        )
        for position in positions
    ]


def _is_of_firm(row: Placement) -> bool:
    """Whether the row places a capability of the firm, neither an offer nor a need."""
    return row.offer_id is None and row.need_id is None


def _is_guess_of(row: Placement, participations: set[int]) -> bool:
    """Whether it was guessed from the description of one of these participants."""
    led = tuple(row.evidence[0]) if row.evidence else ()
    own = led == SAID_OUTPUT or led[:1] == (EvidenceKind.PLANT,)
    return _is_of_firm(row) and not own and row.participation_id in participations


def _without_denied(
    rows: Iterable[Placement], items: Iterable[MarketItem], exhibiting: Iterable[Participation] = ()
) -> list[Placement]:
    """The rows without offers and capabilities at nodes that their firm has denied."""
    firm_of = {item.participation_id: item.participation.firm_id for item in items}
    firm_of |= {participation.pk: participation.firm_id for participation in exhibiting}
    refused = ChainPosition.objects.filter(state=ChainPosition.State.DENIED, firm__in=set(firm_of.values()))
    denied = set(refused.values_list("firm_id", "node_id"))
    return [
        row
        for row in rows
        if row.side == Placement.Side.NEED or (firm_of.get(row.participation_id), row.node_id) not in denied
    ]


def _as_stated(
    placed: Iterable[placing.Placement],
    items: Iterable[MarketItem],
    nodes: dict[tuple[str, str], Node],
    chains: Iterable[Chain],
) -> list[placing.Placement]:
    """The placements, with the node that a firm has stated for an item instead of all guessed ones."""
    here = {chain.pk for chain in chains}
    key_of = {node.pk: key for key, node in nodes.items() if node.chain_id in here}
    stated = {item_key(item): key_of[item.node_id] for item in items if item.node_id in key_of}
    unstated = [placement for placement in placed if placement.item not in stated]
    return unstated + [placing.Placement(item, chain, node, STATED, ()) for item, (chain, node) in stated.items()]


def _row(
    edition: Edition,
    placement: placing.Placement,
    nodes: dict[tuple[str, str], Node],
    participation_of: dict[str, int],
) -> Placement:
    side, key = placement.item.split("-")
    return Placement(
        edition=edition,
        participation_id=participation_of[placement.item],
        offer_id=int(key) if side == "offer" else None,
        need_id=int(key) if side == "need" else None,
        side=Placement.Side.NEED if side == "need" else Placement.Side.OFFER,
        node=nodes[placement.chain, placement.node],
        confidence=placement.confidence,
        evidence=[[evidence.kind, evidence.what] for evidence in placement.evidence],
    )


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Placement]:
    """All placements for an organiser; for others their own, and those of visible participants and of visible, named
    items that are more likely right than not."""
    rows = Placement.objects.filter(edition=edition)
    if user.has_perm("expo.read_meetings", edition):
        return rows
    own = Q(participation__in=acted_for(user, edition).values("pk"))
    visible = Q(participation__in=participations_visible_to(user, edition).values("pk"))
    offers = Q(offer__in=items_visible_to(user, edition, Offer).filter(anonymous=False).values("pk"))
    needs = Q(need__in=items_visible_to(user, edition, Need).filter(anonymous=False).values("pk"))
    described = Q(offer=None, need=None)
    return rows.filter(own | (visible & (described | offers | needs) & Q(confidence__gte=CONFIDENT)))
