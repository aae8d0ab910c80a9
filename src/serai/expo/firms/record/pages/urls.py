"""Addresses: the record of a firm."""

from django.urls import path

from serai.expo.firms.record.pages import media_views, size_views

urlpatterns = [
    path("firms/<slug:identifier>/media/", media_views.firm_media, name="firm-media"),
    path("organiser/sizes/", size_views.size_rules, name="size-rules"),
]
