"""Addresses of the import."""

from django.urls import path
from django.views.generic import RedirectView

urlpatterns = [
    path("organiser/imports/", RedirectView.as_view(url="/"), name="import-list"),
    path("organiser/imports/new/", RedirectView.as_view(url="/"), name="import-upload"),
]
