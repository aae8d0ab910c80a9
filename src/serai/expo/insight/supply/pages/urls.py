"""Addresses of the chain maps."""

from django.urls import path

from serai.expo.insight.supply.pages import organiser_views, views

urlpatterns = [
    path("chains/<slug:slug>/", views.chain, name="chain"),
    path("chains/<slug:slug>/<slug:code>/", views.node, name="node"),
    path("organiser/sources/", organiser_views.organiser_supply, name="organiser-supply"),
]
