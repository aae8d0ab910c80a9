"""Addresses of an edition."""

from django.urls import path

from serai.expo.editions import views

urlpatterns = [
    path("", views.edition, name="edition"),
    path("organiser/", views.organiser, name="organiser"),
    path("organiser/phases/", views.phases, name="phases"),
    path("organiser/queues/", views.queues, name="queues"),
    path("organiser/applications/", views.applications, name="applications"),
]
