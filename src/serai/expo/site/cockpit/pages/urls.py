"""Addresses of the organiser's first page, and of the rows that have a flaw."""

from django.urls import path

from serai.expo.site.cockpit.pages import views

urlpatterns = [
    path("organiser/", views.cockpit, name="organiser"),
    path("organiser/flaws/<slug:code>/", views.flaw, name="flaw"),
]
