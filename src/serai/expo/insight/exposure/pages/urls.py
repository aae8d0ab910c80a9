"""Addresses of a firm's exposure and its sources."""

from django.urls import path

from serai.expo.insight.exposure.pages import source_views, views

urlpatterns = [
    path("desk/<slug:identifier>/exposure/", views.exposure, name="own-exposure"),
    path("desk/<slug:identifier>/exposure/paper/", views.paper, name="own-exposure-paper"),
    path("desk/<slug:identifier>/exposure/data.<slug:ending>", views.exposure_file, name="own-exposure-file"),
    path("desk/<slug:identifier>/sources/", source_views.source_list, name="own-sources"),
    path("desk/<slug:identifier>/sources/table/", source_views.source_template, name="own-sources-table"),
    path("desk/<slug:identifier>/sources/upload/", source_views.source_upload, name="own-sources-upload"),
    path("desk/<slug:identifier>/sources/<int:number>/", source_views.source, name="own-source"),
]
