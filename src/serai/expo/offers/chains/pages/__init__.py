"""Addresses of the chains."""

from django.urls import path

from serai.expo.offers.chains.pages import chain_views, placement_views, version_views

urlpatterns = [
    path("chains/", chain_views.chain_list, name="chain-list"),
    path("firms/<slug:identifier>/positions/", placement_views.firm_positions, name="firm-positions"),
    path("organiser/chains/", chain_views.organiser_chains, name="organiser-chains"),
    path("organiser/chain-file/", version_views.chain_upload, name="chain-upload"),
    path("organiser/chains/<slug:slug>/", chain_views.organiser_chain, name="organiser-chain"),
    path("organiser/chains/<slug:slug>/file/", version_views.chain_file, name="chain-file"),
    path("organiser/chains/<slug:slug>/versions/", version_views.chain_versions, name="chain-versions"),
    path("organiser/chains/<slug:slug>/map/<slug:code>/", version_views.chain_on_map, name="chain-on-map"),
    path("organiser/chains/<slug:slug>/stage/", chain_views.chain_stage, name="chain-stage-new"),
    path("organiser/chains/<slug:slug>/stage/<slug:code>/", chain_views.chain_stage, name="chain-stage"),
    path("organiser/chains/<slug:slug>/link/", chain_views.chain_node, name="chain-node-new"),
    path("organiser/chains/<slug:slug>/link/<slug:code>/", chain_views.chain_node, name="chain-node"),
    path("organiser/placements/", placement_views.placement_queue, name="placement-queue"),
    path("organiser/positions/", placement_views.position_list, name="position-list"),
]
