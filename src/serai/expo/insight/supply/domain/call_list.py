"""Needs that nobody at the fair answers yet, and whom an organiser calls: firms of its earlier fairs, and boards of
countries.

A node calls for makers where nobody offers it here, or all who do are of one country. A firm adds what it once
offered at such nodes; a country adds its share in the world's supply of them. Both are ranked by the open needs that
they would meet, and then by the gaps that they would close.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_scopes import scopes_disabled

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.chains.domain.chain_maps import NodeStanding, sure_needs, sure_offers
from serai.expo.offers.chains.models import CONFIDENT, Chain, Placement

MOST = 20
LEAST_SHARE = 0.03
"""Share in the world's supply of a node from which a country's board is called for it."""


@dataclass(frozen=True)
class Wanted:
    """A node that calls for makers: nobody offers it, or those of one country alone; and the needs that wait there."""

    chain: Chain
    place: NodeStanding
    unanswered: int
    world: Mapping[str, Any]


@dataclass(frozen=True)
class FirmToCall:
    """A firm of an earlier fair that does not take part, and the wanted nodes at which it offered something."""

    firm: Firm
    nodes: Sequence[Wanted]
    needs: int
    gaps: int


@dataclass(frozen=True)
class CountryToCall:
    """A country whose makers are called for, with its share in the world's supply of each wanted node."""

    country: str
    nodes: Sequence[tuple[Wanted, float]]
    needs: float
    """Open needs, each counted by the share of the country in the world's supply of the node."""


def firms_to_call(edition: Edition, wanted: Sequence[Wanted]) -> list[FirmToCall]:
    """Firms of earlier fairs of the organisation that would add most, the first first."""
    node_of = {node.place.node.pk: node for node in wanted}
    here = Participation.objects.filter(edition=edition).order_by().values("firm")
    with scopes_disabled():
        rows = (
            Placement.objects.filter(
                edition__organisation=edition.organisation_id,
                edition__starts_on__lt=edition.starts_on,
                side=Placement.Side.OFFER,
                confidence__gte=CONFIDENT,
                node__in=list(node_of),
                participation__state=Participation.State.CONFIRMED,
            )
            .exclude(edition=edition)
            .exclude(participation__firm__in=list(here.values_list("firm", flat=True)))
            .order_by("node__order")
            .values_list("participation__firm_id", "node_id", "participation__firm__country")
            .distinct()
        )
        nodes: dict[int, dict[int, Wanted]] = defaultdict(dict)
        for firm, node, country in rows:
            if node_of[node].place.is_gap or country not in node_of[node].place.countries:
                nodes[firm][node] = node_of[node]
    ranked = sorted(
        ((firm, list(of.values())) for firm, of in nodes.items()),
        key=lambda pair: (-sum(n.unanswered for n in pair[1]), -sum(n.place.is_gap for n in pair[1]), pair[0]),
    )[:MOST]
    firms = Firm.objects.in_bulk([firm for firm, _nodes in ranked])
    return [
        FirmToCall(firms[firm], of, sum(n.unanswered for n in of), sum(n.place.is_gap for n in of))
        for firm, of in ranked
        if firm in firms
    ]


def countries_to_call(wanted: Sequence[Wanted]) -> list[CountryToCall]:
    """Countries whose makers would add most, the first first."""
    nodes: dict[str, list[tuple[Wanted, float]]] = defaultdict(list)
    for node in wanted:
        for country, share in node.world.get("makers", ()):
            if country and share >= LEAST_SHARE and country not in node.place.countries:
                nodes[country].append((node, share))
    countries = [
        CountryToCall(
            country,
            sorted(of, key=lambda pair: (-pair[0].unanswered * pair[1], -pair[1])),
            sum(node.unanswered * share for node, share in of),
        )
        for country, of in nodes.items()
    ]
    return sorted(countries, key=lambda row: (-row.needs, -len(row.nodes), row.country))[:MOST]


ANSWERING = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)
"""States of a meeting that answers a need: it has a time, or it was held."""


def unanswered(edition: Edition, chain: Chain) -> Mapping[str, int]:
    """By code of a node, how many needs are placed there whose buyer has no meeting with anybody who offers it."""
    return by_revision("unanswered", [edition, chain], lambda: _unanswered(edition, chain))


def _unanswered(edition: Edition, chain: Chain) -> Mapping[str, int]:
    offering: dict[str, set[int]] = defaultdict(set)
    offers = sure_offers(edition).filter(node__chain=chain).order_by()
    for code, participation in offers.values_list("node__code", "participation_id").distinct():
        offering[code].add(participation)
    met: dict[int, set[int]] = defaultdict(set)
    meetings = Meeting.objects.filter(edition=edition, state__in=ANSWERING)
    for host, guest in meetings.order_by().values_list("host_id", "guest_id"):
        met[host].add(guest)
        met[guest].add(host)
    needs = sure_needs(chain).order_by().values_list("node__code", "need_id", "participation_id").distinct()
    return Counter(code for code, _need, buyer in needs if met[buyer].isdisjoint(offering[code]))
