"""Addresses: matchmaking."""

from django.urls import path

from serai.expo.meetings.matchmaking.pages import views

urlpatterns = [
    path("organiser/matching/", views.matching, name="matching"),
    path("organiser/matching/choice/", views.choose_matching, name="choose-matching"),
    path("organiser/matching/learning/", views.learn_matching, name="learn-matching"),
    path("organiser/meeting-rules/", views.meeting_rules, name="meeting-rules"),
    path("organiser/meeting-rules/limits/", views.request_limits, name="request-limits"),
    path("organiser/meeting-rules/<int:pk>/", views.meeting_rule, name="meeting-rule"),
]
