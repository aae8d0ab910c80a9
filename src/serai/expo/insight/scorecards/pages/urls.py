"""Addresses of scorecards."""

from django.urls import path

from serai.expo.insight.scorecards.pages import views

urlpatterns = [
    path("scorecards/", views.scorecards, name="scorecards"),
    path("scorecards/country/", views.chosen_country, name="scorecard-country"),
    path("scorecards/<slug:kind>/<slug:code>/", views.scorecard, name="scorecard"),
    path("scorecards/<slug:kind>/<slug:code>/file.<slug:kind_of_file>", views.scorecard_file, name="scorecard-file"),
]
