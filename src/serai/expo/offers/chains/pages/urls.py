"""Addresses of the chains."""

from django.urls import path

from serai.expo.offers.chains.pages import views

urlpatterns = [
    path("chains/", views.chain_list, name="chain-list"),
    path("chains/<slug:slug>/", views.chain, name="chain"),
    path("chains/<slug:slug>/<slug:code>/", views.node, name="node"),
]
