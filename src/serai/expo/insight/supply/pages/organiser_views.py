"""Gaps and single sources of the fair's chains, whom to call, the meetings that would help most, what the fair did."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, organiser_required
from serai.expo.insight.supply.domain import exposures, fair_difference, fair_meetings
from serai.expo.insight.supply.domain.call_list import Wanted, countries_to_call, firms_to_call
from serai.expo.insight.supply.domain.difference_words import difference_told, rows_of
from serai.expo.insight.supply.domain.stored import stored
from serai.expo.insight.supply.domain.unanswered import unanswered
from serai.expo.meetings.matchmaking.domain.suggestions import put_first
from serai.expo.meetings.outcomes.models import Outcome
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain, Node

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
