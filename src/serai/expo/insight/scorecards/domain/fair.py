"""What countries offer at a fair: their exhibitors, what they offer, and on which chains that stands."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors


@dataclass(frozen=True)
class AtTheFair:
    """Exhibitors, their published offers, and the nodes of chains (chain, node) at which they stand, by country."""

    exhibitors: dict[str, int]
    offers: dict[str, int]
    nodes: dict[str, tuple[tuple[str, str], ...]]

    def of(self, countries: Collection[str]) -> "AtTheFair":
        """Of these countries alone."""
        wanted = sorted(countries)
        return AtTheFair(
            {code: self.exhibitors[code] for code in wanted if code in self.exhibitors},
            {code: self.offers[code] for code in wanted if code in self.offers},
            {code: self.nodes[code] for code in wanted if code in self.nodes},
        )

    @property
    def total_exhibitors(self) -> int:
        return sum(self.exhibitors.values())

    @property
    def total_offers(self) -> int:
        return sum(self.offers.values())

    @property
    def all_nodes(self) -> list[tuple[str, str]]:
        """Every node at which one of them stands, once."""
        return sorted({node for nodes in self.nodes.values() for node in nodes})


def at_the_fair(edition: Edition) -> AtTheFair:
    """What each country offers at the fair, as the public sees it. Three queries; kept until a row changes."""
    return by_revision("offered by countries", [edition], lambda: _counted(edition))


def _counted(edition: Edition) -> AtTheFair:
    here = exhibitors(edition).order_by()
    firms = dict(here.values_list("firm__country").annotate(n=Count("firm", distinct=True)))
    offers = Offer.objects.filter(PUBLISHED, edition=edition, participation__in=here.values("pk"), anonymous=False)
    offered = dict(offers.order_by().values_list("participation__firm__country").annotate(n=Count("pk", distinct=True)))
    nodes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    placed = Placement.objects.filter(
        edition=edition,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__in=here.values("pk"),
    )
    rows = placed.order_by().values_list("participation__firm__country", "node__chain__slug", "node__code").distinct()
    for country, chain, node in rows:
        nodes[country].add((chain, node))
    return AtTheFair(firms, offered, {country: tuple(sorted(of_country)) for country, of_country in nodes.items()})
