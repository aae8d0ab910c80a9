"""Addresses: the record of a firm."""

from django.urls import path

from serai.expo.firms.record.pages import media_views

urlpatterns = [
    path("firms/<slug:identifier>/media/", media_views.firm_media, name="firm-media"),
]
