"""Addresses of files."""

from django.urls import path

from serai.expo.base.files.pages import views

urlpatterns = [path("files/<str:token>/", views.stored_file, name="stored-file")]
