"""How an edition stands on a chain: who offers at each node, who needs it, where nobody does."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.chains.domain.positions import GUESSED, HOW_SURE, surest
from serai.expo.offers.chains.models import Chain, Node, Placement


@dataclass(frozen=True)
class NodeStanding:
    """A node with its exhibitors: how many offer there, from how many countries, and how many needs point at it.

    ``known`` counts the exhibitors by whom it is known that they stand there (``positions.HOW_SURE``).

    A placement below half confidence is not counted: a guess should not close a gap.
    """

    node: Node
    exhibitors: int
    countries: tuple[str, ...]
    needs: int
    examples: tuple[Participation, ...] = field(default=())
    known: Mapping[str, int] = field(default_factory=dict)

    @property
    def how_sure(self) -> tuple[tuple[str, int], ...]:
        """In words by whom it is known, with the number of exhibitors, the surest first."""
        return tuple((str(words), self.known[name]) for name, words in HOW_SURE.items() if self.known.get(name))

    @property
    def is_guessed(self) -> bool:
        """Nobody has said or checked that anyone stands there."""
        return self.exhibitors > 0 and self.known.get(GUESSED, 0) == self.exhibitors

    @property
    def is_gap(self) -> bool:
        """Nobody at the fair offers this."""
        return self.exhibitors == 0

    @property
    def is_single_source(self) -> bool:
        """One exhibitor alone, or exhibitors of one country alone, offer this."""
        return self.exhibitors > 0 and len(self.countries) == 1


CONFIDENT = 0.5


def standing(edition: Edition, chain: Chain, *, examples: int = 0) -> list[NodeStanding]:
    """Every node of the chain in order, with its standing, by a fixed number of queries."""
    nodes = list(chain.nodes.select_related("stage"))
    offering, known = _offering(edition, chain)
    needs = dict(
        Placement.objects.filter(
            node__chain=chain,
            side=Placement.Side.NEED,
            confidence__gte=CONFIDENT,
            participation__state=Participation.State.CONFIRMED,
        )
        .order_by()
        .values_list("node_id")
        .annotate(n=Count("need", distinct=True))
    )
    shown = {pk for participants in offering.values() for pk in list(participants)[:examples]}
    participation_of = Participation.objects.select_related("firm").in_bulk(shown)
    return [
        NodeStanding(
            node=node,
            exhibitors=len(offering[node.pk]),
            countries=tuple(sorted(set(offering[node.pk].values()))),
            needs=needs.get(node.pk, 0),
            examples=tuple(participation_of[pk] for pk in list(offering[node.pk])[:examples]),
            known=known[node.pk],
        )
        for node in nodes
    ]


def _offering(edition: Edition, chain: Chain) -> tuple[Mapping[int, dict[int, str]], Mapping[int, Counter[str]]]:
    """Per node the exhibitors (and their countries) with an offer placed there, the surest first; and by whom it is
    known of how many of them."""
    offering: dict[int, dict[int, str]] = defaultdict(dict)
    states: dict[int, dict[int, list[str | None]]] = defaultdict(lambda: defaultdict(list))
    rows = (
        _sure_offers(edition)
        .filter(node__chain=chain)
        .order_by("-confidence", "participation__firm__sort_name", "pk")
        .values_list("node_id", "participation_id", "participation__firm__country", "position__state")
    )
    for node, participation, country, state in rows:
        offering[node].setdefault(participation, country)
        states[node][participation].append(state)
    counts = {
        node: Counter(surest(states_of_one) for states_of_one in of_node.values()) for node, of_node in states.items()
    }
    return offering, defaultdict(Counter, counts)


def _sure_offers(edition: Edition) -> QuerySet[Placement]:
    """Where those who take part offer something, more likely than not."""
    return Placement.objects.filter(
        edition=edition,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__state=Participation.State.CONFIRMED,
    )


def links(edition: Edition, chains: Iterable[Chain]) -> tuple[int, int]:
    """How many nodes of these chains are offered by somebody, and how many by nobody."""
    nodes = set(Node.objects.filter(chain__in=chains).values_list("pk", flat=True))
    offered = nodes.intersection(_sure_offers(edition).order_by().values_list("node_id", flat=True).distinct())
    return len(offered), len(nodes) - len(offered)


def chain_counts(edition: Edition) -> dict[str, int]:
    """How many exhibitors stand on each chain, by the chain's slug."""
    return dict(
        _sure_offers(edition)
        .order_by()
        .values_list("node__chain__slug")
        .annotate(n=Count("participation", distinct=True))
    )
