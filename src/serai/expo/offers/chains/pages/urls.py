"""Addresses of the chains."""

from django.urls import path

from serai.expo.offers.chains.pages import decision_views, map_views, own_views, position_views, version_views, views

urlpatterns = [
    path("chains/", views.chain_list, name="chain-list"),
    path("firms/<slug:identifier>/positions/", position_views.firm_positions, name="firm-positions"),
    path("organiser/chains/", own_views.organiser_chains, name="organiser-chains"),
    path("organiser/chain-file/", version_views.chain_upload, name="chain-upload"),
    path("organiser/chains/<slug:slug>/", own_views.organiser_chain, name="organiser-chain"),
    path("organiser/chains/<slug:slug>/file/", version_views.chain_file, name="chain-file"),
    path("organiser/chains/<slug:slug>/versions/", version_views.chain_versions, name="chain-versions"),
    path("organiser/chains/<slug:slug>/map/<slug:code>/", map_views.chain_on_map, name="chain-on-map"),
    path("organiser/chains/<slug:slug>/stage/", own_views.chain_stage, name="chain-stage-new"),
    path("organiser/chains/<slug:slug>/stage/<slug:code>/", own_views.chain_stage, name="chain-stage"),
    path("organiser/chains/<slug:slug>/link/", own_views.chain_node, name="chain-node-new"),
    path("organiser/chains/<slug:slug>/link/<slug:code>/", own_views.chain_node, name="chain-node"),
    path("organiser/placements/", decision_views.placement_queue, name="placement-queue"),
    path("organiser/positions/", position_views.position_list, name="position-list"),
]
