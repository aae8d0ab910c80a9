"""Addresses of the programme."""

from django.urls import path

from serai.expo.programme import views

urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("programme/programme.ics", views.calendar, name="programme-calendar"),
    path("programme/schedule.xml", views.schedule_as_xml, name="schedule-xml"),
    path("programme/schedule.json", views.schedule_as_json, name="schedule-json"),
]
