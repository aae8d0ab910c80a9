"""Addresses of the pages about personal data."""

from django.urls import path

from serai.expo.site.retention.pages import views

urlpatterns = [
    path("privacy/", views.privacy, name="privacy"),
    path("organiser/retention/", views.terms, name="retention"),
    path("organiser/retention/<str:kind>/", views.term, name="retention-term"),
]
