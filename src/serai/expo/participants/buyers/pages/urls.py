"""Addresses: buyers."""

from django.urls import path

from serai.expo.participants.buyers.pages import vetting_views, visit_views

urlpatterns = [
    path("organiser/buyers/", vetting_views.buyers, name="buyers"),
    path("organiser/buyers/terms/", vetting_views.terms, name="hosted-terms"),
    path("organiser/participants/<int:number>/visit/", visit_views.visit, name="participant-visit"),
    path("organiser/buyers/hosted/", vetting_views.hosted, name="hosted-buyers"),
]
