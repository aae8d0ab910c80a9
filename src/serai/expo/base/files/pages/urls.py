"""Addresses of files."""

from django.urls import path

from serai.expo.base.files.pages import views

outside_of_editions = [path("files/<str:token>/", views.stored_file, name="stored-file")]
