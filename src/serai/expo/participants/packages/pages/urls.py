"""Addresses of packages."""

from django.urls import path

from serai.expo.participants.packages.pages import views

urlpatterns = [
    path("organiser/packages/", views.packages, name="packages"),
    path("organiser/packages/new/", views.package_edit, name="package-new"),
    path("organiser/packages/<slug:code>/", views.package_edit, name="package"),
    path("organiser/packages/<slug:code>/give/", views.package_give, name="package-give"),
]
