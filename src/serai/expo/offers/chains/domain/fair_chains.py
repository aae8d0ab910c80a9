"""The chains of a fair: the sections that stand for them, and the placing of its firms after a change of a chain or
of their words.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import ngettext
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.jobs.domain import Ended
from serai.expo.fairs.jobs.models import Job
from serai.expo.firms.record.models import Firm
from serai.expo.offers.chains.domain.placements import (
    load_builtin_chains,
    place_again,
    place_edition,
    place_participation,
)
from serai.expo.offers.chains.models import Chain, ChainVersion
from serai.expo.offers.search.domain.index import index_later, refresh_tokens
from serai.expo.people.account.models import User
from serai.world import chains as world
from serai.world.progress import Progress


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


def refresh_everywhere(firm: Firm) -> None:
    """Write the firm's search text anew at all its fairs, and its placements at those that are not over."""
    with scopes_disabled():
        refresh_tokens(Participation.objects.filter(firm=firm))
        open_fairs = Participation.objects.filter(firm=firm).exclude(edition__state="closed").select_related("edition")
        participations = list(open_fairs)
    for participation in participations:
        _place(participation)


def refresh(participation: Participation) -> None:
    """Write search text and placements of a participant anew after a change of its words."""
    with scope(edition=participation.edition):
        refresh_tokens(Participation.objects.filter(pk=participation.pk))
    _place(participation)


def _place(participation: Participation) -> None:
    with scope(edition=participation.edition):
        place_participation(participation)
    index_later(participation.edition)


def place_after_change(job: Job, progress: Progress) -> Ended:
    """Place those anew whom a version of a chain touches; all of the fair if that can't be told."""
    version = ChainVersion.objects.filter(pk=job.given["version"]).first()
    touched = version.touched.get(str(job.edition.pk)) if version else []
    if touched is None:
        count = place_edition(job.edition, progress)
    else:
        count = place_again(job.edition, touched, progress) if touched else 0
    return Ended(ngettext("%d placement was made.", "%d placements were made.", count) % count)
