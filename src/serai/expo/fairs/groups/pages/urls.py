"""Addresses of the country groups."""

from django.urls import path

from serai.expo.fairs.groups.pages import views

urlpatterns = [
    path("organiser/country-groups/shown/", views.choose, name="choose-groups"),
    path("organiser/country-groups/", views.country_groups, name="country-groups"),
    path("organiser/country-groups/<int:number>/", views.take_back_correction, name="take-back-correction"),
]
