"""Addresses of the programme."""

from django.urls import path

from serai.expo.programme import views

urlpatterns = [path("programme/", views.programme, name="programme")]
