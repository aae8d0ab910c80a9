"""The chains of an edition."""

from django.http import HttpResponse
from django.shortcuts import render

from serai.expo.fairs.edition.pages.guards import EditionRequest
from serai.expo.offers.chains.domain.chain_maps import chain_counts
from serai.expo.offers.chains.domain.coverage import OTHER_TRADE, SURE, standings
from serai.expo.offers.chains.domain.placements import chains_of_edition


def chain_list(request: EditionRequest) -> HttpResponse:
    counts = chain_counts(request.edition)
    chains = chains_of_edition(request.edition)
    cards = [(chain, counts.get(chain.slug, 0)) for chain in chains]
    stand = standings(request.edition)
    others = stand[OTHER_TRADE]
    unsure = sum(stand.values()) - stand[SURE] - others
    return render(request, "offers/chains/list.html", {"cards": cards, "others": others, "unsure": unsure})
