"""Addresses of the organiser's pages about single meetings."""

from django.urls import path

from serai.expo.meetings.advice import views

urlpatterns = [
    path("organiser/meetings/", views.arrange, name="arrange-meeting"),
    path("organiser/no-shows/", views.no_shows, name="no-shows"),
]
