"""Addresses: delegations."""

from django.urls import path

from serai.expo.participants.delegations.pages import views

urlpatterns = [
    path("buyer/delegation/", views.delegation, name="delegation"),
    path("organiser/delegations/", views.delegations, name="delegations"),
]
