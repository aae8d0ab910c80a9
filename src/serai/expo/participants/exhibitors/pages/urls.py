"""Addresses: size classes of exhibitors."""

from django.urls import path

from serai.expo.participants.exhibitors.pages import size_views

urlpatterns = [path("organiser/sizes/", size_views.size_rules, name="size-rules")]
