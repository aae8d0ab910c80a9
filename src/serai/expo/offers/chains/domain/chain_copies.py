"""A built-in chain is copied for an organisation; at a fair that uses it the copy takes its place."""

from dataclasses import replace

from django.db import transaction
from django_scopes import scope

from serai.expo.base.audit.domain.entries import entry, record, record_all, state
from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.offers.chains.domain.own_chains import begin, free_slug
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain, ChainPosition, ChainVersion, Node, Placement, PlacementDecision
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.world import chains as world

chain_replaced = Hook[[Edition, Chain, Chain, User | None], None]("a chain takes the place of another at a fair")
"""Called with the fair, the chain that it used, the chain that it uses instead, and who asked for it."""


@transaction.atomic
def copy_builtin(edition: Edition, slug: str, *, user: User | None) -> Chain:
    """A copy of a built-in chain, for the organisation to change. Raises ChainError for a slug that there is not.

    Where the fair has a section for the chain, the section is for the copy from now on, and all stays where it stands.
    """
    (original,) = world.builtin_chains((slug,))
    address = free_slug(f"{slug}-{edition.organisation.slug}"[:45])
    document = replace(original, slug=address)
    copy = begin(edition, document, ChainVersion.Kind.COPY, user=user, source=slug, copied_from=slug)
    with scope(edition=edition):
        if Section.objects.filter(edition=edition, chain__slug=slug).exists():
            (row,) = load_builtin_chains((slug,))
            _take_its_place(edition, row, copy, user=user)
    return copy


def _take_its_place(edition: Edition, old: Chain, new: Chain, *, user: User | None) -> None:
    for section in Section.objects.filter(edition=edition, chain=old):
        before = state(section)
        section.chain = new
        section.save(update_fields=["chain"])
        record("section.changed", section, before=before, after=state(section), user=user, edition=edition)
    node_of = {node.code: node for node in new.nodes.all()}
    for node in old.nodes.all():
        for model in (Offer, Need, Placement, PlacementDecision):
            model.objects.filter(edition=edition, node=node).update(node=node_of[node.code])
    _copy_positions(edition, old, node_of, user=user)
    chain_replaced.call(edition, old, new, user)


def _copy_positions(edition: Edition, old: Chain, node_of: dict[str, Node], *, user: User | None) -> None:
    """What firms of the fair said of the chain holds for the copy too; other fairs still read the original."""
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    positions = list(ChainPosition.objects.filter(node__chain=old, firm__in=here).select_related("node"))
    for position in positions:
        position.pk, position.node = None, node_of[position.node.code]
        position._state.adding = True
    made = ChainPosition.objects.bulk_create(positions)
    record_all([entry("chainposition.copied", row, after=state(row), user=user, edition=edition) for row in made])
    by_place = {(row.firm_id, row.node_id): row for row in made}
    placed = list(
        Placement.objects.filter(edition=edition, node__in=node_of.values(), position__isnull=False).select_related(
            "participation"
        )
    )
    for row in placed:
        row.position = by_place.get((row.participation.firm_id, row.node_id))
    Placement.objects.bulk_update(placed, ["position"], batch_size=500)
