"""The map of a chain, what is told of a link, and the organiser's page of gaps, single sources and whom to call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from serai.expo.base.text import country_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import EditionRequest, OrganiserRequest, organiser_required
from serai.expo.fairs.groups.domain import choosable, members
from serai.expo.insight.supply.domain import exposures, fair_difference, fair_meetings, layouts
from serai.expo.insight.supply.domain.call_list import Wanted, countries_to_call, firms_to_call, unanswered
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.expo.insight.supply.domain.fair_difference import difference_told, rows_of
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts
from serai.expo.insight.supply.domain.node_facts import node_facts
from serai.expo.insight.supply.domain.stored_results import Stored, stored
from serai.expo.meetings.matchmaking.domain.suggestions import put_first
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.chain_maps import MOST_EXAMPLES, NodeStanding, standing
from serai.expo.offers.chains.domain.map_edits import map_editor
from serai.expo.offers.chains.domain.placements import chain_or_404, chains_of_edition
from serai.expo.offers.chains.domain.world_sources import NO_EXPORTS, NO_INDUSTRY
from serai.expo.offers.chains.models import Chain, Edge, Node
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
        "stops": sorted(((code, country_name(code)) for code in world["stops"]), key=lambda pair: pair[1]),
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


type Titles = Mapping[tuple[str, str], Any]
"""By chain and node what the node is called, a text in several languages."""


@organiser_required("GET", "POST")
def organiser_supply(request: OrganiserRequest) -> HttpResponse:
    """What makes the chains of the fair safer. A POST makes the chosen meetings suggestions of their buyers."""
    edition = request.edition
    helping = stored(edition, fair_meetings.KIND)
    if request.method == "POST":
        number = put_first(edition, fair_meetings.chosen_pairs(helping.data or {"meetings": []}), user=request.user)
        told = ngettext("%(n)s meeting is suggested now.", "%(n)s meetings are suggested now.", number) % {"n": number}
        messages.success(request, told)
        return redirect("organiser-supply", edition.slug)
    chains = chains_of_edition(edition)
    exposed = {chain.slug: stored(None, exposures.KIND, chain.slug) for chain in chains}
    by_chain = [(chain, _wanted(edition, chain, exposed[chain.slug].data)) for chain in chains]
    wanted = [node for _chain, nodes in by_chain for node in nodes]
    titles = _titles(chains)
    did = stored(edition, fair_difference.KIND)
    results = (helping, did, *exposed.values())
    context: dict[str, Any] = {
        "awaited": next((result for result in results if result.is_awaited), None),
        "by_chain": by_chain,
        "firms": firms_to_call(edition, wanted),
        "countries": countries_to_call(wanted),
        "helping": helping.data,
        "meetings": _meetings(helping.data, titles) if helping.data else [],
        "timetable": rows_of(helping.data["timetable"]) if helping.data else [],
    }
    if did.data and did.data["whole"]:
        whole = did.data["whole"]
        numbers = [link["outcome"] for link in whole["most_moved"]]
        outcomes = Outcome.objects.select_related("meeting__host__firm", "meeting__guest__firm").in_bulk(numbers)
        context |= difference_told(whole, titles, outcomes)
    return render(request, "insight/supply/organiser.html", context)


def _wanted(edition: Edition, chain: Chain, data: Mapping[str, Any] | None) -> list[Wanted]:
    """The nodes of a chain that call for makers, those with most open needs first; with their exposures, if stored."""
    waiting = unanswered(edition, chain)
    world = data["nodes"] if data else {}
    nodes = [
        Wanted(chain, place, waiting.get(place.node.code, 0), world.get(place.node.code, {}))
        for place in standing(edition, chain)
        if not place.exhibitors or place.is_single_source
    ]
    return sorted(nodes, key=lambda node: (-node.unanswered, node.place.exhibitors > 0, node.place.node.order))


def _titles(chains: Sequence[Chain]) -> Titles:
    nodes = Node.objects.filter(chain__in=chains)
    return {(slug, code): title for slug, code, title in nodes.values_list("chain__slug", "code", "title")}


def _meetings(data: Mapping[str, Any], titles: Titles) -> list[dict[str, Any]]:
    """The chosen meetings with the firms and the title of what would be supplied."""
    sides = {meeting[side] for meeting in data["meetings"] for side in ("buyer", "supplier")}
    rows = Participation.objects.select_related("firm").in_bulk(sides)
    return [
        {
            **meeting,
            "buyer": rows[meeting["buyer"]],
            "supplier": rows[meeting["supplier"]],
            "title": titles.get((meeting["chain"], meeting["node"])),
        }
        for meeting in data["meetings"]
        if meeting["buyer"] in rows and meeting["supplier"] in rows
    ]


urlpatterns = [
    path("chains/<slug:slug>/", chain, name="chain"),
    path("chains/<slug:slug>/<slug:code>/", node, name="node"),
    path("organiser/sources/", organiser_supply, name="organiser-supply"),
]
