"""Addresses of the timetable, for organisers."""

from django.urls import path

from serai.expo.meetings.timetable.pages import views

urlpatterns = [
    path("organiser/timetable/", views.timetable, name="timetable"),
    path("organiser/timetable/publish/", views.publish, name="timetable-publish"),
    path("organiser/timetable/changes/", views.timetable_changes, name="timetable-changes"),
    path("organiser/timetable/settings/", views.timetable_settings, name="timetable-settings"),
    path("organiser/timetable/participants/", views.presence_list, name="presence-list"),
    path("organiser/timetable/participants/<int:pk>/", views.presence, name="presence"),
    path("organiser/timetable/meetings/<int:pk>/", views.meeting, name="organiser-meeting"),
]
