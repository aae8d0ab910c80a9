"""Addresses of matching and of the timetable, for organisers."""

from django.urls import path

from serai.expo.meetings.matchmaking.pages import views
from serai.expo.meetings.timetable.pages import views as seating_views

urlpatterns = [
    path("organiser/matching/", views.matching, name="matching"),
    path("organiser/matching/choice/", views.choose_matching, name="choose-matching"),
    path("organiser/matching/learning/", views.learn_matching, name="learn-matching"),
    path("organiser/meeting-rules/", views.meeting_rules, name="meeting-rules"),
    path("organiser/meeting-rules/limits/", views.request_limits, name="request-limits"),
    path("organiser/meeting-rules/<int:pk>/", views.meeting_rule, name="meeting-rule"),
    path("organiser/timetable/", seating_views.timetable, name="timetable"),
    path("organiser/timetable/publish/", seating_views.publish, name="timetable-publish"),
    path("organiser/timetable/changes/", seating_views.timetable_changes, name="timetable-changes"),
    path("organiser/timetable/settings/", seating_views.timetable_settings, name="timetable-settings"),
    path("organiser/timetable/participants/", seating_views.presence_list, name="presence-list"),
    path("organiser/timetable/participants/<int:pk>/", seating_views.presence, name="presence"),
    path("organiser/timetable/meetings/<int:pk>/", seating_views.meeting, name="organiser-meeting"),
    path("organiser/live/", seating_views.live, name="live"),
]
