"""Who should meet whom in an edition, with the reasons in the reader's language."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.chains.domain import as_world_chain, chains_of_edition, descriptions_of, item_key, items_of, placed_key
from serai.expo.chains.models import Node, Placement
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.directory import EXHIBITING
from serai.expo.market.models import MarketItem, Need, Offer
from serai.expo.meetings.models import Wish
from serai.expo.text import in_language
from serai.match.partners import Firm, Match, Relation, partners
from serai.match.placing import Evidence, EvidenceKind
from serai.match.placing import Placement as Placed
from serai.match.reasons import explain
from serai.world.chains import Chain

RELATIONS: dict[Relation, Promise] = {
    Relation.SUPPLIER: _("could supply it"),
    Relation.CUSTOMER: _("could buy from it"),
}


@dataclass(frozen=True)
class Partner:
    """A partner for a participant, with the reasons as sentences."""

    participation: Participation
    match: Match
    sentences: tuple[str, ...]

    @property
    def relation_label(self) -> Promise:
        return RELATIONS[self.match.relation]

    @property
    def is_public(self) -> bool:
        """Whether the partner has a page in the directory."""
        return self.participation.kind in EXHIBITING


def partners_of(participation: Participation, *, public: bool, most: int = 20) -> list[Partner]:
    """The best partners of one participant. With ``public`` only exhibitors are considered, since a buyer's need is its
    own affair. Only its own nodes and their neighbours are looked at, so that a page need not wait.

    Call inside of the edition's scope.
    """
    edition = participation.edition
    own = set(Placement.objects.filter(participation=participation).values_list("node__chain__slug", "node__code"))
    chains = [as_world_chain(chain) for chain in chains_of_edition(edition)]
    nearby = [_around(chain, {code for slug, code in own if slug == chain.slug}) for chain in chains]
    seen = Q(participation__kind__in=EXHIBITING) | Q(participation=participation) if public else Q()
    placements = Placement.objects.filter(
        seen,
        node__in=[
            pk
            for pk, slug, code in Node.objects.values_list("pk", "chain__slug", "code")
            if any(chain.slug == slug and code in chain.layers for chain in nearby)
        ],
    )
    found = _matched(edition, placements, nearby, most)
    return found.partners({participation.pk}, chains).get(participation.pk, [])


def _around(chain: Chain, codes: set[str]) -> Chain:
    """The part of the chain that touches the nodes named: they, their neighbours, and the edges between."""
    edges = tuple(edge for edge in chain.edges if codes.intersection(edge))
    kept = codes.union(*edges)
    return replace(chain, nodes=tuple(node for node in chain.nodes if node.code in kept), edges=edges)


def partners_of_edition(edition: Edition, *, most: int = 10) -> dict[int, list[Partner]]:
    """The best partners of every participant, by the primary key of its participation."""
    with scope(edition=edition):
        chains = [as_world_chain(chain) for chain in chains_of_edition(edition)]
        return _matched(edition, Placement.objects.filter(edition=edition), chains, most).partners(None, chains)


@dataclass(frozen=True)
class _Matched:
    """What the matcher found, and how each item is called in the reader's language."""

    matches: dict[str, list[Match]]
    names: dict[str, str]

    def partners(self, wanted: set[int] | None, chains: list[Chain]) -> dict[int, list[Partner]]:
        """The partners of the participants wanted (of all when None), with the reasons as sentences."""
        matches = {int(firm): found for firm, found in self.matches.items() if wanted is None or int(firm) in wanted}
        language = get_language() or "en"
        participation_of = Participation.objects.select_related("firm").in_bulk(
            {int(match.partner) for found in matches.values() for match in found}
        )
        return {
            firm: [
                Partner(
                    participation_of[int(match.partner)],
                    match,
                    tuple(explain(reason, language, self.names, chains) for reason in match.reasons),
                )
                for match in found
            ]
            for firm, found in matches.items()
        }


def _matched(edition: Edition, placements: QuerySet[Placement], chains: list[Chain], most: int) -> _Matched:
    rows = list(
        placements.filter(participation__state=Participation.State.CONFIRMED)
        .select_related("node__chain")
        .order_by("pk")
    )
    known: list[MarketItem] = [
        *Offer.objects.filter(pk__in={row.offer_id for row in rows}).select_related("participation__firm"),
        *Need.objects.filter(pk__in={row.need_id for row in rows}).select_related("participation__firm"),
    ]
    described = Participation.objects.filter(
        pk__in={row.participation_id for row in rows if not (row.need_id or row.offer_id)}
    )
    keys = {(row.participation_id, placed_key(row)) for row in rows}
    held: dict[int, list[str]] = defaultdict(list)
    for participation, key in sorted(keys):
        held[participation].append(key)
    found = partners(
        [Firm(str(participation), tuple(keys)) for participation, keys in held.items()],
        [*items_of(known), *descriptions_of(described.select_related("firm"))],
        [_placed(row) for row in rows],
        chains,
        per_firm=most,
        excluded=_refused(edition),
    )
    # What a firm's description offers is called by the node that it points to most surely.
    names = {
        placed_key(row): str(in_language(row.node.title)) for row in sorted(rows, key=lambda row: row.confidence)
    } | {item_key(item): str(in_language(item.title)) for item in known}
    return _Matched(found, names)


def _placed(row: Placement) -> Placed:
    return Placed(
        item=placed_key(row),
        chain=row.node.chain.slug,
        node=row.node.code,
        confidence=row.confidence,
        evidence=tuple(Evidence(EvidenceKind(kind), what) for kind, what in row.evidence),
    )


def _refused(edition: Edition) -> frozenset[tuple[str, str]]:
    """Pairs of which one side said no thanks, both ways round."""
    vetoes = Wish.objects.filter(edition=edition, strength=Wish.Strength.NO_THANKS).values_list(
        "wisher_id", "wished_id"
    )
    return frozenset(
        pair for wisher, wished in vetoes for pair in ((str(wisher), str(wished)), (str(wished), str(wisher)))
    )
