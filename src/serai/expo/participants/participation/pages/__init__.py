"""The pages of participations and of applications, with their addresses."""

from django.urls import path

from serai.expo.participants.participation.pages import applications, participants

urlpatterns = [
    path("apply/", applications.ways_in, name="ways-in"),
    path("apply/mine/", applications.own_applications, name="own-applications"),
    path("apply/mine/<int:number>/withdraw/", participants.own_withdrawal, name="own-withdrawal"),
    path("apply/<slug:kind>/", applications.apply_as, name="apply-as"),
    path("organiser/participants/", participants.participant_list, name="participant-list"),
    path("organiser/participants/<int:number>/", participants.participant, name="participant"),
    path("organiser/participants/<int:number>/cancel/", participants.participant_cancel, name="participant-cancel"),
    path(
        "organiser/participants/<int:number>/restore/",
        participants.participant_restore,
        name="participant-restore",
    ),
]
