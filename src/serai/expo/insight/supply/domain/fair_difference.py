"""What the fair did to its chains: its confirmed links change the sourcing of their buyers, before and after.

The method is `serai.world.supply.difference` (docs/method/supply.md). Beside the confirmed links stand as many links
drawn at random from the suggestions, and what was only claimed. No causal effect is told.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.domain import members
from serai.expo.insight.supply.domain.fair_links import (
    FairLink,
    claimed_links,
    confirmed_links,
    standpoints,
    suggested_links,
)
from serai.expo.insight.supply.domain.networks import alpha2, fingerprint_of_row, network_of
from serai.expo.insight.supply.domain.stored import digest, result
from serai.expo.insight.supply.domain.unit_contents import contents_of
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.outcomes.domain.network import known_links
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain, Placement
from serai.world.progress import Progress
from serai.world.supply import Difference, Link, combined, difference, needs_of

KIND = "fair-difference"
"""Of an edition; the key is empty."""

LEAST_DEVELOPED = "LDC"


def fingerprint_of_fair(edition: Edition | None, _key: str) -> str:
    """The chains, the ledger, who stands where, and what was suggested."""
    assert edition is not None
    chains = [fingerprint_of_row(chain) for chain in chains_of_edition(edition)]
    ledger = Outcome.objects.filter(edition=edition).order_by("pk")
    confirmations = Count("parties__confirmed_at")
    outcomes = list(
        ledger.annotate(confirmations=confirmations).values_list(
            "pk", "state", "value", "band", "months", "confirmations"
        )
    )
    counted = [
        list(rows.order_by().aggregate(number=Count("pk"), last=Max("pk")).values())
        for rows in (Placement.objects.filter(edition=edition), Suggestion.objects.filter(edition=edition))
    ]
    return digest(chains, outcomes, counted)


@dataclass(frozen=True)
class ChainDifference:
    """What the fair did to a chain: the confirmed links with their difference, and that of what was only claimed."""

    chain: Chain
    links: Sequence[FairLink]
    claimed: Sequence[FairLink]
    confirmed_difference: Difference
    claimed_difference: Difference


@result(KIND, fingerprint=fingerprint_of_fair, version=2)
def fair_difference(edition: Edition | None, _key: str, progress: Progress) -> dict[str, Any]:
    """``whole`` and ``chains`` by slug, each: figures before, after, by chance and claimed; links by node and kind.

    The links that moved most are told where there are at least five, by node and countries; the number of their outcome
    is for organisers only.
    """
    assert edition is not None
    chains = chains_of_edition(edition)
    parts = []
    for number, chain in enumerate(chains):
        progress("", number / max(len(chains), 1))
        if part := difference_of_chain(edition, chain):
            parts.append(part)
    least_developed = members(LEAST_DEVELOPED, edition.starts_on)
    firms = known_links(edition)
    return {
        "chains": {part.chain.slug: _told([part], least_developed) for part in parts},
        "whole": _told(parts, least_developed) if parts else None,
        "firms_linked": len({*firms.supplier.tolist(), *firms.buyer.tolist()}),
        "links_known": int(sum(firms.value.tolist())),
    }


def difference_of_chain(edition: Edition, chain: Chain) -> ChainDifference | None:
    """What the fair did to a chain; None where no buyer needs anything of it."""
    stand = standpoints(edition, chain)
    confirmed, claimed = confirmed_links(edition, stand), claimed_links(edition, stand)
    inputs = {(need.buyer, need.node): need.country for need in stand.inputs()}
    inputs |= {(link.buyer, link.node): link.buyer_country for link in (*confirmed, *claimed)}
    if not inputs:
        return None
    network = network_of(chain.slug)
    place = {key: number for number, key in enumerate(inputs)}
    needs = needs_of(network, [(node, country) for (_buyer, node), country in inputs.items()])
    suggestions = [
        Link(place[buyer, node], country)
        for buyer, node, country in suggested_links(edition, stand)
        if (buyer, node) in place
    ]

    def as_links(links: Sequence[FairLink]) -> list[Link]:
        return [Link(place[link.buyer, link.node], link.supplier_country, link.theta) for link in links]

    contents = contents_of(chain.slug, network)
    return ChainDifference(
        chain,
        confirmed,
        claimed,
        difference(network, needs, as_links(confirmed), suggestions=suggestions, contents=contents),
        difference(network, needs, as_links(claimed), contents=contents),
    )


def _told(parts: Sequence[ChainDifference], least_developed: frozenset[str]) -> dict[str, Any]:
    """What pages and the report show of one chain, or of several together."""
    confirmed = combined([part.confirmed_difference for part in parts])
    claimed = combined([part.claimed_difference for part in parts])
    links = [(part.chain.slug, link) for part in parts for link in part.links]
    from_least_developed = [link for _slug, link in links if alpha2(link.supplier_country) in least_developed]
    return {
        "inputs": confirmed.needs,
        "links": len(links),
        "claimed_links": len(claimed.links),
        "figures": confirmed.records(),
        "claimed_figures": claimed.records(),
        "from_least_developed": len(from_least_developed),
        "from_small_firms": sum(link.small_supplier for _slug, link in links),
        "across_borders": sum(link.supplier_country != link.buyer_country for _slug, link in links),
        "by_node": dict(Counter(link.node for _slug, link in links)),
        "most_moved": [_moved(*links[number], float(confirmed.moved[number])) for number in confirmed.most_moved],
    }


def _moved(chain: str, link: FairLink, moved: float) -> dict[str, Any]:
    return {
        "chain": chain,
        "node": link.node,
        "outcome": link.outcome,
        "supplier": alpha2(link.supplier_country),
        "buyer": alpha2(link.buyer_country),
        "taken_away": round(moved, 4),
    }
