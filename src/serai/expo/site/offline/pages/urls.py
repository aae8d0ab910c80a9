"""Addresses of a fair on a telephone."""

from django.urls import path

from serai.expo.site.offline.pages import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="web-manifest"),
    path("icons/<int:size>.png", views.icon, name="app-icon"),
]

outside_of_languages = [path("offline-worker.js", views.worker, name="offline-worker")]
