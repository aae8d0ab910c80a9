"""Addresses of the programme."""

from django.urls import path

from serai.expo.programme.sessions.pages import organiser_views, views

urlpatterns = [
    path("programme/", views.programme, name="programme"),
    path("programme/programme.ics", views.calendar, name="programme-calendar"),
    path("programme/schedule.xml", views.schedule_as_xml, name="schedule-xml"),
    path("programme/schedule.json", views.schedule_as_json, name="schedule-json"),
    path("programme/changes/", views.changes, name="programme-changes"),
    path("programme/speakers/", views.speakers, name="speaker-list"),
    path("programme/speakers/<int:number>/", views.speaker, name="speaker"),
    path("programme/<int:number>/", views.session, name="session"),
    path("programme/<int:number>/sign-up/", views.take_seat, name="sign-up"),
    path("programme/<int:number>/withdraw/", views.give_seat_up, name="withdraw"),
    path("desk/<slug:identifier>/events/", views.booth_events, name="desk-events"),
    path(
        "desk/<slug:identifier>/events/<int:number>/withdraw/",
        views.withdraw_event,
        name="desk-event-withdraw",
    ),
    path("organiser/programme/", organiser_views.overview, name="organiser-programme"),
    path("organiser/programme/plan/", organiser_views.plan_programme, name="plan-programme"),
    path("organiser/programme/release/", organiser_views.release, name="programme-release"),
    path("organiser/programme/session/<int:number>/confirm/", organiser_views.confirm, name="session-confirm"),
    path("organiser/programme/session/<int:number>/cancel/", organiser_views.cancel, name="session-cancel"),
    path("organiser/programme/<slug:word>/new/", organiser_views.part, name="programme-part-new"),
    path("organiser/programme/<slug:word>/<int:number>/", organiser_views.part, name="programme-part"),
    path("organiser/programme/<slug:word>/<int:number>/remove/", organiser_views.remove, name="programme-part-remove"),
]
