"""The map of a chain, with its layers, and what is told of a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.fairs.groups.domain import choosable, members
from serai.expo.insight.supply.domain import exposures, fair_difference, layouts
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.expo.insight.supply.domain.difference_words import difference_told
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, name
from serai.expo.insight.supply.domain.node_facts import node_facts
from serai.expo.insight.supply.domain.stored import Stored, stored
from serai.expo.insight.supply.domain.unanswered import unanswered
from serai.expo.offers.chains.domain.chain_maps import MOST_EXAMPLES, NodeStanding, standing
from serai.expo.offers.chains.domain.map_edits import map_editor
from serai.expo.offers.chains.domain.placements import chain_or_404
from serai.expo.offers.chains.domain.world_sources import NO_EXPORTS, NO_INDUSTRY
from serai.expo.offers.chains.models import Chain, Edge
from serai.expo.offers.chains.rules import changes_chains

MOST_STOPS = 6
"""Countries beside the map whose stop takes most."""


@dataclass(frozen=True)
class WorstStop:
    """A country, and the mean loss of the nodes for which the chain works when it stops, low and high end."""

    country: str
    low: float
    high: float


def chain(request: EditionRequest, slug: str) -> HttpResponse:
    """A chain: its map with a layer, what hangs on the chosen link, and every link in tables."""
    edition, shown = request.edition, chain_or_404(request.edition, slug)
    exposure, layout = stored(None, exposures.KIND, slug), stored(None, layouts.KIND, slug)
    fair = stored(edition, fair_difference.KIND)
    did = (fair.data or {"chains": {}})["chains"].get(slug)
    world = exposure.data or {"nodes": {}, "stops": {}, "ends": []}
    places = {place.node.code: place for place in standing(edition, shown, examples=MOST_EXAMPLES)}
    stages = list(shown.stages.all())
    edges = _edges(shown)
    chosen = request.GET.get("node", "")
    worst = _worst(world)
    groups = choosable(edition.country_groups)
    group = _one_of(request.GET.get("group", ""), [key for key, _title in groups], "")
    stop = _one_of(request.GET.get("stop", ""), world["stops"], worst[0].country if worst else "")
    layer = LAYERS[_one_of(request.GET.get("layer", ""), LAYERS, "firms")]
    facts = ChainFacts(
        places=places,
        unanswered=unanswered(edition, shown),
        world=world["nodes"],
        stops=world["stops"].get(stop, {}),
        stop=stop,
        links=did["by_node"] if did else {},
        group=members(group, edition.starts_on) if group else None,
    )
    right_to_left = get_language_bidi()
    may_edit = changes_chains(request.user, edition)
    context = {
        "chain": shown,
        "layers": LAYERS.values(),
        "layer": layer,
        "groups": groups,
        "group": group,
        "stops": sorted(((code, name(code)) for code in world["stops"]), key=lambda pair: pair[1]),
        "stop": stop,
        "layout": layout,
        "map": layout.data and chain_map(layout.data, stages, facts, layer, chosen=chosen, right_to_left=right_to_left),
        "mirrored": right_to_left,
        "facts": node_facts(chosen, places, edges, facts.unanswered, facts.world) if chosen in places else None,
        "worst_stops": worst,
        "single_in_world": [
            (places[code], node) for code, node in world["nodes"].items() if node["single_source"] and code in places
        ],
        "editor": map_editor(shown, chosen) if may_edit and shown.organisation_id and chosen in places else None,
        "may_copy": may_edit and shown.organisation_id is None,
        "gaps": [place for place in places.values() if place.is_gap],
        "by_stage": _by_stage(stages, places, world["nodes"]),
    }
    if did and (did["links"] or did["claimed_links"]):
        titles = {code: place.node.title for code, place in places.items()}
        context |= difference_told(did, {(slug, code): title for code, title in titles.items()})
    return render(request, "insight/supply/chain.html", context | _of_world(exposure, layout))


def node(request: EditionRequest, slug: str, code: str) -> HttpResponse:
    """A link of a chain: who makes it in the world and who offers it here, and what hangs on it."""
    shown = chain_or_404(request.edition, slug)
    places = {place.node.code: place for place in standing(request.edition, shown, examples=MOST_EXAMPLES)}
    if code not in places:
        raise Http404(_("This chain has no such node."))
    exposure = stored(None, exposures.KIND, slug)
    nodes = exposure.data["nodes"] if exposure.data else {}
    facts = node_facts(code, places, _edges(shown), unanswered(request.edition, shown), nodes)
    context = {"chain": shown, "facts": facts, "no_sourcing": _(NO_EXPORTS)}
    return render(request, "insight/supply/node.html", context | _of_world(exposure))


def _of_world(exposure: Stored, *others: Stored) -> dict[str, Any]:
    """What pages say of the stored results: those that are awaited, and when the exposure was computed."""
    awaited = next((result for result in (exposure, *others) if result.is_awaited), None)
    return {
        "awaited": awaited,
        "computed": exposure if exposure.data else None,
        "no_origins": _(NO_INDUSTRY),
    }


def _worst(world: Mapping[str, Any]) -> list[WorstStop]:
    """The countries whose stop takes most of the nodes for which the chain works, on average."""
    ends = world["ends"]
    means = [
        WorstStop(
            country,
            sum(losses.get(end, (0, 0))[0] for end in ends) / len(ends),
            sum(losses.get(end, (0, 0))[1] for end in ends) / len(ends),
        )
        for country, losses in world["stops"].items()
    ]
    return sorted(means, key=lambda stop: (-stop.high, stop.country))[:MOST_STOPS]


def _by_stage(
    stages: Sequence[Any], places: Mapping[str, NodeStanding], nodes: Mapping[str, Any]
) -> list[tuple[Any, list[tuple[NodeStanding, Any]]]]:
    """The nodes of each stage, with what is stored of them."""
    return [
        (
            stage,
            [(place, nodes.get(code, {})) for code, place in places.items() if place.node.stage_id == stage.pk],
        )
        for stage in stages
    ]


def _edges(chain: Chain) -> list[tuple[str, str]]:
    return list(Edge.objects.filter(supplier__chain=chain).values_list("supplier__code", "user__code"))


def _one_of(wanted: str, allowed: Any, otherwise: str) -> str:
    return wanted if wanted in allowed else otherwise
