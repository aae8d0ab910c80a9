"""Addresses of matching and of the timetable, for organisers."""

from django.urls import path

from serai.expo.meetings import views

urlpatterns = [
    path("organiser/matching/", views.matching, name="matching"),
    path("organiser/matching/choice/", views.choose_matching, name="choose-matching"),
    path("organiser/timetable/", views.timetable, name="timetable"),
    path("organiser/timetable/publish/", views.publish, name="timetable-publish"),
]
