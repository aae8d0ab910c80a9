"""The links of supply that came of the fair, each at the node of a chain that it supplies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from django.db.models import QuerySet

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.outcomes.domain.network import agreed_supplies, claimed_supplies
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.chain_maps import sure_needs, sure_offers
from serai.expo.offers.chains.models import Chain
from serai.expo.offers.market.models import Need
from serai.world.classifications.countries import alpha3

LEAST_THETA, MOST_THETA = 0.05, 0.9
MONTHS_A_YEAR = 12
MIDDLE: Mapping[str, float] = {
    "under_10k": 5e3,
    "under_100k": sqrt(1e4 * 1e5),
    "under_1m": sqrt(1e5 * 1e6),
    "under_10m": sqrt(1e6 * 1e7),
    "under_100m": sqrt(1e7 * 1e8),
    "over_100m": 2e8,
}
"""The middle of each band of value, in US dollars: the geometric mean of its ends."""
DOLLARS = "USD"


@dataclass(frozen=True)
class BuyerInput:
    """An input of a buyer at the fair: who needs what, and in which country (alpha-3)."""

    buyer: int
    node: str
    country: str


@dataclass(frozen=True)
class FairLink:
    """A link of supply at a node. ``theta`` is its part in the buyer's input where both amounts are stated."""

    outcome: int
    node: str
    supplier: int
    buyer: int
    supplier_country: str
    buyer_country: str
    theta: float | None
    small_supplier: bool


@dataclass(frozen=True)
class Standpoints:
    """Where the participants of a fair stand on a chain: nodes that each needs and offers, with how sure it is."""

    needs: Mapping[int, Mapping[str, float]]
    offers: Mapping[int, Mapping[str, float]]
    country: Mapping[int, str]
    edges: Sequence[tuple[str, str]]

    def inputs(self) -> list[BuyerInput]:
        """Every input that a buyer needs, once."""
        return [
            BuyerInput(buyer, node, self.country[buyer])
            for buyer, nodes in sorted(self.needs.items())
            for node in sorted(nodes)
            if self.country[buyer]
        ]

    def supplied(self, supplier: int, buyer: int) -> str:
        """The node that a supplier supplies to a buyer, empty where that can't be told: what it offers and the buyer
        needs, else what goes into something that the buyer makes; the surest."""
        offered, needed = self.offers.get(supplier, {}), self.needs.get(buyer, {})
        both = {node: offered[node] * needed[node] for node in offered if node in needed}
        if not both:
            made = self.offers.get(buyer, {})
            both = {start: offered[start] * made[end] for start, end in self.edges if start in offered and end in made}
        return max(both, key=lambda node: (both[node], node)) if both else ""


def standpoints(edition: Edition, chain: Chain) -> Standpoints:
    """Where the participants of the fair stand on a chain, by four queries."""
    country: dict[int, str] = {}
    sides = []
    for rows in (sure_needs(chain), sure_offers(edition).filter(node__chain=chain)):
        nodes: dict[int, dict[str, float]] = defaultdict(dict)
        told = rows.order_by("confidence").values_list(
            "participation_id", "node__code", "confidence", "participation__firm__country"
        )
        for participation, code, confidence, of in told:
            nodes[participation][code] = confidence
            country[participation] = alpha3(of)
        sides.append(nodes)
    edges = list(chain.nodes.filter(feeds__isnull=False).values_list("code", "feeds__user__code"))
    return Standpoints(sides[0], sides[1], country, edges)


def confirmed_links(edition: Edition, stand: Standpoints) -> list[FairLink]:
    """Links that all parties have confirmed, at the nodes of a chain where they can be placed."""
    return _links(agreed_supplies(edition), stand)


def claimed_links(edition: Edition, stand: Standpoints) -> list[FairLink]:
    """Links that one side has claimed."""
    return _links(claimed_supplies(edition), stand)


def suggested_links(edition: Edition, stand: Standpoints) -> list[tuple[int, str, str]]:
    """(buyer, node, country of the supplier) of what was suggested to buyers, once for each partner."""
    rows = Suggestion.objects.filter(edition=edition).order_by("participation_id", "rank")
    links = []
    for buyer, supplier in rows.values_list("participation_id", "partner_id"):
        node = stand.supplied(supplier, buyer)
        if node and stand.country.get(supplier):
            links.append((buyer, node, stand.country[supplier]))
    return links


def _links(outcomes: QuerySet[Outcome], stand: Standpoints) -> list[FairLink]:
    rows = list(outcomes.select_related("meeting__host__firm", "meeting__guest__firm").order_by("pk"))
    needs = _yearly_needs(row.meeting.guest_id for row in rows if row.meeting)
    links = []
    for row in rows:
        meeting = row.meeting
        assert meeting is not None
        node = stand.supplied(meeting.host_id, meeting.guest_id)
        countries = alpha3(meeting.host.firm.country), alpha3(meeting.guest.firm.country)
        if not node or not all(countries):
            continue
        theta = _theta(_yearly_value(row), needs.get((meeting.guest_id, node)))
        small = meeting.host.firm.size in {"micro", "small"}
        links.append(FairLink(row.pk, node, meeting.host_id, meeting.guest_id, *countries, theta, small))
    return links


def _yearly_needs(buyers: Iterable[int]) -> Mapping[tuple[int, str], float]:
    """What buyers say that they spend on a node in a year, in US dollars."""
    stated = Need.objects.filter(participation__in=set(buyers), budget_high__isnull=False, currency=DOLLARS)
    rows = stated.filter(placements__side="need").values_list(
        "participation_id", "placements__node__code", "budget_low", "budget_high"
    )
    return {
        (buyer, node): float(high if low is None else (low + high) / 2)
        for buyer, node, low, high in rows
        if high is not None
    }


def _yearly_value(outcome: Outcome) -> float | None:
    """The value of an outcome in US dollars a year, where it is stated in them or as a band."""
    if outcome.value is not None and outcome.currency == DOLLARS:
        value = float(outcome.value)
    elif outcome.band:
        value = MIDDLE[outcome.band]
    else:
        return None
    return value * MONTHS_A_YEAR / outcome.months if outcome.months else value


def _theta(value: float | None, need: float | None) -> float | None:
    """The part of an input that a link takes, None where an amount is not stated."""
    if value is None or not need:
        return None
    return min(max(value / need, LEAST_THETA), MOST_THETA)
