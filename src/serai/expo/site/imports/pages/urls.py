"""Addresses of the import, for organisers."""

from django.urls import path

from serai.expo.site.imports.pages import views

urlpatterns = [
    path("organiser/imports/", views.import_list, name="import-list"),
    path("organiser/imports/new/", views.upload, name="import-upload"),
    path(
        "organiser/imports/template/<slug:subject>/<slug:language>.xlsx",
        views.download_template,
        name="import-template",
    ),
    path("organiser/imports/<int:pk>/", views.detail, name="import-detail"),
    path("organiser/imports/<int:pk>/mapping/", views.change_mapping, name="import-mapping"),
    path("organiser/imports/<int:pk>/apply/", views.apply, name="import-apply"),
    path("organiser/imports/<int:pk>/undo/", views.undo, name="import-undo"),
]
