"""The numbers of chain maps as data: nodes with their makers in the world and who is here, what stops, what changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import exposures, fair_difference
from serai.expo.insight.supply.domain.call_list import unanswered
from serai.expo.insight.supply.domain.stored_results import stored
from serai.expo.offers.chains.domain.chain_maps import chain_counts, standing
from serai.expo.offers.chains.domain.placements import chain_of_edition, chains_of_edition
from serai.expo.offers.chains.models import Chain

SHARE = "part, 0 to 1"
NODE = Column("node", "string", "Code of the node")
OF_SHARES = (
    Column("grade", "string", "How close the shares stand to the product, A to D"),
    Column("year", "integer", "Year of the shares"),
    Column("source", "string", "Source of the shares"),
)
MAKERS = (
    NODE,
    Column("country", "string", "Who makes it, ISO 3166 alpha-2"),
    Column("share", "number", "Share in the world's supply", SHARE),
    *OF_SHARES,
)
HERE = (
    NODE,
    Column("title", "string", "Title of the node"),
    Column("exhibitors", "integer", "How many offer it at the fair"),
    Column("needs", "integer", "Needs at the fair"),
    Column("unanswered", "integer", "Needs whose buyer has no meeting with anybody who offers it"),
)
IN_THE_WORLD = (
    Column("largest", "string", "Largest maker in the world"),
    Column("unknown", "number", "Share of makers that no source names", SHARE),
    Column("concentration_low", "number", "Sum of the squared shares, lower bound", "0 to 1"),
    Column("concentration_high", "number", "Sum of the squared shares, upper bound", "0 to 1"),
    Column("single_source", "boolean", "One country makes 70 % or more"),
    *OF_SHARES,
)
STOPS = (
    Column("country", "string", "Country that stops"),
    NODE,
    Column("low", "number", "Part that is missing, lower bound", SHARE),
    Column("high", "number", "Part that is missing, upper bound", SHARE),
)
DIFFERENCE = (
    Column("figure", "string", "Figure of buyers' inputs"),
    *(Column(name, "number", name) for name in ("before", "after", "change", "low", "high")),
    Column("by_chance", "number", "The change by as many links drawn at random"),
)
CHAINS = (
    Column("chain", "string", "Slug of the chain"),
    Column("title", "string", "Its title"),
    Column("exhibitors", "integer", "How many stand on it"),
)


def _chain(edition: Edition | None, slug: str) -> Chain:
    """A chain of the fair. Raises LookupError."""
    row = chain_of_edition(edition, slug) if edition else None
    if row is None:
        raise LookupError
    return row


def _makers(code: str, node: Mapping[str, Any]) -> list[Sequence[object]]:
    return [(code, country, share, node["grade"], node["year"], node["source"]) for country, share in node["makers"]]


@dataset(
    "chain-list",
    title=_("Exhibitors by chain"),
    text=_("How many exhibitors stand on each chain of the fair."),
    tables={"chains": CHAINS},
)
def exhibitors_by_chain(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    counts = chain_counts(edition)
    rows = [(row.slug, str(in_language(row.title)), counts.get(row.slug, 0)) for row in chains_of_edition(edition)]
    return Numbers({"chains": rows}, timezone.now())


@dataset(
    "chain",
    title=_("Supply of a chain"),
    text=_("Who makes each node in the world and who is at the fair, what is missing if a country stops."),
    tables={"nodes": (*HERE, *IN_THE_WORLD), "makers": MAKERS, "stops": STOPS, "difference": DIFFERENCE},
)
def supply_of_chain(edition: Edition | None, slug: str) -> Numbers | None:
    """The difference is that of the fair's confirmed links; it has no rows while there are none."""
    chain = _chain(edition, slug)
    assert edition is not None
    result = stored(None, exposures.KIND, slug)
    if result.data is None:
        return None
    world, waiting = result.data["nodes"], unanswered(edition, chain)
    fair = stored(edition, fair_difference.KIND).data or {"chains": {}}
    did = fair["chains"].get(slug) or {"figures": []}
    nodes = [
        (
            *(place.node.code, str(in_language(place.node.title)), place.exhibitors, place.needs),
            waiting.get(place.node.code, 0),
            *(world.get(place.node.code, {}).get(column.name) for column in IN_THE_WORLD),
        )
        for place in standing(edition, chain)
    ]
    stops = [
        (country, node, low, high)
        for country, losses in result.data["stops"].items()
        for node, (low, high) in losses.items()
    ]
    difference = [tuple(row[column.name] for column in DIFFERENCE) for row in did["figures"]]
    makers = [row for code, node in world.items() for row in _makers(code, node)]
    rows: dict[str, Sequence[Sequence[object]]] = {
        "nodes": nodes,
        "makers": makers,
        "stops": stops,
        "difference": difference,
    }
    return Numbers(rows, result.computed_at or timezone.now(), (result.data["table"],))


@dataset(
    "node",
    title=_("Makers of a node"),
    text=_("Who makes a node of a chain in the world, with grade, year and source."),
    tables={"makers": MAKERS},
)
def makers_of_node(edition: Edition | None, slug: str, code: str) -> Numbers | None:
    _chain(edition, slug)
    result = stored(None, exposures.KIND, slug)
    if result.data is None:
        return None
    rows = _makers(code, result.data["nodes"][code])  # KeyError is a LookupError
    return Numbers({"makers": rows}, result.computed_at or timezone.now(), (result.data["table"],))
