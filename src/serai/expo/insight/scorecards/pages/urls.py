"""Addresses of scorecards, at a fair and for the whole world."""

from django.urls import path

from serai.expo.insight.scorecards.pages import views

_PAGES = (
    ("scorecards/", views.scorecards, "scorecards"),
    ("scorecards/country/", views.chosen_country, "scorecard-country"),
    ("scorecards/<slug:kind>/<slug:code>/", views.scorecard, "scorecard"),
    ("scorecards/<slug:kind>/<slug:code>/file.<slug:kind_of_file>", views.scorecard_file, "scorecard-file"),
)

urlpatterns = [path(address, view, name=name) for address, view, name in _PAGES]
outside_of_editions = [path(f"world/{address}", view, name=f"world-{name}") for address, view, name in _PAGES]
