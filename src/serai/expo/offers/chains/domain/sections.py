"""The sections of a fair that stand for chains."""

from collections.abc import Iterable

from django.db.models import Q
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import User
from serai.world import chains as world


def choosable_chains(edition: Edition) -> list[Chain | world.Chain]:
    """The chains of which a fair may choose: all that are built in, and those of its organisation that have a link."""
    own = Q(organisation=edition.organisation_id, nodes__isnull=False)
    usable = Chain.objects.filter(Q(organisation=None) | own).distinct()
    rows = {row.slug: row for row in usable}
    built_in = [rows.pop(chain.slug, chain) for chain in world.builtin_chains(world.BUILTIN)]
    return [*built_in, *rows.values()]


@made_once
def set_sections(edition: Edition, chains: Iterable[str], *, user: User | None = None) -> int:
    """Give the edition one section for each of these chains, in their order; a section in use stays.

    A built-in chain that no fair had chosen becomes rows.

    Returns how many sections the edition has then.
    """
    wanted = list(chains)
    load_builtin_chains(slug for slug in wanted if slug in world.BUILTIN)
    with scope(edition=edition):
        of_chains = Section.objects.filter(edition=edition, chain__isnull=False).select_related("chain")
        existing = {section.chain.slug: section for section in of_chains if section.chain}
        for slug, section in existing.items():
            if slug not in wanted and not Participation.objects.filter(section=section).exists():
                record("section.removed", section, before=state(section), user=user, edition=edition)
                section.delete()
        for order, slug in enumerate(wanted, start=1):
            if slug not in existing:
                chain = Chain.objects.get(slug=slug)
                made = Section.objects.create(edition=edition, slug=slug, title=chain.title, chain=chain, order=order)
                record("section.made", made, after=state(made), user=user, edition=edition)
        return Section.objects.filter(edition=edition).count()


def set_sections_of_mission(edition: Edition, user: User | None) -> None:
    """Give a new edition a section for each chain of the mission."""
    set_sections(edition, world.MISSION, user=user)
