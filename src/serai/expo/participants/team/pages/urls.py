"""Addresses of a firm's team."""

from django.urls import path

from serai.expo.participants.team.pages import views

urlpatterns = [
    path("desk/join/<str:token>/", views.join, name="team-join"),
    path("desk/<slug:identifier>/team/", views.team, name="desk-team"),
    path("desk/<slug:identifier>/team/<int:number>/", views.change, name="team-change"),
    path("desk/<slug:identifier>/team/invitations/<int:number>/cancel/", views.cancel, name="team-cancel"),
]
