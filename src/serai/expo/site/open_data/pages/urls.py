"""Addresses of open data, at a fair and for the whole world."""

from django.urls import path

from serai.expo.site.open_data.pages import views

urlpatterns = [
    path("data/catalog.jsonld", views.catalogue, name="data-catalogue"),
    path("data/<slug:page>/<path:place>", views.dataset_file, name="dataset-file"),
]
outside_of_editions = [path("world/data/<slug:page>/<path:place>", views.dataset_file, name="world-dataset-file")]
