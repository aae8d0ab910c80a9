"""Chain maps: the exhibitors and the needs of an edition at each node of a chain, the gaps, and how much is placed
at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.jobs.models import Job
from serai.expo.offers.chains.domain.positions import GUESSED, HOW_SURE, surest
from serai.expo.offers.chains.models import CONFIDENT, Chain, Node, Placement
from serai.expo.offers.market.models import PUBLISHED, Need, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors


@dataclass(frozen=True)
class NodeStanding:
    """A node with its exhibitors: how many offer there, from how many countries, and how many needs point at it.

    ``known`` counts the exhibitors by whom it is known that they stand there (``positions.HOW_SURE``).

    A placement below half confidence is not counted among them: a guess should not close a gap. ``perhaps`` counts the
    exhibitors that have no other there, and a node that has some is not missing either.
    """

    node: Node
    exhibitors: int
    countries: tuple[str, ...]
    needs: int
    examples: tuple[Participation, ...] = field(default=())
    known: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)
    perhaps: int = 0

    @property
    def how_sure(self) -> tuple[tuple[str, int], ...]:
        """Each source of the positions in words, with its number of exhibitors, the surest first."""
        return tuple((str(words), self.known[name]) for name, words in HOW_SURE.items() if self.known.get(name))

    @property
    def is_guessed(self) -> bool:
        """Nobody has said or checked that anyone stands there."""
        return self.exhibitors > 0 and self.known.get(GUESSED, 0) == self.exhibitors

    @property
    def is_gap(self) -> bool:
        """Nobody at the fair offers this, not even perhaps."""
        return self.exhibitors == 0 and not self.perhaps

    @property
    def is_undecided(self) -> bool:
        """Whoever offers this does so only perhaps: a person is to decide."""
        return self.exhibitors == 0 and self.perhaps > 0

    @property
    def is_single_source(self) -> bool:
        """One exhibitor alone, or exhibitors of one country alone, offer this."""
        return self.exhibitors > 0 and len(self.countries) == 1


MOST_EXAMPLES = 12
"""How many exhibitors of a node can be named; the directory has them all."""


@dataclass(frozen=True)
class _Counts:
    """What is counted at a node; ``first`` are the exhibitors that are surest to stand there, by primary key."""

    exhibitors: int = 0
    countries: tuple[str, ...] = ()
    first: tuple[int, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)


def standing(edition: Edition, chain: Chain, *, examples: int = 0) -> list[NodeStanding]:
    """Every node of the chain in order, with its standing and up to so many examples, by a fixed number of queries."""
    offering, needs, perhaps = by_revision(
        "standing of nodes",
        [edition, chain],
        lambda: (_offering(edition, chain), _needs(chain), _perhaps(edition, chain)),
    )
    shown = {number for counts in offering.values() for number in counts.first[:examples]}
    participation_of = Participation.objects.select_related("firm").in_bulk(shown)
    nobody = _Counts()
    return [
        NodeStanding(
            node=node,
            exhibitors=counts.exhibitors,
            countries=counts.countries,
            needs=needs.get(node.pk, 0),
            examples=tuple(participation_of[number] for number in counts.first[:examples]),
            known=counts.known,
            by_country=counts.by_country,
            perhaps=perhaps.get(node.pk, 0),
        )
        for node in chain.nodes.select_related("stage")
        for counts in [offering.get(node.pk, nobody)]
    ]


def _needs(chain: Chain) -> dict[int, int]:
    """How many needs point at each node."""
    return dict(sure_needs(chain).order_by().values_list("node_id").annotate(n=Count("need", distinct=True)))


def _offering(edition: Edition, chain: Chain) -> dict[int, _Counts]:
    """Per node who has an offer placed there, from which countries, and by whom it is known of how many."""
    countries: dict[int, dict[int, str]] = defaultdict(dict)  # of the exhibitors of a node, the surest first
    states: dict[int, dict[int, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        sure_offers(edition)
        .filter(node__chain=chain)
        .order_by("-confidence", "participation__firm__sort_name", "pk")
        .values_list("node_id", "participation_id", "participation__firm__country", "position__state")
    )
    for node, participation, country, state in rows:
        countries[node].setdefault(participation, country)
        states[node][participation].append(state)
    return {
        node: _Counts(
            exhibitors=len(countries_of),
            countries=tuple(sorted(set(countries_of.values()))),
            first=tuple(islice(countries_of, MOST_EXAMPLES)),
            known=Counter(surest(states_of) for states_of in states[node].values()),
            by_country=Counter(countries_of.values()),
        )
        for node, countries_of in countries.items()
    }


def _perhaps(edition: Edition, chain: Chain) -> dict[int, int]:
    """How many exhibitors stand at each node only with less than half confidence."""
    surest: dict[tuple[int, int], float] = {}
    rows = offers_placed(edition).filter(node__chain=chain).order_by()
    for node, participation, confidence in rows.values_list("node_id", "participation_id", "confidence"):
        surest[node, participation] = max(surest.get((node, participation), 0.0), confidence)
    return dict(Counter(node for (node, _participation), confidence in surest.items() if confidence < CONFIDENT))


def sure_needs(chain: Chain) -> QuerySet[Placement]:
    """Placements of needs of confirmed participants on a chain with a confidence of at least one half."""
    return Placement.objects.filter(
        node__chain=chain,
        side=Placement.Side.NEED,
        confidence__gte=CONFIDENT,
        participation__state=Participation.State.CONFIRMED,
    )


def sure_offers(edition: Edition) -> QuerySet[Placement]:
    """Placements of offers of confirmed participants with a confidence of at least one half."""
    return offers_placed(edition).filter(confidence__gte=CONFIDENT)


def offers_placed(edition: Edition) -> QuerySet[Placement]:
    """Placements of offers of confirmed participants, however sure."""
    return Placement.objects.filter(
        edition=edition, side=Placement.Side.OFFER, participation__state=Participation.State.CONFIRMED
    )


def links(edition: Edition, chains: Iterable[Chain]) -> tuple[int, int]:
    """How many nodes of these chains are offered surely by somebody, and how many are not."""
    nodes = set(Node.objects.filter(chain__in=chains).values_list("pk", flat=True))
    offered = nodes.intersection(sure_offers(edition).order_by().values_list("node_id", flat=True).distinct())
    return len(offered), len(nodes) - len(offered)


def missing(edition: Edition, chains: Iterable[Chain]) -> int:
    """How many nodes of these chains nobody offers, not even perhaps."""
    placed = offers_placed(edition).order_by().values("node")
    return Node.objects.filter(chain__in=chains).exclude(pk__in=placed).count()


def chain_counts(edition: Edition) -> Mapping[str, int]:
    """How many exhibitors stand on each chain, by the chain's slug."""
    placed = sure_offers(edition).order_by().values_list("node__chain__slug")
    return by_revision(
        "chain counts", [edition], lambda: dict(placed.annotate(n=Count("participation", distinct=True)))
    )


@dataclass(frozen=True)
class Coverage:
    """Numbers of published offers and needs, and of those that are placed."""

    offers: int
    offers_placed: int
    needs: int
    needs_placed: int


def coverage(edition: Edition) -> Coverage:
    """The coverage of an edition, in four queries."""
    placed = Placement.objects.filter(edition=edition)
    offers, needs = (Offer.objects.filter(PUBLISHED, edition=edition), Need.objects.filter(PUBLISHED, edition=edition))
    return Coverage(
        offers.count(),
        placed.filter(offer__in=offers).values("offer").distinct().count(),
        needs.count(),
        placed.filter(need__in=needs).values("need").distinct().count(),
    )


SURE, UNSURE, WAITING, OTHER_TRADE, SILENT = "sure", "unsure", "waiting", "other", "silent"
STANDINGS: Mapping[str, str | Promise] = {
    SURE: gettext_lazy("Surely on a chain"),
    UNSURE: gettext_lazy("Perhaps on a chain"),
    WAITING: gettext_lazy("Not placed yet"),
    OTHER_TRADE: gettext_lazy("Other trade: their words fit no chain of the fair"),
    SILENT: gettext_lazy("Nothing to place by: no description, no offer, no code"),
}
"""How an exhibitor stands to the chains of its fair. Every exhibitor stands in exactly one of these ways."""


def awaits_placing(edition: Edition) -> bool:
    """Whether who stands nowhere was perhaps not looked at yet: a placing is asked for, or there was never one."""
    jobs = Job.objects.filter(edition=edition, kind="placing").order_by("-pk")
    latest = jobs.values_list("ended", flat=True).first()
    if latest in ("", Job.State.DONE):
        return latest == ""
    return not Placement.objects.filter(edition=edition).exists()


def in_standing(edition: Edition, name: str) -> QuerySet[Participation]:
    """The exhibitors that stand in one of the ways of `STANDINGS`. Raises KeyError."""
    # Sets made once: asked exhibitor by exhibitor, SQLite reads every placement of the fair for each of them.
    placed = Placement.objects.filter(edition=edition, side=Placement.Side.OFFER)
    sure = Q(pk__in=placed.filter(confidence__gte=CONFIDENT).values("participation"))
    any_ = Q(pk__in=placed.values("participation"))
    offers = Offer.objects.filter(PUBLISHED, edition=edition).values("participation")
    says = ~Q(firm__description={}) | ~Q(firm__isic=[]) | Q(pk__in=offers)
    awaits = awaits_placing(edition)
    nobody = Q(pk__in=())
    conditions: Mapping[str, tuple[Any, ...]] = {
        SURE: (sure,),
        UNSURE: (any_, ~sure),
        WAITING: (~any_, says) if awaits else (nobody,),
        OTHER_TRADE: (nobody,) if awaits else (~any_, says),
        SILENT: (~any_, ~says),
    }
    return exhibitors(edition).filter(*conditions[name]).select_related("firm")


def standings(edition: Edition) -> dict[str, int]:
    """How many exhibitors stand in each way, in the order of `STANDINGS`; they sum to all exhibitors."""
    return by_revision(
        "standings on chains", [edition], lambda: {name: in_standing(edition, name).count() for name in STANDINGS}
    )
