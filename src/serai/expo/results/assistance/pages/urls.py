"""Addresses of the assistance desk."""

from django.urls import path

from serai.expo.results.assistance.pages import views

urlpatterns = [
    path("assistance/", views.own_assistance, name="own-assistance"),
    path("organiser/assistance/", views.assistance, name="assistance"),
    path("organiser/assistance/new/", views.case_new, name="assistance-new"),
    path("organiser/assistance/<int:pk>/", views.case, name="assistance-case"),
]
