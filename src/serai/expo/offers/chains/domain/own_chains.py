"""The chains of an organisation: begun, copied from a built-in one, changed by pages, files and calls, and taken
back.

Every change makes a version of the whole chain. A version in which nothing is left to be done becomes the rows of the
chain, and firms are placed anew at the fairs that use it. One that is not finished waits as the newest version. At a
fair that uses a built-in chain, the copy of it takes its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import entry, record, record_all, state
from serai.expo.base.rooms import Hook
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.jobs.domain import start
from serai.expo.offers.chains.domain.chain_edits import Effect, effect
from serai.expo.offers.chains.domain.chain_maps import OTHER_TRADE, UNSURE
from serai.expo.offers.chains.domain.chain_rows import write_rows
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import as_world_chain, chains_of_edition, load_builtin_chains
from serai.expo.offers.chains.models import Chain, ChainPosition, ChainVersion, Node, Placement, PlacementDecision
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.world import chains as world

Kind = ChainVersion.Kind
PLACING = "chain-placing"
"""The job that places firms anew after a change of a chain."""
RESERVED = (*world.BUILTIN, OTHER_TRADE, UNSURE)
"""Addresses that no chain of an organisation has."""
MOST_BYTES = 1_000_000
"""Of the file of a chain."""


class ChainRefusedError(ValueError):
    """Why a chain, or a change of it, is not taken: one sentence a line."""

    @property
    def sentences(self) -> list[str]:
        return str(self).splitlines()


@dataclass(frozen=True)
class Standing:
    """How far a chain is: its newest version, what that still needs before fairs can use it, and what would help."""

    document: world.Chain
    version: ChainVersion
    unfinished: tuple[str, ...]
    missing: tuple[str, ...]


def own_chains(edition: Edition) -> QuerySet[Chain]:
    """The chains of the organisation that holds the edition."""
    return Chain.objects.filter(organisation=edition.organisation_id)


def newest(chain: Chain) -> ChainVersion:
    """The newest version of an organisation's chain; its first is made of its rows where there is none yet."""
    version = chain.versions.first()
    if version is None:
        from_rows = world.write_chain(as_world_chain(chain))
        version = ChainVersion.objects.create(chain=chain, number=1, kind=Kind.NEW, content=from_rows, in_use=True)
    return version


def document_of(version: ChainVersion) -> world.Chain:
    """The chain that a version keeps."""
    slug = version.chain.slug
    return world.parse_chain(version.content.encode(), slug, name=f"{slug}.toml")


def standing(chain: Chain) -> Standing:
    """How far an organisation's chain is."""
    version = newest(chain)
    document = document_of(version)
    return Standing(document, version, world.unfinished_in(document), world.missing_in(document))


def check_size(content: bytes) -> None:
    """Raise ChainRefusedError for a file that is too large to be that of a chain."""
    if len(content) > MOST_BYTES:
        raise ChainRefusedError(_("The file of a chain has at most %d MB.") % (MOST_BYTES // 1_000_000))


def read_file(content: bytes, slug: str, *, name: str) -> world.Chain:
    """The chain of a file. Raises ChainRefusedError for one that is too large, no chain, or not whole."""
    check_size(content)
    try:
        document = world.parse_chain(content, slug, name=name)
    except world.ChainError as error:
        raise ChainRefusedError(str(error)) from None
    if faults := (*world.wrong_in(document), *world.unfinished_in(document)):
        raise ChainRefusedError("\n".join(f"{name}: {fault}" for fault in faults))
    return document


@transaction.atomic
def begin(
    edition: Edition, document: world.Chain, kind: str, *, user: User | None, source: str = "", copied_from: str = ""
) -> Chain:
    """A new chain of the edition's organisation. Raises ChainRefusedError if its address is taken or it is wrong."""
    _check(document)
    if document.slug in (OTHER_TRADE, UNSURE):
        raise ChainRefusedError(_("“%s” is the address of the firms on no chain. Give another.") % document.slug)
    if document.slug in world.BUILTIN:
        raise ChainRefusedError(
            _("“%s” is the address of a chain that comes with Serai. Copy that chain, or give the file another name.")
            % document.slug
        )
    if Chain.objects.filter(slug=document.slug).exists():
        raise ChainRefusedError(_("The address “%s” is taken by another chain. Give another.") % document.slug)
    chain = Chain.objects.create(
        organisation=edition.organisation,
        slug=document.slug,
        title=dict(document.title),
        summary=dict(document.summary),
        order=own_chains(edition).count() + len(world.BUILTIN) + 1,
        copied_from=copied_from,
    )
    record("chain.begun", chain, after=state(chain), user=user, edition=edition)
    _keep(chain, document, kind, user=user, edition=edition, source=source, moves={})
    return chain


def free_slug(wanted: str) -> str:
    """An address for a chain that nobody has: ``wanted``, or that with a number."""
    taken = {*Chain.objects.filter(slug__startswith=wanted).values_list("slug", flat=True), *RESERVED}
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def save_version(
    chain: Chain,
    document: world.Chain,
    kind: str,
    *,
    user: User | None,
    edition: Edition,
    source: str = "",
    moves: Mapping[str, str] | None = None,
    after: int | None = None,
) -> ChainVersion | None:
    """Keep a changed chain as its newest version, and let the fairs use it if nothing is left to be done.

    ``moves`` says for a removed node to which one its firms go. ``after`` is the number of the version that was
    changed. Returns None if nothing differs from the newest version. Raises ChainRefusedError for what is wrong in it,
    and if somebody has changed the chain since ``after``.
    """
    locked = Chain.objects.select_for_update().get(pk=chain.pk)
    present = newest(locked)
    if after is not None and present.number != after:
        who = str(present.made_by or "") or _("somebody")
        raise ChainRefusedError(
            _("%s has changed this chain meanwhile. Look at it anew and make your change again.") % who
        )
    _check(document)
    if world.write_chain(document) == present.content:
        return None
    return _keep(locked, document, kind, user=user, edition=edition, source=source, moves=moves or {})


def take_back(chain: Chain, number: int, *, user: User | None, edition: Edition) -> ChainVersion | None:
    """Make an earlier version the newest one again. Raises ChainVersion.DoesNotExist."""
    earlier = chain.versions.select_related("chain").get(number=number)
    return save_version(chain, document_of(earlier), Kind.RETURN, user=user, edition=edition, source=str(number))


@transaction.atomic
def remove(chain: Chain, *, user: User | None, edition: Edition) -> None:
    """Remove a chain of the organisation. Raises ChainRefusedError while a fair uses it."""
    with scopes_disabled():
        section = Section.objects.filter(chain=chain).select_related("edition").first()
    if section is not None:
        raise ChainRefusedError(_("A fair uses this chain: %s. Take it out of its sections first.") % section.edition)
    record("chain.removed", chain, before=state(chain), user=user, edition=edition)
    with scopes_disabled():
        chain.delete()


def _check(document: world.Chain) -> None:
    if faults := world.wrong_in(document):
        raise ChainRefusedError("\n".join(faults))


def _keep(
    chain: Chain,
    document: world.Chain,
    kind: str,
    *,
    user: User | None,
    edition: Edition,
    source: str,
    moves: Mapping[str, str],
) -> ChainVersion:
    """Keep a version; of one in which nothing is left to be done make rows and have firms placed."""
    last = chain.versions.first()
    version = ChainVersion(
        chain=chain,
        number=last.number + 1 if last else 1,
        kind=kind,
        source=source[:255],
        content=world.write_chain(document),
        in_use=not world.unfinished_in(document),
        moves=dict(moves),
        made_by=user,
    )
    fairs: list[Edition] = []
    if version.in_use:
        done = effect(as_world_chain(chain), document)
        fairs = [] if done.is_none else editions_using(chain)
        version.touched = {str(fair.pk): _touched(fair, chain, done) for fair in fairs}
        write_rows(chain, document, _moves_until(version), user=user, edition=edition)
    version.save()
    details = {"chain": chain.slug, "number": version.number, "in_use": version.in_use, "moves": dict(moves)}
    record("chainversion.made", version, after=details, user=user, edition=edition)
    for fair in fairs:
        start(fair, PLACING, user=user, version=version.pk)
    return version


def _moves_until(version: ChainVersion) -> dict[str, str]:
    """Where the firms of nodes go that were removed since a version was last in use, this one included."""
    moves: dict[str, str] = {}
    in_use = version.chain.versions.filter(in_use=True).first()
    waiting = version.chain.versions.filter(number__gt=in_use.number if in_use else 0)
    for given in [*waiting.order_by("number").values_list("moves", flat=True), version.moves]:
        moves = {code: given.get(to, to) for code, to in moves.items()} | given
    return moves


def editions_using(chain: Chain) -> list[Edition]:
    """The fairs of the chain's organisation that are not closed and use it."""
    fairs = Edition.objects.filter(organisation=chain.organisation_id).exclude(state=Edition.State.CLOSED)
    return [fair for fair in fairs if chain in chains_of_edition(fair)]


def _touched(fair: Edition, chain: Chain, done: Effect) -> Sequence[int] | None:
    """The participants of a fair that are placed anew, by primary key; None for all.

    Where nodes only go, those are touched who stood there. A node that is new or reads anew may take anybody.
    """
    if done.read_anew:
        return None
    with scope(edition=fair):
        stood = Placement.objects.filter(edition=fair, node__chain=chain, node__code__in=done.removed)
        return sorted(set(stood.values_list("participation_id", flat=True)))


def use(edition: Edition, chain: Chain, *, user: User | None) -> None:
    """Give the fair a section for a chain of its organisation. Raises ChainRefusedError while it is not finished."""
    if not chain.nodes.exists():
        raise ChainRefusedError(_("This chain has no node that can be used yet. Finish it first."))
    with scope(edition=edition):
        present = Section.objects.filter(edition=edition, chain__isnull=False).values_list("chain__slug", flat=True)
        slugs = [*present, chain.slug]
    set_sections(edition, dict.fromkeys(slugs), user=user)
    start(edition, "placing", user=user)


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
