"""Addresses: participations."""

from django.urls import path

from serai.expo.participants.participation.pages import application_views, views

urlpatterns = [
    path("apply/", application_views.ways_in, name="ways-in"),
    path("apply/mine/", application_views.own_applications, name="own-applications"),
    path("apply/mine/<int:number>/withdraw/", views.own_withdrawal, name="own-withdrawal"),
    path("apply/<slug:kind>/", application_views.apply_as, name="apply-as"),
    path("organiser/participants/", views.participant_list, name="participant-list"),
    path("organiser/participants/<int:number>/", views.participant, name="participant"),
    path("organiser/participants/<int:number>/cancel/", views.participant_cancel, name="participant-cancel"),
    path(
        "organiser/participants/<int:number>/restore/",
        views.participant_restore,
        name="participant-restore",
    ),
]
