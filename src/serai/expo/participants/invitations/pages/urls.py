"""Addresses of invitations to desks."""

from django.urls import path

from serai.expo.participants.invitations.pages import views

urlpatterns = [
    path("organiser/invitations/", views.invitations, name="desk-invitations"),
    path("organiser/invitations/invite/", views.invite, name="desk-invite"),
    path("organiser/invitations/<int:number>/", views.act, name="desk-invitation-act"),
    path("invited/<str:token>/", views.join, name="desk-invitation"),
]
