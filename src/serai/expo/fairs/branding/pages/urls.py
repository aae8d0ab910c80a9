"""Addresses of the branding and of own pages."""

from django.urls import path

from serai.expo.fairs.branding.pages import views

urlpatterns = [
    path("branding.css", views.sheet, name="branding-sheet"),
    path("pages/<slug:page>/", views.own_page, name="own-page"),
    path("organiser/branding/", views.branding, name="branding"),
    path("organiser/branding/pages/new/", views.edit, name="own-page-new"),
    path("organiser/branding/pages/<int:number>/", views.edit, name="own-page-edit"),
]
