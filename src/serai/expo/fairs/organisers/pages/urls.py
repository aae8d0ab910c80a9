"""Addresses of the organisers."""

from django.urls import path

from serai.expo.fairs.organisers.pages import views

outside_of_editions = [path("first-start/<str:token>/", views.first_start, name="first-start")]
