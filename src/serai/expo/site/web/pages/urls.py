"""Addresses of an edition."""

from django.urls import path

from serai.expo.participants.participation.pages import application_views
from serai.expo.participants.participation.pages import views as participant_views
from serai.expo.site.web.pages import views

urlpatterns = [
    path("", views.edition, name="edition"),
    path("apply/", application_views.ways_in, name="ways-in"),
    path("apply/mine/", application_views.own_applications, name="own-applications"),
    path("apply/mine/<int:number>/withdraw/", participant_views.own_withdrawal, name="own-withdrawal"),
    path("apply/<slug:kind>/", application_views.apply_as, name="apply-as"),
    path("organiser/", views.organiser, name="organiser"),
    path("organiser/phases/", views.phases, name="phases"),
    path("organiser/queues/", views.queues, name="queues"),
    path("organiser/applications/", views.applications, name="applications"),
    path("organiser/participants/", participant_views.participant_list, name="participant-list"),
    path("organiser/participants/<int:number>/", participant_views.participant, name="participant"),
    path(
        "organiser/participants/<int:number>/cancel/", participant_views.participant_cancel, name="participant-cancel"
    ),
    path(
        "organiser/participants/<int:number>/restore/",
        participant_views.participant_restore,
        name="participant-restore",
    ),
]
