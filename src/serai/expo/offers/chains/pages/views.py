"""The chains of an edition and the map of each."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.offers.chains.domain.chain_maps import MOST_EXAMPLES, chain_counts, standing
from serai.expo.offers.chains.domain.coverage import SURE, standings
from serai.expo.offers.chains.domain.drawing import draw
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.domain.world_sources import NO_EXPORTS, NO_INDUSTRY, origins, sourcing
from serai.expo.offers.chains.models import Chain, Edge


def chain_list(request: EditionRequest) -> HttpResponse:
    counts = chain_counts(request.edition)
    chains = chains_of_edition(request.edition)
    cards = [(chain, counts.get(chain.slug, 0)) for chain in chains]
    others = sum(count for name, count in standings(request.edition).items() if name != SURE)
    return render(request, "offers/chains/list.html", {"cards": cards, "others": others})


def chain(request: EditionRequest, slug: str) -> HttpResponse:
    shown = _chain(request, slug)
    stages = list(shown.stages.all())
    nodes = standing(request.edition, shown, examples=4)
    edges = list(Edge.objects.filter(supplier__chain=shown).values_list("supplier__code", "user__code"))
    by_stage = [(stage, [node for node in nodes if node.node.stage_id == stage.pk]) for stage in stages]
    drawing = draw(
        [(stage.code, str(in_language(stage.title))) for stage in stages],
        [(node.node.code, node.node.stage.code, str(in_language(node.node.title))) for node in nodes],
        edges,
        right_to_left=get_language_bidi(),
    )
    return render(
        request,
        "offers/chains/chain.html",
        {
            "chain": shown,
            "by_stage": by_stage,
            "drawing": drawing,
            "drawn": [(drawing.boxes[node.node.code], node) for node in nodes],
            "gaps": [node for node in nodes if node.is_gap],
            "single": [node for node in nodes if node.is_single_source],
            "edge_count": len(edges),
            "origins": origins([code for node in nodes for code in node.node.isic]),
            "no_origins": _(NO_INDUSTRY),
        },
    )


def node(request: EditionRequest, slug: str, code: str) -> HttpResponse:
    shown = _chain(request, slug)
    places = {place.node.code: place for place in standing(request.edition, shown, examples=MOST_EXAMPLES)}
    if code not in places:
        raise Http404(_("This chain has no such node."))
    edges = list(Edge.objects.filter(supplier__chain=shown).values_list("supplier__code", "user__code"))
    place = places[code]
    return render(
        request,
        "offers/chains/node.html",
        {
            "chain": shown,
            "place": place,
            "suppliers": [places[supplier] for supplier, user in edges if user == code],
            "users": [places[user] for supplier, user in edges if supplier == code],
            "sourcing": sourcing(place.node.hs),
            "no_sourcing": _(NO_EXPORTS),
            "origins": origins(place.node.isic),
            "no_origins": _(NO_INDUSTRY),
        },
    )


def _chain(request: EditionRequest, slug: str) -> Chain:
    shown = next((chain for chain in chains_of_edition(request.edition) if chain.slug == slug), None)
    if shown is None:
        raise Http404(_("This fair has no such chain."))
    return shown
