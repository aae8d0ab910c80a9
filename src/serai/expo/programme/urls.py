"""Addresses of the programme."""

from django.urls import path

from serai.expo.programme import views

urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("programme/programme.ics", views.calendar, name="programme-calendar"),
    path("programme/schedule.xml", views.schedule_as_xml, name="schedule-xml"),
    path("programme/schedule.json", views.schedule_as_json, name="schedule-json"),
    path("programme/<int:number>/", views.session, name="session"),
    path("programme/<int:number>/sign-up/", views.take_seat, name="sign-up"),
    path("programme/<int:number>/withdraw/", views.give_seat_up, name="withdraw"),
    path("agenda/", views.agenda, name="agenda"),
    path("agenda/feed/", views.change_feed, name="change-feed"),
    path("agenda/<str:token>.ics", views.agenda_feed, name="agenda-feed"),
]
