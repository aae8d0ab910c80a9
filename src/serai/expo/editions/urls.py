"""Addresses of an edition."""

from django.urls import path

from serai.expo.editions import views

urlpatterns = [
    path("", views.edition, name="edition"),
    path("organiser/", views.organiser, name="organiser"),
    path("organiser/phases/", views.phases, name="phases"),
]
