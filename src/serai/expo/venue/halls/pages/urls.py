"""Addresses of the halls."""

from django.urls import path

from serai.expo.venue.halls.pages import views

urlpatterns = [
    path("halls/", views.hall_list, name="hall-list"),
    path("halls/<str:code>/", views.hall, name="hall"),
]
