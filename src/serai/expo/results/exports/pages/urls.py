"""Addresses of the exports."""

from django.urls import path

from serai.expo.results.exports.pages import views

urlpatterns = [
    path("organiser/exports/", views.export_list, name="export-list"),
    path("organiser/exports/everything/", views.export_everything, name="export-everything"),
    path("organiser/exports/<slug:key>/", views.export_table, name="export-table"),
]
