"""Addresses of files."""

from django.urls import path

from serai.expo.files import views

urlpatterns = [path("files/<str:token>/", views.stored_file, name="stored-file")]
