"""Addresses of the organiser's pages about single meetings."""

from django.urls import path

from serai.expo.meetings.day.pages import advice_views as views

urlpatterns = [
    path("organiser/meetings/", views.arrange, name="arrange-meeting"),
    path("organiser/no-shows/", views.no_shows, name="no-shows"),
]
