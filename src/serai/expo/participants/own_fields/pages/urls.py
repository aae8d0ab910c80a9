"""Addresses of the organiser's own fields."""

from django.urls import path

from serai.expo.participants.own_fields.pages import views

urlpatterns = [
    path("organiser/own-fields/", views.own_fields, name="own-fields"),
    path("organiser/own-fields/<int:pk>/", views.own_field, name="own-field"),
    path("organiser/participants/<int:number>/own-fields/", views.own_values, name="own-values"),
]
