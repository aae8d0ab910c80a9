"""Addresses: a person's agenda."""

from django.urls import path

from serai.expo.meetings.agenda.pages import views

urlpatterns = [
    path("agenda/", views.agenda, name="agenda"),
    path("agenda/feed/", views.change_feed, name="change-feed"),
    path("agenda/<str:token>.ics", views.agenda_feed, name="agenda-feed"),
]
