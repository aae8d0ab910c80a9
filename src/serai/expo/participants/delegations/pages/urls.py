"""Addresses: delegations."""

from django.urls import path

from serai.expo.participants.delegations.pages import views

urlpatterns = [
    path("organiser/delegations/", views.delegations, name="delegations"),
    path("organiser/delegations/<int:number>/members/", views.members, name="delegation-members"),
]
