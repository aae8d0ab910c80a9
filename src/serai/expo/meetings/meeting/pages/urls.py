"""Addresses of the wishes."""

from django.urls import path

from serai.expo.meetings.meeting.pages import views

urlpatterns = [
    path("meetings/wishes/", views.wishes, name="my-wishes"),
    path("meetings/wishes/<slug:identifier>/", views.wish, name="wish"),
]
