"""Addresses of the chains."""

from django.urls import path

from serai.expo.offers.chains.pages import position_views, views

urlpatterns = [
    path("chains/", views.chain_list, name="chain-list"),
    path("chains/<slug:slug>/", views.chain, name="chain"),
    path("chains/<slug:slug>/<slug:code>/", views.node, name="node"),
    path("firms/<slug:identifier>/positions/", position_views.firm_positions, name="firm-positions"),
    path("organiser/positions/", position_views.position_list, name="position-list"),
]
