"""Addresses of the organiser's pages about single meetings."""

from django.urls import path

from serai.expo.meetings.day.pages import advice_views

urlpatterns = [
    path("organiser/meetings/", advice_views.arrange, name="arrange-meeting"),
    path("organiser/no-shows/", advice_views.no_shows, name="no-shows"),
]
