"""Values of sources for every link, country of a buyer and country of a source that meet at a fair.

They rest on the average sourcing of the buyer's country. What a firm declares of its own sources is not read here, so
that no list, order or weight that others see depends on it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.supply.domain.networks import contents_of, fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.stored_results import NotComputable, digest, result
from serai.expo.meetings.matchmaking.domain.source_values import BETTER
from serai.expo.meetings.matchmaking.models import SourceValue
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Edge, Placement
from serai.world.classifications.countries import alpha2
from serai.world.progress import Progress
from serai.world.supply import Needs, SourceValues, SupplyNetwork, needs_of, source_values
from serai.world.supply.contents import Contents
from serai.world.supply.needs import sourcing_of
from serai.world.supply.propagation import missing_by_country
from serai.world.supply.sourcing import PROPERTIES

KIND = "source-values"


@dataclass
class Meeting:
    """The countries of who needs or uses a link at the fair, and of who offers it, as alpha-2 codes."""

    buyers: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


def meetings_of(edition: Edition) -> dict[int, Meeting]:
    """By link the countries that meet there: of needs, of makers of what it goes into, and of offers. Four queries."""
    found: defaultdict[int, Meeting] = defaultdict(Meeting)
    placed: QuerySet[Any] = Placement.objects.filter(
        edition=edition,
        node__chain__in=chains_of_edition(edition),
        participation__state=Participation.State.CONFIRMED,
    ).order_by()
    used_by: defaultdict[int, list[int]] = defaultdict(list)
    for supplier, user in Edge.objects.values_list("supplier_id", "user_id"):
        used_by[user].append(supplier)
    for node, side, country in placed.values_list("node_id", "side", "participation__firm__country").distinct():
        if side == Placement.Side.NEED:
            found[node].buyers.add(country)
        else:
            found[node].sources.add(country)
            for supplier in used_by[node]:
                found[supplier].buyers.add(country)
    return {node: met for node, met in sorted(found.items()) if met.buyers and met.sources}


def _fingerprint(edition: Edition | None, _key: str) -> str:
    assert edition is not None
    met = {node: (sorted(met.buyers), sorted(met.sources)) for node, met in meetings_of(edition).items()}
    return digest([fingerprint_of_chain(chain.slug) for chain in chains_of_edition(edition)], met)


@result(KIND, fingerprint=_fingerprint)
def compute_values(edition: Edition | None, _key: str, progress: Progress) -> dict[str, int]:
    """Compute and keep the values of all sources of an edition. Returns how many there are, and of how many something
    can be told."""
    assert edition is not None
    met, now = meetings_of(edition), timezone.now()
    rows: list[SourceValue] = []
    chains = chains_of_edition(edition)
    for number, chain in enumerate(chains):
        progress("", number / max(1, len(chains)))
        codes = dict(chain.nodes.values_list("code", "pk"))
        try:
            network = network_of(chain.slug)
        except NotComputable:
            continue
        of_chain = {code: met[pk] for code, pk in codes.items() if pk in met and code in network.nodes}
        rows += [
            SourceValue(edition=edition, node_id=codes[value.pop("node")], computed_at=now, **value)
            for value in values_by_averages(network, of_chain, contents_of(chain.slug, network))
        ]
    told = [row for row in rows if row.figures]
    by_node: defaultdict[int, list[SourceValue]] = defaultdict(list)
    for row in told:
        by_node[row.node_id].append(row)

    def write(nodes: Any) -> None:
        SourceValue.objects.filter(edition=edition, node__in=nodes).delete()
        SourceValue.objects.bulk_create([row for node in nodes for row in by_node[node]], batch_size=500)

    before = SourceValue.objects.filter(edition=edition).order_by().values_list("node", flat=True)
    write_in_parts(sorted({*before, *by_node}), write)
    return {"values": len(rows), "told": len(told)}


def values_by_averages(
    network: SupplyNetwork, met: Mapping[str, Meeting], contents: Contents | None = None
) -> Iterator[dict[str, Any]]:
    """What a source changes for an average buyer, by link and both countries; `figures` holds what can be told alone.

    Countries that the network does not know have no value, and a source in the buyer's own country has one too: it
    may be the safer.
    """
    known = {alpha2(code): code for code in network.countries[:-1]}
    met = {node: of_node for node, of_node in met.items() if of_node.sources & known.keys()}
    asked = [(node, buyer) for node, of_node in met.items() for buyer in sorted(of_node.buyers) if buyer in known]
    sources = sorted({source for of_node in met.values() for source in of_node.sources if source in known})
    if not asked or not sources:
        return
    needs = needs_of(network, [(node, known[buyer]) for node, buyer in asked])
    wanted = {node: {known[code] for code in of_node.sources if code in known} for node, of_node in met.items()}
    values = source_values(network, needs, [known[source] for source in sources], asked=wanted, contents=contents)
    worst = worst_countries(network, needs)
    for number, (node, buyer) in enumerate(asked):
        x = sourcing_of(network, needs, number)[0]
        for source in sorted(met[node].sources & known.keys()):
            yield {
                "node": node,
                "buyer": buyer,
                "source": source,
                "figures": figures_of(values, number, known[source]),
                "part": round(float(values.theta[values.kind_of[number]]), 4),
                "grade": values.grade[values.kind_of[number]],
                "worst": worst[number],
                "largest": alpha2(network.countries[int(np.argmax(x[:-1]))]),
            }


def figures_of(values: SourceValues, need: int, source: str) -> dict[str, list[float]]:
    """By property what can be told of a source: the figure now, its change, and both ends of the change's interval."""
    kind, column = values.of(need, source)
    told = {}
    for place in np.flatnonzero(values.told[kind, column]).tolist():
        if (name := PROPERTIES[place]) in BETTER:
            parts = (array[kind, column, place] for array in (values.change, values.low, values.high))
            told[name] = [float(f"{number:.5g}") for number in (values.present[kind, place], *parts)]
    return told


def losses_of(network: SupplyNetwork, needs: Needs) -> list[list[tuple[str, float]]]:
    """By need the countries whose stop takes something of it, the worst first, with what it takes (0 to 1)."""
    missing = missing_by_country(network, np.unique(needs.node))
    by_need = []
    for need in range(len(needs)):
        losses = missing[int(needs.node[need])] @ sourcing_of(network, needs, need)[0]
        ranked = np.argsort(-losses, kind="stable")
        by_need.append(
            [(network.countries[place], float(losses[place])) for place in ranked.tolist() if losses[place] > 0]
        )
    return by_need


def worst_countries(network: SupplyNetwork, needs: Needs) -> list[str]:
    """By need the country whose stop takes most of it, as an alpha-2 code; empty where none does."""
    return [alpha2(losses[0][0]) if losses else "" for losses in losses_of(network, needs)]
