"""Addresses: the live board, arranged meetings, no-shows."""

from django.urls import path

from serai.expo.meetings.day.pages import views

urlpatterns = [
    path("organiser/meetings/", views.arrange, name="arrange-meeting"),
    path("organiser/live/", views.live, name="live"),
    path("organiser/no-shows/", views.no_shows, name="no-shows"),
]
